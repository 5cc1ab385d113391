import { malformed } from './bits.ts';

/**
 * Which entity has which number. Both sides give the lowest free one, so numbers need not be sent; a number whose entity
 * has gone is free again.
 */
export class Roster {
  readonly #numbers = new Map<string, number>();
  readonly #keys: (string | undefined)[] = [];
  /** No lower number is free. */
  #free = 0;
  /** The numbers in use, ascending; null until somebody asks again. */
  #inUse: readonly number[] | null = null;

  get size(): number {
    return this.#numbers.size;
  }
  /** Above every number that was ever given. */
  get end(): number {
    return this.#keys.length;
  }

  /** @param last the number that it had when it was last asked for, to find it at once. */
  numberOf(key: string, last = -1): number | undefined {
    return this.#keys[last] === key ? last : this.#numbers.get(key);
  }
  /** undefined: the number is free. */
  keyOf(number: number): string | undefined {
    return this.#keys[number];
  }
  /** The numbers in use, ascending. */
  get numbers(): readonly number[] {
    if (this.#inUse) return this.#inUse;
    const numbers: number[] = [];
    for (let number = 0; number < this.#keys.length; number++)
      if (this.#keys[number] !== undefined) numbers.push(number);
    return (this.#inUse = numbers);
  }

  /** @param least no lower number, free or not: of a snapshot. @throws RangeError when the key has a number already. */
  add(key: string, least = this.#free): number {
    if (this.#numbers.has(key)) throw malformed(`an entity comes that is there: ${key}`);
    let number = least;
    while (this.#keys[number] !== undefined) number++;
    while (this.#keys.length < number) this.#keys.push(undefined);
    this.#inUse = null;
    this.#keys[number] = key;
    this.#numbers.set(key, number);
    if (least === this.#free) this.#free = number + 1;
    return number;
  }

  /** @throws RangeError when the number is free. */
  remove(number: number): string {
    const key = this.#keys[number];
    if (key === undefined) throw malformed(`an entity goes that is not there: ${number}`);
    this.#inUse = null;
    this.#numbers.delete(key);
    this.#keys[number] = undefined;
    this.#free = Math.min(this.#free, number);
    return key;
  }
}
