/** Allows so many actions a second on average, and so many at once after a pause: a token bucket. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  /** When `#tokens` was true, ms. */
  #at: number;

  constructor({ perSecond, burst }: { perSecond: number; burst: number }, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** 0: go ahead, it has been counted. Else nothing was counted, and this is how long to wait, ms. */
  take(now: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) * this.#perSecond) / 1000);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond);
    this.#tokens -= 1;
    return 0;
  }
}
