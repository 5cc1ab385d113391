/**
 * A player's inputs between network and ticks. Each has a number, counted from 1 by the client; one is meant for each tick.
 * Those that come late are not lost: ticks without input are made up for, one by one, by the inputs that come after, so
 * that a jittery network changes when a player moves but never how far. Nobody gets more steps than ticks have passed.
 */
export class InputQueue {
  readonly #limit: number;
  readonly #waiting: object[] = [];
  /** Number of the last input that waits. */
  #last = 0;
  /** Ticks without input that may still be made up for. */
  #owed = 0;
  #silent = 0;

  /** @param limit how many ticks may be made up for, and how long a silent player stands still before being idle. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of the last input that was taken; what a client has pending begins after it. */
  get taken(): number {
    return this.#last - this.#waiting.length;
  }

  /**
   * Puts in what is new; what came before, as inputs are sent more than once, is known by its number. What exceeds the
   * limit is taken as it was never to come: a client that sends too fast loses its oldest inputs.
   * @param last number of the last of the inputs; the others precede it. @param of makes of each what is kept.
   */
  put(last: number, inputs: readonly unknown[], of: (input: unknown) => object): void {
    const fresh = Math.min(last - this.#last, inputs.length, 2 * this.#limit);
    if (fresh <= 0) return;
    this.#waiting.push(...inputs.slice(inputs.length - fresh).map(of));
    this.#last = last;
    this.#silent = 0;
    this.#waiting.splice(0, this.#waiting.length - 2 * this.#limit);
  }

  /** The inputs of one tick: mostly one, none from a player who is late, several when they catch up. `null` is idle. */
  take(): readonly (object | null)[] {
    if (this.#waiting.length === 0) {
      this.#silent += 1;
      if (this.#silent > this.#limit) return idle;
      this.#owed += 1;
      return none;
    }
    const count = Math.min(this.#waiting.length, 1 + Math.min(this.#owed, mostAtOnce));
    this.#owed = Math.min(this.#owed - (count - 1), this.#limit);
    return this.#waiting.splice(0, count);
  }
}

/** Steps that a player may catch up in one tick: others should not see it jump. */
const mostAtOnce = 3;
const none: readonly never[] = [];
const idle: readonly null[] = [null];
