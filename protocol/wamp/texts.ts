/**
 * Short ASCII text out of bytes. The same text, as the URIs of a busy session, comes again and again: it is made once,
 * and what has it for a key finds it at once.
 */
const size = 4096;
const longest = 128;
const made: (string | undefined)[] = Array.from({ length: size });

/** undefined: it is long, or not all ASCII. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length > longest) return undefined;
  let hash = length;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x80) return undefined;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const place = (hash ^ (hash >>> 12)) & (size - 1);
  const known = made[place];
  if (known !== undefined && says(known, bytes, start, length)) return known;
  return (made[place] = String.fromCharCode(...bytes.subarray(start, end)));
}

function says(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
