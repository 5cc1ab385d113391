import type { ClientClock } from '../connection/surroundings.ts';

/** What time it is in a match: counted on from what the authority said last. */
export class MatchClock {
  readonly #clock: Pick<ClientClock, 'now'>;
  /** Of this page's time when the match began. */
  #origin: number;

  constructor(clock: Pick<ClientClock, 'now'>) {
    this.#clock = clock;
    this.#origin = clock.now();
  }

  /** Match time, ms. */
  get now(): number {
    return this.#clock.now() - this.#origin;
  }

  /** Asks what says it; half of what that takes is taken for the way back. */
  async readBy<T extends { readonly now: number }>(ask: () => Promise<T>): Promise<T> {
    const asked = this.#clock.now();
    const answer = await ask();
    const back = this.#clock.now();
    this.#origin = back - (answer.now + (back - asked) / 2);
    return answer;
  }
}
