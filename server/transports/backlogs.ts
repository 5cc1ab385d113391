import type { Backlog } from './backlog.ts';

/** What the engine needs for each piece of memory beside its bytes, roughly. */
const overheadBytes = 256;

/**
 * The backlogs of all peers of a router, and the memory that they keep: what waits for many peers is there, and counted,
 * once. When it becomes too much, those for whom most waits are given up until it is not. Peers that read as fast as
 * they are written to have no part in it, and cost nothing.
 */
export class Backlogs {
  #maxBytes: number;
  /** Those in which something waits. */
  readonly #waiting = new Set<Backlog>();
  /** How many backlogs keep each part. */
  readonly #keepers = new Map<string | Uint8Array, number>();
  #bytes = 0;
  #isRelieving = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** From now on they may keep so much. It counts with the next message that waits. */
  reconfigure(maxBytes: number): void {
    this.#maxBytes = maxBytes;
  }

  /** The memory that is kept, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  keep(backlog: Backlog, part: string | Uint8Array): void {
    this.#waiting.add(backlog);
    const keepers = this.#keepers.get(part) ?? 0;
    this.#keepers.set(part, keepers + 1);
    if (keepers > 0) return;
    this.#bytes += part.length + overheadBytes;
    if (this.#bytes > this.#maxBytes) this.#relieveSoon();
  }

  release(part: string | Uint8Array): void {
    const keepers = (this.#keepers.get(part) ?? 0) - 1;
    if (keepers > 0) this.#keepers.set(part, keepers);
    else if (this.#keepers.delete(part)) this.#bytes -= part.length + overheadBytes;
  }

  /** Nothing waits in it any more. */
  leave(backlog: Backlog): void {
    this.#waiting.delete(backlog);
  }

  /** Not amid the writing that has made it too much. */
  #relieveSoon(): void {
    if (this.#isRelieving) return;
    this.#isRelieving = true;
    queueMicrotask(() => {
      this.#isRelieving = false;
      for (const backlog of [...this.#waiting].toSorted((one, other) => other.bytes - one.bytes)) {
        if (this.#bytes <= this.#maxBytes) return;
        backlog.giveUp(`${backlog.bytes} bytes wait for you, and more than ${this.#maxBytes} for everybody`);
      }
    });
  }
}

/** For peers of no router. */
export const boundless = new Backlogs(Infinity);
