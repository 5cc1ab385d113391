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

/** A message of which not all fields are there yet. */
type Unfinished = Record<string, unknown>;

/** All fields of all such messages: with one shape for all of them the engine needs one way to make and read them. */
const blank: Unfinished = Object.fromEntries(
  [
    'type',
    ...withPayload.flatMap((row) => row?.fields.slice(0, row.headLength).map(([name]) => name) ?? []),
    'payload',
  ].map((name) => [name, undefined]),
);

export function beginMessage({ type }: Row): Unfinished {
  const message = { ...blank };
  message['type'] = type;
  return message;
}

/** false: the value is none for this field. */
export function setField(message: Unfinished, { fields }: Row, index: number, value: unknown): boolean {
  const [name, { test, known }] = fields[index]!;
  if (!test(value)) return false;
  if (known)
    for (const key in value as Dict) {
      const field = Object.hasOwn(known, key) ? known[key] : undefined;
      const item = (value as Dict)[key];
      if (field && item !== undefined && !field.test(item)) return false;
    }
  message[name] = value;
  return true;
}

/** @param payload null: it has none. */
export function endMessage(message: Unfinished, payload: EncodedPayload | null): Message {
  if (payload) message['payload'] = payload;
  return message as unknown as Message; // proved field by field above
}

export const fieldOf = (message: Message, name: string): unknown => (message as unknown as Unfinished)[name];
