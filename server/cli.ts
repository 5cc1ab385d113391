/** The command line: `start` (page, router, games), `dev` (the same, page rebuilt as it changes), `router` (a bare router). */
import { existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { games } from '../protocol/games/index.ts';
import { thinkers } from './games/index.ts';
import { files, StartError } from './http.ts';
import { startGameServer, startRouter, type Address, type Running } from './main.ts';

const usage = `Usage: npm start      -- [options]    the games, their page and the router
       npm run dev    -- [options]    the same, for developers: the page follows its sources
       npm run router -- [options]    a bare WAMP router: realm realm1, path /ws

  --port N         0 takes any free one; default 8080
  --host ADDRESS   where to listen; default 127.0.0.1; 0.0.0.0 is everywhere
  --origin URL     a web page from there may connect too; may be repeated

REALMKIT_SECRET in the environment signs guests' tickets, so that they survive a restart.`;

const page = fileURLToPath(new URL('../dist/page', import.meta.url));
const commands = {
  start: (address: Address) => startGames(address, builtPage()),
  dev: async (address: Address) => startGames(address, await livePage()),
  router: startRouter,
} satisfies Record<string, (address: Address) => Promise<Running>>;
const orphanCheckMs = 100;
type Command = keyof typeof commands;

try {
  const { command, address } = read(process.argv.slice(2));
  const running = await commands[command](address);
  console.log(url(command, address.host, running.port));
  let stopping: Promise<void> | undefined;
  const stop = () => void (stopping ??= running.stop().then(() => process.exit(0)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  if (process.env['npm_lifecycle_event'] !== undefined) whenOrphaned(stop);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exit(1);
}

function startGames(address: Address, served: RequestListener): Promise<Running> {
  const secret = process.env['REALMKIT_SECRET'];
  const sample = { games: Object.values(games), bots: thinkers };
  return startGameServer({ ...address, ...sample, page: served, ...(secret ? { secret } : {}) });
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

/** npm hands its signals to the shell between it and us, and some shells die of them without passing them on. */
function whenOrphaned(stop: () => void): void {
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && stop(), orphanCheckMs).unref();
}

function url(command: Command, host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const authority = `${name.includes(':') ? `[${name}]` : name}:${port}`;
  return command === 'router' ? `ws://${authority}/ws` : `http://${authority}/`;
}

function read(args: string[]): { command: Command; address: Address } {
  const { positionals, values } = parse(args);
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const [command = 'start', ...rest] = positionals;
  if (!isCommand(command) || rest.length > 0)
    throw new StartError(`There is no command "${positionals.join(' ')}".\n${usage}`);
  const given = values.port ?? process.env['PORT'] ?? '8080';
  const port = Number(given);
  if (given.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartError(`--port "${given}" is no port: it is a whole number from 0 to 65535.`);
  }
  return { command, address: { port, host: values.host ?? '127.0.0.1', origins: values.origin ?? [] } };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        origin: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function isCommand(name: string): name is Command {
  return Object.hasOwn(commands, name);
}
