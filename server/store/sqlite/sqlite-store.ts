/** Matches and worlds in an SQLite file. A thread of its own has the database, so that nobody's move waits for a disk. */
import { mkdirSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { MatchStore } from '../store.ts';
import { Batches } from './batches.ts';
import type { Opened, WorkerSetup } from './worker.ts';

/** The store cannot be opened; the message says why, and what would help. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * Opens the store in a file, which is made if it is not there, with its folder.
 * @param readOnly the file must be there, and another process may be writing it.
 * @throws StoreError where another process has it open to write, or it is none of ours.
 */
export async function openSqliteStore(file: string, { readOnly = false } = {}): Promise<MatchStore> {
  const worker = await started({ file, readOnly });
  const batches = new Batches(worker);
  return {
    create: (...asked) => batches.ask({ do: 'create', with: asked }),
    append: (...asked) => batches.ask({ do: 'append', with: asked }),
    snapshot: (...asked) => batches.ask({ do: 'snapshot', with: asked }),
    claim: (...asked) => batches.ask({ do: 'claim', with: asked }),
    read: (...asked) => batches.ask({ do: 'read', with: asked }),
    keepWorld: (...asked) => batches.ask({ do: 'keepWorld', with: asked }),
    claimWorld: (...asked) => batches.ask({ do: 'claimWorld', with: asked }),
    readWorld: (...asked) => batches.ask({ do: 'readWorld', with: asked }),
    list: () => batches.ask({ do: 'list', with: [] }),
    remove: (...asked) => batches.ask({ do: 'remove', with: asked }),
    close: () => batches.close(),
  };
}

async function started(workerData: WorkerSetup): Promise<Worker> {
  const { file, readOnly } = workerData;
  try {
    if (!readOnly) mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw new StoreError(`The folder of ${file} cannot be made: ${(cause as Error).message}`, { cause });
  }
  // Sources and compiled files keep the same names but for the ending.
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), { workerData });
  const opened = await new Promise<Opened>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if ('failed' in opened) throw new StoreError(`The store ${file} cannot be opened: ${opened.failed}.`);
  return worker;
}
