import { describe, expect, it } from 'vitest';
import { game, t } from '../../../protocol/index.ts';
import { connectFour, connectFourRules } from '../../../protocol/games/connect-four.ts';
import type { Append } from '../../../server/store/store.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import { quiet, refusalOf, table } from './table.ts';

describe('creating', () => {
  it('is for services only', async () => {
    const { connect } = await table();
    const ada = await connect('ada');
    expect(await refusalOf(ada.call(connectFour.uris.create))).toMatchObject({ uri: 'wamp.error.not_authorized' });
  });

  it.each([
    [{ options: { columns: 99 } }, 'columns'],
    [{ options: { colour: 1 } }, ''],
    [{ seats: 3 }, 'seats'],
    [{ players: ['ada', 'ada'] }, 'players'],
    [{ players: ['ada', null, 'bob'] }, 'players'],
    [{ listed: 'yes' }, 'listed'],
  ])('refuses %j, naming what is wrong', async (kwargs, path) => {
    const { create } = await table();
    expect(await refusalOf(create('connect_four', kwargs))).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path }] },
    });
  });

  it('seats players who are named, and they are away until they come', async () => {
    const { create, player } = await table();
    const match = await create('connect_four', { players: [null, 'ada'] });
    const bob = await player('bob', 'connect_four', match);
    expect((await bob.join()).seat).toBe(0);
    const ada = await player('ada', 'connect_four', match);
    expect((await bob.view()).seats[1]).toMatchObject({ player: 'ada', connected: false });
    expect((await ada.join()).view.seats[1]).toEqual({ player: 'ada', connected: true });
  });
});

describe('joining', () => {
  it('gives any free seat, the seat that was asked for, or the seat one has', async () => {
    const { create, player } = await table();
    const match = await create();
    const ada = await player('ada', 'connect_four', match);
    const bob = await player('bob', 'connect_four', match);
    expect((await ada.join({ seat: 1 })).seat).toBe(1);
    expect((await bob.join()).seat).toBe(0);
    expect((await ada.join()).seat).toBe(1);
    expect((await ada.join({ seat: null })).seat).toBe(1);
  });

  it('refuses taken, unknown and second seats, each by its own error', async () => {
    const { create, player } = await table();
    const match = await create();
    const ada = await player('ada', 'connect_four', match);
    const bob = await player('bob', 'connect_four', match);
    await ada.join({ seat: 0 });
    expect(await refusalOf(bob.join({ seat: 0 }))).toMatchObject({ uri: 'game.error.full' });
    expect(await refusalOf(bob.join({ seat: 2 }))).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path: 'seat' }] },
    });
    expect(await refusalOf(ada.join({ seat: 1 }))).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path: 'seat' }] },
    });
    await bob.join();
    const cyd = await player('cyd', 'connect_four', match);
    expect(await refusalOf(cyd.join())).toMatchObject({ uri: 'game.error.full' });
  });

  it('tells an outdated page to reload', async () => {
    const { create, player } = await table();
    const ada = await player('ada', 'connect_four', await create());
    expect(await refusalOf(ada.join({ fingerprint: 'old' }))).toMatchObject({ uri: 'game.error.outdated_client' });
    expect((await ada.join({ fingerprint: connectFour.fingerprint })).seat).toBe(0);
  });

  it('counts spectators, two tabs of one as one, and never seats them', async () => {
    const { begun, find, player, clock } = await table();
    const { match } = await begun();
    const cyd = await player('cyd', 'connect_four', match);
    const tab = await player('cyd', 'connect_four', match);
    expect((await cyd.join({ seat: null })).seat).toBeNull();
    await tab.join({ seat: null });
    await clock.advance(1000);
    expect(await find(match)).toMatchObject({ spectators: 1, status: 'playing' });
    await cyd.leave();
    await tab.drop();
    await clock.advance(1000);
    expect(await find(match)).toMatchObject({ spectators: 0 });
  });

  it('answers for matches that nobody hosts, whatever is asked', async () => {
    const { player } = await table();
    const ada = await player('ada', 'connect_four', 'nothere');
    for (const call of [ada.join(), ada.view(), ada.move('drop', { column: 0 }), ada.leave(), ada.offer()]) {
      expect(await refusalOf(call)).toMatchObject({
        uri: 'game.error.no_such_match',
        message: 'There is no such match.',
      });
    }
  });

  it('knows no other procedures', async () => {
    const { begun } = await table();
    const { ada } = await begun();
    expect(await refusalOf(ada.call(`${ada.uris.prefix}fly`))).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
    expect(await refusalOf(ada.move('fly'))).toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });
});

describe('moving', () => {
  it('answers with the version, and publishes the commit before', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    await bob.listen();
    expect(await ada.move('drop', { column: 3 })).toBe(3);
    expect(bob.heard).toEqual([
      {
        type: 'commit',
        version: 3,
        delta: { state: { board: { '3': { '0': [0], length: 1 } }, last: [3] }, toAct: { '0': [1] } },
        events: [{ event: 'landed', data: { column: 3, row: 0 } }],
      },
    ]);
  });

  it('is refused before all seats are taken: nobody is to act', async () => {
    const { create, player } = await table();
    const ada = await player('ada', 'connect_four', await create());
    await ada.join();
    expect(await refusalOf(ada.move('drop', { column: 0 }))).toMatchObject({
      uri: 'game.error.not_your_turn',
      details: { toAct: [] },
    });
  });

  it('names the fault of malformed calls', async () => {
    const { begun } = await table();
    const { ada } = await begun();
    const drop = ada.uris.move('drop');
    const faults = [
      [ada.call(drop, [{ column: 'x' }]), 'column'],
      [ada.call(drop, [{ column: 0, seat: 1 }]), ''],
      [ada.call(drop, [7]), 'args[0]'],
      [ada.call(drop, [{ column: 0 }, 1]), 'args[1]'],
      [ada.call(drop, [{ column: 0 }], { seen: 'now' }), 'seen'],
      [ada.call(drop), 'column'],
      [ada.join({ seat: 'first' }), 'seat'],
      [ada.join({ form: 'xml' }), 'form'],
      [ada.call(ada.uris.offer, [], { what: 'draw' }), 'what'],
    ] as const;
    for (const [call, path] of faults) {
      expect(await refusalOf(call)).toMatchObject({
        uri: 'game.error.bad_arguments',
        details: { issues: [{ path }] },
        version: 2,
      });
    }
  });

  it('is refused by the rules with their own error', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    for (let i = 0; i < 3; i++) {
      await ada.move('drop', { column: 0 });
      await bob.move('drop', { column: 0 });
    }
    expect(await refusalOf(ada.move('drop', { column: 0 }))).toEqual({
      uri: 'game.connect_four.error.column_full',
      details: { column: 0 },
      message: 'Column full.',
      version: 8,
    });
  });

  it('is over when the match is over', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    await ada.move('resign');
    expect(await refusalOf(bob.move('drop', { column: 0 }))).toMatchObject({ uri: 'game.error.over' });
    expect((await bob.view()).result).toEqual({ winner: 1, reason: 'resigned' });
  });

  it('gets its first answer when it is sent again', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    const [first, again] = await Promise.all([
      ada.move('drop', { column: 0 }, { id: 'a' }),
      ada.move('drop', { column: 0 }, { id: 'a' }),
    ]);
    expect([first, again]).toEqual([3, 3]);
    expect((await refusalOf(ada.move('drop', { column: 0 }, { id: 'b' }))).uri).toBe('game.error.not_your_turn');
    await bob.move('drop', { column: 1 });
    expect((await refusalOf(ada.move('drop', { column: 0 }, { id: 'b' }))).uri).toBe('game.error.not_your_turn');
    expect(await ada.move('drop', { column: 0 }, { id: 'a' })).toBe(3);
    expect((await ada.view()).version).toBe(4);
    expect(await bob.move('resign', {}, { id: 'a' })).toBe(5); // ids are each player's own
  });

  it('forgets the answers to old moves', async () => {
    const { begun } = await table({ limits: { rememberedMoves: 1 } });
    const { ada } = await begun('secret');
    expect(await ada.move('shout', { word: 'a' }, { id: 'a' })).toBe(3);
    expect(await ada.move('shout', { word: 'b' }, { id: 'b' })).toBe(4);
    expect(await ada.move('shout', { word: 'a' }, { id: 'a' })).toBe(5);
  });

  it('is stale when somebody has moved in turn since it was decided', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    await ada.move('drop', { column: 0 }, { seen: 2 });
    expect(await refusalOf(bob.move('drop', { column: 0 }, { seen: 2 }))).toMatchObject({
      uri: 'game.error.stale',
      details: { version: 3 },
    });
    expect(await refusalOf(bob.move('drop', { column: 0 }, { seen: 9 }))).toMatchObject({ uri: 'game.error.stale' });
    expect(await bob.move('drop', { column: 0 }, { seen: 3 })).toBe(4);
    expect(await bob.move('resign', {}, { seen: 2 })).toBe(5); // at any time
  });

  it('is not stale by a connection that went', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun();
    await bob.drop();
    expect(await ada.move('drop', { column: 0 }, { seen: 2 })).toBe(4);
  });

  it('is not stale in a phase for everyone', async () => {
    const { begun } = await table();
    const { ada, bob } = await begun('secret');
    await ada.move('draw');
    const version = await bob.move('draw');
    await ada.move('pick', { card: 1000 }, { seen: version });
    await bob.move('pick', { card: 1001 }, { seen: version });
    expect(await ada.move('pick', { card: 1000 }, { seen: version })).toBe(version + 3);
  });

  it('is limited in number, and says when to come back', async () => {
    const { begun, clock } = await table({ limits: { movesPerSecond: 2, moveBurst: 3 } });
    const { ada, bob } = await begun('secret');
    const shout = () => ada.move('shout', { word: 'hey' });
    for (let i = 0; i < 3; i++) await shout();
    expect(await refusalOf(shout())).toMatchObject({ uri: 'game.error.rate_limited', details: { retryAfterMs: 500 } });
    await bob.move('shout', { word: 'I still can' });
    await clock.advance(500);
    await shout();
    expect((await refusalOf(shout())).uri).toBe('game.error.rate_limited');
  });

  it('that breaks the rules changes nothing, and the log names match and move', async () => {
    const { begun, log } = await table();
    const { match, ada } = await begun('secret');
    const { version } = await ada.view();
    expect(await refusalOf(ada.move('fail'))).toMatchObject({ uri: 'game.error.rule_failed', details: {} });
    expect(log).toEqual([`match ${match} of secret: move fail failed`]);
    expect((await ada.view()).version).toBe(version);
    expect(await ada.move('draw')).toBe(version + 1);
  });

  it('that takes chance from the host is caught in development, where the log names rule and line', async () => {
    const dicey = game('dicey', { seats: 1, state: { dice: t.fixed(1) }, moves: { roll: {} } }).rules({
      setup: () => ({ dice: 0 }),
      moves: { roll: ({ state }) => void (state.dice = Math.random() * 6) },
    });
    for (const development of [false, true]) {
      const { create, player, causes } = await table({ games: [dicey], development });
      const ada = await player('ada', 'dicey', await create('dicey'));
      await ada.join();
      if (!development) expect(await ada.move('roll')).toBe(2);
      else expect(await refusalOf(ada.move('roll'))).toMatchObject({ uri: 'game.error.rule_failed' });
      expect(causes.map(String)).toEqual(
        development ? [expect.stringMatching(/dicey\.moves\.roll uses Math\.random \(.*match\.test\.ts:\d+/)] : [],
      );
    }
  });
});

describe('the store', () => {
  it('has everything that anybody has seen: its log replays to the same match', async () => {
    const { begun, store } = await table();
    const { match, ada, bob } = await begun();
    await ada.move('drop', { column: 1 });
    await bob.drop();
    const kept = await store.read(match);
    const again = matchAt(connectFourRules, kept!, { holdMs: 120_000 });
    expect(again.view(null)).toEqual(await ada.view());
  });

  it('comes first: nothing is published or answered before it has the move', async () => {
    const store = memoryStore();
    let release = () => {};
    let hold = false;
    const slow = {
      ...store,
      append: async (...args: Parameters<typeof store.append>) => {
        if (hold) await new Promise<void>((resolve) => (release = resolve));
        return store.append(...args);
      },
    };
    const { begun } = await table({ store: slow });
    const { ada, bob } = await begun();
    await bob.listen();
    hold = true;
    const seen: string[] = [];
    const moved = ada.move('drop', { column: 0 }).then(() => seen.push('moved'));
    const viewed = bob.view().then(({ version }) => seen.push(`viewed ${version}`));
    await quiet();
    expect([bob.heard, seen]).toEqual([[], []]);
    hold = false;
    release();
    await Promise.all([moved, viewed]);
    expect(seen).toEqual(['moved', 'viewed 3']);
    expect(bob.heard).toHaveLength(1);
  });

  it('freezes a match that it cannot keep: everybody is told, nobody sees what was lost, and it goes on when it can', async () => {
    const { begun, log, store, clock } = await table({ store: breakable() });
    const { ada, bob } = await begun();
    await bob.listen();
    store.broken = true;
    const refusal = { uri: 'wamp.error.no_available_callee', message: expect.stringContaining('frozen') };
    expect(await refusalOf(ada.move('drop', { column: 0 }))).toMatchObject(refusal);
    expect(await refusalOf(bob.view())).toMatchObject(refusal);
    await clock.advance(60_000);
    expect(bob.heard).toEqual([]);
    expect(log).toEqual(['match match1 is frozen: version 3 could not be stored']);
    store.broken = false;
    expect(await bob.view()).toMatchObject({
      version: 2,
      epoch: 2,
      toAct: [0],
      seats: [{ connected: true }, { connected: true }],
    });
    expect(await ada.move('drop', { column: 1 })).toBe(3);
    expect(bob.heard).toMatchObject([{ version: 3 }]);
    await clock.advance(600_000);
    expect((await bob.view()).epoch).toBe(3); // it sleeps as others do
  });

  it('that fails takes nothing from the time that a player has to come back', async () => {
    const { begun, clock, store } = await table({ store: breakable() });
    const { ada, bob } = await begun();
    await bob.drop();
    const { seats } = await ada.view();
    await clock.advance(5_000);
    store.broken = true;
    await refusalOf(ada.move('drop', { column: 0 }));
    store.broken = false;
    await clock.advance(5_000);
    expect(await ada.view()).toMatchObject({ epoch: 2, result: null, seats });
  });

  it('that fails while a player drops is told when it works again, unasked', async () => {
    const { begun, store, clock } = await table({ store: breakable() });
    const { ada, bob } = await begun();
    await ada.listen();
    store.broken = true;
    await bob.drop();
    await clock.advance(30_000);
    expect(ada.heard).toEqual([]);
    store.broken = false;
    await clock.advance(5_000);
    expect(ada.heard).toMatchObject([{ version: 3, delta: { seats: { '1': { connected: [false] } } } }]);
    await clock.advance(120_000);
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });
});

/** A store that fails to write while it is `broken`. */
function breakable() {
  const store = memoryStore();
  const faulty = {
    ...store,
    broken: false,
    append: async (append: Append) => (faulty.broken ? full() : store.append(append)),
    claim: async (match: string, recent: number) => (faulty.broken ? full() : store.claim(match, recent)),
  };
  const full = (): never => {
    throw new Error('disk full');
  };
  return faulty;
}
