import { Writable } from 'node:stream';

/** A socket in the test's hands: it takes what is written only while its peer reads. */
export class SlowStream extends Writable {
  /** What has arrived at the peer. */
  readonly arrived: Buffer[] = [];
  #isReading = true;
  #rest: (() => void) | undefined;

  /** @param wants how many bytes it takes before it asks for a pause. */
  constructor(wants = 64 * 1024) {
    super({ highWaterMark: wants });
  }

  get text(): string {
    return Buffer.concat(this.arrived).toString();
  }

  pause(): void {
    this.#isReading = false;
  }

  resume(): void {
    this.#isReading = true;
    this.#rest?.();
    this.#rest = undefined;
  }

  override _writev(pieces: { chunk: Buffer }[], done: () => void): void {
    const take = () => {
      this.arrived.push(...pieces.map(({ chunk }) => chunk));
      done();
    };
    if (this.#isReading) take();
    else this.#rest = take;
  }
}

/** The turn of the event loop is over, and what it had to write is written. */
export const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
