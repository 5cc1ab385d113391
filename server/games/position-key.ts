/** Keys of positions (Zobrist): each thing on a board has a random word; a position's key is all its words combined. */
import { SeededRandom, seeded } from '../../protocol/index.ts';

/** 53 bits, as much as a number holds, in two halves that can be xor-ed. */
export interface KeyWords {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

/** @param count how many things can be true of a position. */
export function keyWords(count: number): KeyWords {
  const random = new SeededRandom(seeded(count));
  const words = () => Int32Array.from({ length: count }, () => random.int(0, 2 ** 32 - 1));
  return { high: words(), low: words() };
}

export const positionKey = (high: number, low: number): number => (high & 0x1fffff) * 2 ** 32 + (low >>> 0);
