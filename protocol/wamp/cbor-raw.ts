/** CBOR messages whose payload stays encoded. */
import { skipCbor } from './cbor-scan.ts';
import { newHead } from './head-bytes.ts';
import { beginMessage, endMessage, fieldOf, headRow, rowOf, setField } from './message-heads.ts';
import type { Dict, List } from './messages.ts';
import { EncodedPayload, type PayloadValues, type RawForm } from './payload.ts';
import { asciiText } from './texts.ts';
import { isEmptyDict } from './values.ts';

/** First bytes of the forms that are read here without the decoder: they have room for their length, or value. */
const heads = { text: 0x60, list: 0x80, dict: 0xa0 } as const;
/** Of a number: how many bytes it has behind the first. */
const sizes = { one: 0x18, two: 0x19, four: 0x1a, eight: 0x1b } as const;
const short = 24;

interface Values {
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

/** @param values of one value, as the serializer writes and reads it. */
export function cborRaw({ encode, decode }: Values): RawForm {
  const raw: RawForm = {
    read(among, from, end) {
      const bytes = among.subarray(from, end);
      const count = bytes[0]! - heads.list;
      const codeEnd = bytes[1]! < short ? 2 : bytes[1] === sizes.one ? 3 : -1;
      const row = count > 0 && count < short && codeEnd > 0 ? headRow(bytes[codeEnd - 1]!) : undefined;
      if (!row) return undefined;
      const message = beginMessage(row);
      let at = codeEnd;
      for (let i = 0; i < row.headLength; i++) {
        const start = at;
        at = skipCbor(bytes, start, 1);
        if (at < 0 || !setField(message, row, i, headValue(bytes, start, at))) return undefined;
      }
      const payload = payloadAt(bytes, at, count - 1 - row.headLength);
      return payload === undefined ? undefined : endMessage(message, payload);
    },
    write(message, allocate) {
      const payload = message.payload.in(raw); // first: it may put a head together itself
      const { code, fields, headLength } = rowOf(message.type);
      const head = newHead();
      head.byte(heads.list + 1 + headLength + payload.count);
      putInteger(head, code);
      for (let i = 0; i < headLength; i++) putValue(head, fieldOf(message, fields[i]![0]));
      return head.finish(payload, 0, allocate);
    },
    decodePayload({ bytes, count }) {
      const list = new Uint8Array(bytes.length + 1);
      list[0] = heads.list + count;
      list.set(bytes, 1);
      const [args, kwargs] = decode(list) as [List, Dict?]; // proved when it was read
      return kwargs ? { args, kwargs } : { args };
    },
    encodePayload({ args = [], kwargs }: PayloadValues) {
      const bytes = encode(kwargs ? [args, kwargs] : [args]).slice(1); // without the head of the list
      return new EncodedPayload(raw, kwargs ? 2 : 1, bytes);
    },
  };

  /** null: none, or an empty one; undefined: neither that nor args, kwargs and the end of the message. */
  function payloadAt(bytes: Uint8Array, start: number, count: number): EncodedPayload | null | undefined {
    if (count === 0) return start === bytes.length ? null : undefined;
    const argsEnd = isKind(bytes[start], heads.list) ? skipCbor(bytes, start, 1) : -1;
    const hasArgs = bytes[start] !== heads.list;
    if (count === 1) {
      if (argsEnd !== bytes.length) return undefined;
      return hasArgs ? new EncodedPayload(raw, 1, bytes, start) : null;
    }
    if (argsEnd < 0 || count !== 2 || !isKind(bytes[argsEnd], heads.dict)) return undefined;
    if (skipCbor(bytes, argsEnd, 1) !== bytes.length) return undefined;
    if (bytes[argsEnd] !== heads.dict) return new EncodedPayload(raw, 2, bytes, start);
    return hasArgs ? new EncodedPayload(raw, 1, bytes, start, argsEnd) : null;
  }

  function headValue(bytes: Uint8Array, start: number, end: number): unknown {
    const head = bytes[start]!;
    if (head === heads.dict) return {};
    if (head < short) return head;
    const text = head >= heads.text && head < heads.text + short ? asciiText(bytes, start + 1, end) : undefined;
    return text ?? decode(bytes.subarray(start, end));
  }

  function putValue(head: Head, value: unknown): void {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) putInteger(head, value);
    else if (isEmptyDict(value)) head.byte(heads.dict);
    else head.put(encode(value));
  }

  return raw;
}

type Head = ReturnType<typeof newHead>;

/** Whether it is a list, or a dict, whose length is in its first bytes. */
const isKind = (head: number | undefined, kind: number): boolean =>
  head !== undefined && head >= kind && head <= kind + sizes.eight;

function putInteger(head: Head, value: number): void {
  if (value < short) return head.byte(value);
  const size = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x100000000 ? 4 : 8;
  head.byte(size === 1 ? sizes.one : size === 2 ? sizes.two : size === 4 ? sizes.four : sizes.eight);
  if (size === 8) head.uint(Math.floor(value / 0x100000000), 4);
  head.uint(value >>> 0, size === 8 ? 4 : size);
}
