import type { Worker } from 'node:worker_threads';
import type { MatchStore } from '../store.ts';
import type { Reply, Request } from './worker.ts';

interface Asked {
  readonly request: Request;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** While so many come at once, batches begin this far apart, ms: fewer commits, for the same wait. */
const crowd = { requests: 3, gapMs: 1 };

/**
 * Group commit: what is asked while the database works goes into its next transaction together; on an idle one a request
 * waits only for others of the same turn of the event loop.
 */
export class Batches {
  readonly #worker: Worker;
  #waiting: Asked[] = [];
  #working: readonly Asked[] = [];
  #isScheduled = false;
  #end: { readonly error: Error; readonly closed: Promise<void> } | null = null;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (replies: readonly Reply[]) => this.#answered(replies));
    worker.once('error', (cause) => this.#failed(new Error('the store has failed', { cause })));
    worker.once('exit', () => this.#failed(new Error('the store has ended'))); // nothing is left then, where it was closed
  }

  /** @throws Error saying why it could not be done; then nothing of it is. */
  ask<R extends Request>(request: R): ReturnType<MatchStore[R['do']]> {
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#end) return reject(this.#end.error);
      this.#waiting.push({ request, resolve, reject });
      this.#schedule(0);
    });
    return answer as ReturnType<MatchStore[R['do']]>; // the one cast: the thread answers as the interface says
  }

  /** After what has been asked. */
  close(): Promise<void> {
    if (this.#end) return this.#end.closed;
    const closed = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#send();
    this.#worker.postMessage('close');
    this.#end = { error: new Error('the store is closed'), closed };
    return closed;
  }

  #schedule(waitMs: number): void {
    if (this.#isScheduled || this.#working.length > 0) return;
    this.#isScheduled = true;
    const send = () => {
      this.#isScheduled = false;
      this.#send();
    };
    if (waitMs > 0) setTimeout(send, waitMs);
    else setImmediate(send);
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length > 0) this.#post(waiting);
  }

  /** What cannot be handed to another thread is refused, and nothing else. */
  #post(asked: readonly Asked[]): void {
    try {
      this.#worker.postMessage(asked.map(({ request }) => request));
      this.#working = [...this.#working, ...asked];
    } catch (cause) {
      if (asked.length > 1) for (const one of asked) this.#post([one]);
      else asked[0]?.reject(new Error(`it is no plain data: ${(cause as Error).message}`, { cause }));
    }
  }

  #answered(replies: readonly Reply[]): void {
    const answered = this.#working.slice(0, replies.length);
    this.#working = this.#working.slice(replies.length);
    for (const [index, { resolve, reject }] of answered.entries()) {
      const reply = replies[index]!;
      if ('failed' in reply) reject(new Error(reply.failed));
      else resolve(reply.value);
    }
    if (this.#waiting.length > 0) this.#schedule(answered.length >= crowd.requests ? crowd.gapMs : 0);
  }

  #failed(error: Error): void {
    this.#end ??= { error, closed: Promise.resolve() };
    for (const { reject } of [...this.#working, ...this.#waiting]) reject(error);
    this.#working = this.#waiting = [];
  }
}
