/**
 * The commands: `start` (page, router, games), `dev` (the same, page rebuilt as it changes), `router` (a router alone),
 * `matches` (those that are kept).
 */
import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { games } from '../protocol/games/index.ts';
import { usage, wishOf, type Serving, type Wish } from './command-line.ts';
import { thinkers, worldBots } from './games/index.ts';
import { files, StartError } from './http.ts';
import { startGameServer, startRouter, type Address, type GameServerOptions } from './main.ts';
import { followRules } from './operations/followed-rules.ts';
import { SearchThreads } from './services/search-threads.ts';
import { readConfiguration } from './operations/configuration-file.ts';
import { configurationSchema } from './operations/configuration.ts';
import { startFollowingRouter } from './operations/following-router.ts';
import { tendMatches } from './operations/matches.ts';
import { outsideAuthorities } from './operations/outside-authorities.ts';

/** What a command has to say, and how what it started is stopped; without that it has done its work. */
interface Done {
  readonly lines: readonly string[];
  stop?(): Promise<void>;
  /** At SIGHUP. */
  reload?(): Promise<void>;
}

const page = fileURLToPath(new URL('../dist/page', import.meta.url));
const rulesFolder = fileURLToPath(new URL('../protocol/games', import.meta.url));
const orphanCheckMs = 100;

try {
  const { lines, stop, reload } = await fulfil(wishOf(process.argv.slice(2)));
  for (const line of lines) console.log(line);
  if (reload) process.on('SIGHUP', () => void reload());
  if (stop) stopAtSignals(stop);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function fulfil(wish: Wish): Promise<Done> {
  switch (wish.do) {
    case 'start':
      return startGames(wish, { page: builtPage() });
    case 'dev': {
      const threads = new SearchThreads({ module: thinkers.module });
      const followed = followRules(Object.values(games), { folder: rulesFolder, onChange: () => threads.renew() });
      const how = { page: await livePage(), games: followed.games, choose: threads.choose };
      const done = await startGames(wish, how);
      return { ...done, lines: [...done.lines, `Rules in ${rulesFolder} are followed.`] };
    }
    case 'router': {
      const { port, stop } = await startRouter(wish.address);
      return { lines: [`ws://${urlHost(wish.address)}:${port}/ws`], stop };
    }
    case 'configured': {
      const { urls, stop, reload } = await startFollowingRouter(wish.file, {
        say: console.log,
        complain: console.error,
      });
      return { lines: urls, stop, reload };
    }
    case 'check':
      await readConfiguration(wish.file);
      return { lines: [`${wish.file} is a valid configuration.`] };
    case 'schema':
      return { lines: [JSON.stringify(configurationSchema(), null, 2)] };
    case 'matches':
      return {
        lines: await tendMatches(wish.data, wish.wish, Object.values(games)),
      };
    case 'help':
      return { lines: [usage] };
  }
}

async function startGames(
  { address, data, residents, simulate }: Serving,
  how: Partial<GameServerOptions>,
): Promise<Done> {
  const secret = process.env['REALMKIT_SECRET'];
  const sample = { games: Object.values(games), bots: thinkers };
  const { port, stop } = await startGameServer({
    ...address,
    ...sample,
    ...how,
    residents: { bots: worldBots, count: residents },
    simulate,
    authorities: outsideAuthorities(process.env['REALMKIT_AUTHORITIES']),
    ...(secret ? { secret } : {}),
    ...(data === null ? {} : { data }),
  });
  return { lines: [`http://${urlHost(address)}:${port}/`], stop };
}

function builtPage(): RequestListener {
  if (!existsSync(page))
    throw new StartError('The page is not built yet: run "npm run build", or "npm start", which does it.');
  return files(page);
}

/** Vite, which is there only while developing, serves the page from its sources. */
async function livePage(): Promise<RequestListener> {
  const { createServer } = await import('vite');
  const vite = await createServer({ server: { middlewareMode: true }, appType: 'spa', logLevel: 'warn' });
  return vite.middlewares;
}

function urlHost({ host }: Address): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function stopAtSignals(stop: () => Promise<void>): void {
  let stopping: Promise<void> | undefined;
  const end = () => void (stopping ??= stop().then(() => process.exit(0)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end);
  if (process.env['npm_lifecycle_event'] !== undefined) whenOrphaned(end);
}

/** npm hands its signals to the shell between it and us, and some shells die of them without passing them on. */
function whenOrphaned(end: () => void): void {
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && end(), orphanCheckMs).unref();
}
