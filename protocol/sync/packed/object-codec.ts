import type { BitReader, BitWriter } from './bits.ts';
import type { Codec } from './codec.ts';
import { isEntries } from './map-codec.ts';

/** One field of an object, by its number: where it stands in the list. */
export interface Field {
  readonly name: string;
  readonly codec: Codec;
}

/** Exactly these fields. An absent one reads as undefined, which its codec must know. */
export function objectCodec(fields: readonly Field[]): Codec {
  const make = (valueOf: (field: Field) => unknown): object => {
    const made: Record<string, unknown> = {};
    for (const field of fields) {
      const value = valueOf(field);
      if (value !== undefined) made[field.name] = value;
    }
    return made;
  };
  return {
    write(out: BitWriter, value) {
      for (const { name, codec } of fields) codec.write(out, (value as Parts)[name]);
    },
    read: (from: BitReader) => make(({ codec }) => codec.read(from)),
    writeChange(out, before, after) {
      for (const { name, codec } of fields) {
        const [old, made] = [(before as Parts)[name], (after as Parts)[name]];
        const differs = !codec.equal(old, made);
        out.bit(differs);
        if (differs) codec.writeChange(out, old, made);
      }
    },
    readChange: (from, before) =>
      make(({ name, codec }) => {
        const old = (before as Parts)[name];
        return from.bit() ? codec.readChange(from, old) : old;
      }),
    equal: (a, b) => a === b || fields.every(({ name, codec }) => codec.equal((a as Parts)[name], (b as Parts)[name])),
    fits: (value) =>
      isEntries(value) &&
      Object.keys(value).every((key) => fields.some(({ name }) => name === key)) &&
      fields.every(({ name, codec }) => codec.fits(value[name])),
  };
}

interface Parts {
  readonly [field: string]: unknown;
}
