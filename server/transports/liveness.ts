import type { Clock } from '../../protocol/index.ts';

export interface LivenessOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Any clock that runs steadily, ms. Default: the host's. */
  readonly now?: () => number;
  /** Sends a ping with this payload: some ASCII, never empty. */
  ping(payload: string): void;
  /** The peer has sent nothing for `timeoutMs` after a ping. */
  onSilence(): void;
}

/** Of a new measurement counts a quarter, so that one slow answer does not make a slow peer. */
const weight = 1 / 4;

/**
 * Pings a peer at an interval and notices when it has gone without a word: a half-open socket would keep its registrations.
 * What comes back measures the round trip.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #now: () => number;
  #heard = false;
  #timer: unknown;
  #asked: { readonly payload: string; readonly at: number } | null = null;
  #count = 0;
  #roundTripMs: number | undefined;
  #onRoundTrip: (ms: number) => void = () => {};

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#rest();
  }

  /** Any sign of life counts, not only a pong. */
  heard(): void {
    this.#heard = true;
  }

  /** An answer to a ping: only the latest one counts, and once. */
  pong(payload: string): void {
    this.heard();
    if (payload !== this.#asked?.payload) return;
    const measured = this.#now() - this.#asked.at;
    this.#asked = null;
    const before = this.#roundTripMs ?? measured;
    this.#roundTripMs = before + (measured - before) * weight;
    this.#onRoundTrip(this.#roundTripMs);
  }

  /** Told of each measurement, smoothed, ms. */
  onRoundTrip(listener: (ms: number) => void): void {
    this.#onRoundTrip = listener;
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #rest(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#ask(), this.#options.intervalMs);
  }

  #ask(): void {
    this.#heard = false;
    const at = this.#now();
    const payload = `${(this.#count += 1)} ${at.toFixed(3)}`;
    this.#asked = { payload, at };
    this.#options.ping(payload);
    this.#timer = this.#options.clock.setTimeout(
      () => (this.#heard ? this.#rest() : this.#options.onSilence()),
      this.#options.timeoutMs,
    );
  }
}
