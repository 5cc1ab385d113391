/** Writes moves one after another, and tells its parent of each that the store has acknowledged: `node writer.ts FILE`. */
import { openSqliteStore } from '../../../server/store/sqlite/sqlite-store.ts';

const store = await openSqliteStore(process.argv[2]!);
await store.create({ id: 'm1', game: 'chess', fingerprint: 'f', setup: { seed: 1 }, listed: true, created: 0 });
for (let after = 0; ; after++) {
  const entry = { type: 'move', seat: 0, move: 'go', args: { n: after }, at: after } as const;
  await store.append({ match: 'm1', epoch: 1, after, entries: [entry], connected: [] });
  process.send?.(after);
}
