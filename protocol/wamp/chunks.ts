/** What one call carries after its first payload, on either side. WAMP "Progressive Call Invocations". */
import type { Dict, List } from './values.ts';

export interface Chunk {
  readonly args?: List;
  readonly kwargs?: Dict;
}

interface Outlet {
  /** @throws when the chunk cannot be sent. */
  send(chunk: Chunk): void;
  /** That was all. */
  end(): void;
  /** The chunks threw, or one of them could not be sent. */
  fail(cause: unknown): void;
}

/** Sends chunks as they come. What is returned stops it, and tells their source so. */
export function pour(chunks: Iterable<Chunk> | AsyncIterable<Chunk>, { send, end, fail }: Outlet): () => void {
  const source = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let isStopped = false;
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    void (async () => source.return?.())().catch(() => {}); // nobody is left to hear how the source ends
  };
  const run = async () => {
    for (;;) {
      const next = await source.next();
      if (isStopped) return;
      if (next.done) return end();
      send(next.value);
    }
  };
  run().catch((cause: unknown) => {
    if (!isStopped) fail(cause);
  });
  return stop;
}

/** How many chunks may wait for a procedure that is slower than its caller. */
const maxWaiting = 1024;

/** Chunks that have come and wait to be read: in order, each once. */
export class Chunks implements AsyncIterable<Chunk> {
  readonly #waiting: Chunk[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => {};

  /** @param isComplete no more will come than the first payload. */
  constructor(isComplete: boolean) {
    if (isComplete) this.#end = {};
  }

  /** Whether there was room for it. */
  push(chunk: Chunk): boolean {
    if (this.#waiting.length >= maxWaiting) return false;
    this.#waiting.push(chunk);
    this.#wake();
    return true;
  }

  end(): void {
    this.#end ??= {};
    this.#wake();
  }

  /** Whoever still reads gets the error. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Chunk, void, void> {
    for (;;) {
      const chunk = this.#waiting.shift();
      if (chunk) yield chunk;
      else if (!this.#end) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if ('error' in this.#end) throw this.#end.error;
      else return;
    }
  }
}
