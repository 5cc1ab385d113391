/** A game server as `npm start` runs it, under measurement. */
import { chessRules } from '../../protocol/games/chess.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { startGameServer } from '../../server/main.ts';

const { port } = await startGameServer({ host: '127.0.0.1', port: 0, games: [connectFourRules, chessRules] });
process.on('disconnect', () => process.exit());
process.send?.(`127.0.0.1:${port}`);
