/** Worlds that are kept: what becomes of them when nobody is there, when their process dies, and when the store fails. */
import { describe, expect, it } from 'vitest';
import { resumedEpoch, t, world, WorldFollower, type AnyWorldRules } from '../../../protocol/index.ts';
import { hostGames, type AuthorityLimits } from '../../../server/authority/index.ts';
import type { LobbyLimits } from '../../../server/services/lobby.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import type { Keep, MatchStore } from '../../../server/store/store.ts';
import { bareCampRules, campRules, forgottenCampRules, largerCampRules } from './camp.ts';
import { quiet, refusalOf, table, type Player } from './table.ts';

interface View {
  readonly epoch: number;
  readonly version: number;
  readonly tick: number;
  readonly shared: { readonly days: number };
  readonly players: { readonly [id: string]: { readonly x: number } };
  readonly entities: { readonly tree: object };
  readonly me: { readonly x: number; readonly gold: number } | null;
}

/** A store that remembers what it was asked to keep, and can be slow, or full. */
function watchedStore() {
  const kept = memoryStore();
  const store = {
    ...kept,
    asked: [] as Keep[],
    state: 'works' as 'works' | 'full',
    slow: null as Promise<void> | null,
    keepWorld: async (keep: Keep) => {
      store.asked.push(keep);
      await store.slow;
      if (store.state === 'full') throw new Error('disk full');
      await kept.keepWorld(keep);
    },
  };
  return store satisfies MatchStore;
}

interface CampOptions<S> {
  readonly store?: S;
  readonly games?: readonly AnyWorldRules[];
  readonly limits?: Partial<AuthorityLimits>;
  readonly lobbyLimits?: Partial<LobbyLimits>;
}

async function camp<S extends MatchStore = MatchStore>(options: CampOptions<S> = {}) {
  const made = await table<S>({ games: [campRules], ...options });
  const visitor = (name: string, match: string) => made.player(name, 'camp', match);
  /** ada has entered a new one. */
  const begun = async () => {
    const match = await made.create('camp');
    const ada = await visitor('ada', match);
    await ada.join();
    return { match, ada };
  };
  return { ...made, visitor, begun };
}

/** The process dies: nothing is said to anybody, and nothing more is stored. A new one has the same store. */
const restarted = (before: { store: MatchStore }, games: AnyWorldRules[] = [campRules]) =>
  camp({ store: before.store, games });

/** To be asked of who is in it. */
const look = async (player: Player): Promise<View> =>
  (await player.call(player.uris.sync, [], { form: 'json' }))['view'] as View;
const comeBack = async (player: Player): Promise<View> =>
  (await player.call(player.uris.join, [], { form: 'json' }))['view'] as View;

describe('after a crash a world', () => {
  it('is there again, no older than its cadence, in a new epoch, with all who were there', async () => {
    const before = await camp();
    const { match, ada } = await before.begun();
    await ada.move('plant', { x: 5 });
    await ada.move('dig');
    await before.clock.advance(1_950);
    const left = await look(ada);
    expect(left).toMatchObject({ tick: 19, entities: { tree: { '1': { x: 5 } } } });
    const after = await restarted(before);
    const bob = await after.visitor('bob', match);
    const seen = await comeBack(bob);
    expect(Object.keys(seen.players)).toEqual(['ada', 'bob']);
    const back = await comeBack(await after.visitor('ada', match));
    expect(back).toMatchObject({ epoch: 2, tick: 10, shared: left.shared, entities: left.entities, me: left.me });
    expect(back.version).toBeGreaterThan(left.version);
    expect(left.epoch).toBe(1);
  });

  it('goes on as it would have: its chance, its timers', async () => {
    const before = await camp();
    const { match, ada } = await before.begun();
    await ada.move('sleep', { ms: 2_500 });
    await before.clock.advance(1_000);
    const after = await restarted(before);
    const back = await after.visitor('ada', match);
    await comeBack(back);
    for (const [server, player] of [
      [before, ada],
      [after, back],
    ] as const) {
      await player.move('dig');
      await server.clock.advance(1_400);
      expect(await look(player)).toMatchObject({ tick: 24, shared: { days: 0 } });
      await server.clock.advance(100);
      expect(await look(player)).toMatchObject({ tick: 25, shared: { days: 1 } });
    }
    expect((await look(back)).me).toEqual((await look(ada)).me);
  });

  it('waits for its players as for those who drop, and then goes on without them', async () => {
    const before = await camp();
    const { match } = await before.begun();
    await before.clock.advance(1_000);
    const after = await restarted(before);
    await quiet();
    expect(await after.find(match)).toMatchObject({
      seats: expect.arrayContaining([{ player: 'ada', connected: false }]),
    });
    await after.clock.advance(14_999);
    const bob = await after.visitor('bob', match);
    expect(Object.keys((await comeBack(bob)).players)).toEqual(['ada', 'bob']);
    await after.clock.advance(1);
    expect(Object.keys((await look(bob)).players)).toEqual(['bob']);
  });

  it('gives a move that it has its first answer, and makes one that was lost', async () => {
    const before = await camp();
    const { match, ada } = await before.begun();
    const answer = await ada.move('plant', { x: 1 }, { id: 'kept' });
    await before.clock.advance(1_000);
    await ada.move('plant', { x: 2 }, { id: 'lost' });
    const after = await restarted(before);
    const back = await after.visitor('ada', match);
    expect((await comeBack(back)).entities.tree).toEqual({ '1': { x: 1 } });
    expect(await back.move('plant', { x: 1 }, { id: 'kept' })).toBe(answer);
    await back.move('plant', { x: 2 }, { id: 'lost' });
    expect((await look(back)).entities.tree).toEqual({ '1': { x: 1 }, '2': { x: 2 } });
  });

  it('takes sessions that have outlived its authority for what they were: they are told to ask', async () => {
    const { begun, clock, store, authority, connect } = await camp();
    const { match, ada } = await begun();
    const follower = new WorldFollower(campRules.game);
    const heard: string[] = [];
    await ada.session.subscribe(ada.uris.state.packed, ({ args }) => {
      for (const message of args) {
        const epoch = resumedEpoch(message);
        if (epoch !== null) heard.push(`epoch ${epoch}`);
        else if (follower.accept(message as Uint8Array) === 'lost') heard.push('lost');
      }
    });
    await ada.session.subscribe(ada.uris.state.json, ({ args }) => void heard.push(`json ${resumedEpoch(args[0])}`));
    const ask = async () => {
      const { player, view } = await ada.call(ada.uris.sync, [], { form: 'packed' });
      follower.reset(view as Uint8Array, player as string);
    };
    await ask();
    await clock.advance(1_500);
    await authority.leave();
    await quiet();
    await hostGames(await connect('authority', 'authority'), { games: [campRules], store, clock });
    await quiet(); // it is taken up
    await clock.advance(100);
    expect(heard).toEqual(['json 2', 'epoch 2', 'lost']); // and the world is one in which all are told of each tick
    await ask();
    await ada.session.publish(ada.uris.input, [1, [{ dx: 1 }]]);
    await clock.advance(200);
    expect(follower.view).toMatchObject({ epoch: 2, me: { x: 1 } });
    expect(match).toBe('match1');
  });

  it('lets a session that has outlived its authority move, and leave, before it has asked', async () => {
    const { begun, clock, store, authority, connect, visitor } = await camp();
    const { match, ada } = await begun();
    await clock.advance(1_500);
    await authority.leave();
    await quiet();
    await hostGames(await connect('authority', 'authority'), { games: [campRules], store, clock });
    await quiet();
    await ada.move('plant', { x: 5 });
    await ada.leave();
    const seen = await comeBack(await visitor('bob', match));
    expect(seen).toMatchObject({ epoch: 2, entities: { tree: { '1': { x: 5 } } } });
    expect(Object.keys(seen.players)).toEqual(['bob']);
  });
});

describe('a world in which nobody is any more', () => {
  const deserted = async <S extends MatchStore>(options: CampOptions<S> = {}) => {
    const made = await camp<S>(options);
    const { args } = await (await made.connect('ada')).call('lobby.quick', [], { game: 'camp' });
    const { match } = args[0] as { match: string };
    const ada = await made.visitor('ada', match);
    await ada.join();
    await ada.move('plant', { x: 5 });
    await made.clock.advance(500);
    await ada.leave();
    return { ...made, match };
  };

  it('sleeps on disk, where the lobby still finds it, and wakes when somebody comes', async () => {
    const made = await deserted();
    const { match, clock, visitor, find } = made;
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
    expect(await find(match)).toMatchObject({ status: 'open' });
    for (const server of [made, await restarted(made)]) {
      await quiet();
      const quick = await (await server.connect('bob')).call('lobby.quick', [], { game: 'camp' });
      expect(quick.args).toMatchObject([{ match }]);
    }
    const bob = await visitor('bob', match);
    expect(await comeBack(bob)).toMatchObject({ epoch: 3, tick: 5, entities: { tree: { '1': { x: 5 } } } });
    await clock.advance(1_000);
    expect(await look(bob)).toMatchObject({ tick: 15 });
  });

  it('is there for whoever calls as it falls asleep, at whatever moment', async () => {
    for (let turns = 0; turns < 40; turns++) {
      const { match, clock, visitor } = await deserted();
      const bob = await visitor('bob', match);
      await clock.advance(59_999);
      const asleep = clock.advance(1);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      expect(await comeBack(bob)).toMatchObject({ entities: { tree: { '1': { x: 5 } } }, players: { bob: {} } });
      await asleep;
      await clock.advance(100);
      expect(await look(bob)).toMatchObject({ players: { bob: {} } });
    }
  });

  it('is forgotten where it is not to be kept, or nobody ever was in it', async () => {
    const made = await camp({ games: [campRules] });
    const empty = await made.create('camp');
    const unkept = await camp({ games: [forgottenCampRules] });
    const { match, ada } = await unkept.begun();
    await unkept.clock.advance(5_000);
    await ada.leave();
    for (const [server, id] of [
      [made, empty],
      [unkept, match],
    ] as const) {
      await server.clock.advance(60_000);
      expect(await refusalOf(server.find(id))).toMatchObject({ uri: 'game.error.no_such_match' });
      expect(await server.store.list()).toEqual([]);
    }
  });

  it('is gone when a service closes it, asleep or not', async () => {
    const { match, clock, service, store, visitor } = await deserted();
    await clock.advance(60_000);
    const { uris } = await visitor('bob', match);
    await service.call(uris.close);
    expect(await store.list()).toEqual([]);
    expect(await refusalOf(service.call(uris.close))).toMatchObject({ uri: 'game.error.no_such_match' });
  });

  it('is nothing that who made it has to finish', async () => {
    const { connect, clock } = await deserted({ lobbyLimits: { matchesPerPlayer: 1 } });
    await clock.advance(60_000);
    await (await connect('ada')).call('lobby.create', [], { game: 'camp' });
  });

  it('counts towards as many as a server may have', async () => {
    const { clock, create } = await deserted({ limits: { worlds: 1 } });
    await clock.advance(60_000);
    expect(await refusalOf(create('camp'))).toMatchObject({ uri: 'wamp.error.no_available_callee' });
  });

  it('stays in memory while it cannot be stored', async () => {
    const store = watchedStore();
    store.state = 'full';
    const { match, clock, log, visitor } = await deserted({ store });
    await clock.advance(90_000);
    expect(log).toEqual([`world ${match} cannot be stored: it goes on, but a crash would take it back`]);
    store.state = 'works';
    await clock.advance(5_000);
    expect(log.slice(1)).toEqual([`world ${match} is stored again`]);
    expect(clock.pending).toBe(0);
    expect(await comeBack(await visitor('bob', match))).toMatchObject({ entities: { tree: { '1': { x: 5 } } } });
  });
});

describe('storing a world', () => {
  it('writes what has changed, and nothing else', async () => {
    const store = watchedStore();
    const { begun, clock } = await camp({ store });
    const { ada } = await begun();
    await ada.move('plant', { x: 1 });
    await clock.advance(3_000);
    await ada.move('plant', { x: 2 }, { id: 'tried' });
    await clock.advance(1_000);
    expect(store.asked.map(({ parts }) => Object.keys(parts).toSorted())).toEqual([
      ['answers', 'entities.tree', 'now', 'players', 'shared'],
      ['now'],
      ['now'],
      ['answers', 'entities.tree', 'now'],
    ]);
  });

  it('does not hold ticks up, and is not asked for again before it is done', async () => {
    const store = watchedStore();
    let release = () => {};
    store.slow = new Promise((resolve) => (release = resolve));
    const { begun, clock } = await camp({ store });
    const { ada } = await begun();
    await clock.advance(5_000);
    expect(await look(ada)).toMatchObject({ tick: 50 });
    expect(store.asked).toHaveLength(1);
    release();
    await quiet();
    await clock.advance(200);
    expect(store.asked.map(({ version }) => version)).toEqual([11, 52]);
  });

  it('that fails leaves the world going, is told of once, and made up for', async () => {
    const store = watchedStore();
    const before = await camp({ store });
    const { match, ada } = await before.begun();
    await before.clock.advance(1_000);
    store.state = 'full';
    await ada.move('plant', { x: 1 });
    await before.clock.advance(20_000);
    expect(before.log).toEqual([`world ${match} cannot be stored: it goes on, but a crash would take it back`]);
    expect(before.causes).toEqual([new Error('disk full')]);
    expect(store.asked.length).toBeLessThanOrEqual(6);
    expect(await look(ada)).toMatchObject({ tick: 210 });
    store.state = 'works';
    await before.clock.advance(5_000);
    expect(before.log.slice(1)).toEqual([`world ${match} is stored again`]);
    const after = await restarted(before);
    expect((await comeBack(await after.visitor('ada', match))).entities.tree).toEqual({ '1': { x: 1 } });
  });

  it('that fails when the authority ends is told of', async () => {
    const store = watchedStore();
    const { begun, authority, ended, log } = await camp({ store });
    const { match } = await begun();
    store.state = 'full';
    await authority.leave();
    await ended;
    expect(log.at(-1)).toBe(`world ${match} of camp has ended without being stored`);
  });

  it('is not tried any more once it is closed', async () => {
    const store = watchedStore();
    let release = () => {};
    const { begun, clock, service, log } = await camp({ store });
    const { ada } = await begun();
    store.slow = new Promise((resolve) => (release = resolve));
    await clock.advance(1_000);
    await ada.leave(); // which stores it, once that is done
    await service.call(ada.uris.close);
    release();
    await quiet();
    expect(store.asked).toHaveLength(1);
    expect(log).toEqual([]);
  });

  it('happens a last time when the authority ends', async () => {
    const before = await camp();
    const { match, ada } = await before.begun();
    await before.clock.advance(1_500);
    await ada.move('plant', { x: 9 });
    await before.authority.leave();
    await before.ended;
    const after = await restarted(before);
    const back = await comeBack(await after.visitor('ada', match));
    expect(back).toMatchObject({ tick: 15, entities: { tree: { '1': { x: 9 } } } });
  });
});

describe('under other schemas a world', () => {
  const left = async () => {
    const before = await camp();
    const { match, ada } = await before.begun();
    await ada.move('plant', { x: 5 });
    await before.clock.advance(1_000);
    return { before, match };
  };

  it('goes on where what it is fits them', async () => {
    const { before, match } = await left();
    const after = await restarted(before, [largerCampRules]);
    expect((await comeBack(await after.visitor('ada', match))).me).toEqual({ x: 0, gold: 0, hats: 3 });
  });

  it('says that it does not fit, is kept, and goes on under the old ones', async () => {
    const { before, match } = await left();
    const during = await restarted(before, [bareCampRules]);
    const ada = await during.visitor('ada', match);
    expect(await refusalOf(ada.join())).toMatchObject({ uri: 'game.error.outdated_match' });
    expect(new Set(during.log)).toEqual(
      new Set([`world ${match} of camp is kept, but cannot be taken up: it does not fit the game's rules`]),
    );
    expect(during.causes[0]).toEqual(new Error('camp has no entities "tree"'));
    const after = await restarted(before);
    expect((await comeBack(await after.visitor('ada', match))).entities.tree).toEqual({ '1': { x: 5 } });
  });
});

describe('a world whose rules cannot say where somebody is', () => {
  const brink = world('brink', {
    tick: 10,
    player: { x: t.int(0, 99) },
    input: { dx: t.int(0, 1) },
    interest: { cell: 10, radius: 1 },
  });
  const places = [0, 10, 20];
  const brinkRules = brink.rules({
    spawn: () => ({ x: 0 }),
    step: (me, { dx }) => void (me.x += dx),
    at: ({ x }) => [places[x] ?? fall(), 0],
  });
  const fall = (): never => {
    throw new Error('nobody has been there');
  };

  it('says so once, is stored no more, and harms no other', async () => {
    const store = watchedStore();
    const { create, player, clock, log, visitor } = await camp({ store, games: [brinkRules, campRules] });
    const ada = await player('ada', 'brink', await create('brink'));
    await ada.join();
    const bob = await visitor('bob', await create('camp'));
    await bob.join();
    await clock.advance(1_000);
    await ada.session.publish(ada.uris.input, [3, [{ dx: 1 }, { dx: 1 }, { dx: 1 }]]);
    await clock.advance(3_000);
    expect(log).toEqual(['world match1 of brink: what is published failed']);
    expect(store.asked.filter(({ match }) => match === 'match1')).toHaveLength(1);
    expect(await look(bob)).toMatchObject({ tick: 40 });
  });
});
