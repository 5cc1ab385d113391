/**
 * Reads over a MessagePack value without building it: well formed, complete, text in UTF-8, not too deep. What passes
 * can be decoded, or sent on undecoded, without harm.
 */
import { ProtocolError } from './errors.ts';
import { maxDepth } from './values.ts';

export interface Scanned {
  /** An integer beyond 2^53. */
  readonly hasLong: boolean;
  readonly hasExtension: boolean;
}

/** @throws ProtocolError */
export function scanMsgpack(bytes: Uint8Array): Scanned {
  const scan = new Scan(bytes);
  scan.run();
  return scan;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

class Scan implements Scanned {
  hasLong = false;
  hasExtension = false;
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Values still to come, at each depth; depth 0 is the message itself. */
  readonly #left = [1];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  run(): void {
    const left = this.#left;
    while (left.length > 0) {
      const depth = left.length - 1;
      if (left[depth] === 0) left.pop();
      else {
        left[depth]!--;
        this.#value();
      }
    }
    if (this.#at < this.#bytes.length) throw new ProtocolError('a message has bytes after its end');
  }

  #value(): void {
    const head = this.#uint(1);
    if (head < 0x80 || head >= 0xe0) return; // a small integer
    if (head < 0x90) return this.#enter((head & 0x0f) * 2);
    if (head < 0xa0) return this.#enter(head & 0x0f);
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
        return this.#enter(this.#uint(2 << (head - 0xdc)));
      case 0xde:
      case 0xdf:
        return this.#enter(this.#uint(2 << (head - 0xde)) * 2);
      default:
        throw new ProtocolError('a message is not MessagePack');
    }
  }

  /** Big-endian. */
  #uint(length: number): number {
    const start = this.#at;
    this.#skip(length);
    let value = 0;
    for (let i = start; i < this.#at; i++) value = value * 256 + this.#bytes[i]!;
    return value;
  }

  #skip(length: number): void {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new ProtocolError('a message ends early');
  }

  /** A list or dict of `count` values, each of which takes a byte or more. */
  #enter(count: number): void {
    if (count > this.#bytes.length - this.#at) throw new ProtocolError('a message ends early');
    if (this.#left.length > maxDepth) throw new ProtocolError(`a message is nested more than ${maxDepth} deep`);
    this.#left.push(count);
  }

  #text(length: number): void {
    const start = this.#at;
    this.#skip(length);
    for (let i = start; i < this.#at; i++) if (this.#bytes[i]! >= 0x80) return this.#checkUtf8(start);
  }

  #checkUtf8(start: number): void {
    try {
      utf8.decode(this.#bytes.subarray(start, this.#at));
    } catch (cause) {
      throw new ProtocolError('a string is not UTF-8', { cause });
    }
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
