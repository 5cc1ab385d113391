/** What an operator can do with the matches and worlds in a data folder: `npm run matches`. */
import { readFile, writeFile } from 'node:fs/promises';
import type { AnyRules, AnyWorldRules } from '../../protocol/index.ts';
import { secureChance } from '../authority/index.ts';
import { StartError } from '../http.ts';
import { MatchFileError } from '../store/kept-file.ts';
import { matchAt } from '../store/match-at.ts';
import { forkOf, matchFile, readMatchFile } from '../store/match-file.ts';
import { openSqliteStore, StoreError } from '../store/sqlite/sqlite-store.ts';
import type { KeptMatch, MatchStore, StoredWorld } from '../store/store.ts';
import { isWorldFile, readWorldFile, worldFile } from '../store/world-file.ts';
import { worldOf } from '../store/world-parts.ts';
import { matchesFile } from './data-folder.ts';

export type MatchesWish =
  | { readonly do: 'list' }
  /** Without a file the match is what the command prints. */
  | { readonly do: 'export'; readonly match: string; readonly file?: string }
  | { readonly do: 'import'; readonly file: string }
  | { readonly do: 'fork'; readonly match: string; readonly version: number }
  | { readonly do: 'remove'; readonly match: string };

type Games = readonly (AnyRules | AnyWorldRules)[];

/** @returns what there is to print. @throws StartError saying why it cannot be done. */
export async function tendMatches(folder: string, wish: MatchesWish, games: Games): Promise<readonly string[]> {
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

async function fulfil(store: MatchStore, wish: MatchesWish, games: Games): Promise<readonly string[]> {
  switch (wish.do) {
    case 'list': {
      const matches = await store.list();
      return matches.map(({ record: { id, game, created }, version }) =>
        [id, game, new Date(created).toISOString(), `version ${version}`].join('  '),
      );
    }
    case 'export': {
      const { world, match } = await keptIn(store, wish.match, games);
      const text = world ? worldFile(world) : matchFile(match);
      if (wish.file === undefined) return [text.trimEnd()];
      await writeFile(wish.file, text, { mode: 0o600 }).catch(cannot('written', wish.file));
      return [`${world ? 'World' : 'Match'} ${wish.match} is in ${wish.file}.`];
    }
    case 'import': {
      const text = await readFile(wish.file, 'utf8').catch(cannot('read', wish.file));
      return isWorldFile(text) ? keepWorld(store, readWorldFile(text), games) : keep(store, readMatchFile(text), games);
    }
    case 'fork': {
      const { world, match } = await keptIn(store, wish.match, games);
      if (world)
        throw new StartError(`${wish.match} is a world: it has no log, so it cannot be taken back to a version.`);
      if (wish.version > match.version)
        throw new StartError(`Match ${wish.match} has versions 0 to ${match.version}, not ${wish.version}.`);
      return keep(store, forkOf(match, { id: secureChance.id(), version: wish.version, now: Date.now() }), games);
    }
    case 'remove': {
      const { match } = await keptIn(store, wish.match, games);
      await store.remove(wish.match);
      return [`${wish.match} of ${match.record.game} is gone.`];
    }
  }
}

/** What is kept by an id, and it as a world where it is one: its game says so, or that it has been stored as one. */
async function keptIn(
  store: MatchStore,
  id: string,
  games: Games,
): Promise<{ readonly match: KeptMatch; readonly world: StoredWorld | null }> {
  const [match, world] = [await store.read(id), await store.readWorld(id)];
  if (!match || !world) throw new StartError(`There is no match ${id}: "list" shows those that there are.`);
  const rules = games.find(({ game }) => game.name === match.record.game);
  const isWorld = Object.keys(world.parts).length > 0 || (rules && 'world' in rules);
  return { match, world: isWorld ? world : null };
}

/** Only what can be played on is kept. */
async function keep(store: MatchStore, kept: KeptMatch, games: Games): Promise<readonly string[]> {
  const { record, ...past } = kept;
  const rules = games.find(({ game }) => game.name === record.game);
  if (!rules || 'world' in rules) throw new StartError(`There is no game ${record.game} here.`);
  try {
    matchAt(rules, kept);
    await store.create(record, { ...past, connected: [] });
  } catch (error) {
    throw new StartError(`The match cannot be kept: ${(error as Error).message}.`);
  }
  return [`Match ${record.id} of ${record.game} is kept, at version ${kept.version}.`];
}

/** The same of a world. */
async function keepWorld(store: MatchStore, kept: StoredWorld, games: Games): Promise<readonly string[]> {
  const { record, version, parts } = kept;
  const rules = games.find(({ game }) => game.name === record.game);
  if (!rules || 'behaviour' in rules) throw new StartError(`There is no world ${record.game} here.`);
  try {
    worldOf(rules, kept);
    await store.create(record);
    await store.keepWorld({ match: record.id, epoch: 1, version, parts });
  } catch (error) {
    throw new StartError(`The world cannot be kept: ${(error as Error).message}.`);
  }
  return [`World ${record.id} of ${record.game} is kept, at version ${version}.`];
}

const cannot = (what: string, file: string) => (cause: Error) => {
  throw new StartError(`${file} cannot be ${what}: ${cause.message}`);
};
