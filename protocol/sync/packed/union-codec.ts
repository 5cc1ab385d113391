import { malformed, widthOf } from './bits.ts';
import type { Codec } from './codec.ts';

/** The first of the codecs that fits, by its number. A change within one is a change; else the value is written anew. */
export function unionCodec(members: readonly Codec[]): Codec {
  const width = widthOf(members.length);
  const indexOf = (value: unknown): number => members.findIndex((member) => member.fits(value));
  const member = (index: number): Codec => {
    const found = members[index];
    if (found) return found;
    throw malformed(`a union of ${members.length} has no number ${index}`);
  };
  const codec: Codec = {
    write(out, value) {
      const index = indexOf(value);
      out.bits(index, width);
      member(index).write(out, value);
    },
    read: (from) => member(from.bits(width)).read(from),
    writeChange(out, before, after) {
      const index = indexOf(after);
      const isSame = index === indexOf(before);
      out.bit(isSame);
      if (isSame) member(index).writeChange(out, before, after);
      else codec.write(out, after);
    },
    readChange: (from, before) => (from.bit() ? member(indexOf(before)).readChange(from, before) : codec.read(from)),
    equal(a, b) {
      const index = indexOf(a);
      return index === indexOf(b) && member(index).equal(a, b);
    },
    fits: (value) => indexOf(value) >= 0,
  };
  return codec;
}

/** Of whole values: which member one is cannot be told from what others see, so a change is written anew. */
export function secretUnion(members: readonly Codec[]): Codec {
  const codec = unionCodec(members);
  return { ...codec, writeChange: (out, _, after) => codec.write(out, after), readChange: (from) => codec.read(from) };
}
