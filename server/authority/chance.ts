/** Where an authority's randomness comes from, passed in so that a test can predict it. */
import { randomInt } from 'node:crypto';
import { customAlphabet } from 'nanoid';

export interface Chance {
  /** Id of a new match: 12 digits and lower case letters, which fit into a URI and cannot be guessed. */
  id(): string;
  /** What the chance of a new match starts from: 32 bits, kept secret. */
  seed(): number;
}

export const secureChance: Chance = {
  id: customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12),
  seed: () => randomInt(2 ** 32),
};
