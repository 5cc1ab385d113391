/** What only a store on disk can get wrong. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../protocol/index.ts';
import { smallDisk } from '../../faults/small-disk.ts';
import { openSqliteStore } from '../../../server/store/sqlite/sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'realmkit-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const newFile = () => join(folder, String(++files), 'matches.sqlite');

const record = { id: 'm1', game: 'chess', fingerprint: 'f', setup: { seed: 1 }, listed: true, created: 0 };
const move = (n: number, args: object = { n }): Entry => ({ type: 'move', seat: 0, move: 'go', args, at: n });
const appendOf = (after: number, entry = move(after)) => ({
  match: 'm1',
  epoch: 1,
  after,
  entries: [entry],
  connected: [],
});

describe('a file', () => {
  it('has, when it is opened again, what was committed', async () => {
    const file = newFile();
    const store = await openSqliteStore(file);
    await store.create(record);
    await Promise.all([0, 1, 2].map((after) => store.append(appendOf(after))));
    await store.close();
    const again = await openSqliteStore(file);
    expect((await again.read('m1'))?.log.map(({ entry }) => entry)).toEqual([move(0), move(1), move(2)]);
    await again.close();
  });

  it('has room on the disk for moves before they come, which goes when it is closed', async () => {
    const file = newFile();
    const store = await openSqliteStore(file);
    const room = () => statSync(`${file}-wal`).size;
    const before = room();
    await store.create(record);
    for (let after = 0; after < 5; after++) await store.append(appendOf(after));
    expect([before, room()]).toEqual([16 * 2 ** 20, 16 * 2 ** 20]);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    const again = await openSqliteStore(file);
    expect([room(), (await again.read('m1'))?.version]).toEqual([16 * 2 ** 20, 5]);
    await again.close();
  });

  it("is one process's to write, and others' to read", async () => {
    const file = newFile();
    const store = await openSqliteStore(file);
    await store.create(record);
    const said = execFileSync(process.execPath, [join(import.meta.dirname, 'neighbour.ts'), file], {
      encoding: 'utf8',
    });
    expect(said.trim().split('\n')).toEqual([
      `The store ${file} cannot be opened: another process has it open: stop that one first, or use another folder.`,
      'm1',
      'attempt to write a readonly database',
    ]);
    await expect(openSqliteStore(file)).rejects.toThrow('another process has it open');
    await store.append(appendOf(0));
    await store.close();
    await (await openSqliteStore(file)).close();
  });

  it('that is no database, or of a later Realmkit, is refused and left alone', async () => {
    const torn = newFile();
    mkdirSync(join(torn, '..'));
    writeFileSync(torn, 'no database at all, and longer than the sixteen bytes of a head');
    await expect(openSqliteStore(torn)).rejects.toThrow(`The store ${torn} cannot be opened: file is not a database.`);
    const later = newFile();
    await (await openSqliteStore(later)).close();
    const database = new DatabaseSync(later);
    database.exec('insert into migration values (99, 0)');
    database.close();
    await expect(openSqliteStore(later)).rejects.toThrow('a later version of Realmkit has written it.');
    await expect(openSqliteStore(later, { readOnly: true })).rejects.toThrow('another version of Realmkit');
    await expect(openSqliteStore(newFile(), { readOnly: true })).rejects.toThrow('unable to open database file');
  });

  it('in a place that is no folder is refused', async () => {
    const file = newFile();
    await (await openSqliteStore(file)).close();
    await expect(openSqliteStore(join(file, 'matches.sqlite'))).rejects.toThrow('cannot be made');
  });
});

it('a process that is killed while it writes loses nothing that was acknowledged', async () => {
  const file = newFile();
  const writer = fork(join(import.meta.dirname, 'writer.ts'), [file], { execArgv: [] });
  let acknowledged = 0;
  await new Promise<void>((resolve) => {
    writer.on('message', (after: number) => (acknowledged = after + 1) >= 200 && resolve());
  });
  const exit = once(writer, 'exit');
  writer.kill('SIGKILL');
  await exit;
  const store = await openSqliteStore(file);
  const { log, version } = (await store.read('m1'))!;
  await store.close();
  expect(version).toBeGreaterThanOrEqual(acknowledged);
  expect(log).toEqual(Array.from({ length: version }, (_, after) => ({ version: after + 1, entry: move(after) })));
});

it('what is asked after the end is refused', async () => {
  const store = await openSqliteStore(newFile());
  await Promise.all([store.close(), store.close()]);
  await expect(store.list()).rejects.toThrow('the store is closed');
});

const disk = smallDisk();
afterAll(() => disk?.remove());

it.skipIf(!disk)(
  'on a full disk a change is refused, what was there stays, and it goes on when there is room',
  async () => {
    const file = join(disk!.folder, 'matches.sqlite');
    const store = await openSqliteStore(file);
    expect(statSync(`${file}-wal`).size).toBeLessThan(2 ** 20); // too small a disk to take room on it
    await store.create(record);
    await store.append(appendOf(0));
    disk!.fill();
    let after = 1;
    const write = async () => {
      for (; after < 2_000; after++) await store.append(appendOf(after, move(after, { text: 'x'.repeat(5_000) })));
    };
    await expect(write()).rejects.toThrow('database or disk is full');
    await expect(store.claim('m1', 0)).rejects.toThrow('full');
    disk!.clear();
    expect((await store.read('m1'))?.version).toBe(after);
    await store.append(appendOf(after));
    expect((await store.claim('m1', 0))?.log.map(({ version }) => version)).toEqual(
      Array.from({ length: after + 1 }, (_, index) => index + 1),
    );
    await store.close();
  },
);
