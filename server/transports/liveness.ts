import type { Clock } from '../../protocol/index.ts';

export interface LivenessOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly clock: Clock;
  ping(): void;
  /** The peer has sent nothing for `timeoutMs` after a ping. */
  onSilence(): void;
}

/** Pings a peer at an interval and notices when it has gone without a word: a half-open socket would keep its registrations. */
export class Liveness {
  readonly #options: LivenessOptions;
  #heard = false;
  #timer: unknown;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#rest();
  }

  /** Any sign of life counts, not only a pong. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer);
  }

  #rest(): void {
    this.#timer = this.#options.clock.setTimeout(() => this.#ask(), this.#options.intervalMs);
  }

  #ask(): void {
    this.#heard = false;
    this.#options.ping();
    this.#timer = this.#options.clock.setTimeout(
      () => (this.#heard ? this.#rest() : this.#options.onSilence()),
      this.#options.timeoutMs,
    );
  }
}
