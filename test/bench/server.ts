/** Our side: a bare router, and a game server as `npm start` runs it. */
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { startGameServer, startRouter } from '../../server/main.ts';
import { reportTo } from './subject.ts';

const address = { host: '127.0.0.1', port: 0 };
const router = await startRouter(address);
const game = await startGameServer({ ...address, games: [connectFourRules] });
reportTo(JSON.stringify({ router: `ws://127.0.0.1:${router.port}/ws`, game: `ws://127.0.0.1:${game.port}/ws` }));
