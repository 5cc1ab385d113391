/**
 * What a message carries for its receiver. A router passes it on unread, so there it stays encoded, as it came: the
 * encoded bytes go into the outgoing message of the same serializer, and are transcoded once for each other one.
 */
import type { Message } from './messages.ts';
import type { Dict, List } from './values.ts';

/** The payload as values. Messages made in this process have it in this form. */
export interface PayloadValues {
  readonly args?: List | undefined;
  readonly kwargs?: Dict | undefined;
}

/** A message whose payload may be in either form, or its payload alone. */
export interface PayloadForms extends PayloadValues {
  /** In place of args and kwargs. */
  readonly payload?: EncodedPayload | undefined;
}

/** A message with an encoded payload. */
export type EncodedMessage = Message & { readonly payload: EncodedPayload };

/** Bytes that lie among others. No view is made for them: most are copied once and gone. */
export interface Span {
  readonly whole: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** How one serializer keeps payloads encoded. */
export interface RawForm {
  /**
   * A message, which may lie among others. undefined: there is something about it that takes a closer look, so that `decode`
   * must say what it is.
   */
  read(bytes: Uint8Array, start?: number, end?: number): Message | undefined;
  /**
   * @param allocate makes room: so many bytes are written at its end, and before them may be a frame's header.
   * @returns what it has made.
   */
  write(message: EncodedMessage, allocate: (length: number) => Span): Span;
  decodePayload(encoded: EncodedPayload): PayloadValues;
  encodePayload(values: PayloadValues): EncodedPayload;
}

/** The elements of a message behind its head: args, or args and kwargs, of which the last is not empty. */
export class EncodedPayload implements Span {
  readonly whole: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** How many elements. */
  readonly count: 1 | 2;
  readonly #form: RawForm;
  #values: PayloadValues | undefined;
  #transcoded: Map<RawForm, EncodedPayload> | undefined;

  constructor(form: RawForm, count: 1 | 2, whole: Uint8Array, start = 0, end: number = whole.length) {
    this.#form = form;
    this.count = count;
    this.whole = whole;
    this.start = start;
    this.end = end;
  }

  get bytes(): Uint8Array {
    return this.whole.subarray(this.start, this.end);
  }

  get values(): PayloadValues {
    return (this.#values ??= this.#form.decodePayload(this));
  }

  /** Encoded as another serializer does it. */
  in(form: RawForm): EncodedPayload {
    if (form === this.#form) return this;
    const known = this.#transcoded?.get(form);
    if (known) return known;
    const made = form.encodePayload(this.values);
    (this.#transcoded ??= new Map()).set(form, made);
    return made;
  }

  /** With bytes of its own, for whoever keeps it: these lie within all that its socket read at once. */
  kept(): EncodedPayload {
    return new EncodedPayload(this.#form, this.count, new Uint8Array(this.bytes));
  }
}

/** args and kwargs, decoded where they must be. */
export const valuesOf = (message: PayloadForms): PayloadValues => message.payload?.values ?? message;

export const isEncoded = (message: Message): message is EncodedMessage =>
  'payload' in message && message.payload !== undefined;

/** The same message with its payload as values. */
export function withValues(message: Message): Message {
  if (!isEncoded(message)) return message;
  const { payload, ...head } = message;
  return { ...head, ...payload.values };
}
