/** JSON messages whose payload stays encoded. */
import { decodeJson, encodeJson } from './json-text.ts';
import { codes, isDigit, isPlain, skipJson, skipPlain, skipSpace, skipString } from './json-scan.ts';
import { newHead } from './head-bytes.ts';
import { beginMessage, endMessage, fieldOf, headRow, rowOf, setField } from './message-heads.ts';
import type { Dict, List, Message } from './messages.ts';
import { EncodedPayload, type EncodedMessage, type PayloadValues, type RawForm, type Span } from './payload.ts';
import { asciiText } from './texts.ts';
import { isDict } from './values.ts';

export const jsonRaw: RawForm = { read, write, decodePayload, encodePayload };

const utf8Encoder = new TextEncoder();

/** What runs on beyond the message's end, into whatever comes next, does not end where the message does. */
function read(bytes: Uint8Array, from = 0, end: number = bytes.length): Message | undefined {
  if (bytes[from] !== codes.list) return undefined;
  let at = integer(bytes, from + 1);
  const row = at < 0 ? undefined : headRow(found as number);
  if (!row) return undefined;
  const message = beginMessage(row);
  for (let i = 0; i < row.headLength; i++) {
    at = skipSpace(bytes, at);
    if (bytes[at] !== codes.comma) return undefined;
    at = headValue(bytes, skipSpace(bytes, at + 1));
    if (at < 0 || !setField(message, row, i, found)) return undefined;
  }
  const payload = payloadAt(bytes, skipSpace(bytes, at), end);
  return payload === undefined ? undefined : endMessage(message, payload);
}

/** What `headValue` has read. */
let found: unknown;

/** An id, a text or a dict. @returns where it ends; -1: it is none of these, or takes a closer look. */
function headValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === codes.quote) return shortText(bytes, start);
  if (first !== codes.dict) return integer(bytes, start);
  if (bytes[start + 1] === codes.endDict) {
    found = {};
    return start + 2;
  }
  const end = skipJson(bytes, start, 1);
  if (end >= 0) found = decodeJson(bytes.subarray(start, end));
  return end;
}

/** As ids are written, and small enough to be added up without rounding. */
function integer(bytes: Uint8Array, start: number): number {
  let sum = 0;
  let at = start;
  for (; isDigit(bytes[at]); at++) sum = sum * 10 + bytes[at]! - 0x30;
  found = sum;
  return at === start || at - start > 15 || bytes[start] === 0x30 ? -1 : at;
}

function shortText(bytes: Uint8Array, start: number): number {
  const plain = skipPlain(bytes, start + 1);
  const known = bytes[plain] === codes.quote ? asciiText(bytes, start + 1, plain) : undefined;
  const end = known === undefined ? skipString(bytes, start, true) : plain + 1;
  if (end >= 0) found = known ?? decodeJson(bytes.subarray(start, end));
  return end;
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

type HeadBytes = ReturnType<typeof newHead>;

function putValue(head: HeadBytes, value: unknown): void {
  const start = head.length;
  if (putScalar(head, value) || (isDict(value) && putDict(head, value))) return;
  head.length = start;
  head.text(encodeJson(value));
}

/** false: it takes a closer look; some of it may have been put. Likewise below. */
function putDict(head: HeadBytes, dict: Dict): boolean {
  let before: number = codes.dict;
  for (const key in dict) {
    const value = dict[key];
    if (value === undefined) continue;
    head.byte(before);
    if (!putText(head, key)) return false;
    head.byte(codes.colon);
    if (!putScalar(head, value)) return false;
    before = codes.comma;
  }
  if (before === codes.dict) head.byte(codes.dict);
  head.byte(codes.endDict);
  return true;
}

function putScalar(head: HeadBytes, value: unknown): boolean {
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) head.digits(value);
  else if (typeof value === 'string') return putText(head, value);
  else if (typeof value === 'boolean') head.text(value ? 'true' : 'false');
  else return false;
  return true;
}

function putText(head: HeadBytes, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isPlain(text.charCodeAt(i))) return false;
  head.byte(codes.quote);
  head.text(text);
  head.byte(codes.quote);
  return true;
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
