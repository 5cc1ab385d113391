import type { WallClock } from '../clock.ts';

/** So many ticks may be made up for at once after a pause; more are left out, and the world's time stands still for them. */
const mostAtOnce = 5;

/** Calls `tick` so many times a second, by the clock and not by how long each takes. */
export class Ticker {
  readonly #clock: WallClock;
  readonly #periodMs: number;
  readonly #tick: () => void;
  #timer: unknown = null;
  /** When the next tick is due. */
  #due = 0;
  #skipped = 0;

  constructor({ clock, perSecond, tick }: { clock: WallClock; perSecond: number; tick: () => void }) {
    this.#clock = clock;
    this.#periodMs = 1000 / perSecond;
    this.#tick = tick;
  }

  get isRunning(): boolean {
    return this.#timer !== null;
  }
  /** How many ticks were left out, because the process could not keep up. */
  get skipped(): number {
    return this.#skipped;
  }
  /** How much of a tick has passed since the last one: 0 to 1, and more when it is late. */
  get fraction(): number {
    return this.isRunning ? 1 - (this.#due - this.#clock.now()) / this.#periodMs : 0;
  }

  start(): void {
    if (this.isRunning) return;
    this.#due = this.#clock.now() + this.#periodMs;
    this.#wait();
  }

  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(): void {
    this.#timer = this.#clock.setTimeout(() => this.#run(), Math.max(0, this.#due - this.#clock.now()));
  }

  #run(): void {
    for (let count = 0; this.#due <= this.#clock.now() && this.isRunning; count++) {
      if (count === mostAtOnce) {
        const missed = Math.floor((this.#clock.now() - this.#due) / this.#periodMs) + 1;
        this.#due += missed * this.#periodMs;
        this.#skipped += missed;
        break;
      }
      this.#due += this.#periodMs;
      this.#tick();
    }
    if (this.isRunning) this.#wait();
  }
}
