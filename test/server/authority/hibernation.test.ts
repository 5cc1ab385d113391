import { describe, expect, it } from 'vitest';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import { refusalOf, table } from './table.ts';

const hibernateMs = 60_000;

/** A table whose store counts how often matches are taken up from it. */
async function sleepyTable() {
  const kept = memoryStore();
  const store = {
    ...kept,
    claims: 0,
    claim: (match: string, recent: number) => {
      store.claims += 1;
      return kept.claim(match, recent);
    },
  };
  const made = await table({ store, limits: { hibernateMs } });
  /** The URIs below which matches are served. */
  const served = async () => {
    const { args } = await made.service.call('wamp.registration.list');
    const { prefix } = args[0] as { prefix: number[] };
    return prefix.length;
  };
  return { ...made, served };
}

describe('a match in which nothing happens', () => {
  it('leaves memory, and wakes at the next call as it was', async () => {
    const { begun, clock, store, served } = await sleepyTable();
    const { match, ada, bob } = await begun();
    await ada.move('drop', { column: 3 });
    const before = await bob.view();
    const awake = await served();
    await clock.advance(hibernateMs - 1);
    expect(await served()).toBe(awake);
    await clock.advance(1);
    expect(await served()).toBe(awake - 1);
    expect(await bob.view()).toEqual({ ...before, epoch: 2 });
    expect([await served(), store.claims]).toEqual([awake, 1]);
    expect(await bob.move('drop', { column: 3 })).toBe(before.version + 1);
    const { version } = (await store.read(match))!;
    expect(version).toBe(before.version + 1);
  });

  it('loses none of its followers: the next move reaches them without a gap', async () => {
    const { begun, clock } = await sleepyTable();
    const { ada, bob } = await begun('secret');
    const follower = await bob.follow();
    await ada.move('draw');
    await clock.advance(hibernateMs);
    await bob.move('draw');
    const { epoch, ...view } = await bob.view();
    expect(epoch).toBe(2);
    expect(follower.view).toEqual({ ...view, epoch: 1 });
    expect(bob.heard).toEqual([]); // no resync: that was never asked for
  });

  it('is woken once by many calls', async () => {
    const { begun, clock, store } = await sleepyTable();
    const { ada, bob } = await begun();
    await clock.advance(hibernateMs);
    await Promise.all([ada.view(), bob.view(), ada.move('drop', { column: 0 }), bob.join()]);
    expect(store.claims).toBe(1);
  });

  it('stays while it is called', async () => {
    const { begun, clock, store } = await sleepyTable();
    const { ada } = await begun();
    for (let i = 0; i < 5; i++) {
      await clock.advance(hibernateMs - 1);
      await ada.view();
    }
    expect(store.claims).toBe(0);
  });

  it('remembers which moves it has answered, and which are overtaken', async () => {
    const { begun, clock } = await sleepyTable();
    const { ada, bob } = await begun();
    const { version: seen } = await bob.view();
    const version = await ada.move('drop', { column: 3 }, { id: 'first' });
    await clock.advance(hibernateMs);
    expect(await ada.move('drop', { column: 3 }, { id: 'first' })).toBe(version);
    await clock.advance(hibernateMs);
    expect(await refusalOf(bob.move('drop', { column: 3 }, { seen }))).toMatchObject({ uri: 'game.error.stale' });
  });

  it('notices who leaves while it sleeps, and waits for them', async () => {
    const { begun, clock } = await sleepyTable();
    const { ada, bob } = await begun();
    await ada.listen();
    await clock.advance(hibernateMs);
    await bob.drop();
    expect(ada.heard).toMatchObject([{ version: 3, delta: { seats: { '1': { connected: [false] } } } }]);
    await clock.advance(119_999);
    expect((await ada.view()).result).toBeNull();
    await clock.advance(1);
    expect((await ada.view()).result).toEqual({ winner: 0, reason: 'abandoned' });
  });

  it('is closed in time although it sleeps', async () => {
    const { begun, clock, store } = await sleepyTable();
    const { match, ada, bob } = await begun();
    await ada.move('resign');
    await clock.advance(hibernateMs);
    await ada.drop();
    await bob.drop();
    await clock.advance(hibernateMs);
    expect(await store.read(match)).toBeNull();
  });
});

it('a long match is taken up from its latest snapshot, and its log still tells all', async () => {
  const store = memoryStore();
  const { begun } = await table({ store, limits: { snapshotEvery: 5, movesPerSecond: 1000, moveBurst: 1000 } });
  const { match, ada, bob } = await begun();
  for (let i = 0; i < 12; i++) await (i % 2 === 0 ? ada : bob).move('drop', { column: [0, 1, 2][i % 3]! });
  const view = await ada.view();
  const claimed = (await store.claim(match, 0))!;
  expect(claimed.snapshot?.version).toBe(10);
  expect(claimed.log.map(({ version }) => version)).toEqual([11, 12, 13, 14]);
  expect(matchAt(connectFourRules, claimed, { snapshot: claimed.snapshot }).view(null)).toEqual(view);
  expect(matchAt(connectFourRules, (await store.read(match))!).view(null)).toEqual(view);
});
