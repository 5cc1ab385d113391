import type { After } from './timers.ts';

export interface LivenessOptions {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly after: After;
  ping(): void;
  /** The peer has answered nothing for `timeoutMs` after a ping. */
  onSilence(): void;
}

/** Pings a peer at an interval and notices when it has gone without a word: a half-open socket would keep its registrations. */
export class Liveness {
  readonly #options: LivenessOptions;
  #heard = false;
  #cancel: () => void = () => {};

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#wait();
  }

  /** Any sign of life counts, not only a pong. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    this.#cancel();
  }

  #wait(): void {
    this.#cancel = this.#options.after(this.#options.intervalMs, () => {
      this.#heard = false;
      this.#options.ping();
      this.#cancel = this.#options.after(this.#options.timeoutMs, () => (this.#heard ? this.#wait() : this.#options.onSilence()));
    });
  }
}
