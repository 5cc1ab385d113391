import { boundless, type Backlogs } from './backlogs.ts';
import { defaults } from './defaults.ts';

export interface BacklogLimits {
  /** What may wait for one peer, in bytes; with more its session ends. */
  readonly maxBufferedBytes?: number;
  /** With so many bytes waiting, droppable events are left out for it. At most half of `maxBufferedBytes` counts. */
  readonly dropAboveBytes?: number;
}

/**
 * What waits for one peer, which may read as slowly as it likes: when much waits, events that can be done without are
 * left out for it, and when too much waits it is given up. Nobody else notices.
 */
export abstract class Backlog<Part extends string | Uint8Array = string | Uint8Array> {
  readonly #maxBytes: number;
  readonly #dropAboveBytes: number;
  #all = boundless;
  #onGivenUp: (problem: string) => void = () => {};
  #problem: string | null = null;
  /** What is kept for it, in the order in which it came. */
  #parts: Part[] = [];
  #keptBytes = 0;

  constructor({ maxBufferedBytes, dropAboveBytes }: BacklogLimits) {
    this.#maxBytes = maxBufferedBytes ?? defaults.maxBufferedBytes;
    this.#dropAboveBytes = Math.min(dropAboveBytes ?? defaults.dropAboveBytes, this.#maxBytes / 2);
  }

  /** All that waits, wherever it is. */
  abstract get bytes(): number;

  /** Whether droppable events are left out. */
  get isBehind(): boolean {
    return this.bytes > this.#dropAboveBytes;
  }

  /** Why it was given up; null: it was not. */
  get problem(): string | null {
    return this.#problem;
  }

  protected get parts(): readonly Part[] {
    return this.#parts;
  }

  protected get keptBytes(): number {
    return this.#keptBytes;
  }

  /**
   * Counts it among others.
   * @param onGivenUp called once, when nothing waits any more: the peer can still be told the problem, and is to be closed.
   */
  join(all: Backlogs, onGivenUp: (problem: string) => void): void {
    this.#all = all;
    this.#onGivenUp = onGivenUp;
  }

  /** To be called when more waits than before. */
  protected check(): void {
    if (this.bytes > this.#maxBytes) this.giveUp(`more than ${this.#maxBytes} bytes wait for you`);
  }

  giveUp(problem: string): void {
    if (this.#problem !== null) return;
    this.#problem = `you read too slowly: ${problem}`;
    this.clear();
    this.#onGivenUp(this.#problem);
  }

  /** Nothing of it will be sent, or all has been. */
  clear(): void {
    this.release(this.#parts.length);
  }

  protected keep(part: Part): void {
    this.#parts.push(part);
    this.#keptBytes += part.length;
    this.#all.keep(this, part);
  }

  /** Those that came first have gone. */
  protected release(count: number): void {
    if (count === 0) return;
    for (const part of this.#parts.splice(0, count)) {
      this.#keptBytes -= part.length;
      this.#all.release(part);
    }
    if (this.#parts.length === 0) this.#all.leave(this);
  }
}

/** The same bytes, without the pool in which they were made: what waits must not keep its neighbours in memory. */
export const inOwnMemory = (bytes: Uint8Array): Uint8Array =>
  bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
