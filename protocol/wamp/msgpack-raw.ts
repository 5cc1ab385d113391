/** MessagePack messages whose payload stays encoded. */
import { headOf, headRow, parseHead, type Dict, type List, type Message } from './messages.ts';
import { skipMsgpack } from './msgpack-scan.ts';
import { decodeMsgpack, encodeMsgpack } from './msgpack-values.ts';
import { EncodedPayload, type EncodedMessage, type PayloadValues, type RawForm } from './payload.ts';
import { asciiText } from './texts.ts';

export const msgpackRaw: RawForm = { read, write, decodePayload, encodePayload };

/** First bytes of the shortest forms, the only ones that are read here: they have room for their length. */
const heads = { dict: 0x80, list: 0x90, text: 0xa0, end: 0xc0 } as const;

function read(bytes: Uint8Array): Message | undefined {
  const list = bytes[0]!;
  const row = list >= heads.list && list < heads.text ? headRow(bytes[1]!) : undefined;
  if (!row) return undefined;
  const head: unknown[] = [];
  let at = 2; // behind the code
  for (let i = 0; i < row.headLength; i++) {
    const start = at;
    at = skipMsgpack(bytes, start, 1);
    if (at < 0) return undefined;
    head.push(headValue(bytes, start, at));
  }
  const payload = payloadAt(bytes, at, list - heads.list - 1 - row.headLength);
  return payload === undefined ? undefined : parseHead(row, head, payload);
}

/** null: none, or an empty one; undefined: neither that nor args, kwargs and the end of the message. */
function payloadAt(bytes: Uint8Array, start: number, count: number): EncodedPayload | null | undefined {
  if (count === 0) return start === bytes.length ? null : undefined;
  const argsEnd = isList(bytes[start]) ? skipMsgpack(bytes, start, 1) : -1;
  const hasArgs = bytes[start] !== heads.list;
  if (count === 1) {
    if (argsEnd !== bytes.length) return undefined;
    return hasArgs ? new EncodedPayload(msgpackRaw, bytes.subarray(start), 1) : null;
  }
  if (argsEnd < 0 || count !== 2 || !isDict(bytes[argsEnd])) return undefined;
  if (skipMsgpack(bytes, argsEnd, 1) !== bytes.length) return undefined;
  if (bytes[argsEnd] !== heads.dict) return new EncodedPayload(msgpackRaw, bytes.subarray(start), 2);
  return hasArgs ? new EncodedPayload(msgpackRaw, bytes.subarray(start, argsEnd), 1) : null;
}

const isList = (head: number | undefined) => head !== undefined && head >= heads.list && head < heads.text;
const isDict = (head: number | undefined) => head !== undefined && head >= heads.dict && head < heads.list;

function headValue(bytes: Uint8Array, start: number, end: number): unknown {
  const head = bytes[start]!;
  if (head === heads.dict) return {};
  if (head < heads.dict) return head;
  const text = head >= heads.text && head < heads.end ? asciiText(bytes, start + 1, end) : undefined;
  return text ?? decodeMsgpack(bytes.subarray(start, end));
}

function write<Bytes extends Uint8Array>(message: EncodedMessage, allocate: (length: number) => Bytes): Bytes {
  const { bytes, count } = message.payload.in(msgpackRaw);
  const values = headOf(message);
  writer.start(heads.list + values.length + count);
  for (const value of values) writer.value(value);
  const into = allocate(writer.length + bytes.length);
  const at = into.length - writer.length - bytes.length;
  writer.copyTo(into, at);
  into.set(bytes, at + writer.length);
  return into;
}

/** Puts a head together in bytes that are there for every message. */
class HeadWriter {
  #bytes = new Uint8Array(1024);
  length = 0;

  start(byte: number): void {
    this.#bytes[0] = byte;
    this.length = 1;
  }

  value(value: unknown): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 53) this.#integer(value);
    else if (isEmptyDict(value)) this.#bytes[this.length++] = heads.dict;
    else this.#encoded(encodeMsgpack(value));
    if (this.length > this.#bytes.length - 16) this.#grow(0);
  }

  copyTo(into: Uint8Array, at: number): void {
    for (let i = 0; i < this.length; i++) into[at + i] = this.#bytes[i]!;
  }

  #integer(value: number): void {
    if (value < 0x80) this.#bytes[this.length++] = value;
    else if (value < 0x100) this.#uint(0xcc, value, 1);
    else if (value < 0x10000) this.#uint(0xcd, value, 2);
    else if (value < 0x100000000) this.#uint(0xce, value, 4);
    else this.#uint(0xcf, value, 8);
  }

  /** Big-endian. */
  #uint(head: number, value: number, size: number): void {
    const start = this.length;
    this.#bytes[start] = head;
    let rest = value;
    for (let at = start + size; at > start; at--) {
      this.#bytes[at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.length += size + 1;
  }

  #encoded(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Room for so many bytes, and for what is written without asking. */
  #grow(more: number): void {
    const needed = this.length + more + 16;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
const writer = new HeadWriter();

function isEmptyDict(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const key in value) if ((value as Dict)[key] !== undefined) return false;
  return true;
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
  return new EncodedPayload(msgpackRaw, bytes, kwargs ? 2 : 1);
}
