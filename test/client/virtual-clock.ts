import type { ClientClock } from '../../client/index.ts';

/** Lets everything under way arrive: all microtasks run before the next turn of the event loop. */
export const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Time that passes only when a test says so, timer by timer. */
export class VirtualClock implements ClientClock {
  #now = Date.UTC(2026, 0, 1);
  readonly #timers = new Map<object, { readonly at: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, ms: number): unknown {
    const timer = {};
    this.#timers.set(timer, { at: this.#now + ms, callback });
    return timer;
  }

  clearTimeout(timer: unknown): void {
    if (typeof timer === 'object' && timer !== null) this.#timers.delete(timer);
  }

  /** Passes time; what each timer sets in motion arrives before the next one rings. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.at;
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  #next(end: number): { readonly at: number; readonly callback: () => void } | undefined {
    const [first] = [...this.#timers].filter(([, { at }]) => at <= end).toSorted(([, a], [, b]) => a.at - b.at);
    if (first) this.#timers.delete(first[0]);
    return first?.[1];
  }
}
