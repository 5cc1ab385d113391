/** What one action costs; every passing millisecond earns `perSecond` of it. In whole numbers, so that nothing is lost. */
const cost = 1000;

/** Allows so many actions a second on average, and so many at once after a pause: a token bucket. */
export class Rate {
  readonly #perSecond: number;
  readonly #most: number;
  #credit: number;
  /** When `#credit` was true, ms. */
  #at: number;

  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now: number) {
    this.#perSecond = perSecond;
    this.#most = burst * cost;
    this.#credit = this.#most;
    this.#at = now;
  }

  /** 0: go ahead, it has been counted. Else nothing was counted, and this is how long to wait, ms. */
  take(now: number): number {
    this.#credit = Math.min(this.#most, this.#credit + Math.max(0, now - this.#at) * this.#perSecond);
    this.#at = now;
    if (this.#credit < cost) return Math.ceil((cost - this.#credit) / this.#perSecond);
    this.#credit -= cost;
    return 0;
  }
}
