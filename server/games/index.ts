/** The computer opponents of the sample games that have turns, and the computer players of their worlds. */
import type { TurnBasedName } from '../../protocol/games/index.ts';
import type { AnyWorldBot, Thinker, Thinkers } from '../index.ts';
import { chessThinker } from './chess.ts';
import { connectFourThinker } from './connect-four.ts';
import { hedgehog } from './meadow.ts';

export const thinkers = {
  module: import.meta.url,
  byGame: { connect_four: connectFourThinker, chess: chessThinker } satisfies Record<TurnBasedName, Thinker>,
} as const satisfies Thinkers;

export const worldBots: readonly AnyWorldBot[] = [hedgehog];
