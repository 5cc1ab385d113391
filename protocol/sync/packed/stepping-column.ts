import { BitWriter, malformed, type BitReader } from './bits.ts';
import type { Codec } from './codec.ts';
import { gapBits } from './gaps.ts';
import type { Roster } from './roster.ts';

/** Bits that are usual: how many change. */
const usual = { count: 0 };

/** One field of all entities that does not move but changes now and then, by entity number. */
export class SteppingColumn {
  readonly #codec: Codec;
  /** Of what writer and readers have in common. */
  readonly #hashed: Codec;
  /** Whether a value has parts that could be written to: then a copy is kept, and compared part by part. */
  readonly #hasParts: boolean;
  readonly #values: unknown[] = [];
  readonly #next: unknown[] = [];
  #isAtRest = true;

  constructor(codec: Codec, hashed: Codec, hasParts: boolean) {
    this.#codec = codec;
    this.#hashed = hashed;
    this.#hasParts = hasParts;
  }

  /** Whether no value is to change: an update says nothing. */
  get isAtRest(): boolean {
    return this.#isAtRest;
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
    const isSame = this.#codec.equal(last, value);
    this.#next[number] = isSame ? last : this.#kept(value);
    if (!isSame) this.#isAtRest = false;
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

  /** About what it takes to tell its new value; 0 where it has none. @param among so many entities. */
  bitsOfChange(number: number, among: number): number {
    if (this.#next[number] === this.#values[number]) return 0;
    const out = new BitWriter();
    this.#codec.writeChange(out, this.#values[number], this.#next[number]);
    return out.length + gapBits(among, 1) + 1;
  }

  /** Only for what fits the field's schema. */
  writeValue(out: BitWriter, value: unknown): void {
    if (this.#codec.fits(value)) this.#codec.write(out, value);
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

  writeUpdate(out: BitWriter, { numbers }: Roster): void {
    const changed: number[] = [];
    for (let index = 0; index < numbers.length && !this.#isAtRest; index++) {
      if (this.#next[numbers[index]!] !== this.#values[numbers[index]!]) changed.push(index);
    }
    this.#isAtRest = true;
    out.uint(changed.length, usual.count);
    const gap = gapBits(numbers.length, changed.length);
    let last = -1;
    for (const index of changed) {
      const number = numbers[index]!;
      out.uint(index - last - 1, gap);
      last = index;
      this.#codec.writeChange(out, this.#values[number], this.#next[number]);
      this.#values[number] = this.#next[number];
    }
  }

  /** @param changed gets 1 at every entity whose value is another one. */
  readUpdate(from: BitReader, { numbers }: Roster, changed: Uint8Array): void {
    const count = from.uint(usual.count);
    if (count > numbers.length) throw malformed(`${count} of ${numbers.length} entities change`);
    const gap = gapBits(numbers.length, count);
    let index = -1;
    for (let left = count; left > 0; left--) {
      index += from.uint(gap) + 1;
      const number = numbers[index];
      if (number === undefined) throw malformed('more entities change than there are');
      this.#values[number] = this.#codec.readChange(from, this.#values[number]);
      changed[number] = 1;
    }
  }

  /** Writes all values, to be hashed. */
  writeAll(out: BitWriter, { numbers }: Roster): void {
    for (const number of numbers) this.#hashed.write(out, this.#values[number]);
  }

  #kept(value: unknown): unknown {
    return this.#hasParts ? structuredClone(value) : value;
  }
}
