/** What a new process makes of the matches that another one has left in the store. */
import { describe, expect, it } from 'vitest';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { game, t } from '../../../protocol/index.ts';
import { quiet, refusalOf, table } from './table.ts';

/** The process dies: nothing is said to anybody, and nothing more is stored. A new one has the same store. */
async function restarted(before: Awaited<ReturnType<typeof table>>, options: Parameters<typeof table>[0] = {}) {
  return table({ ...options, store: before.store });
}

describe('a match after a restart', () => {
  it('is there again, with seats, state and version, in a new epoch, and goes on', async () => {
    const before = await table();
    const { match, ada, bob } = await before.begun();
    await ada.move('drop', { column: 3 });
    const left = await bob.view();
    const after = await restarted(before);
    await quiet();
    expect(await after.find(match)).toMatchObject({
      status: 'playing',
      listed: true,
      seats: [
        { player: 'ada', connected: false },
        { player: 'bob', connected: false },
      ],
    });
    const back = await after.player('bob', 'connect_four', match);
    const { seat, view } = await back.join();
    const seats = [
      { player: 'ada', connected: false, heldUntil: 120_000 },
      { player: 'bob', connected: true },
    ];
    expect([seat, view]).toEqual([1, { ...left, epoch: 2, version: left.version + 1, seats }]);
    expect(await back.move('drop', { column: 3 })).toBe(left.version + 2);
  });

  it('shows each seat its secrets, and no other', async () => {
    const before = await table();
    const { match, ada, bob } = await before.begun('secret');
    await ada.move('draw');
    const left = [await ada.view(), await bob.view()];
    const after = await restarted(before);
    for (const [seat, name] of ['ada', 'bob'].entries()) {
      const back = await after.player(name, 'secret', match);
      expect((await back.join()).view.state).toEqual(left[seat]!.state);
    }
  });

  it('answers when it is called before its turn, and is taken up once', async () => {
    const before = await table();
    const matches = await Promise.all(Array.from({ length: 200 }, () => before.create()));
    const after = await restarted(before);
    const ada = await after.player('ada', 'connect_four', matches.at(-1)!);
    const bob = await after.player('bob', 'connect_four', matches.at(-1)!);
    const [first, second] = await Promise.all([ada.join(), bob.join()]);
    expect([first.view.epoch, second.view.epoch]).toEqual([2, 2]);
  });

  it('gives a move that is sent again its first answer', async () => {
    const before = await table();
    const { match, ada } = await before.begun();
    const version = await ada.move('drop', { column: 3 }, { id: 'first' });
    const after = await restarted(before);
    const back = await after.player('ada', 'connect_four', match);
    const { view } = await back.join();
    expect(await back.move('drop', { column: 3 }, { id: 'first' })).toBe(version);
    expect((await back.view()).version).toBe(view.version);
  });

  it('refuses a move that was decided before the last one', async () => {
    const before = await table();
    const { match, ada, bob } = await before.begun();
    const { version: seen } = await bob.view();
    await ada.move('drop', { column: 3 });
    const after = await restarted(before);
    const back = await after.player('bob', 'connect_four', match);
    await back.join();
    expect(await refusalOf(back.move('drop', { column: 3 }, { seen }))).toMatchObject({ uri: 'game.error.stale' });
  });

  it('waits anew for its players, and is won by who comes', async () => {
    const before = await table();
    const { match, bob } = await before.begun();
    await bob.drop();
    await before.clock.advance(119_000);
    const after = await restarted(before);
    const ada = await after.player('ada', 'connect_four', match);
    await ada.join();
    await after.clock.advance(119_000);
    expect((await ada.view()).result).toBeNull();
    await after.clock.advance(1_000);
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('is closed when nobody comes back', async () => {
    const before = await table();
    const { match } = await before.begun();
    const open = await before.create();
    const after = await restarted(before);
    await quiet();
    await after.clock.advance(120_000);
    expect(await after.find(match)).toMatchObject({ status: 'over' });
    await after.clock.advance(60_000);
    expect([await after.store.read(match), await after.store.read(open)]).toEqual([null, null]);
    expect(await refusalOf(after.find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
  });

  it('has its result, and goes on to the rematch', async () => {
    const before = await table();
    const { match, ada } = await before.begun();
    await ada.move('resign');
    await ada.offer();
    const after = await restarted(before);
    const back = await after.player('bob', 'connect_four', match);
    const { view } = await back.join();
    expect(view).toMatchObject({ result: { winner: 1 }, rematch: { wantedBy: [0], match: null } });
    await back.answer(true);
    expect((await back.view()).rematch).toEqual({ wantedBy: [0, 1], match: 'match2' });
    const third = await restarted(after);
    const again = await third.player('bob', 'connect_four', match);
    expect((await again.join()).view.rematch).toEqual({ wantedBy: [0, 1], match: 'match2' });
  });

  it('is where a quick match leads, for who was in it and who was not', async () => {
    const before = await table();
    const quick = async (at: typeof before, name: string) => {
      const session = await at.connect(name);
      const { args } = await session.call('lobby.quick', [], { game: 'connect_four', options: { columns: 5 } });
      const { match } = args[0] as { match: string };
      await (await at.player(name, 'connect_four', match)).join();
      return match;
    };
    const match = await quick(before, 'ada');
    const after = await restarted(before);
    await quiet();
    expect([await quick(after, 'ada'), await quick(after, 'bob'), await quick(after, 'ada')]).toEqual([
      match,
      match,
      match,
    ]);
  });

  it('has the computer asked to come back, once a person is there', async () => {
    const before = await table();
    const match = await before.create();
    const people = await Promise.all(['ada', 'computer'].map((name) => before.player(name, 'connect_four', match)));
    for (const person of people) await person.join();
    const after = await restarted(before);
    const asked: unknown[] = [];
    const computer = await after.connect('computer', 'bot');
    await computer.register('bot.connect_four.play', ({ kwargs }) => void asked.push(kwargs));
    await quiet();
    expect(asked).toEqual([]);
    await (await after.player('ada', 'connect_four', match)).join();
    await quiet();
    expect(asked).toEqual([{ match, seat: 1 }]);
  });
});

describe('a match whose log is of other rules', () => {
  const counting = game('counting', { seats: 2, state: { count: t.int() }, moves: { more: {} } }).rules({
    setup: () => ({ count: 0 }),
    moves: { more: ({ next }) => next() },
  });
  const otherwise = game('counting', { seats: 2, state: { counted: t.int() }, moves: { more: {} } }).rules({
    setup: () => ({ counted: 0 }),
    moves: { more: ({ next }) => next() },
  });

  it('is kept, says so to who calls it, and is taken up when the rules fit again', async () => {
    const before = await table({ games: [counting] });
    const { match, ada } = await before.begun('counting');
    await ada.move('more');
    const changed = await restarted(before, { games: [otherwise] });
    const back = await changed.player('ada', 'counting', match);
    expect(await refusalOf(back.join())).toMatchObject({
      uri: 'game.error.outdated_match',
      message: 'This match was begun with an earlier version of the game, and cannot go on.',
    });
    await quiet();
    const complaint = `match ${match} of counting is kept, but cannot be taken up: it does not fit the game's rules`;
    expect(new Set(changed.log)).toEqual(new Set([complaint]));
    const repaired = await restarted(changed, { games: [counting] });
    expect((await (await repaired.player('ada', 'counting', match)).join()).view.version).toBe(4);
  });

  it('is kept, too, when its schemas are the same and a move is refused', async () => {
    const before = await table();
    const { match, ada } = await before.begun();
    await ada.move('drop', { column: 3 });
    const { moves } = connectFourRules.behaviour;
    const rules = { ...connectFourRules, behaviour: { ...connectFourRules.behaviour, moves: { ...moves } } };
    rules.behaviour.moves['drop'] = () => {
      throw new Error('no more');
    };
    const changed = await restarted(before, { games: [rules] });
    const back = await changed.player('ada', 'connect_four', match);
    expect(await refusalOf(back.join())).toMatchObject({ uri: 'game.error.outdated_match' });
    expect(await changed.store.read(match)).not.toBeNull();
  });
});

it('matches of games that nobody hosts any more stay in the store', async () => {
  const before = await table();
  const { match } = await before.begun('secret');
  const after = await restarted(before, { games: [connectFourRules] });
  await after.clock.advance(1_000_000);
  expect(await after.store.read(match)).not.toBeNull();
  expect(after.log).toEqual([]);
});

it('a store that cannot list its matches is complained of, and those that are called come back', async () => {
  const before = await table();
  const { match } = await before.begun();
  const listed = await before.store.list();
  const lists = [Promise.resolve(listed), Promise.reject(new Error('torn'))]; // the first is asked by the table itself
  const after = await table({ store: { ...before.store, list: () => lists.shift()! } });
  expect((await (await after.player('ada', 'connect_four', match)).join()).view.epoch).toBe(2);
  expect(after.log).toEqual(['the matches of the store cannot be listed']);
});

it('a match that cannot be stored when it is taken up is there as soon as it can', async () => {
  const before = await table();
  const { match } = await before.begun();
  let isBroken = true;
  const { store } = before;
  const append: typeof store.append = (wanted) =>
    isBroken ? Promise.reject(new Error('disk full')) : store.append(wanted);
  const after = await table({ store: { ...store, append } });
  const ada = await after.player('ada', 'connect_four', match);
  expect(await refusalOf(ada.join())).toMatchObject({ uri: 'wamp.error.no_available_callee' });
  isBroken = false;
  expect((await ada.join()).view.seats[0]).toEqual({ player: 'ada', connected: true });
});
