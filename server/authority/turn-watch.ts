import type { RunningMatch } from '../../protocol/index.ts';

/** Tells moves that were decided on an old view: since then somebody has made a move in turn. */
export class TurnWatch {
  readonly #match: RunningMatch;
  /** The version of the last move that was made in turn. */
  #lastTurn: number;

  constructor(match: RunningMatch, lastTurn = 0) {
    this.#match = match;
    this.#lastTurn = lastTurn;
  }

  /** Whether a move ends a turn that is one seat's alone. Of moves made at once, and at any time, none overtakes another. */
  isInTurn(move: string): boolean {
    const { rules, position } = this.#match;
    const { anyTime, phases } = rules.behaviour;
    const everyone = position.phase !== null && phases?.[position.phase]?.toAct === 'everyone';
    return !anyTime?.includes(move) && !everyone && position.toAct.length < 2;
  }

  /** @param seen the version on which the move was decided. Who is not to act is told that instead. */
  isStale(seat: number, move: string, seen: number): boolean {
    const { version, position } = this.#match;
    return seen > version || (seen < this.#lastTurn && this.isInTurn(move) && position.toAct.includes(seat));
  }

  made(version: number): void {
    this.#lastTurn = version;
  }
}
