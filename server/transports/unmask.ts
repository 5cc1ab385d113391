import { wordsOf } from '../../protocol/index.ts';

export const maskOctets = 4;

/** Of each octet of a word: set where it is not ASCII. */
const beyondAscii = 0x80808080;

/**
 * Takes from a frame's payload, in place, the mask that stands right before it. Done again it puts the mask back.
 * RFC 6455 "Client-to-Server Masking".
 * @returns whether all of it is ASCII.
 */
export function unmask(data: Buffer, start: number, end: number): boolean {
  const words = wordsOf(data);
  const mask = words.getInt32(start - maskOctets);
  let bits = 0;
  let at = start;
  for (; at + maskOctets <= end; at += maskOctets) {
    const word = words.getInt32(at) ^ mask;
    words.setInt32(at, word);
    bits |= word;
  }
  for (let shift = 24; at < end; at++, shift -= 8) {
    const octet = data[at]! ^ ((mask >>> shift) & 0xff);
    data[at] = octet;
    bits |= octet;
  }
  return (bits & beyondAscii) === 0;
}
