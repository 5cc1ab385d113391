/** One clock for all: which tick a world is at, as far as its answers tell. */

interface Sample {
  readonly roundTripMs: number;
  /** Ticks at time 0 of our clock. */
  readonly offset: number;
}

/** Samples that are compared. Of those the one that came back first knows best: nothing held it up. */
const compared = 12;
/** A difference of more is jumped over, of less taken in so many parts, ticks. */
const largest = 3;
const parts = 4;

export class ServerClock {
  readonly #perMs: number;
  #samples: Sample[] = [];
  #offset: number | null = null;

  /** @param perSecond ticks. */
  constructor(perSecond: number) {
    this.#perMs = perSecond / 1000;
  }

  /** The world said that it was at `tick`, asked and answered at these times of our clock, ms. */
  sample(tick: number, asked: number, answered: number): void {
    const offset = tick - ((asked + answered) / 2) * this.#perMs;
    this.#samples = [...this.#samples, { roundTripMs: answered - asked, offset }].slice(-compared);
    const best = this.#samples.toSorted((a, b) => a.roundTripMs - b.roundTripMs)[0]!;
    const off = this.#offset === null ? Infinity : Math.abs(best.offset - this.#offset);
    this.#offset = off > largest ? best.offset : this.#offset! + (best.offset - this.#offset!) / parts;
  }

  /** Of the best sample; null before the first. */
  get roundTripMs(): number | null {
    return this.#samples.length === 0 ? null : Math.min(...this.#samples.map(({ roundTripMs }) => roundTripMs));
  }

  /** The tick at a time of our clock, ms; null before the first sample. */
  tickAt(now: number): number | null {
    return this.#offset === null ? null : this.#offset + now * this.#perMs;
  }

  restart(): void {
    this.#samples = [];
    this.#offset = null;
  }
}
