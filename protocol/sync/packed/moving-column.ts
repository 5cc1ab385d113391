/**
 * One moving field of all entities, by entity number. Both sides expect that what moves goes on as it did; only what
 * comes otherwise is written. Numbers are whole steps of the field's grid, exact on both sides.
 */
import { stepsOf, valueOfSteps, wrapped, type Grid } from '../../schema/packing.ts';
import { malformed, type BitReader, type BitWriter } from './bits.ts';
import type { Codec } from './codec.ts';
import { gapBits } from './gaps.ts';
import { intCodec } from './number-codecs.ts';
import type { Roster } from './roster.ts';

/** Bits that are usual: how many come otherwise, the speed of what is written whole, what a gap takes beyond its own. */
const usual = { count: 0, speed: 8, fineSpeed: 14, gap: 1 };
/** Of the parameter, chosen for each message, of differences above 1. */
const parameterBits = 5;
/** Parts of a step in which speed and the place between two steps are kept: both sides must have the same. */
const fine = 1024;
/** Faster is no motion, but a jump. Steps. */
const fastest = 2 ** 32;
/** A difference of 1 says that the entity is just past the edge of what was expected: this far from the middle. */
const edge = 410 / fine;

export class MovingColumn {
  readonly #grid: Grid;
  readonly #ints: Codec;
  /** Where the entity is. */
  #at: Float64Array<ArrayBuffer>;
  /** Where it is to be, while an update is being written. */
  #next: Float64Array<ArrayBuffer>;
  /** Steps for each update; of an entity that is expected to stay the one just made, in case it is repeated. */
  #speed: Float64Array<ArrayBuffer>;
  /** How far the true place is thought to be from `at`, within half a step. */
  #offset: Float64Array<ArrayBuffer>;
  /** For how many updates it has moved like this, up to 255; at 0 it is expected to stay. */
  #age: Uint8Array;
  #isAtRest = true;
  /** What came otherwise: the how manieth entity, and by how much. */
  #changed = new Uint32Array(16);
  #differences = new Float64Array(16);

  constructor(grid: Grid, capacity: number) {
    this.#grid = grid;
    this.#ints = intCodec(grid.least, grid.most);
    this.#at = new Float64Array(capacity);
    this.#next = new Float64Array(capacity);
    this.#speed = new Float64Array(capacity);
    this.#offset = new Float64Array(capacity);
    this.#age = new Uint8Array(capacity);
  }

  /** Whether nobody moves, or is to: an update says nothing, and changes nothing. */
  get isAtRest(): boolean {
    return this.#isAtRest;
  }

  grow(capacity: number): void {
    this.#at = grown(this.#at, capacity);
    this.#next = grown(this.#next, capacity);
    this.#speed = grown(this.#speed, capacity);
    this.#offset = grown(this.#offset, capacity);
    const age = new Uint8Array(capacity);
    age.set(this.#age);
    this.#age = age;
  }

  valueAt(number: number): number {
    return valueOfSteps(this.#grid, this.#at[number]!);
  }

  /** @returns false for what is no finite number. */
  expect(number: number, value: unknown): boolean {
    if (typeof value !== 'number' || !(Math.abs(value) < Infinity)) return false;
    const steps = stepsOf(this.#grid, value);
    if (steps !== this.#at[number]) this.#isAtRest = false;
    this.#next[number] = steps;
    return true;
  }
  expectNew(number: number, value: unknown): boolean {
    return this.expect(number, value);
  }
  /** It goes on as both sides expect, wherever it really is. */
  expectNothing(number: number): void {
    this.#next[number] = this.#within(Math.round(this.#expected(number)));
  }

  /** About what it takes to tell where it comes; 0 where it comes as expected. @param among so many entities. */
  bitsOfChange(number: number, among: number): number {
    const size = Math.abs(this.#difference(number));
    if (size === 0) return 0;
    return usual.gap + gapBits(among, 1) + (size === 1 ? 2 : 4 + Math.ceil(Math.log2(size)));
  }

  // A new entity rests where it is

  /** Only for what is a number. */
  writeValue(out: BitWriter, value: unknown): void {
    if (typeof value === 'number') this.#ints.write(out, stepsOf(this.#grid, value));
  }

  writeNew(out: BitWriter, number: number): void {
    this.#put(number, this.#next[number]!);
    this.#ints.write(out, this.#at[number]);
  }
  readNew(from: BitReader, number: number): void {
    this.#put(number, this.#ints.read(from) as number);
  }

  // A snapshot says where it is and how it moves

  writeWhole(out: BitWriter, number: number): void {
    const [speed, offset] = [this.#speed[number]!, this.#offset[number]!];
    this.#ints.write(out, this.#at[number]);
    const moves = speed !== 0 || offset !== 0 || this.#age[number] !== 0;
    out.bit(moves);
    if (!moves) return;
    const isFine = offset !== 0 || !Number.isInteger(speed);
    out.bit(isFine);
    if (isFine) {
      out.int(speed * fine, usual.fineSpeed);
      out.bits(offset * fine + fine, 11);
    } else out.int(speed, usual.speed);
    out.bits(this.#age[number]!, 8);
  }
  readWhole(from: BitReader, number: number): void {
    this.#put(number, this.#ints.read(from) as number);
    if (!from.bit()) return;
    const isFine = from.bit();
    this.#speed[number] = isFine ? from.int(usual.fineSpeed) / fine : from.int(usual.speed);
    if (isFine) this.#offset[number] = (from.bits(11) - fine) / fine;
    this.#age[number] = from.bits(8);
  }

  // An update says what comes otherwise

  writeUpdate(out: BitWriter, { numbers }: Roster): void {
    let count = 0;
    let largest = 0;
    let isAtRest = true;
    for (let index = 0; index < numbers.length && !this.#isAtRest; index++) {
      const number = numbers[index]!;
      isAtRest &&= this.#age[number] === 0;
      if (this.#goesOn(number, this.#next[number]!)) continue;
      isAtRest = false;
      const difference = this.#difference(number);
      this.#settle(number, difference);
      if (difference === 0) continue;
      if (count === this.#changed.length) this.#growChanged();
      this.#changed[count] = index;
      this.#differences[count++] = difference;
      largest = Math.max(largest, Math.abs(difference));
    }
    this.#isAtRest = isAtRest;
    out.uint(count, usual.count);
    if (count === 0) return;
    const k = Math.min(Math.max(Math.ceil(Math.log2(largest)) - 1, 0), 2 ** parameterBits - 1);
    out.bits(k, parameterBits);
    const gap = gapBits(numbers.length, count);
    for (let i = 0, last = -1; i < count; i++) {
      out.uint(this.#changed[i]! - last - 1, gap);
      last = this.#changed[i]!;
      writeDifference(out, this.#differences[i]!, k);
    }
  }

  /** @param moved gets 1 at every entity whose value is another one. */
  readUpdate(from: BitReader, { numbers }: Roster, moved: Uint8Array): void {
    const count = from.uint(usual.count);
    if (count > numbers.length) throw malformed(`${count} of ${numbers.length} entities move`);
    const k = count > 0 ? from.bits(parameterBits) : 0;
    const gap = gapBits(numbers.length, count);
    let left = count;
    let changed = left > 0 ? from.uint(gap) : numbers.length;
    for (let index = 0; index < numbers.length; index++) {
      const number = numbers[index]!;
      const before = this.#at[number];
      if (index === changed) {
        this.#settle(number, readDifference(from, k));
        left--;
        changed = left > 0 ? index + 1 + from.uint(gap) : numbers.length;
      } else if (!this.#goesOn(number, null)) this.#settle(number, 0);
      if (this.#at[number] !== before) moved[number] = 1;
    }
    if (left > 0) throw malformed('more entities move than there are');
  }

  /** Mixes where everybody is into a hash. */
  hash(seed: number, { numbers }: Roster): number {
    let hash = seed;
    for (const number of numbers) hash = Math.imul(hash ^ this.#at[number]!, 0x01000193);
    return hash;
  }

  #put(number: number, at: number): void {
    this.#at[number] = at;
    this.#next[number] = at;
    this.#speed[number] = 0;
    this.#offset[number] = 0;
    this.#age[number] = 0;
  }

  /** Where it is thought to come, between two steps and perhaps out of range. */
  #expected(number: number): number {
    return this.#age[number] === 0
      ? this.#at[number]!
      : this.#at[number]! + this.#offset[number]! + this.#speed[number]!;
  }

  #within(steps: number): number {
    const { as, least, most } = this.#grid;
    if (steps >= least && steps <= most) return steps;
    return as === 'angle' ? wrapped(this.#grid, steps) : steps < least ? least : most;
  }

  #difference(number: number): number {
    const expected = this.#within(Math.round(this.#expected(number)));
    const difference = this.#next[number]! - expected;
    return difference === 0 || this.#grid.as === 'fixed' ? difference : wrapped(this.#grid, difference);
  }

  /**
   * Nearly always all there is to do: it comes where it was expected, well within range.
   * @param to where it comes; null for where it is expected.
   * @returns false, having done nothing, where there is more to it.
   */
  #goesOn(number: number, to: number | null): boolean {
    const age = this.#age[number]!;
    if (age === 0) {
      if (to !== null && to !== this.#at[number]) return false;
      this.#speed[number] = 0;
      return true;
    }
    const expected = this.#at[number]! + this.#offset[number]! + this.#speed[number]!;
    const middle = Math.round(expected);
    if ((to !== null && to !== middle) || middle < this.#grid.least || middle > this.#grid.most) return false;
    this.#at[number] = middle;
    this.#offset[number] = expected - middle;
    if (age < 255) this.#age[number] = age + 1;
    return true;
  }

  /** Goes there, and learns from the difference how it moves. */
  #settle(number: number, difference: number): void {
    const expected = this.#expected(number);
    const middle = Math.round(expected);
    const before = this.#at[number]!;
    const within = this.#within(middle);
    const at = this.#within(within + difference);
    this.#at[number] = at;
    const step = this.#grid.as === 'angle' ? wrapped(this.#grid, at - before) : at - before;
    const speed = this.#speed[number]!;
    const age = this.#age[number]!;
    if (age === 0) {
      // What rested must do the same twice before it is expected to go on.
      const isRepeated = Math.abs(step - speed) <= 1 && Math.abs(step) < fastest;
      this.#move(number, Math.abs(step) < fastest ? step : 0, isRepeated ? 2 : 0);
    } else if (difference === 0 && (within === middle || this.#grid.as === 'angle')) {
      this.#offset[number] = expected - middle;
      if (age < 255) this.#age[number] = age + 1;
    } else if (step === 0 && Math.abs(speed) >= 0.5) {
      this.#move(number, 0, 0);
    } else if (Math.abs(difference) === 1) {
      const grownAge = age < 255 ? age + 1 : age;
      const offset = difference > 0 ? -edge : edge;
      const error = middle + difference + offset - expected;
      this.#speed[number] = Math.round((speed + (error * 2) / grownAge) * fine) / fine;
      this.#offset[number] = offset;
      this.#age[number] = grownAge;
    } else {
      this.#move(number, Math.abs(step) < fastest ? step : 0, Math.abs(step) < fastest ? 1 : 0);
    }
  }

  #move(number: number, speed: number, age: number): void {
    this.#speed[number] = speed;
    this.#offset[number] = 0;
    this.#age[number] = age;
  }

  #growChanged(): void {
    const changed = new Uint32Array(this.#changed.length * 2);
    changed.set(this.#changed);
    this.#changed = changed;
    this.#differences = grown(this.#differences, changed.length);
  }
}

function writeDifference(out: BitWriter, difference: number, k: number): void {
  const size = Math.abs(difference);
  out.bits((size > 1 ? 1 : 0) + (difference < 0 ? 2 : 0), 2);
  if (size > 1) out.uint(size - 2, k);
}

function readDifference(from: BitReader, k: number): number {
  const bits = from.bits(2);
  const size = (bits & 1) === 1 ? from.uint(k) + 2 : 1;
  return (bits & 2) === 2 ? -size : size;
}

function grown(array: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(array);
  return larger;
}
