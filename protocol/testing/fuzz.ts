/**
 * `fuzz(rules)` plays many matches by chance and holds everything that must be true of any game against each move. For
 * a game's own tests: `fuzz(nimRules)` throws what it has found, with the seed that finds it again.
 */
import type { AnyRules } from '../game/game.ts';
import { FuzzedMatch } from './fuzzed-match.ts';

export interface FuzzOptions {
  /** How many; 100 if not said. */
  readonly matches?: number;
  /** Of one match, at most; 300 if not said. */
  readonly moves?: number;
  /** Of the first match, the others follow; by the clock, if not said. */
  readonly seed?: number;
  /** Of each match; by chance, if not said. */
  readonly options?: object;
  /** How many; by chance, if not said. */
  readonly seats?: number;
  /**
   * Moves whose outcome tells others what the mover did not know either: turning up the top card. Of all other moves it
   * is a leak.
   */
  readonly reveals?: readonly string[];
  /** Moves that may be refused although `legal` lists them, or accepted although it does not: it is only a hint there. */
  readonly loose?: readonly string[];
}

export interface FuzzReport {
  readonly matches: number;
  readonly moves: number;
  readonly refusals: number;
  /** Matches that came to an end: their results were reached, and not only their first moves. */
  readonly ended: number;
  /** Of the first match. */
  readonly seed: number;
}

/** @throws FuzzFailure for the first thing that is wrong. */
export function fuzz(rules: AnyRules, options: FuzzOptions = {}): FuzzReport {
  const { matches = 100, seed = Date.now() % 2 ** 31 } = options;
  let moves = 0;
  let refusals = 0;
  let ended = 0;
  for (let i = 0; i < matches; i++) {
    const match = new FuzzedMatch(rules, seed + i, options);
    match.play();
    moves += match.made;
    refusals += match.refused;
    if (match.ended) ended += 1;
  }
  return { matches, moves, refusals, ended, seed };
}
