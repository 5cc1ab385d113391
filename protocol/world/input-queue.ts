/**
 * A player's inputs between network and ticks. Each has a number, counted from 1 by the client; one is meant for each tick.
 * A few are held back where the network is uneven, so that the player moves evenly for others. Those that come late are
 * not lost: ticks without input are made up for, one by one, so that the network changes when a player moves but never how
 * far. Nobody gets more steps than ticks have passed.
 */
export class InputQueue {
  readonly #limit: number;
  readonly #waiting: object[] = [];
  /** Number of the last input that waits. */
  #last = 0;
  /** Ticks without input that may still be made up for. */
  #owed = 0;
  /** Ticks since anything came. */
  #silent = 0;
  /** How many are to wait before the first of them is taken: more each time that they run out, less when they never do. */
  #reserve = 1;
  #isFlowing = false;
  /** Fewest that have waited lately, and how many ticks that has been. */
  #fewest = Infinity;
  #watched = 0;

  /** @param limit how many ticks may be made up for, and how long a silent player stands still before being idle. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Number of the last input that was taken; what a client has pending begins after it. */
  get taken(): number {
    return this.#last - this.#waiting.length;
  }

  /**
   * Puts in what is new; what came before, as inputs are sent more than once, is known by its number. A client that sends
   * too fast loses its oldest inputs.
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
    this.#silent += 1;
    const isSilent = this.#silent > this.#limit;
    if (!this.#isFlowing)
      this.#isFlowing = this.#waiting.length >= this.#reserve || (isSilent && this.#waiting.length > 0);
    if (!this.#isFlowing) return this.#miss(isSilent);
    if (this.#waiting.length === 0) {
      this.#isFlowing = false;
      this.#reserve = Math.min(this.#reserve + 1, mostReserved);
      this.#watched = 0;
      return this.#miss(isSilent);
    }
    this.#relax();
    const surplus = Math.max(0, this.#waiting.length - 1 - this.#reserve);
    const count = 1 + Math.min(surplus, this.#owed, mostAtOnce);
    this.#owed = Math.min(this.#owed - (count - 1), this.#limit);
    return this.#waiting.splice(0, count);
  }

  #miss(isSilent: boolean): readonly null[] {
    if (isSilent) return idle;
    this.#owed += 1;
    return none;
  }

  /** Where more have waited than were ever needed, one less will do. */
  #relax(): void {
    this.#fewest = this.#watched === 0 ? this.#waiting.length : Math.min(this.#fewest, this.#waiting.length);
    this.#watched += 1;
    if (this.#watched < watch * this.#limit) return;
    if (this.#fewest > 2) this.#reserve = Math.max(1, this.#reserve - 1);
    this.#watched = 0;
  }
}

/** Steps that a player may catch up in one tick: others should not see it jump. */
const mostAtOnce = 2;
/** Most ticks that inputs are held back for. */
const mostReserved = 5;
/** How long the inputs that wait are watched before fewer are held back, in limits. */
const watch = 20;
const none: readonly never[] = [];
const idle: readonly null[] = [null];
