/** What keeps an authority from growing for ever, whatever its players do. */
import { describe, expect, it } from 'vitest';
import { gameUris } from '../../../protocol/index.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import type { MatchStore } from '../../../server/store/store.ts';
import { quiet, refusalOf, table } from './table.ts';

describe('an authority with as many matches as it may have', () => {
  it('closes the oldest that is over for one more', async () => {
    const { begun, create, find } = await table({ limits: { matches: 2 } });
    const { match, ada, bob } = await begun();
    const other = await create();
    await ada.move('resign');
    const next = await create();
    await quiet();
    expect(await refusalOf(find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
    expect(await refusalOf(bob.view())).toMatchObject({ uri: 'game.error.no_such_match' });
    expect(await find(other)).toMatchObject({ status: 'open' });
    expect(await find(next)).toMatchObject({ status: 'open' });
  });

  it('says so where none is over', async () => {
    const { begun, create, connect } = await table({ limits: { matches: 2 } });
    const { ada } = await begun();
    await create();
    const refusal = {
      uri: 'wamp.error.no_available_callee',
      message: 'This server has as many matches as it can host. Try again later.',
    };
    expect(await refusalOf(create())).toMatchObject(refusal);
    const cyd = await connect('cyd');
    expect(await refusalOf(cyd.call('lobby.create', [], { game: 'secret' }))).toMatchObject(refusal);
    await ada.move('drop', { column: 0 });
  });

  it('lets nobody wake what it has closed', async () => {
    const { begun, create, store } = await table({ limits: { matches: 1 } });
    const { ada, bob } = await begun();
    await ada.move('resign');
    const calls = Array.from({ length: 20 }, () => ada.view());
    const next = create();
    for (let turn = 0; turn < 50; turn++) {
      calls.push(bob.view());
      await Promise.resolve();
    }
    const answers = await Promise.allSettled(calls);
    expect(answers.at(-1)).toMatchObject({ status: 'rejected', reason: { uri: 'game.error.no_such_match' } });
    expect((await store.list()).map(({ record: { id } }) => id)).toEqual([await next]);
  });

  it('makes room for a rematch, too', async () => {
    const { begun, find } = await table({ limits: { matches: 1 } });
    const { match, ada, bob } = await begun();
    await ada.listen();
    await ada.move('resign');
    await ada.offer();
    await bob.answer(true);
    await quiet();
    const { delta } = ada.heard.at(-1)!;
    const [successor] = (delta as unknown as { rematch: { match: [string] } }).rematch.match;
    expect(await find(successor)).toMatchObject({ status: 'playing' });
    expect(await refusalOf(find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
  });
});

it.each([
  ['coming and going before the beginning', false],
  ['coming and going during the match', true],
])('a match that is kept going by %s ends, and is closed', async (_, hasBegun) => {
  const { begun, create, player, connect, find } = await table({ limits: { changes: 30 } });
  const abandoned = async () => {
    const { match: left, ada } = await begun();
    await ada.drop();
    return left;
  };
  const match = hasBegun ? await abandoned() : await create();
  const watcher = await player('watcher', 'connect_four', match);
  await watcher.listen();
  const { join, leave } = gameUris('connect_four').match(match);
  for (let turn = 0; turn < 30; turn++) {
    const mallory = await connect('ada');
    await mallory.call(join).catch(() => {});
    if (hasBegun) await mallory.leave();
    else await mallory.call(leave).catch(() => {});
    await quiet();
  }
  expect(await refusalOf(find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
  expect(watcher.heard.at(-1)).toMatchObject({ delta: { result: [{ draw: true, reason: 'too_long' }] } });
});

it('offers and refusals of a rematch without end close the match', async () => {
  const { begun, find } = await table({ limits: { changes: 30 } });
  const { match, ada, bob } = await begun();
  await ada.move('resign');
  for (let turn = 0; turn < 30; turn++) {
    await ada.offer().catch(() => {});
    await bob.answer(false).catch(() => {});
  }
  expect(await refusalOf(find(match))).toMatchObject({ uri: 'game.error.no_such_match' });
});

it('an authority whose session ends while a match is being stored fails quietly', async () => {
  const kept = memoryStore();
  let release: (() => void) | undefined;
  let slow = false;
  const store: MatchStore = {
    ...kept,
    append: async (...entry) => {
      if (slow) await new Promise<void>((resolve) => (release = resolve));
      await kept.append(...entry);
    },
  };
  const { begun, authority } = await table({ store });
  const { ada } = await begun();
  slow = true;
  await ada.drop();
  expect(release).toBeDefined();
  await authority.leave();
  release?.();
  await quiet(); // an unhandled rejection would fail the run
});
