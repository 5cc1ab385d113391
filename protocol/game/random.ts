/** Seeded chance: the same seed gives the same match. The generator is sfc32 (Chris Doty-Humphrey, PractRand). */

/** Four 32-bit words: all there is to know of a generator. */
export type RandomState = readonly [number, number, number, number];

/** Chance, as rules get it. */
export interface Random {
  /** A whole number from `min` to `max`, both included, each equally likely. */
  int(min: number, max: number): number;
  /** One element. @throws RangeError for an empty list. */
  pick<E>(list: readonly E[]): E;
  /** A new list in random order. */
  shuffle<E>(list: readonly E[]): E[];
}

/** @param seed any whole number; 32 bits of it count. */
export function seeded(seed: number): RandomState {
  const generator = new Sfc32([0, seed | 0, seed | 0, 1]);
  for (let i = 0; i < 12; i++) generator.next();
  return generator.state;
}

/** Chance that goes on from a state; afterwards `state` is where it stopped. */
export class SeededRandom implements Random {
  readonly #generator: Sfc32;

  constructor(state: RandomState) {
    this.#generator = new Sfc32(state);
  }

  get state(): RandomState {
    return this.#generator.state;
  }

  int(min: number, max: number): number {
    const span = max - min + 1;
    if (!Number.isInteger(min) || !Number.isInteger(max) || span < 1 || span > 2 ** 32) {
      throw new RangeError(`random.int(${min}, ${max}): whole numbers wanted, min <= max, at most 2^32 apart`);
    }
    const fair = 2 ** 32 - (2 ** 32 % span);
    let draw: number;
    do draw = this.#generator.next();
    while (draw >= fair);
    return min + (draw % span);
  }

  pick<E>(list: readonly E[]): E {
    if (list.length === 0) throw new RangeError('random.pick of an empty list');
    return list[this.int(0, list.length - 1)]!;
  }

  shuffle<E>(list: readonly E[]): E[] {
    const shuffled = [...list];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
    }
    return shuffled;
  }
}

class Sfc32 {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor([a, b, c, counter]: RandomState) {
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  /** 0..2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}
