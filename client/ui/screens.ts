/** The games' screens, for pages that serve all games. */
import { isGameName } from '../../protocol/games/index.ts';
import type { GameTypes } from '../../protocol/index.ts';
import { screens } from '../games/index.ts';
import type { GameScreen } from './game-screen.ts';

/** A screen whose game the compiler does not know. */
export type AnyScreen = GameScreen<GameTypes>;

/** Null where there is no such game. A screen meets matches of its own game only: who has one joins by its rules. */
export const screenOf = (game: string): AnyScreen | null =>
  isGameName(game) ? (screens[game] as unknown as AnyScreen) : null;

/** In the order of the lobby. */
export const allScreens = (): readonly AnyScreen[] => Object.keys(screens).flatMap((game) => screenOf(game) ?? []);
