/** Puts the pieces together: a bare router, or a game server with page, authority, lobby and bots in one process. */
import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join, loadSerializers, type AnyRules, type AnyWorldRules, type Session } from '../protocol/index.ts';
import { anonymous, ticket, type TicketSettings } from './authentication/index.ts';
import { hostGames } from './authority/authority.ts';
import { listen, notFound, StartError } from './http.ts';
import { permissiveRealm } from './router/index.ts';
import { runBots } from './services/bots.ts';
import { runLobby } from './services/lobby.ts';
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
  /** Serves the page. Without it there is only the WebSocket, at /ws. */
  readonly page?: RequestListener;
  /** Signs the tickets with which guests come back. Without it a new one each start: a restart forgets the guests. */
  readonly secret?: string;
}

export interface Running {
  readonly port: number;
  /** GOODBYE to everybody, who have 2 s to answer; then the port is free. */
  stop(): Promise<void>;
}

/** The realm in which games are played. */
export const gameRealm = 'realmkit';

/** @throws StartError for a port that is taken. */
export async function startGameServer({
  games,
  bots,
  choose,
  page = notFound,
  secret,
  ...address
}: GameServerOptions): Promise<Running> {
  const tickets: TicketSettings = { secret: secret ?? randomBytes(32), now: Date.now };
  const authentication = [ticket({ guests: { ...tickets, role: 'player' } }), anonymous({ role: 'player', tickets })];
  const server = await serve(address, page, { name: gameRealm, roles: gameRoles, uris: 'strict', authentication });
  const component = (authid: string, authrole: string): Promise<Session> =>
    join(server.hub.link({ authid, authrole }), { realm: gameRealm, agent: `realmkit ${authid}` });
  await hostGames(await component('authority', 'authority'), { games, store: memoryStore() });
  await runLobby(await component('lobby', 'service'), { games });
  const turnBased = games.filter((rules) => 'behaviour' in rules);
  if (bots)
    await runBots(await component('computer', 'bot'), {
      games: turnBased,
      thinkers: bots,
      ...(choose ? { choose } : {}),
    });
  return server;
}

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
  return serve({ ...address, hosts: loopback }, notFound, {
    ...permissiveRealm('realm1'),
    authentication: [anonymous()],
  });
}

/** One port for the page and, at /ws, the router. */
async function serve(
  { port, host, origins = [], hosts }: Address & { hosts?: readonly string[] },
  page: RequestListener,
  realm: HubRealm,
): Promise<Running & { readonly hub: Hub }> {
  const hub = new Hub({ realms: [realm], agent: 'realmkit' });
  const endpoint = await createEndpoint({
    hub,
    page,
    serializers: await loadSerializers(),
    websocket: { origins, ...(hosts ? { hosts } : {}) },
  });
  return {
    hub,
    port: await listen(endpoint.server, { port, host }),
    async stop() {
      await hub.stop();
      await endpoint.close();
    },
  };
}
