/** A thread that searches: gets questions one at a time, and answers each. Started by search-threads.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { SeededRandom, seeded, type AnyMove, type Position } from '../../protocol/index.ts';
import { monteCarlo } from './monte-carlo.ts';
import { RulesNode } from './rules-node.ts';
import { search } from './search.ts';
import { looksAhead, type Thinkers } from './thinker.ts';

export interface Question {
  readonly game: string;
  readonly position: Position;
  /** How long to think. */
  readonly ms: number;
  readonly seed: number;
  /** Shared; 1: nobody waits for the answer any more. */
  readonly stop: Int32Array;
}
export type Reply = { readonly move: AnyMove } | { readonly failed: string };

/** What a thread is started with: the module that has the thinkers. */
export interface WorkerSetup {
  readonly module: string;
}

if (parentPort) {
  const port = parentPort;
  const { module }: WorkerSetup = workerData;
  const { thinkers }: { thinkers: Thinkers } = await import(module);
  port.on('message', (question: Question) => port.postMessage(replyTo(thinkers, question)));
}

function replyTo(thinkers: Thinkers, question: Question): Reply {
  try {
    return { move: best(thinkers, question) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function best({ byGame }: Thinkers, { game, position, ms, seed, stop }: Question): AnyMove {
  const thinker = byGame[game];
  if (!thinker) throw new Error(`nothing here knows how to think about ${game}`);
  const now = clockUntil(stop);
  const random = new SeededRandom(seeded(seed));
  if (!looksAhead(thinker)) {
    const { move, args } = monteCarlo(thinker, position, { ms, now }, random);
    return { move, args };
  }
  const root = thinker.node?.(position) ?? new RulesNode(thinker, position);
  const { move } = search(root, { ms, now }, thinker.margin ?? 0, random);
  return root.described(move);
}

/** Milliseconds from the first look on; no end is far enough once `stop` is set. */
function clockUntil(stop: Int32Array): () => number {
  let start: number | undefined;
  return () => {
    if (start === undefined) {
      start = performance.now();
      return 0;
    }
    return Atomics.load(stop, 0) === 0 ? performance.now() - start : Infinity;
  };
}
