/** A match as a text file, to be kept, sent and played on elsewhere: `docs/matches.md` describes it. */
import { t, validate, type Entry } from '../../protocol/index.ts';
import { textOf, valueOf } from './lossless.ts';
import type { KeptMatch, Logged } from './store.ts';

/** The file is no match, or is torn. The message says in which line. */
export class MatchFileError extends Error {
  override readonly name = 'MatchFileError';
}

const form = 1;
const seat = t.int(0, 15);
/** What the first line of a file says of a match, or of a world. */
export const recordFields = {
  id: t.str(200),
  game: t.str(200),
  fingerprint: t.str(64),
  setup: t.object({ seed: t.json(), options: t.json().optional(), seats: t.int(1, 16).optional() }),
  listed: t.bool(),
  created: t.fixed(1),
};
const head = t.object({
  realmkit: t.oneOf('match'),
  form: t.oneOf(form),
  ...recordFields,
  version: t.int(0),
  connected: t.list(seat, 16),
});

/** One line of JSON for what the match started from, and one for each entry of its log. */
export function matchFile({ record, version, connected, log }: KeptMatch): string {
  const lines = [
    { realmkit: 'match', form, ...record, version, connected },
    ...log.map(({ version: made, entry }) => ({ version: made, ...entry })),
  ];
  return lines.map((line) => `${textOf(line)}\n`).join('');
}

/** @throws MatchFileError. Whether the log fits the rules of a game, `matchAt` finds out. */
export function readMatchFile(text: string): KeptMatch {
  const [first = '', ...others] = text.split('\n');
  const number = others.length + 1;
  if (others.pop() !== '') throw new MatchFileError(`line ${number} is not whole`);
  const checked = validate(head, valueIn(first, 1));
  if (!checked.ok) {
    const [{ path, message } = { path: '', message: '' }] = checked.issues;
    throw new MatchFileError(`line 1 is not the head of a match: ${path}: ${message}`);
  }
  const { realmkit: _, form: __, version, connected, setup, ...record } = checked.value;
  const log = others.map((line, index) => loggedIn(line, index + 2));
  const wrong = log.findIndex(
    (logged, index) => logged.version <= (log[index - 1]?.version ?? 0) || logged.version > version,
  );
  if (wrong >= 0) throw new MatchFileError(`line ${wrong + 2}: version ${log[wrong]!.version} does not follow`);
  return { record: { ...record, setup: setupIn(setup) }, version, connected, log };
}

/** @throws MatchFileError */
export function setupIn<S extends { readonly seed: unknown }>(setup: S): S & { readonly seed: number } {
  const { seed } = setup;
  if (typeof seed !== 'number') throw new MatchFileError('line 1 is not a head: setup.seed: a number');
  return { ...setup, seed };
}

function loggedIn(line: string, number: number): Logged {
  const value = valueIn(line, number);
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

/** @throws MatchFileError */
export function valueIn(line: string, number: number): unknown {
  try {
    return valueOf(line);
  } catch (cause) {
    throw new MatchFileError(`line ${number} is not JSON`, { cause });
  }
}

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
