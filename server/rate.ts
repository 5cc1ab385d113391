/** What one action costs; every passing millisecond earns `perSecond` of it. In whole numbers, so that nothing is lost. */
const cost = 1000;

/** So much a second on average, and so much at once after a pause. Infinity: no limit. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** Keeps a rate limit: a token bucket. */
export class Rate {
  #perSecond: number;
  #most: number;
  #credit = 0;
  /** When `#credit` was true, ms. */
  #at = 0;

  constructor({ perSecond, burst }: RateLimit, now: number) {
    this.#perSecond = perSecond;
    this.#most = burst * cost;
    this.#credit = this.#most;
    this.#at = now;
  }

  /**
   * 0: go ahead, it has been counted. Else nothing was counted, and this is how long to wait, ms.
   * @param count what is more than the burst needs a whole one, and is paid off afterwards.
   */
  take(now: number, count = 1): number {
    this.#earn(now);
    const needed = Math.min(count * cost, this.#most);
    if (this.#credit < needed) return Math.ceil((needed - this.#credit) / this.#perSecond);
    this.#credit -= count * cost;
    return 0;
  }

  /** From now on another limit holds. Nothing is won by that: a larger burst has to be earned. */
  change({ perSecond, burst }: RateLimit, now: number): void {
    this.#earn(now);
    this.#perSecond = perSecond;
    this.#most = burst * cost;
    this.#credit = Math.min(this.#credit, this.#most);
  }

  /** As good as new: it may be forgotten. */
  isFull(now: number): boolean {
    this.#earn(now);
    return this.#credit === this.#most;
  }

  #earn(now: number): void {
    if (now === this.#at) return;
    if (now > this.#at) this.#credit = Math.min(this.#most, this.#credit + (now - this.#at) * this.#perSecond);
    this.#at = now;
  }
}

/** The same limit for each of many, of whom nothing is remembered that no longer matters. */
export class Rates {
  readonly #limit: RateLimit;
  /** Who acted longest ago first. */
  readonly #byKey = new Map<string, Rate>();

  constructor(limit: RateLimit) {
    this.#limit = limit;
  }

  /** As `Rate.take`. */
  take(key: string, now: number): number {
    const rate = this.#byKey.get(key) ?? new Rate(this.#limit, now);
    this.#byKey.delete(key);
    this.#byKey.set(key, rate);
    const wait = rate.take(now);
    this.#forget(now);
    return wait;
  }

  /** How many are remembered. */
  get size(): number {
    return this.#byKey.size;
  }

  #forget(now: number): void {
    for (const [key, rate] of this.#byKey) {
      if (!rate.isFull(now)) return;
      this.#byKey.delete(key);
    }
  }
}
