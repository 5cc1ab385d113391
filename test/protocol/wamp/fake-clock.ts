import type { Clock } from '../../../protocol/wamp/clock.ts';

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #timers = new Map<object, { at: number; callback: () => void }>();

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + ms, callback });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (typeof timer === 'object' && timer !== null) this.#timers.delete(timer);
  }

  get pending(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    this.#now += ms;
    const timers = [...this.#timers]; // those of now: a callback may start another
    for (const [timer, { at, callback }] of timers) {
      if (at <= this.#now && this.#timers.delete(timer)) callback();
    }
  }
}
