/** What an operator can do with the matches in a data folder: `npm run matches`. */
import { readFile, writeFile } from 'node:fs/promises';
import type { AnyRules } from '../../protocol/index.ts';
import { secureChance } from '../authority/index.ts';
import { StartError } from '../http.ts';
import { matchAt } from '../store/match-at.ts';
import { forkOf, matchFile, MatchFileError, readMatchFile } from '../store/match-file.ts';
import { openSqliteStore, StoreError } from '../store/sqlite/sqlite-store.ts';
import type { KeptMatch, MatchStore } from '../store/store.ts';
import { matchesFile } from './data-folder.ts';

export type MatchesWish =
  | { readonly do: 'list' }
  /** Without a file the match is what the command prints. */
  | { readonly do: 'export'; readonly match: string; readonly file?: string }
  | { readonly do: 'import'; readonly file: string }
  | { readonly do: 'fork'; readonly match: string; readonly version: number };

/** @returns what there is to print. @throws StartError saying why it cannot be done. */
export async function tendMatches(
  folder: string,
  wish: MatchesWish,
  games: readonly AnyRules[],
): Promise<readonly string[]> {
  const isReading = wish.do === 'list' || wish.do === 'export';
  try {
    const store = await openSqliteStore(matchesFile(folder), { readOnly: isReading });
    try {
      return await fulfil(store, wish, games);
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof StoreError || error instanceof MatchFileError) throw new StartError(error.message);
    throw error;
  }
}

async function fulfil(store: MatchStore, wish: MatchesWish, games: readonly AnyRules[]): Promise<readonly string[]> {
  switch (wish.do) {
    case 'list': {
      const matches = await store.list();
      return matches.map(({ record: { id, game, created }, version }) =>
        [id, game, new Date(created).toISOString(), `version ${version}`].join('  '),
      );
    }
    case 'export': {
      const text = matchFile(await matchIn(store, wish.match));
      if (wish.file === undefined) return [text.trimEnd()];
      await writeFile(wish.file, text, { mode: 0o600 }).catch(cannot('written', wish.file));
      return [`Match ${wish.match} is in ${wish.file}.`];
    }
    case 'import': {
      const text = await readFile(wish.file, 'utf8').catch(cannot('read', wish.file));
      return keep(store, readMatchFile(text), games);
    }
    case 'fork': {
      const kept = await matchIn(store, wish.match);
      if (wish.version > kept.version)
        throw new StartError(`Match ${wish.match} has versions 0 to ${kept.version}, not ${wish.version}.`);
      return keep(store, forkOf(kept, { id: secureChance.id(), version: wish.version, now: Date.now() }), games);
    }
  }
}

async function matchIn(store: MatchStore, id: string): Promise<KeptMatch> {
  const kept = await store.read(id);
  if (!kept) throw new StartError(`There is no match ${id}: "list" shows those that there are.`);
  return kept;
}

/** Only what can be played on is kept. */
async function keep(store: MatchStore, kept: KeptMatch, games: readonly AnyRules[]): Promise<readonly string[]> {
  const { record, ...past } = kept;
  const rules = games.find(({ game }) => game.name === record.game);
  if (!rules) throw new StartError(`There is no game ${record.game} here.`);
  try {
    matchAt(rules, kept);
    await store.create(record, { ...past, connected: [] });
  } catch (error) {
    throw new StartError(`The match cannot be kept: ${(error as Error).message}.`);
  }
  return [`Match ${record.id} of ${record.game} is kept, at version ${kept.version}.`];
}

const cannot = (what: string, file: string) => (cause: Error) => {
  throw new StartError(`${file} cannot be ${what}: ${cause.message}`);
};
