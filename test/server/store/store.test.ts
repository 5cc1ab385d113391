/** What every store must do. */
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../protocol/index.ts';
import { memoryStore } from '../../../server/store/memory-store.ts';

const stores = { memory: memoryStore };
const record = { id: 'm1', game: 'chess', fingerprint: 'f', setup: { seed: 1 }, listed: true, created: 0 };
const sit = (seat: number): Entry => ({ type: 'sit', seat, player: `player_${seat}`, at: 0 });

describe.each(Object.entries(stores))('the %s store', (_, open) => {
  it('gives back what a match started from, and its log in order', async () => {
    const store = open();
    await store.create(record);
    await store.append('m1', 0, [sit(0)]);
    await store.append('m1', 1, [sit(1), { type: 'connection', seat: 0, connected: false, at: 5 }]);
    expect(await store.read('m1')).toEqual({
      record,
      log: [sit(0), sit(1), { type: 'connection', seat: 0, connected: false, at: 5 }],
    });
  });

  it('refuses a second match of one id', async () => {
    const store = open();
    await store.create(record);
    await expect(store.create(record)).rejects.toThrow('m1');
  });

  it('refuses an entry that is not for the end of the log, and keeps nothing of it', async () => {
    const store = open();
    await store.create(record);
    await store.append('m1', 0, [sit(0)]);
    await expect(store.append('m1', 0, [sit(1)])).rejects.toThrow('the log of match m1 has 1 entries, not 0');
    expect((await store.read('m1'))?.log).toEqual([sit(0)]);
  });

  it('knows nothing of a match that was removed, or never there', async () => {
    const store = open();
    await store.create(record);
    await store.remove('m1');
    await store.remove('m2');
    expect(await store.read('m1')).toBeNull();
    await expect(store.append('m1', 0, [sit(0)])).rejects.toThrow('no match m1');
  });
});
