/** Threads that think for all computer opponents of this process, so that its event loop never waits for a search. */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { hostClock, type AnyMove, type Clock, type Position } from '../../protocol/index.ts';
import type { Question, Reply, WorkerSetup } from './search-worker.ts';

/** Finds a move for the seat that is to act. Rejects where none can be found. */
export type Choose = (question: {
  readonly game: string;
  readonly position: Position;
  readonly seed: number;
  /** Nobody waits for the answer any more: then it rejects, and the thread is free for others. */
  readonly signal?: AbortSignal;
}) => Promise<AnyMove>;

export interface SearchThreadsOptions {
  /** The module whose export `thinkers` the threads use. */
  readonly module: string;
  readonly threads?: number;
  /** How long to think about a move, ms; less when several wait. */
  readonly budgetMs?: number;
  /** After this a thread that does not answer is given up, ms. */
  readonly patienceMs?: number;
  readonly clock?: Clock;
  /** Starts a thread; tests start others. */
  readonly spawn?: (setup: WorkerSetup) => Worker;
}

const defaults = {
  threads: Math.max(1, Math.min(4, availableParallelism() - 1)),
  budgetMs: 700,
  patienceMs: 10_000,
  clock: hostClock,
  // Sources and compiled files keep the same names but for the ending.
  spawn: (workerData: WorkerSetup) =>
    new Worker(new URL(`./search-worker${extname(import.meta.url)}`, import.meta.url), { workerData }),
};

/** A question that waits for its answer. */
interface Job {
  readonly question: Omit<Question, 'ms'>;
  /** Threads that have come to grief over it. */
  crashes: number;
  resolve(move: AnyMove): void;
  reject(error: Error): void;
}
interface Thread {
  readonly worker: Worker;
  job: Job | null;
  /** It knows the module as it was: after this job it ends. */
  isOld: boolean;
  patience: unknown;
}

/** A question may have been unlucky with its thread once. */
const mostCrashes = 2;

export class SearchThreads {
  readonly #options: SearchThreadsOptions & typeof defaults;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(options: SearchThreadsOptions) {
    this.#options = { ...defaults, ...options };
  }

  readonly choose: Choose = ({ signal, ...question }) =>
    new Promise((resolve, reject) => {
      const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const job: Job = { question: { ...question, stop }, crashes: 0, resolve, reject };
      const cancel = () => {
        Atomics.store(stop, 0, 1); // a thread that is at it sees it
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason);
      };
      if (signal?.aborted) return cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.push(job);
      this.#assign();
    });

  /** Ends the threads; whoever waits is told. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(closedError());
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  /** The module has changed: whoever thinks with it as it was ends the job at hand, and new threads read it again. */
  renew(): void {
    for (const thread of this.#threads) {
      if (thread.job) thread.isOld = true;
      else this.#retire(thread);
    }
  }

  #retire(thread: Thread): void {
    this.#threads.delete(thread);
    void thread.worker.terminate();
  }

  #assign(): void {
    if (this.#closed) for (const job of this.#waiting.splice(0)) job.reject(closedError());
    while (this.#waiting.length > 0) {
      const thread = [...this.#threads].find(({ job }) => job === null) ?? this.#start();
      if (!thread) return;
      const { budgetMs, threads } = this.#options;
      const ms = budgetMs / Math.ceil(this.#waiting.length / threads);
      this.#give(thread, this.#waiting.shift()!, ms);
    }
  }

  #give(thread: Thread, job: Job, ms: number): void {
    thread.job = job;
    thread.patience = this.#options.clock.setTimeout(() => void thread.worker.terminate(), this.#options.patienceMs);
    thread.worker.postMessage({ ...job.question, ms } satisfies Question);
  }

  /** @returns null when there are enough. */
  #start(): Thread | null {
    if (this.#threads.size >= this.#options.threads) return null;
    const worker = this.#options.spawn({ module: this.#options.module });
    const thread: Thread = { worker, job: null, isOld: false, patience: null };
    let cause: unknown;
    worker.unref(); // an idle thread keeps no process alive
    worker.on('message', (message: object) => {
      if (isReply(message)) this.#answered(thread, message);
    });
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => this.#ended(thread, cause));
    this.#threads.add(thread);
    return thread;
  }

  #answered(thread: Thread, reply: Reply): void {
    const job = this.#release(thread);
    if ('move' in reply) job?.resolve(reply.move);
    else job?.reject(new Error(reply.failed));
    if (thread.isOld) this.#retire(thread);
    this.#assign();
  }

  /** A crash, or patience was at an end: the question is asked once more, of a new thread. */
  #ended(thread: Thread, cause: unknown): void {
    this.#threads.delete(thread);
    const job = this.#release(thread);
    if (!job) return;
    job.crashes += 1;
    if (job.crashes < mostCrashes) this.#waiting.unshift(job);
    else job.reject(new Error(`two threads ended over a move of ${job.question.game}`, { cause }));
    this.#assign();
  }

  #release(thread: Thread): Job | null {
    const { job } = thread;
    this.#options.clock.clearTimeout(thread.patience);
    thread.job = null;
    return job;
  }
}

/** With `node --watch` Node itself says in between what has been loaded. */
const isReply = (message: object): message is Reply => 'move' in message || 'failed' in message;
const closedError = () => new Error('the computer thinks no more: it has been closed');
