/** Any game as search sees it, by nothing but its rules: `legal` lists the moves, `play` makes them. */
import { legal, play, type AnyMove, type MatchResult, type Position } from '../../protocol/index.ts';
import type { SearchNode, Thinker } from './thinker.ts';

export class RulesNode implements SearchNode {
  readonly mover: number;
  readonly #thinker: Thinker;
  readonly #position: Position;
  #legal: readonly AnyMove[] | undefined;

  /** @param mover for a match that is over: the seat from which to look at it. */
  constructor(thinker: Thinker, position: Position, mover = 0) {
    this.#thinker = thinker;
    this.#position = position;
    this.mover = position.toAct[0] ?? mover;
  }

  get outcome(): -1 | 0 | 1 | null {
    const { result } = this.#position;
    return result && outcomeFor(result, this.mover);
  }

  get key(): string {
    const { state, toAct, phase } = this.#position;
    return JSON.stringify([state, toAct, phase]);
  }

  moves(): readonly number[] {
    return this.#list().map((_, index) => index);
  }

  after(move: number): SearchNode {
    const described = this.described(move);
    const played = play(this.#thinker.rules, this.#position, this.mover, described, 0);
    if (!played.ok)
      throw new Error(`${described.move} is listed as legal, but: ${played.error.message}`, { cause: played.cause });
    return new RulesNode(this.#thinker, played.position, this.mover);
  }

  described(move: number): AnyMove {
    const described = this.#list()[move];
    if (!described) throw new RangeError(`there is no move ${move}`);
    return described;
  }

  evaluate(): number {
    return this.#thinker.evaluate?.(this.#position, this.mover) ?? 0;
  }

  loud(move: number): boolean {
    return this.#thinker.loud?.(this.described(move), this.#position) ?? false;
  }

  #list(): readonly AnyMove[] {
    return (this.#legal ??= this.#ordered(legal(this.#thinker.rules, this.#position, this.mover)));
  }

  #ordered(moves: readonly AnyMove[]): readonly AnyMove[] {
    const { promise } = this.#thinker;
    if (!promise) return moves;
    const promises = new Map(moves.map((move) => [move, promise(move, this.#position)]));
    return moves.toSorted((a, b) => promises.get(b)! - promises.get(a)!);
  }
}

function outcomeFor(result: MatchResult, seat: number): -1 | 0 | 1 {
  if ('draw' in result) return 0;
  const winners: readonly number[] = 'winners' in result ? result.winners : [result.winner];
  return winners.includes(seat) ? 1 : -1;
}
