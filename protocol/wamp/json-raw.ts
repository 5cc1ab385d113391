/** JSON messages whose payload stays encoded. */
import { decodeJson, encodeJson } from './json-text.ts';
import { codes, isDigit, skipJson, skipSpace, skipString } from './json-scan.ts';
import { newHead } from './head-bytes.ts';
import { beginMessage, endMessage, fieldOf, headRow, rowOf, setField } from './message-heads.ts';
import type { Dict, List, Message } from './messages.ts';
import { EncodedPayload, type EncodedMessage, type PayloadValues, type RawForm, type Span } from './payload.ts';
import { asciiText } from './texts.ts';
import { isEmptyDict } from './values.ts';

export const jsonRaw: RawForm = { read, write, decodePayload, encodePayload };

const utf8Encoder = new TextEncoder();

/** What runs on beyond the message's end, into whatever comes next, does not end where the message does. */
function read(bytes: Uint8Array, from = 0, end: number = bytes.length): Message | undefined {
  if (bytes[from] !== codes.list) return undefined;
  let at = endOfInteger(bytes, from + 1);
  const row = headRow(integer(bytes, from + 1, at));
  if (!row) return undefined;
  const message = beginMessage(row);
  for (let i = 0; i < row.headLength; i++) {
    at = skipSpace(bytes, at);
    if (bytes[at] !== codes.comma) return undefined;
    const start = skipSpace(bytes, at + 1);
    at = skipHeadValue(bytes, start);
    if (at < 0 || !setField(message, row, i, headValue(bytes, start, at))) return undefined;
  }
  const payload = payloadAt(bytes, skipSpace(bytes, at), end);
  return payload === undefined ? undefined : endMessage(message, payload);
}

/** null: none, or an empty one; undefined: neither that nor args, kwargs and the end of the message. */
function payloadAt(bytes: Uint8Array, at: number, end: number): EncodedPayload | null | undefined {
  if (isEnd(bytes, at, end)) return null;
  const argsStart = startOf(bytes, at, codes.list);
  const argsEnd = argsStart < 0 ? -1 : skipJson(bytes, argsStart, 1);
  if (argsEnd < 0) return undefined;
  const afterArgs = skipSpace(bytes, argsEnd);
  if (isEnd(bytes, afterArgs, end)) return argsAlone(bytes, argsStart, argsEnd);
  const kwargsStart = startOf(bytes, afterArgs, codes.dict);
  const kwargsEnd = kwargsStart < 0 ? -1 : skipJson(bytes, kwargsStart, 1);
  if (kwargsEnd < 0 || !isEnd(bytes, skipSpace(bytes, kwargsEnd), end)) return undefined;
  if (isEmpty(bytes, kwargsStart, kwargsEnd)) return argsAlone(bytes, argsStart, argsEnd);
  return new EncodedPayload(jsonRaw, 2, bytes, argsStart, kwargsEnd);
}

const isEnd = (bytes: Uint8Array, at: number, end: number) => bytes[at] === codes.endList && at === end - 1;
const isEmpty = (bytes: Uint8Array, start: number, end: number) => skipSpace(bytes, start + 1) === end - 1;
const argsAlone = (bytes: Uint8Array, start: number, end: number) =>
  isEmpty(bytes, start, end) ? null : new EncodedPayload(jsonRaw, 1, bytes, start, end);

/** Behind a comma, the list or dict that must be there. */
function startOf(bytes: Uint8Array, at: number, opener: number): number {
  const start = bytes[at] === codes.comma ? skipSpace(bytes, at + 1) : -1;
  return bytes[start] === opener ? start : -1;
}

function skipHeadValue(bytes: Uint8Array, start: number): number {
  switch (bytes[start]) {
    case codes.quote:
      return skipString(bytes, start, true);
    case codes.dict:
      return skipJson(bytes, start, 1);
    default:
      return endOfInteger(bytes, start);
  }
}

function headValue(bytes: Uint8Array, start: number, end: number): unknown {
  switch (bytes[start]) {
    case codes.quote: {
      const text = asciiText(bytes, start + 1, end - 1);
      return text === undefined || text.includes('\\') ? decodeJson(bytes.subarray(start, end)) : text;
    }
    case codes.dict:
      return end - start === 2 ? {} : decodeJson(bytes.subarray(start, end));
    default:
      return integer(bytes, start, end);
  }
}

/** As ids are written, and small enough to be added up without rounding; -1 for others. */
function endOfInteger(bytes: Uint8Array, start: number): number {
  if (bytes[start] === 0x30) return -1;
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at === start || at - start > 15 ? -1 : at;
}

function integer(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + bytes[at]! - 0x30;
  return value;
}

function write(message: EncodedMessage, allocate: (length: number) => Span): Span {
  const payload = message.payload.in(jsonRaw); // first: it may put a head together itself
  const { code, fields, headLength } = rowOf(message.type);
  const head = newHead();
  head.byte(codes.list);
  head.digits(code);
  head.byte(codes.comma);
  for (let i = 0; i < headLength; i++) {
    putValue(head, fieldOf(message, fields[i]![0]));
    head.byte(codes.comma);
  }
  const into = head.finish(payload, 1, allocate);
  into.whole[into.end - 1] = codes.endList;
  return into;
}

function putValue(head: ReturnType<typeof newHead>, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && Number.isInteger(value)) head.digits(value);
  else if (isEmptyDict(value)) {
    head.byte(codes.dict);
    head.byte(codes.endDict);
  } else head.text(encodeJson(value));
}

function decodePayload({ bytes }: EncodedPayload): PayloadValues {
  const list = new Uint8Array(bytes.length + 2);
  list[0] = codes.list;
  list.set(bytes, 1);
  list[list.length - 1] = codes.endList;
  const [args, kwargs] = decodeJson(list) as [List, Dict?]; // proved when it was read
  return kwargs ? { args, kwargs } : { args };
}

function encodePayload({ args = [], kwargs }: PayloadValues): EncodedPayload {
  const text = encodeJson(args) + (kwargs ? `,${encodeJson(kwargs)}` : '');
  return new EncodedPayload(jsonRaw, kwargs ? 2 : 1, utf8Encoder.encode(text));
}
