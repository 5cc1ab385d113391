import type { Clock } from '../../protocol/index.ts';

/** Timers of the delays that the core waits for, by their keys. */
export class Delays {
  readonly #clock: Clock;
  readonly #timers = new Map<number, unknown>();
  readonly #wake: (key: number) => void;

  /** @param wake called when the time of a key has come. */
  constructor(clock: Clock, wake: (key: number) => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  set(key: number, ms: number): void {
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(key);
      this.#wake(key);
    }, ms);
    this.#timers.set(key, timer);
  }

  cancel(key: number): void {
    this.#clock.clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  cancelAll(): void {
    for (const key of this.#timers.keys()) this.cancel(key);
  }
}
