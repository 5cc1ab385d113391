import type { AnyMove } from '../game/position.ts';

/** Something that must not be. The message says what, at which move, and how to see it again: with the same options. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
  readonly seed: number;
  /** The moves that led there, the last one the culprit. */
  readonly moves: readonly (AnyMove & { readonly seat: number })[];

  constructor(what: string, seed: number, moves: FuzzFailure['moves'], cause?: unknown) {
    const last = moves.at(-1);
    const where = last
      ? `move ${moves.length}, ${last.move} ${JSON.stringify(last.args)} of seat ${last.seat}`
      : 'the start';
    super(`${what} (at ${where}; again with { seed: ${seed}, matches: 1 })`, { cause });
    this.seed = seed;
    this.moves = moves;
  }
}
