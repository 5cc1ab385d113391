/**
 * A whole game server, on a port and with nothing left out but the search of the computer, and two healthy players in a
 * match that never ends. Whatever an attacker did, `healthy` checks that they play on and that nothing of ours failed.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { connectWebSocket, game, gameUris, join, t, type Session } from '../../protocol/index.ts';
import { chessRules } from '../../protocol/games/chess.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { anonymous, ticket, type TicketSettings } from '../../server/authentication/index.ts';
import { hostGames } from '../../server/authority/index.ts';
import { files } from '../../server/http.ts';
import { runBots } from '../../server/services/bots.ts';
import { runLobby } from '../../server/services/lobby.ts';
import { gameRoles } from '../../server/services/roles.ts';
import { memoryStore } from '../../server/store/memory-store.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';
import { secretRules } from '../server/authority/table.ts';

export const realm = 'realmkit';

const rallyRules = game('rally', {
  seats: 2,
  options: { court: t.json().default(null), name: t.str(10).default('') },
  state: { hits: t.int(), said: t.json() },
  moves: { hit: {}, say: { what: t.json() } },
}).rules({
  setup: () => ({ hits: 0, said: null }),
  moves: {
    hit({ state, next }) {
      state.hits += 1;
      next();
    },
    say({ state }, { what }) {
      state.said = what;
    },
  },
  anyTime: ['say'],
});

const games = [rallyRules, secretRules, connectFourRules, chessRules];
export const secret = 'thirty-two bytes that nobody knows';

export async function gameServer() {
  /** What went wrong in our own code: nothing may, whatever peers send. */
  const troubles: unknown[] = [];
  const log = (message: string, cause: unknown) => void troubles.push({ message, cause });
  const tickets: TicketSettings = { secret, now: Date.now };
  const authentication = [ticket({ guests: { ...tickets, role: 'player' } }), anonymous({ role: 'player', tickets })];
  const hub = new Hub({
    realms: [{ name: realm, roles: gameRoles, uris: 'strict', authentication }],
    report: (error) => troubles.push(error),
  });
  const server = createServer(files(new URL('../../public', import.meta.url).pathname));
  const sockets = serveWebSocket({ hub, server });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}/ws`;

  const onError = (error: unknown, where: string) => void troubles.push({ where, error });
  const component = (authid: string, authrole: string) => join(hub.link({ authid, authrole }), { realm, onError });
  const limits = { movesPerSecond: 100_000, moveBurst: 100_000, changes: 1_000_000 };
  await hostGames(await component('authority', 'authority'), { games, store: memoryStore(), limits, log });
  await runLobby(await component('lobby', 'service'), { games });
  const choose = () => Promise.resolve({ move: 'hit', args: {} });
  const thinkers = { module: 'none: choose is ours', byGame: { rally: { rules: rallyRules } } };
  await runBots(await component('computer', 'bot'), { games, thinkers, choose, log });

  const guest = async () => join(await connectWebSocket(url), { realm });
  const [ada, bob] = [await guest(), await guest()];
  const { match } = (await ada.call('lobby.quick', [], { game: 'rally' })).args[0] as { match: string };
  const uris = gameUris('rally').match(match);
  for (const player of [ada, bob]) await player.call(uris.join, [], { form: 'json' });
  const hitsOf = async (session: Session) =>
    ((await session.call(uris.sync, [], { form: 'json' })).args[0] as { view: { state: { hits: number } } }).view.state
      .hits;
  let hits = 0;

  return {
    hub,
    server,
    url,
    port,
    guest,
    match,
    uris,
    /** Who the healthy players are: an attacker may know. */
    victims: [ada.authid, bob.authid] as const,
    component,
    /** The match goes on, the lobby answers, and nothing of ours has failed. */
    async healthy(): Promise<void> {
      for (const player of [ada, bob]) await player.call(uris.move('hit'), [{}]);
      hits += 2;
      expect([await hitsOf(ada), await hitsOf(bob)]).toEqual([hits, hits]);
      expect((await bob.call('lobby.find', [], { match })).args).toMatchObject([{ id: match, status: 'playing' }]);
      expect(troubles).toEqual([]);
    },
    async stop(): Promise<void> {
      await hub.stop(200);
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect(troubles).toEqual([]);
    },
  };
}
