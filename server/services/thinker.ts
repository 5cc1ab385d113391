/**
 * What the computer must know of a game to play it. The rules alone will do where nothing is hidden: it plays on by chance,
 * many times. With `evaluate` or `node` it looks ahead instead, which is stronger where two seats take turns without chance
 * and secrets, and only there.
 */
import type { AnyMove, AnyRules, Position, Random } from '../../protocol/index.ts';

export interface Thinker {
  readonly rules: AnyRules;
  /**
   * A state that could be, of which `seat` would see what `position.state` shows: hidden cards dealt by chance. Games with
   * secrets need it.
   */
  readonly imagine?: (position: Position, seat: number, random: Random) => unknown;
  /** How a position stands for a seat: more is better, 0 is even. */
  readonly evaluate?: (position: Position, seat: number) => number;
  /** Moves so violent that the position cannot be judged before they have been looked at: captures. */
  readonly loud?: (move: AnyMove, position: Position) => boolean;
  /** How likely a move is good: search is quicker when it looks at the best first. */
  readonly promise?: (move: AnyMove, position: Position) => number;
  /** A form of the position that is quicker to search than the rules; the three above are then its own. */
  readonly node?: (position: Position) => SearchNode;
  /** Moves that are worse than the best by no more than this are as good: chance chooses among them. */
  readonly margin?: number;
}

/** Whether it looks ahead; otherwise it plays on by chance. */
export const looksAhead = ({ node, evaluate, imagine }: Thinker): boolean =>
  node !== undefined || (evaluate !== undefined && imagine === undefined);

/** @throws Error for a thinker that would have to know what it cannot see. */
export function checkThinker(game: string, { rules, node, imagine }: Thinker): void {
  if (rules.game.schemas.state.secret && !node && !imagine)
    throw new Error(`the state of ${game} has secrets: its thinker needs imagine(position, seat, random)`);
}

/** Thinkers by game, and the module whose export `thinkers` this is: threads cannot be given functions, so they import it. */
export interface Thinkers {
  readonly module: string;
  readonly byGame: { readonly [game: string]: Thinker };
}

/** A position as search sees it. Moves are numbers whose meaning is the node's own. */
export interface SearchNode {
  /** The seat that is to act. */
  readonly mover: number;
  /** How it ended for `mover`: 1 won, 0 drawn, -1 lost; null while it goes on. */
  readonly outcome: -1 | 0 | 1 | null;
  /** What `mover` may do, always in the same order; likely good moves first make search quicker. */
  moves(): readonly number[];
  after(move: number): SearchNode;
  /** The move as the authority takes it. */
  described(move: number): AnyMove;
  /** For `mover`, of a size below a million. */
  evaluate(): number;
  loud(move: number): boolean;
  /** In check, say: no position to stop at, so search goes one move further. */
  readonly tense?: boolean;
  /** Equal for equal positions; without it nothing is remembered between branches. */
  readonly key?: number | string;
}
