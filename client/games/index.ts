/** The sample games as the page shows them, in the order of the lobby. A game of `protocol/games` that is missing here does not compile. */
import type { GameName } from '../../protocol/games/index.ts';
import type { AnyScreen } from '../ui/game-screen.ts';
import type { AnyWorldScreen, Screens } from '../ui/world-screen.ts';
import { chessScreen } from './chess/screen.ts';
import { connectFourScreen } from './connect-four/screen.ts';
import { meadowScreen } from './meadow/screen.ts';

const byName = { chess: chessScreen, connect_four: connectFourScreen, meadow: meadowScreen } as const satisfies Record<
  GameName,
  object
>;

/** A screen meets matches of its own game only, because who has one joins by its rules: so its types may be forgotten. */
export const screens: Screens = new Map(
  Object.entries(byName as unknown as Record<GameName, AnyScreen | AnyWorldScreen>),
);
