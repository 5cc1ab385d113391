/** The sample games. Their scenes and bots are lists of the same names: add a game, and the compiler says what is missing. */
import type { AnyRules, AnyWorldRules } from '../index.ts';
import { chessRules } from './chess.ts';
import { connectFourRules } from './connect-four.ts';
import { meadowRules } from './meadow.ts';

export const games = {
  connect_four: connectFourRules,
  chess: chessRules,
  meadow: meadowRules,
} as const satisfies Record<string, AnyRules | AnyWorldRules>;

export type GameName = keyof typeof games;
/** Those that have turns; the others are worlds. */
export type TurnBasedName = {
  [K in GameName]: (typeof games)[K] extends AnyRules ? K : never;
}[GameName];
