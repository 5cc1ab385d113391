/** The sample games. Their scenes and bots are lists of the same names: add a game, and the compiler says what is missing. */
import type { AnyRules } from '../index.ts';
import { chessRules } from './chess.ts';
import { connectFourRules } from './connect-four.ts';

export const games = { connect_four: connectFourRules, chess: chessRules } as const satisfies Record<string, AnyRules>;

export type GameName = keyof typeof games;
