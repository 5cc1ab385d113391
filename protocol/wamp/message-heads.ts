/**
 * What stands before the payload of a message, field by field, for serializers that leave the payload encoded. All by
 * the table of messages; what breaks a rule of it is only noticed here, `parse` names it.
 */
import { byCode, byType, type Message, type MessageType, type Row } from './messages.ts';
import type { EncodedPayload } from './payload.ts';
import type { Dict } from './values.ts';

export const rowOf = (type: MessageType): Row => byType.get(type)!;

/** undefined: such a message has no payload. Codes are below 256. */
export const headRow = (code: number): Row | undefined => withPayload[code];
const withPayload: readonly (Row | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const row = byCode.get(code);
  return row && row.headLength > 0 ? row : undefined;
});

/** Every field that stands before a payload. */
type Field = NamesOf<Extract<Message, { payload?: unknown }>>;
type NamesOf<M> = M extends unknown ? Exclude<keyof M, 'type' | 'args' | 'kwargs' | 'payload'> : never;

/** A message of which not all fields are there yet. With one shape for all, the engine needs one way to make and read them. */
class Head implements Record<Field, unknown> {
  readonly type: MessageType;
  request: unknown = undefined;
  options: unknown = undefined;
  details: unknown = undefined;
  procedure: unknown = undefined;
  topic: unknown = undefined;
  subscription: unknown = undefined;
  publication: unknown = undefined;
  registration: unknown = undefined;
  requestType: unknown = undefined;
  error: unknown = undefined;
  reason: unknown = undefined;
  payload: EncodedPayload | undefined = undefined;

  constructor(type: MessageType) {
    this.type = type;
  }

  /** By cases: a name that is only known now would have to be looked up, each time. */
  set(name: Field, value: unknown): void {
    switch (name) {
      case 'request':
        this.request = value;
        return;
      case 'options':
        this.options = value;
        return;
      case 'details':
        this.details = value;
        return;
      case 'procedure':
        this.procedure = value;
        return;
      case 'topic':
        this.topic = value;
        return;
      case 'subscription':
        this.subscription = value;
        return;
      case 'publication':
        this.publication = value;
        return;
      case 'registration':
        this.registration = value;
        return;
      case 'requestType':
        this.requestType = value;
        return;
      case 'error':
        this.error = value;
        return;
      case 'reason':
        this.reason = value;
        return;
      default:
        name satisfies never;
    }
  }
}

export const beginMessage = ({ type }: Row): Head => new Head(type);

/** false: the value is none for this field. */
export function setField(message: Head, { fields }: Row, index: number, value: unknown): boolean {
  const [name, { test, known }] = fields[index]!;
  if (!test(value)) return false;
  if (known)
    for (const key in value as Dict) {
      const field = Object.hasOwn(known, key) ? known[key] : undefined;
      const item = (value as Dict)[key];
      if (field && item !== undefined && !field.test(item)) return false;
    }
  message.set(name as Field, value); // only rows with a payload are asked for
  return true;
}

/** @param payload null: it has none. */
export function endMessage(message: Head, payload: EncodedPayload | null): Message {
  if (payload) message.payload = payload;
  return message as unknown as Message; // proved field by field above
}

/** By the same cases, of any message with a payload. */
export function fieldOf(message: Message, field: string): unknown {
  const head = message as unknown as Readonly<Record<Field, unknown>>; // which of them it has, its row says
  const name = field as Field;
  switch (name) {
    case 'request':
      return head.request;
    case 'options':
      return head.options;
    case 'details':
      return head.details;
    case 'procedure':
      return head.procedure;
    case 'topic':
      return head.topic;
    case 'subscription':
      return head.subscription;
    case 'publication':
      return head.publication;
    case 'registration':
      return head.registration;
    case 'requestType':
      return head.requestType;
    case 'error':
      return head.error;
    case 'reason':
      return head.reason;
    default:
      return name satisfies never;
  }
}
