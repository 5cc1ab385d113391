/** MessagePack messages whose payload stays encoded. */
import { newHead } from './head-bytes.ts';
import { beginMessage, endMessage, fieldOf, headRow, rowOf, setField } from './message-heads.ts';
import type { Dict, List, Message } from './messages.ts';
import { skipMsgpack } from './msgpack-scan.ts';
import { decodeMsgpack, encodeMsgpack } from './msgpack-values.ts';
import { EncodedPayload, type EncodedMessage, type PayloadValues, type RawForm, type Span } from './payload.ts';
import { asciiText } from './texts.ts';
import { isEmptyDict } from './values.ts';

export const msgpackRaw: RawForm = { read, write, decodePayload, encodePayload };

/** First bytes of the shortest forms, the only ones that are read here: they have room for their length. */
const heads = { dict: 0x80, list: 0x90, text: 0xa0, endText: 0xc0, integer: 0xcc } as const;

function read(bytes: Uint8Array, from = 0, end: number = bytes.length): Message | undefined {
  const list = bytes[from]!;
  const row = list >= heads.list && list < heads.text ? headRow(bytes[from + 1]!) : undefined;
  if (!row) return undefined;
  const message = beginMessage(row);
  let at = from + 2; // behind the code
  for (let i = 0; i < row.headLength; i++) {
    const start = at;
    at = skipMsgpack(bytes, start, 1, end);
    if (at < 0 || !setField(message, row, i, headValue(bytes, start, at))) return undefined;
  }
  const payload = payloadAt(bytes, at, end, list - heads.list - 1 - row.headLength);
  return payload === undefined ? undefined : endMessage(message, payload);
}

/** null: none, or an empty one; undefined: neither that nor args, kwargs and the end of the message. */
function payloadAt(bytes: Uint8Array, start: number, end: number, count: number): EncodedPayload | null | undefined {
  if (count === 0) return start === end ? null : undefined;
  const argsEnd = isList(bytes[start]) ? skipMsgpack(bytes, start, 1, end) : -1;
  const hasArgs = bytes[start] !== heads.list;
  if (count === 1) {
    if (argsEnd !== end) return undefined;
    return hasArgs ? new EncodedPayload(msgpackRaw, 1, bytes, start, end) : null;
  }
  if (argsEnd < 0 || count !== 2 || !isDict(bytes[argsEnd])) return undefined;
  if (skipMsgpack(bytes, argsEnd, 1, end) !== end) return undefined;
  if (bytes[argsEnd] !== heads.dict) return new EncodedPayload(msgpackRaw, 2, bytes, start, end);
  return hasArgs ? new EncodedPayload(msgpackRaw, 1, bytes, start, argsEnd) : null;
}

const isList = (head: number | undefined) => head !== undefined && head >= heads.list && head < heads.text;
const isDict = (head: number | undefined) => head !== undefined && head >= heads.dict && head < heads.list;

function headValue(bytes: Uint8Array, start: number, end: number): unknown {
  const head = bytes[start]!;
  if (head === heads.dict) return {};
  if (head < heads.dict) return head;
  const text = head >= heads.text && head < heads.endText ? asciiText(bytes, start + 1, end) : undefined;
  return text ?? decodeMsgpack(bytes.subarray(start, end));
}

function write(message: EncodedMessage, allocate: (length: number) => Span): Span {
  const payload = message.payload.in(msgpackRaw); // first: it may put a head together itself
  const { code, fields, headLength } = rowOf(message.type);
  const head = newHead();
  head.byte(heads.list + 1 + headLength + payload.count);
  head.byte(code);
  for (let i = 0; i < headLength; i++) putValue(head, fieldOf(message, fields[i]![0]));
  return head.finish(payload, 0, allocate);
}

function putValue(head: ReturnType<typeof newHead>, value: unknown): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) putInteger(head, value);
  else if (isEmptyDict(value)) head.byte(heads.dict);
  else head.put(encodeMsgpack(value));
}

function putInteger(head: ReturnType<typeof newHead>, value: number): void {
  if (value < 0x80) return head.byte(value);
  const size = value < 0x100 ? 0 : value < 0x10000 ? 1 : value < 0x100000000 ? 2 : 3;
  head.byte(heads.integer + size);
  if (size === 3) head.uint(Math.floor(value / 0x100000000), 4);
  head.uint(value >>> 0, size === 3 ? 4 : 1 << size);
}

function decodePayload({ bytes, count }: EncodedPayload): PayloadValues {
  const list = new Uint8Array(bytes.length + 1);
  list[0] = heads.list + count;
  list.set(bytes, 1);
  const [args, kwargs] = decodeMsgpack(list) as [List, Dict?]; // proved when it was read
  return kwargs ? { args, kwargs } : { args };
}

function encodePayload({ args = [], kwargs }: PayloadValues): EncodedPayload {
  const bytes = encodeMsgpack(kwargs ? [args, kwargs] : [args]).slice(1); // without the head of the list
  return new EncodedPayload(msgpackRaw, kwargs ? 2 : 1, bytes);
}
