/** Frames of a RawSocket: a header of four octets that says type and length, then what it carries. WAMP "RawSocket Transport". */
import { ProtocolError, type Message, type Serializer, type Span } from '../../protocol/index.ts';
import { encodeInto } from './encode-into.ts';
import { reserve } from './slab.ts';

export const frameTypes = { message: 0, ping: 1, pong: 2 } as const;
type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

export interface Frame {
  readonly type: FrameType;
  readonly payload: Uint8Array;
}

export const headerOctets = 4;
/** The one length that 24 bits cannot say has a bit of its own. */
const longest = 2 ** 24;
const longestBit = 0x08;

export function frame(type: FrameType, payload: Uint8Array): Span {
  const made = open(type, payload.length);
  made.whole.set(payload, made.end - payload.length);
  return made;
}

/** A frame with its header; its last `length` octets are still to be written. */
function open(type: FrameType, length: number): Span {
  const made = reserve(headerOctets + length);
  const { whole, start } = made;
  whole[start] = length === longest ? longestBit | type : type;
  for (let i = 1; i < headerOctets; i++) whole[start + i] = (length >> (8 * (headerOctets - 1 - i))) & 0xff;
  return made;
}

/** Makes frames of messages; the same for all RawSockets that speak the serializer, so that they can share frames. */
export interface RawFraming {
  readonly serializer: Serializer;
  encode(message: Message): Span;
}

export function rawFramingOf(serializer: Serializer): RawFraming {
  const known = framings.get(serializer) ?? {
    serializer,
    encode: (message) => encodeInto(serializer, message, openMessage),
  };
  framings.set(serializer, known);
  return known;
}
const framings = new WeakMap<Serializer, RawFraming>();
const openMessage = (length: number) => open(frameTypes.message, length);

/** With more of them, those of single octets say, keeping them would cost more than copying them. */
const mostPieces = 64;

/** Puts together what arrives in pieces. */
export class FrameReader {
  readonly #maxBytes: number;
  /** What has come and is not read yet. */
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #header: { readonly type: FrameType; readonly length: number } | undefined;

  /** @param maxBytes of one frame. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The frames that are complete with this piece. @throws ProtocolError for one that is too large or unknown: nothing more can be read. */
  *read(piece: Uint8Array): Generator<Frame> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#pieces.length > mostPieces) this.#pieces.splice(0, Infinity, Buffer.concat(this.#pieces));
    for (;;) {
      if (!this.#header) {
        if (this.#length < headerOctets) return;
        this.#header = this.#parse(this.#take(headerOctets));
      }
      const { type, length } = this.#header;
      if (this.#length < length) return;
      this.#header = undefined;
      yield { type, payload: this.#take(length) };
    }
  }

  #parse([first = 0, high = 0, middle = 0, low = 0]: Uint8Array): { type: FrameType; length: number } {
    const rest = (high << 16) | (middle << 8) | low;
    const type = Object.values(frameTypes).find((known) => known === (first & 0x07));
    if (type === undefined) throw new ProtocolError(`a RawSocket frame has the reserved type ${first & 0x07}`);
    if (first >> 4 !== 0 || (first & longestBit && rest !== 0))
      throw new ProtocolError('a RawSocket frame uses reserved bits');
    const length = first & longestBit ? longest : rest;
    if (length > this.#maxBytes)
      throw new ProtocolError(`a message of ${length} bytes is longer than the ${this.#maxBytes} that were announced`);
    return { type, length };
  }

  /** The next octets, of which at least so many have come. */
  #take(length: number): Uint8Array {
    this.#length -= length;
    const [first = new Uint8Array()] = this.#pieces;
    if (first.length < length) return this.#gather(length);
    if (first.length > length) this.#pieces[0] = first.subarray(length);
    else this.#pieces.shift();
    return first.subarray(0, length);
  }

  #gather(length: number): Uint8Array {
    const whole = new Uint8Array(length);
    let at = 0;
    let used = 0;
    for (let piece = this.#pieces[0]; piece && at < length; piece = this.#pieces[used]) {
      const part = piece.subarray(0, length - at);
      whole.set(part, at);
      at += part.length;
      if (part.length < piece.length) this.#pieces[used] = piece.subarray(part.length);
      else used++;
    }
    this.#pieces.splice(0, used);
    return whole;
  }
}
