/** A game server that hosts the swarm, under measurement: router and authority in one process. */
import { startGameServer } from '../../server/main.ts';
import { usage } from './subject.ts';
import { cellsRules, openRules } from './cells.ts';
import { swarmRules } from './swarm.ts';

const { port } = await startGameServer({
  host: '127.0.0.1',
  port: 0,
  games: [swarmRules, cellsRules, openRules],
  page: usage,
});
process.on('disconnect', () => process.exit());
process.send?.(`127.0.0.1:${port}`);
