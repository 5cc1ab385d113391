/** The thread that has the database. Every batch of requests is one transaction. Started by sqlite-store.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import type { MatchStore } from '../store.ts';
import { MatchDatabase } from './database.ts';
import { checkpointPages, makeRoom } from './log-room.ts';
import { checkForm, migrate } from './schema.ts';

type Method = Exclude<keyof MatchStore, 'close'>;
export type Request = { [M in Method]: { readonly do: M; readonly with: Parameters<MatchStore[M]> } }[Method];
export type Reply = { readonly value: unknown } | { readonly failed: string };
/** What comes first: the database is open, or why it cannot be. */
export type Opened = { readonly opened: true } | { readonly failed: string };

export interface WorkerSetup {
  readonly file: string;
  readonly readOnly: boolean;
}

/** How long a reader of another process may keep us waiting, ms. */
const patienceMs = 5_000;

if (parentPort) {
  const port = parentPort;
  try {
    const { database, lock } = await open(workerData as WorkerSetup);
    const matches = new MatchDatabase(database);
    port.on('message', (batch: readonly Request[] | 'close') => {
      if (batch !== 'close') return port.postMessage(answer(database, matches, batch));
      database.close();
      lock?.close();
      port.close();
    });
    port.postMessage({ opened: true } satisfies Opened);
  } catch (error) {
    port.postMessage({ failed: textOf(error) } satisfies Opened);
    port.close();
  }
}

/** The file is ours alone to write as long as this process lives; others may read. */
async function open({ file, readOnly }: WorkerSetup): Promise<{ database: DatabaseSync; lock?: DatabaseSync }> {
  const { DatabaseSync } = await import('node:sqlite').catch((cause: unknown) => {
    throw new Error(`it needs Node 22.18 or newer, which has SQLite built in; this is ${process.version}`, { cause });
  });
  if (readOnly) {
    const database = new DatabaseSync(file, { timeout: patienceMs, readOnly });
    checkForm(database);
    return { database };
  }
  const lock = new DatabaseSync(`${file}-lock`);
  try {
    lock.exec('begin exclusive'); // the system lets go of it however the process ends
  } catch (cause) {
    throw new Error('another process has it open: stop that one first, or use another folder', { cause });
  }
  const database = new DatabaseSync(file, { timeout: patienceMs });
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -16384;
     pragma wal_autocheckpoint = ${checkpointPages}`,
  );
  migrate(database);
  makeRoom(`${file}-wal`);
  return { database, lock };
}

function answer(database: DatabaseSync, matches: MatchDatabase, batch: readonly Request[]): readonly Reply[] {
  try {
    return together(database, matches, batch);
  } catch (error) {
    if (batch.length === 1) return [{ failed: textOf(error) }];
    return batch.flatMap((request) => answer(database, matches, [request])); // one of them fails: the others need not
  }
}

/** @throws Error when nothing of it is done. */
function together(database: DatabaseSync, matches: MatchDatabase, batch: readonly Request[]): readonly Reply[] {
  database.exec(batch.every(isReading) ? 'begin' : 'begin immediate');
  try {
    const replies = batch.map((request) => perform(matches, request));
    database.exec('commit');
    return replies;
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

const isReading = ({ do: method }: Request) => method === 'read' || method === 'readWorld' || method === 'list';

function perform(matches: MatchDatabase, request: Request): Reply {
  switch (request.do) {
    case 'create':
      return { value: matches.create(...request.with) };
    case 'append':
      return { value: matches.append(...request.with) };
    case 'snapshot':
      return { value: matches.snapshot(...request.with) };
    case 'claim':
      return { value: matches.claim(...request.with) };
    case 'read':
      return { value: matches.read(...request.with) };
    case 'keepWorld':
      return { value: matches.keepWorld(...request.with) };
    case 'claimWorld':
      return { value: matches.claimWorld(...request.with) };
    case 'readWorld':
      return { value: matches.readWorld(...request.with) };
    case 'list':
      return { value: matches.list() };
    case 'remove':
      return { value: matches.remove(...request.with) };
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
