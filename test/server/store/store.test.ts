/** What every store must do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Entry, MatchState } from '../../../protocol/index.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';
import { openSqliteStore } from '../../../server/store/sqlite/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'realmkit-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const stores = {
  memory: async () => memoryStore(),
  sqlite: () => openSqliteStore(join(folder, String(++files), 'matches.sqlite')),
};

const recordOf = (id: string) => ({
  id,
  game: 'chess',
  fingerprint: 'f',
  setup: { seed: 1, options: { columns: 7 }, seats: 2 },
  listed: true,
  created: 5,
});
const record = recordOf('m1');
const sit = (seat: number): Entry => ({ type: 'sit', seat, player: `player_${seat}`, at: 0 });
const move = (name: string): Entry => ({ type: 'move', seat: 0, move: name, args: {}, at: 12, id: `try ${name}` });
const away = (seat: number): Entry => ({ type: 'connection', seat, connected: false, at: 5 });
const first = { match: 'm1', epoch: 1, after: 0, connected: [0] };
const logged = (...entries: Entry[]) => entries.map((entry, index) => ({ version: index + 1, entry }));
const snapshotAt = (version: number): MatchState => ({
  version,
  position: {
    state: { board: [[0], [], 'a\0b', null, 0.5] },
    options: {},
    seats: 2,
    phase: null,
    toAct: [0],
    result: null,
    random: [1, 2, 3, 4],
    stage: null,
    timers: [],
  },
  time: 12,
  clockSetting: null,
  clocks: null,
  offers: [],
  past: [],
  lastTurn: 0,
  seats: [{ player: 'ada', connected: true }],
  begun: true,
  rematch: { wantedBy: [1], match: null },
});

describe.each(Object.entries(stores))('the %s store', (_, open) => {
  const opened = async () => {
    const store = await open();
    onTestFinished(() => store.close());
    return store;
  };
  const created = async () => {
    const store = await opened();
    await store.create(record);
    return store;
  };

  it('gives back what a match started from, and its log in order', async () => {
    const store = await created();
    const end: Entry = { type: 'end', result: { winners: [0, 1], reason: 'left' }, at: 13 };
    const successor: Entry = { type: 'successor', match: 'm2', at: 14 };
    await store.append({ ...first, entries: [sit(0)] });
    await store.append({ ...first, after: 1, entries: [sit(1), move('a'), end, successor], connected: [0, 1] });
    expect(await store.read('m1')).toEqual({
      record,
      version: 5,
      connected: [0, 1],
      log: logged(sit(0), sit(1), move('a'), end, successor),
    });
  });

  it('gives back arguments exactly, whatever crossed the wire', async () => {
    const store = await created();
    const args = {
      text: '\0half \ud800 $',
      $bytes: new Uint8Array([0, 255]),
      deep: [{ $$long: 2n ** 63n, $number: -0 }, Number.NaN, Number.NEGATIVE_INFINITY, null, true, 1e-7],
    };
    const entry: Entry = { type: 'move', seat: 15, move: 'say', args, at: 0 };
    await store.append({ ...first, entries: [entry] });
    expect((await store.read('m1'))?.log).toEqual([{ version: 1, entry }]);
  });

  it('keeps of players who come and go only the outcome', async () => {
    const store = await created();
    await store.append({ ...first, entries: [sit(0), sit(1)], connected: [0, 1] });
    await store.append({ ...first, after: 2, entries: [away(0)], connected: [1] });
    await store.append({ ...first, after: 3, entries: [move('a')], connected: [1] });
    const { version, connected, log } = (await store.read('m1'))!;
    expect({ version, connected }).toEqual({ version: 4, connected: [1] });
    expect(log).toEqual([...logged(sit(0), sit(1)), { version: 4, entry: move('a') }]);
  });

  it('refuses a second match of one id', async () => {
    const store = await created();
    await expect(store.create(record)).rejects.toThrow('the store has a match m1 already');
  });

  it('refuses an entry that is not for the end of the log, and keeps nothing of it', async () => {
    const store = await created();
    const both = [store.append({ ...first, entries: [sit(0)] }), store.append({ ...first, entries: [sit(1)] })];
    const other = store.create(recordOf('m2')); // of the same transaction, and not concerned
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(both[1]).rejects.toThrow('match m1 stands at version 1 of epoch 1, not 0 of 1');
    await other;
    await expect(store.append({ ...first, after: 2, entries: [sit(1)] })).rejects.toThrow('m1');
    expect((await store.read('m1'))?.log).toEqual(logged(sit(0)));
  });

  it('a match that was claimed can be written by the claimant alone', async () => {
    const store = await created();
    await store.append({ ...first, entries: [sit(0)] });
    expect(await store.claim('m1', 0)).toMatchObject({ record, epoch: 2, version: 1, connected: [0], snapshot: null });
    await expect(store.append({ ...first, after: 1, entries: [sit(1)] })).rejects.toThrow('of epoch 2, not 1 of 1');
    await expect(store.snapshot('m1', 1, snapshotAt(1))).rejects.toThrow('of epoch 2');
    await store.append({ ...first, epoch: 2, after: 1, entries: [sit(1)] });
    expect((await store.claim('m1', 0))?.epoch).toBe(3);
  });

  it('changes that are asked for at once are kept in order, and none after one that fails', async () => {
    const store = await created();
    const entries = [sit(0), sit(1), move('a'), move('b')];
    const append = (index: number, epoch = 1) =>
      store.append({ ...first, epoch, after: index, entries: [entries[index]!] });
    const done = await Promise.allSettled([append(0), append(1), append(2, 9), append(3)]);
    expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect((await store.read('m1'))?.log).toEqual(logged(sit(0), sit(1)));
  });

  it('a claim gives the latest snapshot and what follows it, and the recent entries that were wanted', async () => {
    const store = await created();
    const entries = [sit(0), sit(1), ...'abcdef'.split('').map(move)];
    await store.append({ ...first, entries });
    expect((await store.claim('m1', 0))?.log).toEqual(logged(...entries));
    for (const version of [3, 4, 5]) await store.snapshot('m1', 2, snapshotAt(version));
    const { snapshot, log } = (await store.claim('m1', 1))!;
    expect(snapshot).toEqual(snapshotAt(5));
    expect(log).toEqual(logged(...entries).slice(5));
    expect((await store.claim('m1', 6))?.log).toEqual(logged(...entries).slice(2));
    expect((await store.claim('m1', 100))?.log).toEqual(logged(...entries));
    expect((await store.read('m1'))?.log).toEqual(logged(...entries));
  });

  it('creates a match that has a past', async () => {
    const store = await opened();
    const log = [...logged(sit(0), sit(1)), { version: 9, entry: move('a') }];
    await store.create(record, { version: 10, connected: [1], log });
    expect(await store.read('m1')).toEqual({ record, version: 10, connected: [1], log });
    await store.append({ ...first, after: 10, entries: [move('b')] });
  });

  it('keeps of a world the latest of each part, and gives it back exactly', async () => {
    const store = await created();
    const parts = {
      now: { tick: 7, bytes: new Uint8Array([0, 255]), $odd: -0 },
      'entities.tree': { nextKey: 3, things: {} },
    };
    expect(await store.readWorld('m1')).toEqual({ record, version: 0, parts: {} });
    await store.keepWorld({ match: 'm1', epoch: 1, version: 8, parts });
    await store.keepWorld({ match: 'm1', epoch: 1, version: 9, parts: { now: null, shared: [2n ** 63n] } });
    const kept = { record, version: 9, parts: { ...parts, now: null, shared: [2n ** 63n] } };
    expect(await store.readWorld('m1')).toEqual(kept);
    expect(await store.list()).toEqual([{ record, version: 9 }]);
    expect(await store.claimWorld('m1')).toEqual({ ...kept, epoch: 2 });
  });

  it('a world that was claimed can be written by the claimant alone', async () => {
    const store = await created();
    const keep = { match: 'm1', epoch: 1, version: 5, parts: { now: 1 } };
    await store.claimWorld('m1');
    await expect(store.keepWorld(keep)).rejects.toThrow('of epoch 2');
    await store.keepWorld({ ...keep, epoch: 2 });
    await expect(store.keepWorld({ ...keep, match: 'm2' })).rejects.toThrow('the store has no match m2');
    expect([await store.claimWorld('m2'), await store.readWorld('m2')]).toEqual([null, null]);
  });

  it('forgets a world with all its parts', async () => {
    const store = await created();
    await store.keepWorld({ match: 'm1', epoch: 1, version: 5, parts: { now: 1 } });
    await store.remove('m1');
    expect([await store.readWorld('m1'), await store.list()]).toEqual([null, []]);
    await store.create(record);
    expect(await store.claimWorld('m1')).toEqual({ record, epoch: 2, version: 0, parts: {} });
  });

  it('lists its matches, oldest first', async () => {
    const store = await created();
    await store.create({ ...recordOf('m0'), created: 7 });
    await store.append({ ...first, entries: [sit(0), away(0)] });
    expect(await store.list()).toEqual([
      { record, version: 2 },
      { record: { ...recordOf('m0'), created: 7 }, version: 0 },
    ]);
  });

  it('knows nothing of a match that was removed, or never there', async () => {
    const store = await created();
    await store.append({ ...first, entries: [sit(0)] });
    await store.snapshot('m1', 1, snapshotAt(1));
    await store.remove('m1');
    await store.remove('m2');
    expect([await store.read('m1'), await store.claim('m1', 5), await store.list()]).toEqual([null, null, []]);
    await expect(store.append({ ...first, after: 1, entries: [sit(0)] })).rejects.toThrow('the store has no match m1');
    await store.create(record);
    expect(await store.claim('m1', 5)).toMatchObject({ epoch: 2, version: 0, snapshot: null, log: [] });
  });

  it('does what was asked before it was closed', async () => {
    const store = await open();
    const asked = [store.create(record), store.append({ ...first, entries: [sit(0)] })];
    await Promise.all([...asked, store.close()]);
  });
});
