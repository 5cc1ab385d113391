/** A whole game server in the test's process, on virtual time, and networks to it that a test can disturb. */
import '../../client/world/enter.ts'; // a page loads it when it enters a world; here no time passes for that
import { connect, type Client, type ConnectOptions } from '../../client/index.ts';
import {
  join,
  transportPair,
  type AnyRules,
  type AnyWorldRules,
  type Message,
  type ProtocolError,
  type Session,
  type Transport,
} from '../../protocol/index.ts';
import { connectFourRules } from '../../protocol/games/connect-four.ts';
import { anonymous, ticket } from '../../server/authentication/index.ts';
import { hostGames } from '../../server/authority/index.ts';
import { runLobby } from '../../server/services/lobby.ts';
import { gameRoles } from '../../server/services/roles.ts';
import { memoryStore } from '../../server/store/memory-store.ts';
import { Hub } from '../../server/transports/index.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

/** What a test does with the messages of one player. */
export class Network {
  readonly sent: Message[] = [];
  /** Whether connections can be made. */
  up: boolean;
  attempts = 0;
  /** Messages to drop on their way to the client; those of the other direction pass. */
  loses: (message: Message) => boolean = () => false;
  /** What becomes of a message on its way to the server. */
  tampers: (message: Message) => void = () => {};
  /** Nothing passes any more in either direction, and nobody is told: a dead socket. */
  dead = false;
  /** Ends the present connection, from the end of the server. */
  end: () => void = () => {};

  constructor(up: boolean) {
    this.up = up;
  }

  connect(accept: (transport: Transport) => void): Transport {
    this.attempts += 1;
    if (!this.up) throw new Error('nobody listens');
    const [near, far] = transportPair();
    accept(far);
    this.dead = false;
    this.end = () => far.close();
    const passes = (message: Message | ProtocolError) => !this.dead && !('type' in message && this.loses(message));
    return {
      send: (message) => {
        this.sent.push(message);
        this.tampers(message);
        if (!this.dead) near.send(message);
      },
      close: () => void (this.dead || near.close()),
      onMessage: (listener) => near.onMessage((message) => void (passes(message) && listener(message))),
      onClose: (listener) => near.onClose(listener),
    };
  }

  /** The connection breaks, and both ends hear of it. */
  async cut(): Promise<void> {
    this.end();
    await settle();
  }

  /** The calls that were sent, by the last part of their procedure. */
  calls(name: string): Message<'call'>[] {
    return this.sent.filter(
      (message): message is Message<'call'> => message.type === 'call' && message.procedure.endsWith(`.${name}`),
    );
  }
}

interface PageOptions extends ConnectOptions {
  /** Whether its connection can be made. */
  readonly up?: boolean;
}

export class GameServer {
  readonly clock = new VirtualClock();
  readonly games: readonly (AnyRules | AnyWorldRules)[];
  readonly #clients: Client[] = [];
  #hub: Hub | undefined;
  #authority: Session | undefined;
  #store = memoryStore();
  /** Whatever a client reported: a test that expects nothing asks for nothing here. */
  readonly reported: unknown[] = [];
  /** What the authority's metrics were told of. */
  readonly counted: string[] = [];

  private constructor(games: readonly (AnyRules | AnyWorldRules)[]) {
    this.games = games;
  }

  static async start(games: readonly (AnyRules | AnyWorldRules)[] = [connectFourRules]): Promise<GameServer> {
    const server = new GameServer(games);
    await server.restart();
    return server;
  }

  /** A new process: all connections break, and all matches are forgotten. Guests are remembered by their tickets. */
  async restart({ secret = 'a secret of at least thirty-two bytes' } = {}): Promise<void> {
    const { clock, games } = this;
    await this.#stopHub();
    const tickets = { secret, now: () => clock.now() };
    const authentication = [anonymous({ role: 'player', tickets }), ticket({ guests: { ...tickets, role: 'player' } })];
    const hub = new Hub({ realms: [{ name: 'realmkit', roles: gameRoles, authentication }], clock });
    this.#hub = hub;
    const component = (authrole: string) =>
      join(hub.link({ authid: authrole, authrole }), { realm: 'realmkit', clock });
    this.#store = memoryStore();
    await this.#host(await component('authority'));
    await runLobby(await component('service'), { games, clock });
  }

  /** The authority crashes, and comes back to its store a while later; router and sessions stay. */
  async restartAuthority(awayMs: number): Promise<void> {
    await this.#authority!.leave();
    await this.clock.pass(awayMs);
    const link = this.#hub!.link({ authid: 'authority', authrole: 'authority' });
    await this.#host(await join(link, { realm: 'realmkit', clock: this.clock }));
  }

  async #host(authority: Session): Promise<void> {
    const { clock, games } = this;
    this.#authority = authority;
    const count = (what: string) => void this.counted.push(what);
    await hostGames(authority, { games, store: this.#store, clock, count });
  }

  /** A page of its own, with a network and a ticket store of its own. */
  page({ up = true, ...options }: PageOptions = {}) {
    const network = new Network(up);
    const storage = new Map<string, string>();
    const wakes = new Set<() => void>();
    const client = connect({
      url: 'ws://test/ws',
      clock: this.clock,
      random: () => 0,
      transport: async () => network.connect((transport) => this.#hub?.accept(transport)),
      storage: storeOf(storage),
      onWake: (listener) => {
        wakes.add(listener);
        return () => void wakes.delete(listener);
      },
      onError: (error) => void this.reported.push(error),
      ...options,
    });
    this.#clients.push(client);
    return { client, network, storage, wake: () => wakes.forEach((listener) => listener()) };
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#stopHub();
  }

  async #stopHub(): Promise<void> {
    const stopped = this.#hub?.stop(0);
    await this.clock.pass(0); // peers that do not answer are not waited for
    await stopped;
  }
}

export const storeOf = (items: Map<string, string>) => ({
  getItem: (key: string) => items.get(key) ?? null,
  setItem: (key: string, value: string) => void items.set(key, value),
});
