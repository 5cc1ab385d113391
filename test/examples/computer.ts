import { startGameServer } from 'realmkit/server';
import { ticTacToeRules } from './tic-tac-toe.ts';

/** Threads import this module for what they think with: it is all that the computer must know of a game. */
export const thinkers = { module: import.meta.url, byGame: { tic_tac_toe: { rules: ticTacToeRules } } };

export const serveComputer = () =>
  startGameServer({ port: 0, host: '127.0.0.1', games: [ticTacToeRules], bots: thinkers });
