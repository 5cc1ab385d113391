/** The computer opponents of the sample games that have turns. */
import type { TurnBasedName } from '../../protocol/games/index.ts';
import type { Thinker, Thinkers } from '../index.ts';
import { chessThinker } from './chess.ts';
import { connectFourThinker } from './connect-four.ts';

export const thinkers = {
  module: import.meta.url,
  byGame: { connect_four: connectFourThinker, chess: chessThinker } satisfies Record<TurnBasedName, Thinker>,
} as const satisfies Thinkers;
