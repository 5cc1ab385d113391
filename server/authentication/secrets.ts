/** Comparing what must not be guessed piece by piece, and showing unknown users what known ones are shown. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
export const hmacSha256 = (key: string | Uint8Array, data: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** Takes the same time wherever the two differ, whatever their lengths. */
export const equal = (a: string | Uint8Array, b: string | Uint8Array): boolean => timingSafeEqual(sha256(a), sha256(b));

/**
 * What a method shows of users that do not exist: of the same name always the same, also after a restart, and nothing
 * that it could not show of one that does exist. So it hangs on the secrets of those who do.
 */
export class Decoys<P> {
  readonly #key: Buffer;
  readonly #models: readonly P[];

  constructor(principals: Readonly<Record<string, P>>) {
    this.#models = Object.values(principals);
    this.#key = this.#models.length > 0 ? sha256(`decoys:${JSON.stringify(principals)}`) : randomBytes(32);
  }

  /** At most 32. */
  bytes(authid: string, length: number): Buffer {
    return hmacSha256(this.#key, `bytes:${authid}`).subarray(0, length);
  }

  /** Somebody who exists, to be like. */
  model(authid: string): P | undefined {
    return this.pick(authid, this.#models);
  }

  pick<T>(authid: string, from: readonly T[]): T | undefined {
    return from[hmacSha256(this.#key, `model:${authid}`).readUInt32BE() % from.length];
  }
}
