/**
 * Reads over a MessagePack value without building it: well formed, complete, text in UTF-8, not too deep. What passes
 * can be decoded, or sent on undecoded, without harm.
 */
import { ProtocolError } from './errors.ts';
import { isUtf8 } from './utf8.ts';
import { maxDepth } from './values.ts';

export interface Scanned {
  /** An integer beyond 2^53. */
  readonly hasLong: boolean;
  readonly hasExtension: boolean;
}

/** A whole message. @throws ProtocolError */
export function scanMsgpack(bytes: Uint8Array): Scanned {
  const { hasLong, hasExtension } = scan.run(bytes, 0, bytes.length, 0);
  if (scan.at < bytes.length) throw new ProtocolError('a message has bytes after its end');
  return { hasLong, hasExtension };
}

/**
 * Where the value at `start` ends, which is inside so many lists and dicts, and before `end`. -1: it cannot be sent on as it is, for it has
 * an extension or a key that is not text or is `__proto__`, or it is no MessagePack; the decoder has to look at it.
 */
export function skipMsgpack(bytes: Uint8Array, start: number, depth: number, end: number): number {
  try {
    const { hasExtension, hasOddKey } = scan.run(bytes, start, end, depth);
    return hasExtension || hasOddKey ? -1 : scan.at;
  } catch {
    return -1;
  }
}

const proto = Uint8Array.from('__proto__', (char) => char.charCodeAt(0));

/** One for all messages: nothing is made for a single one. */
class Scan implements Scanned {
  hasLong = false;
  hasExtension = false;
  /** A key that is not text, or is `__proto__`. */
  hasOddKey = false;
  at = 0;
  #bytes: Uint8Array = new Uint8Array();
  #end = 0;
  /** How many lists and dicts are open, those around the value included. */
  #depth = 0;
  /** By depth: the values still to come, and whether they are keys and values of a dict. */
  readonly #left = new Float64Array(maxDepth + 1);
  readonly #isDict = new Uint8Array(maxDepth + 1);

  run(bytes: Uint8Array, start: number, end: number, around: number): this {
    this.hasLong = this.hasExtension = this.hasOddKey = false;
    this.#bytes = bytes;
    this.#end = end;
    this.at = start;
    this.#depth = around;
    this.#value();
    while (this.#depth > around) {
      const depth = this.#depth;
      const left = this.#left[depth]!;
      if (left === 0) this.#depth--;
      else {
        this.#left[depth] = left - 1;
        if (this.#isDict[depth] === 1 && left % 2 === 0) this.#checkKey();
        this.#value();
      }
    }
    return this;
  }

  /** Every key that begins as `__proto__` does: rare enough to be left to the decoder. */
  #checkKey(): void {
    const head = this.#bytes[this.at]!;
    const isShort = head >= 0xa0 && head < 0xc0;
    if (!isShort && (head < 0xd9 || head > 0xdb)) this.hasOddKey = true;
    const text = this.at + (isShort ? 1 : 1 + (1 << (head - 0xd9)));
    if (this.#bytes[text] === proto[0] && proto.every((byte, i) => this.#bytes[text + i] === byte))
      this.hasOddKey = true;
  }

  #value(): void {
    const head = this.#uint(1);
    if (head < 0x80 || head >= 0xe0) return; // a small integer
    if (head < 0x90) return this.#enter(head & 0x0f, true);
    if (head < 0xa0) return this.#enter(head & 0x0f, false);
    if (head < 0xc0) return this.#text(head & 0x1f);
    switch (head) {
      case 0xc0:
      case 0xc2:
      case 0xc3:
        return; // nil, false, true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#skip(this.#uint(1 << (head - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#uint(1 << (head - 0xc7)));
      case 0xca:
        return this.#skip(4);
      case 0xcb:
        return this.#skip(8);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#skip(1 << (head - 0xcc));
      case 0xcf:
        return this.#long(this.#uint(4), this.#uint(4));
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#skip(1 << (head - 0xd0));
      case 0xd3:
        return this.#long(this.#uint(4) | 0, this.#uint(4));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (head - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#uint(1 << (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#enter(this.#uint(2 << (head - 0xdc)), false);
      case 0xde:
      case 0xdf:
        return this.#enter(this.#uint(2 << (head - 0xde)), true);
      default:
        throw new ProtocolError('a message is not MessagePack');
    }
  }

  /** Big-endian. */
  #uint(length: number): number {
    const start = this.at;
    this.#skip(length);
    let value = 0;
    for (let i = start; i < this.at; i++) value = value * 256 + this.#bytes[i]!;
    return value;
  }

  #skip(length: number): void {
    this.at += length;
    if (this.at > this.#end) throw new ProtocolError('a message ends early');
  }

  /** Each value, and each key, takes a byte or more. */
  #enter(count: number, isDict: boolean): void {
    const values = isDict ? count * 2 : count;
    if (values > this.#end - this.at) throw new ProtocolError('a message ends early');
    if (this.#depth >= maxDepth) throw new ProtocolError(`a message is nested more than ${maxDepth} deep`);
    this.#depth++;
    this.#left[this.#depth] = values;
    this.#isDict[this.#depth] = isDict ? 1 : 0;
  }

  #text(length: number): void {
    const start = this.at;
    this.#skip(length);
    if (!isUtf8(this.#bytes, start, this.at)) throw new ProtocolError('a string is not UTF-8');
  }

  #extension(length: number): void {
    this.hasExtension = true;
    this.#skip(1 + length);
  }

  #long(high: number, low: number): void {
    const value = high * 2 ** 32 + low; // rounded beyond 2^53, but never to less than that
    if (Math.abs(value) > 2 ** 53 || (Math.abs(value) === 2 ** 53 && low !== 0)) this.hasLong = true;
  }
}

const scan = new Scan();
