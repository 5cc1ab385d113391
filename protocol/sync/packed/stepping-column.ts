import type { BitReader, BitWriter } from './bits.ts';
import { malformed } from './bits.ts';
import type { Codec } from './codec.ts';
import { gapBits } from './gaps.ts';
import type { Roster } from './roster.ts';

/** Bits that are usual: how many change. */
const usual = { count: 0 };

/** One field of all entities that does not move but changes now and then, by entity number. */
export class SteppingColumn {
  readonly #codec: Codec;
  /** Whether a value has parts that could be written to: then a copy is kept, and compared part by part. */
  readonly #hasParts: boolean;
  readonly #values: unknown[] = [];
  readonly #next: unknown[] = [];

  constructor(codec: Codec, hasParts: boolean) {
    this.#codec = codec;
    this.#hasParts = hasParts;
  }

  grow(): void {}

  valueAt(number: number): unknown {
    return this.#values[number];
  }

  /** @returns false for what does not fit the field's schema. */
  expect(number: number, value: unknown): boolean {
    const last = this.#values[number];
    if (value === last && !this.#hasParts) {
      this.#next[number] = last;
      return true;
    }
    if (!this.#codec.fits(value)) return false;
    this.#next[number] = this.#codec.equal(last, value) ? last : this.#kept(value);
    return true;
  }
  expectNew(number: number, value: unknown): boolean {
    if (!this.#codec.fits(value)) return false;
    this.#next[number] = this.#kept(value);
    return true;
  }
  expectNothing(number: number): void {
    this.#next[number] = this.#values[number];
  }

  writeNew(out: BitWriter, number: number): void {
    this.#values[number] = this.#next[number];
    this.#codec.write(out, this.#values[number]);
  }
  readNew(from: BitReader, number: number): void {
    this.#values[number] = this.#codec.read(from);
  }
  writeWhole(out: BitWriter, number: number): void {
    this.#codec.write(out, this.#values[number]);
  }
  readWhole(from: BitReader, number: number): void {
    this.readNew(from, number);
  }

  writeUpdate(out: BitWriter, roster: Roster): void {
    const changed: [index: number, number: number][] = [];
    for (let number = 0, index = 0; index < roster.size && number < roster.end; number++) {
      if (roster.keyOf(number) === undefined) continue;
      if (this.#next[number] !== this.#values[number]) changed.push([index, number]);
      index++;
    }
    out.uint(changed.length, usual.count);
    const gap = gapBits(roster.size, changed.length);
    let last = -1;
    for (const [index, number] of changed) {
      out.uint(index - last - 1, gap);
      last = index;
      this.#codec.writeChange(out, this.#values[number], this.#next[number]);
      this.#values[number] = this.#next[number];
    }
  }

  readUpdate(from: BitReader, roster: Roster, changed: (number: number) => void): void {
    const count = from.uint(usual.count);
    if (count > roster.size) throw malformed(`${count} of ${roster.size} entities change`);
    const gap = gapBits(roster.size, count);
    let left = count;
    let skip = left > 0 ? from.uint(gap) : 0;
    for (let number = 0; left > 0 && number < roster.end; number++) {
      if (roster.keyOf(number) === undefined || skip-- > 0) continue;
      this.#values[number] = this.#codec.readChange(from, this.#values[number]);
      changed(number);
      left--;
      skip = left > 0 ? from.uint(gap) : 0;
    }
    if (left > 0) throw malformed('more entities change than there are');
  }

  /** Writes all values, to be hashed. */
  writeAll(out: BitWriter, roster: Roster): void {
    for (let number = 0; number < roster.end; number++)
      if (roster.keyOf(number) !== undefined) this.#codec.write(out, this.#values[number]);
  }

  #kept(value: unknown): unknown {
    return this.#hasParts ? structuredClone(value) : value;
  }
}
