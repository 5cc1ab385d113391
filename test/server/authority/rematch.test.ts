import { expect, it } from 'vitest';
import { refusalOf, table } from './table.ts';

it('a rematch is a new match with the same options and seats swapped, once both want it', async () => {
  const { create, player, find } = await table();
  const match = await create('connect_four', { options: { columns: 5 }, listed: false });
  const ada = await player('ada', 'connect_four', match);
  const bob = await player('bob', 'connect_four', match);
  await ada.join();
  await bob.join();
  await ada.move('resign');
  await ada.offer();
  expect((await bob.view()).rematch).toEqual({ wantedBy: [0], match: null });
  await bob.answer(true);
  const { rematch } = await bob.view();
  expect(rematch).toEqual({ wantedBy: [0, 1], match: 'match2' });
  expect(await find('match2')).toMatchObject({
    status: 'playing',
    listed: false,
    seats: [
      { player: 'bob', connected: false },
      { player: 'ada', connected: false },
    ],
  });
  const again = await player('ada', 'connect_four', 'match2');
  const { seat, view } = await again.join();
  expect([seat, view.options, view.toAct]).toEqual([1, { columns: 5 }, [0]]);
});

it('a resent offer changes nothing, and makes no second match', async () => {
  const { begun } = await table();
  const { ada, bob } = await begun();
  await ada.move('resign');
  await ada.offer();
  const { version } = await ada.view();
  await ada.offer();
  expect((await ada.view()).version).toBe(version);
  await bob.offer();
  await Promise.all([bob.offer(), ada.offer(), ada.answer(true)]);
  expect((await ada.view()).rematch).toEqual({ wantedBy: [0, 1], match: 'match2' });
});

it('declining takes the offer back for everybody', async () => {
  const { begun } = await table();
  const { ada, bob } = await begun();
  await ada.move('resign');
  await ada.offer();
  await bob.answer(false);
  expect((await ada.view()).rematch).toEqual({ wantedBy: [], match: null });
});

it('only players offer, and only after the end', async () => {
  const { begun, player } = await table();
  const { match, ada } = await begun();
  expect(await refusalOf(ada.offer())).toMatchObject({
    uri: 'game.error.bad_arguments',
    details: { issues: [{ path: 'what' }] },
  });
  await ada.move('resign');
  const cyd = await player('cyd', 'connect_four', match);
  await cyd.join({ seat: null });
  expect(await refusalOf(cyd.offer())).toMatchObject({ uri: 'game.error.no_seat' });
});

it('players who do not come to their rematch are waited for, and the match is closed', async () => {
  const { begun, clock, store } = await table();
  const { ada, bob } = await begun();
  await ada.move('resign');
  await ada.offer();
  await bob.offer();
  await clock.advance(120_000);
  expect(await store.read('match2')).not.toBeNull();
  await clock.advance(60_000);
  expect(await store.read('match2')).toBeNull();
});
