/** A match as a text file, to be kept, sent and played on elsewhere: `docs/matches.md` describes it. */
import { t, type Entry } from '../../protocol/index.ts';
import { fileOf, MatchFileError, readKeptFile, recordFields } from './kept-file.ts';
import type { KeptMatch, Logged } from './store.ts';

const form = 1;
const seat = t.int(0, 15);
const head = t.object({
  realmkit: t.oneOf('match'),
  form: t.oneOf(form),
  ...recordFields,
  version: t.int(0),
  connected: t.list(seat, 16),
});

/** One line of JSON for what the match started from, and one for each entry of its log. */
export const matchFile = ({ record, version, connected, log }: KeptMatch): string =>
  fileOf([
    { realmkit: 'match', form, ...record, version, connected },
    ...log.map(({ version: made, entry }) => ({ version: made, ...entry })),
  ]);

/** @throws MatchFileError. Whether the log fits the rules of a game, `matchAt` finds out. */
export function readMatchFile(text: string): KeptMatch {
  const { head: first, parts: log } = readKeptFile(text, 'match', head, loggedIn);
  const { realmkit: _, form: __, version, connected, ...record } = first;
  const wrong = log.findIndex(
    (logged, index) => logged.version <= (log[index - 1]?.version ?? 0) || logged.version > version,
  );
  if (wrong >= 0) throw new MatchFileError(`line ${wrong + 2}: version ${log[wrong]!.version} does not follow`);
  return { record, version, connected, log };
}

function loggedIn(value: unknown, number: number): Logged {
  if (!isEntry(value)) throw new MatchFileError(`line ${number} is no entry: it has no version, or no type`);
  const { version, ...entry } = value;
  return { version, entry };
}

/** The cast that comes after it is proven by replaying: nobody is given the log of a file that does not fit the rules. */
const isEntry = (value: unknown): value is Entry & { readonly version: number } =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  Number.isInteger(value.version) &&
  'type' in value &&
  typeof value.type === 'string';

/**
 * Another match that has gone the same way up to a version: same players, same chance. Its time goes on from there.
 * @param now milliseconds since 1970.
 */
export function forkOf(
  { record, log }: KeptMatch,
  { id, version, now }: { id: string; version: number; now: number },
): KeptMatch {
  const before = log.filter((logged) => logged.version <= version);
  return { record: { ...record, id, created: now }, version, connected: [], log: before };
}
