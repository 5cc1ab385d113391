/**
 * Short ASCII text out of bytes. The same text, as the URIs of a busy session, comes again and again: it is made once,
 * and what has it for a key finds it at once.
 */
import { wordsOf } from './words.ts';

const size = 4096;
const longest = 128;
const made: (Text | undefined)[] = Array.from({ length: size });

interface Text {
  readonly text: string;
  /** As it came. */
  readonly words: DataView;
}

/** undefined: it is long, or not all ASCII. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > longest) return undefined;
  const words = wordsOf(bytes);
  let bits = 0;
  let hash = length;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = words.getInt32(at);
    bits |= word;
    hash = mixed(hash, word);
  }
  for (; at < end; at++) {
    const byte = bytes[at]!;
    bits |= byte;
    hash = mixed(hash, byte);
  }
  if ((bits & 0x80808080) !== 0) return undefined;
  const place = (hash ^ (hash >>> 16)) & (size - 1);
  const known = made[place];
  if (known !== undefined && known.text.length === length && isThere(known.words, words, start, length))
    return known.text;
  const own = new Uint8Array(bytes.subarray(start, end)); // a copy, which `slice` of a Buffer is not
  const text = String.fromCharCode(...own);
  made[place] = { text, words: new DataView(own.buffer) };
  return text;
}

/** By a prime near 2^32 divided by the golden ratio. Knuth, "The Art of Computer Programming" 6.4. */
const mixed = (hash: number, next: number): number => {
  const product = Math.imul(hash ^ next, 0x9e3779b1);
  return product ^ (product >>> 15);
};

function isThere(text: DataView, words: DataView, start: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (text.getInt32(i) !== words.getInt32(start + i)) return false;
  for (; i < length; i++) if (text.getUint8(i) !== words.getUint8(start + i)) return false;
  return true;
}
