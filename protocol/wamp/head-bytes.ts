import type { Span } from './payload.ts';
import { wordsInto, wordsOf } from './words.ts';

const utf8 = new TextEncoder();

/** The head of a message while it is put together, in bytes that serve every message: none are made for a single one. */
class HeadBytes {
  length = 0;
  #bytes = new Uint8Array(1024);
  #words = new DataView(this.#bytes.buffer);

  byte(byte: number): void {
    if (this.length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.length++] = byte;
  }

  /** Big-endian, in so many bytes, at most 4. */
  uint(value: number, size: number): void {
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.byte((value >>> shift) & 0xff);
  }

  put(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** In UTF-8. */
  text(text: string): void {
    const start = this.length;
    this.#grow(text.length);
    const bytes = this.#bytes;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return this.put(utf8.encode(text));
      bytes[start + i] = code;
    }
    this.length = start + text.length;
  }

  /** A whole number from 0, in decimal. */
  digits(value: number): void {
    if (value >= 1e8) {
      const high = Math.floor(value / 1e8);
      this.digits(high);
      this.#digits(value - high * 1e8, 8);
    } else {
      let count = 1;
      for (let power = 10; power <= value; power *= 10) count++;
      this.#digits(value, count);
    }
  }

  /** The head, followed by `payload` and as many bytes as `behind` says, at the end of what `allocate` returns. */
  finish({ whole, start, end }: Span, behind: number, allocate: (length: number) => Span): Span {
    const length = this.length + end - start + behind;
    const into = allocate(length);
    const at = into.end - length;
    copy(this.#bytes, this.#words, 0, this.length, into.whole, at);
    copy(whole, wordsOf(whole), start, end, into.whole, at + this.length);
    return into;
  }

  #digits(value: number, count: number): void {
    this.#grow(count);
    const bytes = this.#bytes;
    let at = this.length + count;
    this.length = at;
    let rest = value | 0;
    let left = count;
    for (; left >= 2; left -= 2) {
      const next = (rest / 100) | 0;
      const pair = (rest - next * 100) * 2;
      bytes[--at] = pairs[pair + 1]!;
      bytes[--at] = pairs[pair]!;
      rest = next;
    }
    if (left > 0) bytes[at - 1] = 0x30 + rest;
  }

  #grow(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(needed * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#words = new DataView(larger.buffer);
  }
}

/** 00, 01, … 99 in ASCII. */
const pairs = Uint8Array.from({ length: 200 }, (_, i) => 0x30 + (i % 2 === 0 ? Math.floor(i / 20) : (i >> 1) % 10));

/** Fewer are sooner copied word by word than by `set`, which wants a view of them. */
const few = 256;

function copy(from: Uint8Array, source: DataView, start: number, end: number, into: Uint8Array, at: number): void {
  if (end - start > few) return into.set(from.subarray(start, end), at);
  const target = wordsInto(into);
  let i = start;
  for (; i + 4 <= end; i += 4) target.setInt32(at + i - start, source.getInt32(i));
  for (; i < end; i++) into[at + i - start] = from[i]!;
}

/** Empty, for the next message: heads are finished before another begins. */
export function newHead(): HeadBytes {
  head.length = 0;
  return head;
}
const head = new HeadBytes();
