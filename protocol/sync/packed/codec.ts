import type { BitReader, BitWriter } from './bits.ts';

/**
 * How values of one schema are packed. What it writes it reads again as an equal value; what does not fit the schema must
 * not be given to it. Reading throws a RangeError for bytes that it has not written, or not against the same `before`.
 */
export interface Codec {
  write(out: BitWriter, value: unknown): void;
  read(from: BitReader): unknown;
  /** Only for values that differ. */
  writeChange(out: BitWriter, before: unknown, after: unknown): void;
  readChange(from: BitReader, before: unknown): unknown;
  equal(a: unknown, b: unknown): boolean;
  /** Whether the value is one of the schema's: tells the alternatives of a union apart. */
  fits(value: unknown): boolean;
}

/** A value that is replaced when it changes. */
export const whole = (codec: Omit<Codec, 'writeChange' | 'readChange' | 'equal'>): Codec => ({
  ...codec,
  writeChange: (out, _, after) => codec.write(out, after),
  readChange: (from) => codec.read(from),
  equal: Object.is,
});
