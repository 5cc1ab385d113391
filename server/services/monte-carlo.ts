/**
 * Finds a good move by playing on by chance, many times, the promising moves more often: Monte Carlo tree search, for any
 * game whose rules list the legal moves. It blocks whoever calls it, so only the search worker imports it.
 *
 * Chance falls anew in each playout, and what the mover cannot see is imagined anew (ISMCTS: Cowling, Powley, Whitehouse
 * 2012), so nodes are told apart by the moves that led there, not by states. Seats that act at once choose each by itself,
 * before any of them has moved. Two weaknesses come with it: imagined opponents know the imagined secrets, and what a
 * seat's own moves give away is not weighed.
 */
import { legal, play, seeded, type AnyMove, type Position, type Random } from '../../protocol/index.ts';
import type { Thinker } from './thinker.ts';

export interface PlayoutLimits {
  readonly ms: number;
  readonly playouts?: number;
  /** A clock, ms. */
  readonly now: () => number;
}

export interface FoundByPlayouts extends AnyMove {
  /** What it came to on average: 1 won, 0 lost. */
  readonly value: number;
  readonly playouts: number;
}

/** Moves of a playout: one that is longer counts as drawn. */
const mostMoves = 400;
/** What each move on the way to the end takes from its weight: sooner won is better, and later lost. */
const patience = 0.998;
/** How much of a doubt it is worth to try what has been tried less. */
const curiosity = 0.8;

/** What a seat can do at a node. */
interface Choice {
  readonly move: AnyMove;
  /** How often it could have been chosen: what is legal may depend on what was imagined. */
  offered: number;
  visits: number;
  total: number;
}
class Node {
  /** By seat, and by move. */
  readonly choices = new Map<number, Map<string, Choice>>();
  /** By all moves that were made at once. */
  readonly children = new Map<string, Node>();
}
interface Made {
  readonly seat: number;
  readonly choice: Choice;
}

/**
 * A move for the first of `position.toAct`.
 * @throws RangeError where there is nothing to choose from; what `imagine` throws, and Error where the rules refuse what they list.
 */
export function monteCarlo(
  thinker: Thinker,
  position: Position,
  { ms, playouts: most = Infinity, now }: PlayoutLimits,
  random: Random,
): FoundByPlayouts {
  const [seat] = position.toAct;
  if (seat === undefined) throw new RangeError('nobody is to act');
  const end = now() + ms;
  const root = new Node();
  const playing = new Playouts(thinker, position, random);
  let playouts = 0;
  do playing.play(root, seat);
  while (++playouts < most && now() < end && !isForced(root, seat));
  const choices = [...(root.choices.get(seat)?.values() ?? [])];
  const [best] = choices.toSorted((a, b) => b.visits - a.visits || b.total - a.total);
  if (!best) throw new RangeError('there is no move to choose from');
  return { ...best.move, value: best.total / best.visits, playouts };
}

/** With secrets another playout could find more than one move. */
const isForced = (root: Node, seat: number): boolean => {
  const choices = root.choices.get(seat);
  return choices === undefined || (choices.size === 1 && [...choices.values()][0]!.visits >= 100);
};

class Playouts {
  readonly #thinker: Thinker;
  readonly #root: Position;
  readonly #random: Random;

  constructor(thinker: Thinker, root: Position, random: Random) {
    this.#thinker = thinker;
    this.#root = root;
    this.#random = random;
  }

  /** One match to its end: by what is known as far as it reaches, by chance from there. */
  play(root: Node, seat: number): void {
    let position = this.#imagined(seat);
    let node: Node | null = root;
    let moves = 0;
    const path: Made[] = [];
    while (!position.result && moves < mostMoves) {
      const calls: readonly (AnyMove & { readonly seat: number })[] = node
        ? this.#chosen(node, position, path)
        : this.#anything(position);
      if (calls.length === 0) break;
      for (const [index, call] of calls.entries()) position = this.#after(position, call, index > 0);
      moves += calls.length;
      if (node) node = next(node, calls);
    }
    const weight = patience ** moves;
    for (const { seat: mover, choice } of path) {
      choice.visits += 1;
      choice.total += 0.5 + (rewardOf(position, mover) - 0.5) * weight;
    }
  }

  #imagined(seat: number): Position {
    const { imagine } = this.#thinker;
    const chance = seeded(this.#random.int(0, 2 ** 32 - 1));
    const state = imagine ? imagine(this.#root, seat, this.#random) : this.#root.state;
    return { ...this.#root, state, random: chance };
  }

  /** What each seat that is to act chooses, by how its choices have done so far. */
  #chosen(node: Node, position: Position, path: Made[]): (AnyMove & { readonly seat: number })[] {
    return position.toAct.flatMap((seat) => {
      const listed = legal(this.#thinker.rules, position, seat);
      if (listed.length === 0) return [];
      const known = node.choices.get(seat) ?? new Map<string, Choice>();
      node.choices.set(seat, known);
      const offered = listed.map((move) => {
        const key = keyOf(move);
        const choice = known.get(key) ?? { move, offered: 0, visits: 0, total: 0 };
        known.set(key, choice);
        choice.offered += 1;
        return choice;
      });
      const choice = this.#best(offered);
      path.push({ seat, choice });
      return [{ ...choice.move, seat }];
    });
  }

  #best(offered: readonly Choice[]): Choice {
    const untried = offered.filter(({ visits }) => visits === 0);
    if (untried.length > 0) return this.#random.pick(untried);
    const promise = ({ total, visits, offered: times }: Choice) =>
      total / visits + curiosity * Math.sqrt(Math.log(times) / visits);
    return offered.reduce((best, one) => (promise(one) > promise(best) ? one : best));
  }

  #anything(position: Position): (AnyMove & { readonly seat: number })[] {
    return position.toAct.flatMap((seat) => {
      const listed = legal(this.#thinker.rules, position, seat);
      return listed.length === 0 ? [] : [{ ...this.#random.pick(listed), seat }];
    });
  }

  /** @param mayFail what was chosen at the same time may be impossible by now. */
  #after(position: Position, { seat, ...call }: AnyMove & { readonly seat: number }, mayFail: boolean): Position {
    const played = play(this.#thinker.rules, position, seat, call, 0);
    if (played.ok) return played.position;
    if (mayFail && played.error.code !== 'rule_failed') return position;
    throw new Error(`${call.move} is listed as legal, but: ${played.error.message}`, { cause: played.cause });
  }
}

/** The node that moves lead to; null for one that is reached the first time: from there on chance plays. */
function next(node: Node, calls: readonly AnyMove[]): Node | null {
  const key = calls.map(keyOf).join();
  const known = node.children.get(key);
  if (!known) node.children.set(key, new Node());
  return known ?? null;
}

function rewardOf({ result }: Position, seat: number): number {
  if (!result || 'draw' in result) return 0.5;
  const winners: readonly number[] = 'winners' in result ? result.winners : [result.winner];
  return winners.includes(seat) ? 1 : 0;
}

const keyOf = ({ move, args }: AnyMove): string => `${move}${JSON.stringify(args)}`;
