/** Memory for what is sent: many frames lie in one piece of it, in the order in which they were made. */
import type { Span } from '../../protocol/index.ts';

const slabBytes = 32 * 1024;
/** What is longer gets memory of its own, so that it keeps no others there while it waits. */
const longest = 4 * 1024;

let slab = Buffer.allocUnsafeSlow(0);
let used = 0;

/** Room for so many bytes. Frames that are made one after another for the same socket are one piece, unless one is long. */
export function reserve(length: number): Span {
  if (length > longest) return { whole: Buffer.allocUnsafeSlow(length), start: 0, end: length };
  if (used + length > slab.length) {
    slab = Buffer.allocUnsafeSlow(slabBytes);
    used = 0;
  }
  const start = used;
  used += length;
  return { whole: slab, start, end: used };
}

export const spanOf = (whole: Uint8Array): Span => ({ whole, start: 0, end: whole.length });
export const lengthOf = ({ start, end }: Span): number => end - start;
export const bytesOf = ({ whole, start, end }: Span): Uint8Array =>
  end - start === whole.length ? whole : whole.subarray(start, end);
