import type { WallClock } from './clock.ts';

/** Longest wait of a timer: a longer one comes at once. */
const longestMs = 24 * 3600 * 1000;

/**
 * The time of a match, milliseconds, and its one alarm. It goes on from where the match was last changed, so while nobody
 * hosts it time stands: clocks, timers and seats that are held lose nothing.
 */
export class MatchTime {
  readonly #clock: WallClock;
  readonly #origin: number;
  readonly #ring: () => void;
  #latest: number;
  #alarm: { readonly at: number; readonly timer: unknown } | null = null;

  /** @param from where it goes on. @param ring called when the alarm is due, or somewhat before: look again. */
  constructor({ clock, from, ring }: { clock: WallClock; from: number; ring: () => void }) {
    this.#clock = clock;
    this.#origin = clock.now() - from;
    this.#latest = from;
    this.#ring = ring;
  }

  /** Never goes back, whatever the host's clock does. */
  get now(): number {
    this.#latest = Math.max(this.#latest, Math.floor(this.#clock.now() - this.#origin));
    return this.#latest;
  }

  /** @param at null: there is nothing to wait for. */
  setAlarm(at: number | null): void {
    if (at === (this.#alarm?.at ?? null)) return;
    if (this.#alarm) this.#clock.clearTimeout(this.#alarm.timer);
    this.#alarm = null;
    if (at === null) return;
    const timer = this.#clock.setTimeout(
      () => {
        this.#alarm = null;
        this.#ring();
      },
      Math.min(longestMs, Math.max(0, at - this.now)),
    );
    this.#alarm = { at, timer };
  }
}
