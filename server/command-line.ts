/** What the words of a command line ask for. */
import { parseArgs } from 'node:util';
import type { Latency } from '../protocol/index.ts';
import { StartError } from './http.ts';
import type { Address } from './main.ts';
import type { MatchesWish } from './operations/matches.ts';

export const usage = `Usage: npm start      -- [options]         the games, their page and the router
       npm run dev    -- [options]         the same, for developers: the page follows its sources
       npm run router -- [options]         a bare WAMP router: realm realm1, path /ws
       npm run router -- --config FILE     a router as a YAML, JSON or TypeScript file says
       npm run matches -- list             the matches and worlds that are kept; also beside a running server
       npm run matches -- export ID [FILE] one of them with all that has happened, secrets too
       npm run matches -- import FILE      one that was exported, here or elsewhere
       npm run matches -- fork ID VERSION  a new one that has gone the same way up to a version
       npm run matches -- remove ID        forgets one

  --port N         0 takes any free one; default 8080
  --host ADDRESS   where to listen; default 127.0.0.1; 0.0.0.0 is everywhere
  --origin URL     a web page from there may connect too; may be repeated
  --data DIR       where the games keep matches and secret; default ./data
  --memory         the games keep nothing: matches end with the process
  --residents N    so many computer players in each world where somebody is; default 0
  --latency MS     start, dev: as if a round trip to every player took so long
  --jitter MS      with --latency: so much more or less, by chance
  --check          with --config: only checks the file
  --schema         prints the JSON Schema of configuration files

In the environment:
  REALMKIT_SECRET       signs guests' tickets, instead of the secret in DIR
  REALMKIT_AUTHORITIES  who may come and host games, from other processes: NAME=TICKET, more of them after spaces`;

/** The games are wanted. */
export interface Serving {
  readonly do: 'start' | 'dev';
  readonly address: Address;
  /** The folder to keep matches in; null: memory. */
  readonly data: string | null;
  /** Computer players in each world. */
  readonly residents: number;
  /** How slow a network to pretend. */
  readonly simulate: Latency | undefined;
}
export type Wish =
  | Serving
  | { readonly do: 'router'; readonly address: Address }
  | { readonly do: 'matches'; readonly data: string; readonly wish: MatchesWish }
  | { readonly do: 'configured' | 'check'; readonly file: string }
  | { readonly do: 'schema' | 'help' };

/** @throws StartError saying what is wrong, and what would be right. */
export function wishOf(args: string[]): Wish {
  const { positionals, values } = parse(args);
  if (values.help) return { do: 'help' };
  const [command = 'start', ...rest] = positionals;
  if (command === 'matches') return { do: 'matches', data: values.data ?? defaultFolder, wish: matchesWish(rest) };
  if ((command !== 'start' && command !== 'dev' && command !== 'router') || rest.length > 0) {
    throw new StartError(`There is no command "${positionals.join(' ')}".\n${usage}`);
  }
  const simulate = latencyOf(values);
  for (const option of ['latency', 'residents'] as const) {
    if (command === 'router' && values[option] !== undefined)
      throw new StartError(`--${option} is for "npm start" and "npm run dev".\n${usage}`);
  }
  if (command === 'router' && values.schema) return { do: 'schema' };
  if (command === 'router' && values.config !== undefined) {
    for (const option of ['port', 'host', 'origin'] as const) {
      if (values[option] !== undefined)
        throw new StartError(`--${option} and --config exclude each other: say it in ${values.config}.`);
    }
    return { do: values.check ? 'check' : 'configured', file: values.config };
  }
  for (const option of ['config', 'check', 'schema'] as const) {
    if (values[option] !== undefined)
      throw new StartError(`--${option} is for "npm run router -- --config FILE".\n${usage}`);
  }
  const { host = '127.0.0.1', origin: origins = [], memory = false } = values;
  const address = { port: portOf(values.port ?? process.env['PORT'] ?? '8080'), host, origins };
  if (command === 'router') {
    if (memory || values.data !== undefined) throw new StartError(`--data and --memory are for the games.\n${usage}`);
    return { do: command, address };
  }
  if (memory && values.data !== undefined) throw new StartError('--data and --memory exclude each other.');
  const residents = residentsOf(values.residents ?? '0');
  return { do: command, address, data: memory ? null : (values.data ?? defaultFolder), residents, simulate };
}

const defaultFolder = 'data';

function matchesWish([what, first, second, ...more]: readonly string[]): MatchesWish {
  if (what === 'list' && first === undefined) return { do: 'list' };
  if (first !== undefined && more.length === 0) {
    if (what === 'export') return { do: 'export', match: first, ...(second === undefined ? {} : { file: second }) };
    if (what === 'remove' && second === undefined) return { do: 'remove', match: first };
    if (what === 'import' && second === undefined) return { do: 'import', file: first };
    const version = Number(second);
    if (what === 'fork' && Number.isInteger(version) && version >= 0) return { do: 'fork', match: first, version };
  }
  throw new StartError(`That cannot be done with matches.\n${usage}`);
}

function latencyOf({ latency, jitter }: { latency?: string; jitter?: string }): Latency | undefined {
  if (latency === undefined && jitter !== undefined)
    throw new StartError(`--jitter goes with --latency: it is how much more or less a round trip takes.`);
  if (latency === undefined) return undefined;
  return { roundTripMs: msOf('latency', latency), jitterMs: msOf('jitter', jitter ?? '0') };
}

function msOf(option: string, given: string): number {
  const ms = Number(given);
  if (given.trim() === '' || !(ms >= 0 && ms <= 10_000))
    throw new StartError(`--${option} "${given}" is no time: milliseconds from 0 to 10000 are wanted.`);
  return ms;
}

function residentsOf(given: string): number {
  const count = Number(given);
  if (given.trim() === '' || !Number.isInteger(count) || count < 0 || count > mostResidents)
    throw new StartError(
      `--residents "${given}" is no number of them: it is a whole number from 0 to ${mostResidents}.`,
    );
  return count;
}

/** Each is a session, and asked some times a second in every world. */
const mostResidents = 20;

function portOf(given: string): number {
  const port = Number(given);
  if (given.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new StartError(`--port "${given}" is no port: it is a whole number from 0 to 65535.`);
  }
  return port;
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
        data: { type: 'string' },
        memory: { type: 'boolean' },
        config: { type: 'string' },
        residents: { type: 'string' },
        latency: { type: 'string' },
        jitter: { type: 'string' },
        check: { type: 'boolean' },
        schema: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}
