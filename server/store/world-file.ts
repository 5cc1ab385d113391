/** A world as a text file, as it is: what it started from, and a line for each part of what it has become. `docs/matches.md`. */
import { t } from '../../protocol/index.ts';
import { fileOf, MatchFileError, readKeptFile, recordFields } from './kept-file.ts';
import type { StoredWorld } from './store.ts';

const form = 1;
const head = t.object({ realmkit: t.oneOf('world'), form: t.oneOf(form), ...recordFields, version: t.int(0) });

/** Whether a file is to be read as a world, and not as a match. */
export const isWorldFile = (text: string): boolean => text.startsWith('{"realmkit":"world",');

export const worldFile = ({ record, version, parts }: StoredWorld): string =>
  fileOf([
    { realmkit: 'world', form, ...record, version },
    ...Object.entries(parts).map(([part, is]) => ({ part, is })),
  ]);

/** @throws MatchFileError. Whether the parts fit the rules of a world, `worldOf` finds out. */
export function readWorldFile(text: string): StoredWorld {
  const { head: first, parts } = readKeptFile(text, 'world', head, partIn);
  const { realmkit: _, form: __, version, ...record } = first;
  return { record, version, parts: Object.fromEntries(parts) };
}

function partIn(value: unknown, number: number): [string, unknown] {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('part' in value && 'is' in value) ||
    typeof value.part !== 'string'
  )
    throw new MatchFileError(`line ${number} is no part of a world`);
  return [value.part, value.is];
}
