/** Puts the pieces together: a bare router, or a game server with page, authority, lobby and bots in one process. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import {
  join,
  loadSerializers,
  type AnyRules,
  type AnyWorldRules,
  type Latency,
  type Session,
} from '../protocol/index.ts';
import { anonymous, ticket, type TicketSettings } from './authentication/index.ts';
import { hostGames } from './authority/authority.ts';
import { listen, notFound, StartError } from './http.ts';
import { openDataFolder } from './operations/data-folder.ts';
import { permissiveRealm } from './router/index.ts';
import { runBots } from './services/bots.ts';
import { runLobby } from './services/lobby.ts';
import { runResident, type AnyWorldBot } from './services/residents.ts';
import { gameRoles } from './services/roles.ts';
import type { Choose } from './services/search-threads.ts';
import type { Thinkers } from './services/thinker.ts';
import { memoryStore } from './store/memory-store.ts';
import { createEndpoint, Hub, type HubRealm } from './transports/index.ts';

export interface Address {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Web pages of these origins may connect too, beside those of the host itself: `https://example.com`. */
  readonly origins?: readonly string[];
}

export interface GameServerOptions extends Address {
  readonly games: readonly (AnyRules | AnyWorldRules)[];
  /** Computer opponents, by game. */
  readonly bots?: Thinkers;
  /** How they find their moves: in threads of their own, if not said. */
  readonly choose?: Choose;
  /** Computer players of worlds: `count` of them in each that is listed, for as long as a person is there. */
  readonly residents?: { readonly bots: readonly AnyWorldBot[]; readonly count: number };
  /** Serves the page. Without it there is only the WebSocket, at /ws. */
  readonly page?: RequestListener;
  /**
   * The folder that keeps the matches, and a secret where none is given: a restart, or a crash, interrupts nobody for long.
   * Without it both are in memory only.
   */
  readonly data?: string;
  /** Signs the tickets with which guests come back. */
  readonly secret?: string;
  /**
   * Authorities that may come from other processes: who may host games here with which ticket, by authid. One is trusted with
   * all games.
   */
  readonly authorities?: Readonly<Record<string, string>>;
  /** Whether rules are watched: see `AuthorityOptions`. */
  readonly development?: boolean;
  /** All who come from outside have a network as slow as this, for development: `{ roundTripMs: 150, jitterMs: 50 }`. */
  readonly simulate?: Latency | undefined;
}

export interface Running {
  readonly port: number;
  /** GOODBYE to everybody, who have 2 s to answer; then the port is free. */
  stop(): Promise<void>;
}

/** The realm in which games are played. */
export const gameRealm = 'realmkit';

/** @throws StartError for a port that is taken, or a folder that cannot be used. */
export async function startGameServer({
  simulate,
  games,
  bots,
  choose,
  residents,
  page = notFound,
  secret,
  data,
  authorities = {},
  development = false,
  ...address
}: GameServerOptions): Promise<Running> {
  const kept = data === undefined ? { store: memoryStore(), secret: randomBytes(32) } : await openDataFolder(data);
  const tickets: TicketSettings = { secret: secret ?? kept.secret, now: Date.now };
  const principals = Object.fromEntries(
    Object.entries(authorities).map(([authid, given]) => [authid, { ticket: given, role: 'authority' }]),
  );
  const authentication = [
    ticket({ principals, guests: { ...tickets, role: 'player' } }),
    anonymous({ role: 'player', tickets }),
  ];
  const realm: HubRealm = { name: gameRealm, roles: gameRoles, uris: 'strict', authentication };
  const hub = hubOf(realm, simulate);
  const component = (authid: string, authrole: string): Promise<Session> =>
    join(hub.link({ authid, authrole }), { realm: gameRealm, agent: `realmkit ${authid}` });
  // The lobby comes before the authority, of whose matches it has to hear; nobody comes before both.
  await runLobby(await component('lobby', 'service'), { games, computers: [computer] });
  const authority = await component('authority', 'authority');
  const { ended } = await hostGames(authority, { games, store: kept.store, development });
  const turnBased = games.filter((rules) => 'behaviour' in rules);
  if (bots) {
    const options = { games: turnBased, thinkers: bots, ...(choose ? { choose } : {}) };
    await runBots(await component(computer, 'bot'), options);
  }
  const closeStore = () => ended.then(() => kept.store.close());
  const names = Array.from({ length: residents?.count ?? 0 }, (_, i) => `${computer}_${i + 1}`);
  for (const name of names)
    await runResident(await component(name, 'bot'), { bots: residents!.bots, residents: names });
  try {
    const { port, stop } = await serve(hub, { page, ...address });
    return { port, stop: () => stop().then(closeStore) };
  } catch (error) {
    await hub.stop();
    await closeStore();
    throw error;
  }
}

/** Who plays for the computer. */
const computer = 'computer';

const loopback = ['127.0.0.1', '::1', 'localhost', '[::1]'];

/**
 * A router with the realm `realm1`, in which anybody may do anything: so on loopback only.
 * @throws StartError
 */
export function startRouter(address: Address): Promise<Running> {
  if (!loopback.includes(address.host)) {
    throw new StartError(
      `The bare router lets anybody do anything, so it listens on 127.0.0.1 only, not on ${address.host}.`,
    );
  }
  const hub = hubOf({ ...permissiveRealm('realm1'), authentication: [anonymous()] });
  return serve(hub, { ...address, hosts: loopback, page: notFound });
}

const hubOf = (realm: HubRealm, simulate?: Latency): Hub => new Hub({ realms: [realm], agent: 'realmkit', simulate });

/** One port for the page and, at /ws, the router. */
async function serve(
  hub: Hub,
  { port, host, origins = [], hosts, page }: Address & { page: RequestListener; hosts?: readonly string[] },
): Promise<Running> {
  const endpoint = await createEndpoint({
    hub,
    page,
    serializers: await loadSerializers(),
    websocket: { origins, ...(hosts ? { hosts } : {}) },
  });
  return {
    port: await listen(endpoint.server, { port, host }),
    async stop() {
      await hub.stop();
      await endpoint.close();
    },
  };
}
