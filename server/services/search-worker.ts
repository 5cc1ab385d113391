/** A thread that searches: gets questions one at a time, and answers each. Started by search-threads.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { SeededRandom, seeded, type AnyMove, type Position } from '../../protocol/index.ts';
import { RulesNode } from './rules-node.ts';
import { search } from './search.ts';
import type { Thinkers } from './thinker.ts';

export interface Question {
  readonly game: string;
  readonly position: Position;
  /** How long to think. */
  readonly ms: number;
  readonly seed: number;
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

function best({ byGame }: Thinkers, { game, position, ms, seed }: Question): AnyMove {
  const thinker = byGame[game];
  if (!thinker) throw new Error(`nothing here knows how to think about ${game}`);
  const root = thinker.node?.(position) ?? new RulesNode(thinker, position);
  const { move } = search(
    root,
    { ms, now: () => performance.now() },
    thinker.margin ?? 0,
    new SeededRandom(seeded(seed)),
  );
  return root.described(move);
}
