import { startGameServer } from 'realmkit/server';
import { ticTacToeRules } from './tic-tac-toe.ts';

/** Router, lobby and authority in one process; give `page: files('dist')` and it serves your page too. */
export const serve = () => startGameServer({ port: 0, host: '127.0.0.1', games: [ticTacToeRules] });
