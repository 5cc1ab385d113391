export const maskOctets = 4;

/** So few octets are sooner unmasked one by one than seen as words. */
const few = 128;
/** Of each octet of a word: set where it is not ASCII. */
const beyondAscii = 0x80808080;

/**
 * Takes from a frame's payload, in place, the mask that stands right before it. Done again it puts the mask back.
 * RFC 6455 "Client-to-Server Masking".
 * @returns whether all of it is ASCII.
 */
export function unmask(data: Buffer, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  if (end - start >= few) {
    at += (maskOctets - ((data.byteOffset + start) % maskOctets)) % maskOctets;
    const count = Math.floor((end - at) / maskOctets);
    bits = unmaskOctets(data, start, start, at) | unmaskWords(data, start, at, count);
    at += count * maskOctets;
  }
  return ((bits | unmaskOctets(data, start, at, end)) & beyondAscii) === 0;
}

/** From one place to another within the payload that begins at `start`. @returns all the bits that there are. */
function unmaskOctets(data: Buffer, start: number, from: number, end: number): number {
  const mask = start - maskOctets;
  let bits = 0;
  for (let at = from; at < end; at++) {
    const octet = data[at]! ^ data[mask + ((at - start) & 3)]!;
    data[at] = octet;
    bits |= octet;
  }
  return bits;
}

/** The same for four octets at a time. */
function unmaskWords(data: Buffer, start: number, from: number, count: number): number {
  const turned = Uint8Array.from(
    { length: maskOctets },
    (_, i) => data[start - maskOctets + ((from - start + i) & 3)]!,
  );
  const [mask = 0] = new Int32Array(turned.buffer);
  const words = new Int32Array(data.buffer, data.byteOffset + from, count);
  let bits = 0;
  for (let i = 0; i < count; i++) {
    const word = words[i]! ^ mask;
    words[i] = word;
    bits |= word;
  }
  return bits;
}
