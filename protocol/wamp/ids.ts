/** WAMP ids: integers from 1 to 2^53. WAMP "IDs". */

export const maxId = 2 ** 53;

/** `Number.isSafeInteger` would refuse 2^53, which WAMP allows. */
export const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxId;

/** Global scope (sessions, publications): uniformly random over 1..2^53, from the host's secure source. */
export function randomId(): number {
  return (random32() & 0x1fffff) * 2 ** 32 + random32() + 1; // 21 + 32 bits
}

/** Asking for many numbers costs as much as asking for one. */
const numbers = new Uint32Array(256);
let used = numbers.length;

function random32(): number {
  if (used === numbers.length) {
    crypto.getRandomValues(numbers);
    used = 0;
  }
  return numbers[used++]!;
}

/** The last of some ids: when there are too many, the oldest is forgotten. */
export class RecentIds {
  readonly #ids = new Set<number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  add(added: number): void {
    this.#ids.add(added);
    if (this.#ids.size <= this.#most) return;
    for (const oldest of this.#ids) return void this.#ids.delete(oldest);
  }

  has(known: number): boolean {
    return this.#ids.has(known);
  }

  delete(known: number): void {
    this.#ids.delete(known);
  }
}

/** Session and router scope: 1, 2, 3, … and after 2^53 again 1. */
export function sequence(): () => number {
  let last = 0;
  return () => (last = last === maxId ? 1 : last + 1);
}
