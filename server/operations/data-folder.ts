/** The folder in which a game server keeps what must outlive it: its matches, and the secret that signs guests' tickets. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../http.ts';
import { openSqliteStore, StoreError } from '../store/sqlite/sqlite-store.ts';
import type { MatchStore } from '../store/store.ts';

export interface DataFolder {
  readonly store: MatchStore;
  readonly secret: string;
}

/** The file with the matches. */
export const matchesFile = (folder: string): string => join(folder, 'matches.sqlite');

/** Opens a folder, which is made if it is not there. @throws StartError where it cannot be used, or another process does. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const store = await openSqliteStore(matchesFile(folder));
    try {
      return { store, secret: await secretIn(join(folder, 'secret')) };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof StoreError) throw new StartError(error.message);
    throw new StartError(
      `The folder ${folder} cannot be used: ${(error as Error).message}. Choose another with --data.`,
    );
  }
}

/** The one that is there, or a new one that only this user can read. */
async function secretIn(file: string): Promise<string> {
  const made = randomBytes(32).toString('hex');
  await writeFile(file, made, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length < 32)
    throw new Error(`${file} should hold a secret of at least 32 characters; remove it for a new one`);
  return secret;
}
