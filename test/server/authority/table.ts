/** A server with authority and lobby on a real router, in-memory links and a clock that stands still: for tests. */
import { expect, onTestFinished } from 'vitest';
import {
  CallError,
  Follower,
  game,
  gameUris,
  join,
  t,
  transportPair,
  type AnyRules,
  type AnyWorldRules,
  type AnyView,
  type Change,
  type Dict,
  type List,
  type Session,
} from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { hostGames, type AuthorityLimits } from '../../../server/authority/index.ts';
import { runLobby, type LobbyLimits } from '../../../server/services/lobby.ts';
import { gameRoles } from '../../../server/services/roles.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import type { MatchStore } from '../../../server/store/store.ts';
import { Hub } from '../../../server/transports/index.ts';
import { quiet, VirtualClock } from './virtual-clock.ts';

export { quiet };

interface TableOptions<S> {
  readonly games?: readonly (AnyRules | AnyWorldRules)[];
  readonly store?: S;
  readonly limits?: Partial<AuthorityLimits>;
  readonly development?: boolean;
  readonly lobbyLimits?: Partial<LobbyLimits>;
}

export async function table<S extends MatchStore = MatchStore>({
  games = [connectFourRules, secretRules],
  store: given,
  limits = {},
  development = false,
  lobbyLimits = {},
}: TableOptions<S> = {}) {
  const store = given ?? (memoryStore() as S);
  const hub = new Hub({ realms: [{ name: 'realmkit', roles: gameRoles, uris: 'strict', authentication: [] }] });
  const clock = new VirtualClock();
  const log: string[] = [];
  const causes: unknown[] = [];
  const measures = new Map<string, (ms: number) => void>();
  const connect = (authid: string, authrole = 'player') => {
    const [ours, theirs] = transportPair();
    const onRoundTrip = (listener: (ms: number) => void) => void measures.set(authid, listener);
    hub.accept(Object.assign(ours, { onRoundTrip }), undefined, { authid, authrole });
    return join(theirs, { realm: 'realmkit' });
  };
  /** The router has measured the round trip of somebody's latest session. */
  const measured = (authid: string, ms: number) => measures.get(authid)!(ms);
  let made = (await store.list()).length;
  const chance = { id: () => `match${++made}`, seed: () => 7 };
  await runLobby(await connect('lobby', 'service'), { games, clock, limits: lobbyLimits, computers: ['computer'] });
  const authority = await connect('authority', 'authority');
  const complain = (message: string, cause: unknown) => {
    log.push(message);
    causes.push(cause);
  };
  const { ended } = await hostGames(authority, { games, store, clock, chance, limits, development, log: complain });
  const service = await connect('service', 'service');
  onTestFinished(() => hub.stop());

  const player = async (authid: string, name: string, match: string, authrole?: string) =>
    new Player(await connect(authid, authrole), name, match);
  /** A match as the lobby would make it. */
  const create = async (name = 'connect_four', kwargs: Dict = {}): Promise<string> => {
    const { args } = await service.call(gameUris(name).create, [], kwargs);
    return (args[0] as { match: string }).match;
  };
  /** Two players, ada in seat 0 and bob in seat 1, and nothing played yet. */
  const begun = async (name = 'connect_four') => {
    const match = await create(name);
    const ada = await player('ada', name, match);
    const bob = await player('bob', name, match);
    await ada.join();
    await bob.join();
    return { match, ada, bob };
  };
  const find = async (match: string): Promise<Dict> => dict((await service.call('lobby.find', [], { match })).args);
  return { clock, store, measured, causes, log, connect, service, authority, ended, player, create, begun, find };
}

/** A session with the procedures of one match at hand, and everything it has heard of that match's state. */
export class Player {
  readonly session: Session;
  readonly uris: ReturnType<ReturnType<typeof gameUris>['match']>;
  readonly heard: Change[] = [];

  constructor(session: Session, name: string, match: string) {
    this.session = session;
    this.uris = gameUris(name).match(match);
  }

  async call(procedure: string, args: List = [], kwargs: Dict = {}): Promise<Dict> {
    return dict((await this.session.call(procedure, args, kwargs)).args);
  }
  async join(kwargs: Dict = {}): Promise<{ seat: number | null; view: AnyView; now: number }> {
    const { seat, view, now } = await this.call(this.uris.join, [], { form: 'json', ...kwargs });
    return { seat: seat as number | null, view: view as AnyView, now: now as number };
  }
  async view(): Promise<AnyView> {
    return (await this.call(this.uris.sync, [], { form: 'json' }))['view'] as AnyView;
  }
  async move(move: string, args: object = {}, kwargs: Dict = {}): Promise<number> {
    return (await this.call(this.uris.move(move), [args], kwargs))['version'] as number;
  }
  async leave(): Promise<void> {
    await this.call(this.uris.leave);
  }
  async offer(what = 'rematch'): Promise<void> {
    await this.call(this.uris.offer, [], { what });
  }
  async answer(accept: boolean, what = 'rematch'): Promise<void> {
    await this.call(this.uris.answer, [], { what, accept });
  }
  async claim(what: string, kwargs: Dict = {}): Promise<void> {
    await this.call(this.uris.claim, [], { what, ...kwargs });
  }
  async listen(): Promise<void> {
    await this.session.subscribe(this.uris.state.json, ({ args: [change] }) => void this.heard.push(change as Change));
  }
  /** Subscribes, then follows the match from a whole view on; a gap asks for another. */
  async follow(): Promise<Follower<AnyView>> {
    await this.session.subscribe(this.uris.state.json, async ({ args: [change] }) => {
      if (follower.accept(change as Change) === 'lost') follower.reset(await this.view());
    });
    const follower = new Follower(await this.view());
    return follower;
  }
  /** Drops the connection without a word. */
  async drop(): Promise<void> {
    await this.session.leave();
    await quiet();
  }
}

const dict = (args: List): Dict => {
  expect(args).toHaveLength(1);
  return args[0] as Dict;
};

/** What a call was refused with: the last part of its URI, and its details. */
export async function refusalOf(
  call: Promise<unknown>,
): Promise<{ uri: string; details: unknown; message: string; version: unknown }> {
  const error = await call.then(
    () => new Error('was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallError)) throw error;
  return { uri: error.uri, details: error.kwargs['details'], message: error.message, version: error.kwargs['version'] };
}

/** Each picks in secret, at once; the picks are shown at the end. Numbers from 1,000 are secrets, so tests can look for them. */
export const secret = game('secret', {
  seats: 2,
  state: {
    hands: t.perSeat(t.object({ cards: t.list(t.int()).owner(), count: t.int() })),
    deck: t.list(t.int()).hidden(),
    round: t.int(),
  },
  moves: { draw: {}, pick: { card: t.int(0) }, shout: { word: t.str(20) }, fail: {} },
  errors: { not_yours: { card: t.int(), hand: t.list(t.int()).owner() } },
  events: { drawn: { card: t.int().owner() } },
  phases: ['drawing', 'picking'],
});
export const secretRules = secret.rules({
  setup: ({ seats }) => ({
    hands: seats.map((seat) => ({ cards: [1000 + seat], count: 1 })),
    deck: [2000, 2001, 2002, 2003],
    round: 0,
  }),
  moves: {
    draw({ state, seat, emit, next }) {
      const card = state.deck.pop()!;
      state.hands[seat].cards.push(card);
      state.hands[seat].count += 1;
      emit('drawn', { card });
      if (state.hands.every(({ count }) => count === 2)) next({ phase: 'picking' });
      else next();
    },
    pick({ state, seat, toAct, reject, next }, { card }) {
      const { cards } = state.hands[seat];
      if (!cards.includes(card)) reject('not_yours', { card, hand: [...cards] });
      if (toAct.length === 1) state.round += 1;
      next();
    },
    shout() {},
    fail() {
      throw new Error('the rules are broken');
    },
  },
  anyTime: ['shout', 'fail'],
  phases: { drawing: { moves: ['draw'] }, picking: { moves: ['pick'], toAct: 'everyone' } },
});
