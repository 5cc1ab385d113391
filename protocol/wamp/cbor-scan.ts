/**
 * Reads over a CBOR value (RFC 8949) without building it: well formed, complete, text in UTF-8, not too deep, and
 * nothing that WAMP has no word for: no tags, no simple values but true, false, null and undefined.
 */
import { ProtocolError } from './errors.ts';
import { maxDepth } from './values.ts';

export interface Scanned {
  /** A negative integer of 64 bits, or one beyond 2^53. */
  readonly hasLong: boolean;
  readonly hasUndefined: boolean;
  /** Strings of indefinite length, in the order of their place. */
  readonly chunked: readonly Chunked[];
}

/** A text or binary string in pieces, from its first byte to behind its last. */
export interface Chunked {
  readonly start: number;
  readonly end: number;
  readonly isText: boolean;
  readonly pieces: readonly Uint8Array[];
}

/** A whole message. @throws ProtocolError */
export function scanCbor(bytes: Uint8Array): Scanned {
  const scan = new Scan(bytes, 0, 0);
  if (scan.run() < bytes.length) throw new ProtocolError('a message has bytes after its end');
  return scan;
}

/**
 * Where the value at `start` ends, which is inside so many lists and dicts. -1: it cannot be sent on as it is, for not
 * every peer reads it so (what is undefined, of indefinite length, or has a number for a key), or it is no CBOR; the
 * decoder has to look at it.
 */
export function skipCbor(bytes: Uint8Array, start: number, depth: number): number {
  try {
    const scan = new Scan(bytes, start, depth);
    const end = scan.run();
    return scan.hasUndefined || scan.isOdd ? -1 : end;
  } catch {
    return -1;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const prototypeKey = '__proto__';

/** Major types: the first three bits of a value. */
const kinds = { unsigned: 0, negative: 1, binary: 2, text: 3, list: 4, dict: 5, tag: 6 } as const;
/** What the other five bits say in place of a length. */
const indefinite = 31;
const endOfIndefinite = 0xff;

/** A list or dict that is being read. */
interface Open {
  /** Values still to come; Infinity: until the end is marked. */
  left: number;
  readonly isDict: boolean;
  /** Of a dict: the next value is a key. */
  isKeyNext: boolean;
}

class Scan implements Scanned {
  hasLong = false;
  hasUndefined = false;
  readonly chunked: Chunked[] = [];
  /** Something has an indefinite length, or a number for a key. */
  isOdd = false;
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #around: number;
  /** The innermost is the last; the first is the value itself. */
  readonly #open: Open[] = [{ left: 1, isDict: false, isKeyNext: false }];

  constructor(bytes: Uint8Array, start: number, around: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#around = around;
  }

  /** Where the value ends. */
  run(): number {
    for (let inner = this.#open.at(-1); inner; inner = this.#open.at(-1)) {
      if (inner.left === 0 || (inner.left === Infinity && this.#isEnd(inner))) this.#open.pop();
      else {
        inner.left--;
        const isKey = inner.isKeyNext;
        inner.isKeyNext = inner.isDict && !isKey;
        this.#value(isKey);
      }
    }
    return this.#at;
  }

  /** Goes past the mark of the end, where it stands and may stand. */
  #isEnd({ isDict, isKeyNext }: Open): boolean {
    if (this.#bytes[this.#at] !== endOfIndefinite || (isDict && !isKeyNext)) return false;
    this.#at++;
    return true;
  }

  #value(isKey: boolean): void {
    const start = this.#at;
    const head = this.#byte();
    const [kind, info] = [head >> 5, head & 31];
    if (info === indefinite || (isKey && kind !== kinds.text)) this.isOdd = true;
    if (isKey && kind > kinds.text) throw new ProtocolError('a key of a dict is neither text nor a number');
    if (isKey && kind === kinds.binary) throw new ProtocolError('a key of a dict is binary');
    switch (kind) {
      case kinds.unsigned:
      case kinds.negative:
        return this.#integer(kind === kinds.negative, info);
      case kinds.binary:
      case kinds.text:
        return this.#string(start, kind === kinds.text, info, isKey);
      case kinds.list:
        return this.#enter(info === indefinite ? Infinity : this.#argument(info), false);
      case kinds.dict:
        return this.#enter(info === indefinite ? Infinity : this.#argument(info) * 2, true);
      case kinds.tag:
        throw new ProtocolError(`a message has a CBOR tag: ${this.#argument(info)}`);
      default:
        return this.#simple(info);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new ProtocolError('a message ends early');
    return byte;
  }

  /** Big-endian. */
  #uint(length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.#byte();
    return value;
  }

  /** The number that comes with a head: in its five bits, or in the 1, 2, 4 or 8 bytes behind it. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info > 27) throw new ProtocolError('a message is not CBOR');
    return this.#uint(1 << (info - 24));
  }

  #integer(isNegative: boolean, info: number): void {
    if (info !== 27) return void this.#argument(info);
    const [high, low] = [this.#uint(4), this.#uint(4)];
    if (isNegative && high >= 2 ** 31) throw new ProtocolError('a message has an integer beyond 64 bits');
    if (isNegative || high > 2 ** 21 || (high === 2 ** 21 && low > 0)) this.hasLong = true;
  }

  #string(start: number, isText: boolean, info: number, isKey: boolean): void {
    const pieces = info === indefinite ? this.#pieces(isText) : [this.#piece(info)];
    const texts = isText ? pieces.map((piece) => this.#text(piece, isKey)) : [];
    if (isKey && texts.join('') === prototypeKey) throw new ProtocolError(`a message has a key ${prototypeKey}`);
    if (info === indefinite) this.chunked.push({ start, end: this.#at, isText, pieces });
  }

  #piece(info: number): Uint8Array {
    const length = this.#argument(info);
    if (length > this.#bytes.length - this.#at) throw new ProtocolError('a message ends early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #pieces(isText: boolean): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const head = this.#byte();
      if (head === endOfIndefinite) return pieces;
      if (head >> 5 !== (isText ? kinds.text : kinds.binary) || (head & 31) === indefinite)
        throw new ProtocolError('a string is made of something else than its like');
      pieces.push(this.#piece(head & 31));
    }
  }

  /** Checks it; what it says is of interest only in keys. Each piece must be whole characters. */
  #text(piece: Uint8Array, isKey: boolean): string {
    if (!isKey && isAscii(piece)) return '';
    try {
      return utf8.decode(piece);
    } catch (cause) {
      throw new ProtocolError('a string is not UTF-8', { cause });
    }
  }

  /** A list or dict of `count` values, each of which takes a byte or more. */
  #enter(count: number, isDict: boolean): void {
    if (count !== Infinity && count > this.#bytes.length - this.#at) throw new ProtocolError('a message ends early');
    if (this.#around + this.#open.length > maxDepth)
      throw new ProtocolError(`a message is nested more than ${maxDepth} deep`);
    this.#open.push({ left: count, isDict, isKeyNext: isDict });
  }

  #simple(info: number): void {
    if (info === 23) this.hasUndefined = true;
    else if (info === 25 || info === 26 || info === 27) this.#uint(1 << (info - 24)); // floats
    else if (info < 20 || info > 23) throw new ProtocolError('a message has a CBOR value that WAMP does not know');
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** The same with each string in one piece, as `cbor-x` wants them. */
export function inOnePiece(bytes: Uint8Array, chunked: readonly Chunked[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { start, end, isText, pieces } of chunked) {
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const head = new Uint8Array(5);
    head[0] = ((isText ? kinds.text : kinds.binary) << 5) | 26;
    new DataView(head.buffer).setUint32(1, length);
    parts.push(bytes.subarray(at, start), head, ...pieces);
    at = end;
  }
  parts.push(bytes.subarray(at));
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
