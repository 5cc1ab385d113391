import type { WallClock } from '../../../server/authority/index.ts';

/** Time that only moves when told to. */
export class VirtualClock implements WallClock {
  #now = Date.UTC(2030, 0, 1);
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = { at: this.#now + (ms < 2 ** 31 ? ms : 1), callback }; // as hosts do: a longer wait is none
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    for (const known of this.#timers) if (known === timer) this.#timers.delete(known);
  }

  /** Lets time pass; everything due runs in order, and what it does is awaited. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      next.callback();
      await quiet();
    }
    this.#now = until;
    await quiet();
  }

  get pending(): number {
    return this.#timers.size;
  }
}

/** When all messages on in-memory links have arrived and been answered: they travel by microtasks only. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
