/**
 * Finds a good move: negamax with alpha-beta, deeper and deeper until the time is up, for games in which two seats take
 * turns and nothing is hidden. It blocks whoever calls it, so only the search worker imports it.
 */
import type { Random } from '../../protocol/index.ts';
import type { SearchNode } from './thinker.ts';

export interface Limits {
  readonly ms: number;
  /** Moves ahead. */
  readonly depth?: number;
  /** A clock, ms. */
  readonly now: () => number;
}

export interface Found {
  readonly move: number;
  /** For the seat that is to act; beyond `decided` the match is won or lost by force. */
  readonly value: number;
  /** How many moves ahead were looked at in full. */
  readonly depth: number;
  readonly nodes: number;
}

const won = 1_000_000;
/** Values beyond this are matches won by force; what is missing to `won` is the number of moves it takes. */
export const decided = won - 1_000;
const deepest = 60;
/** Moves left where only loud moves are looked at. */
const settling = -1;
/** Positions remembered, of 100 to 500 bytes each. */
const mostRemembered = 200_000;

/** @throws RangeError where there is nothing to choose from. */
export function search(
  root: SearchNode,
  { ms, depth: most = deepest, now }: Limits,
  margin: number,
  random: Random,
): Found {
  const moves = root.moves();
  if (moves.length === 0) throw new RangeError('there is no move to choose from');
  const end = now() + ms;
  const searcher = new Searcher(() => now() > end);
  let ranked: Ranked[] = random.shuffle(moves).map((move) => ({ move, value: 0 }));
  let depth = 0;
  try {
    while (depth < most && moves.length > 1 && Math.abs(ranked[0]!.value) < decided) {
      ranked = searcher.rank(root, ranked, depth + 1, margin);
      depth += 1;
    }
  } catch (thrown) {
    if (thrown !== timeIsUp) throw thrown;
  }
  const best = ranked[0]!.value;
  const tolerance = Math.abs(best) < decided ? margin : 0;
  const good = ranked.filter(({ value }) => value >= best - tolerance);
  return { ...random.pick(depth === 0 ? ranked : good), depth, nodes: searcher.nodes };
}

interface Ranked {
  readonly move: number;
  /** Exact for the best moves; for the others no more than that they are worse. */
  readonly value: number;
}
/** What is remembered of a position. `kind` tells whether its value is exact, or the least or the most that it can be. */
interface Memory {
  readonly depth: number;
  readonly value: number;
  readonly kind: 'exact' | 'least' | 'most';
  readonly best: number;
}

const timeIsUp = new Error('time is up');

class Searcher {
  nodes = 0;
  #depth = 0;
  readonly #late: () => boolean;
  readonly #memory = new Map<number | string, Memory>();

  constructor(late: () => boolean) {
    this.#late = late;
  }

  /** The moves, best first, as they stand when looked at `depth` moves ahead. */
  rank(root: SearchNode, moves: readonly Ranked[], depth: number, margin: number): Ranked[] {
    this.#depth = depth;
    let best = -won;
    const ranked = moves.map(({ move }) => {
      const value = this.#child(root, move, depth - 1, best - margin - 1, won, 1);
      best = Math.max(best, value);
      return { move, value };
    });
    return ranked.toSorted((a, b) => b.value - a.value);
  }

  #child(node: SearchNode, move: number, depth: number, alpha: number, beta: number, ply: number): number {
    const child = node.after(move);
    if (child.mover === node.mover) return this.#value(child, depth, alpha, beta, ply);
    return -this.#value(child, depth, -beta, -alpha, ply);
  }

  /** The value for the seat that is to act; only exact between alpha and beta. */
  #value(node: SearchNode, left: number, alpha: number, beta: number, ply: number): number {
    this.#count();
    if (node.outcome !== null) return node.outcome * (won - ply);
    const depth = left === 0 && node.tense ? 1 : left;
    if (depth <= 0 || ply >= deepest) return this.#settled(node, alpha, beta, ply);
    const memory = node.key === undefined ? undefined : this.#memory.get(node.key);
    if (memory && memory.depth >= depth && Math.abs(memory.value) < decided) {
      if (memory.kind === 'exact') return memory.value;
      if (memory.kind === 'least' ? memory.value >= beta : memory.value <= alpha) return memory.value;
    }
    const moves = node.moves();
    if (moves.length === 0) return node.evaluate();
    let best = -won;
    let bestMove = 0;
    for (const move of bestFirst(moves, memory?.best)) {
      const value = this.#child(node, move, depth - 1, Math.max(alpha, best), beta, ply + 1);
      if (value <= best) continue;
      best = value;
      bestMove = move;
      if (best >= beta) break;
    }
    const kind = best >= beta ? 'least' : best > alpha ? 'exact' : 'most';
    this.#remember(node, { depth, value: best, kind, best: bestMove });
    return best;
  }

  /** The value once the loud moves are over. Nobody is forced to make one, so the position as it stands is the least. */
  #settled(node: SearchNode, alpha: number, beta: number, ply: number): number {
    let best = node.evaluate();
    if (ply >= deepest) return best;
    for (const move of node.moves()) {
      if (best >= beta) break;
      if (node.loud(move))
        best = Math.max(best, this.#child(node, move, settling, Math.max(alpha, best), beta, ply + 1));
    }
    return best;
  }

  /** The first look, one move ahead, is always finished. */
  #count(): void {
    this.nodes += 1;
    if (this.nodes % 256 === 0 && this.#depth > 1 && this.#late()) throw timeIsUp;
  }

  #remember({ key }: SearchNode, memory: Memory): void {
    if (key === undefined) return;
    if (this.#memory.size >= mostRemembered) this.#memory.clear();
    this.#memory.set(key, memory);
  }
}

/** What was best before is likely best again. */
function* bestFirst(moves: readonly number[], best: number | undefined): Iterable<number> {
  const known = best !== undefined && moves.includes(best);
  if (known) yield best;
  for (const move of moves) if (!known || move !== best) yield move;
}
