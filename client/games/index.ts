/** The sample games as the page shows them, in the order of the lobby. A game of `protocol/games` that is missing here does not compile. */
import type { GameName } from '../../protocol/games/index.ts';
import { chessScreen } from './chess/screen.ts';
import { connectFourScreen } from './connect-four/screen.ts';

export const screens = { chess: chessScreen, connect_four: connectFourScreen } as const satisfies Record<
  GameName,
  object
>;
