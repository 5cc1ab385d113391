/** A whole game server in a process of its own, to be killed: `node mortal-server.ts PORT FOLDER`. Sends its port to its parent. */
import { startGameServer } from '../../server/main.ts';
import { pastureRules } from './pasture.ts';
import { tallyRules } from './tally.ts';

const [port, data] = process.argv.slice(2);
const server = await startGameServer({
  host: '127.0.0.1',
  port: Number(port),
  games: [tallyRules, pastureRules],
  data: data!,
});
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
process.send?.(server.port);
