/** A world as a text file, as it is: what it started from, and a line for each part of what it has become. `docs/matches.md`. */
import { t, validate } from '../../protocol/index.ts';
import { textOf } from './lossless.ts';
import { MatchFileError, recordFields, setupIn, valueIn } from './match-file.ts';
import type { StoredWorld, WorldParts } from './store.ts';

const form = 1;
const head = t.object({ realmkit: t.oneOf('world'), form: t.oneOf(form), ...recordFields, version: t.int(0) });

/** Whether a file is to be read as a world, and not as a match. */
export const isWorldFile = (text: string): boolean => text.startsWith('{"realmkit":"world",');

export function worldFile({ record, version, parts }: StoredWorld): string {
  const lines = [
    { realmkit: 'world', form, ...record, version },
    ...Object.entries(parts).map(([part, is]) => ({ part, is })),
  ];
  return lines.map((line) => `${textOf(line)}\n`).join('');
}

/** @throws MatchFileError. Whether the parts fit the rules of a world, `worldOf` finds out. */
export function readWorldFile(text: string): StoredWorld {
  const [first = '', ...others] = text.split('\n');
  const number = others.length + 1;
  if (others.pop() !== '') throw new MatchFileError(`line ${number} is not whole`);
  const checked = validate(head, valueIn(first, 1));
  if (!checked.ok) {
    const [{ path, message } = { path: '', message: '' }] = checked.issues;
    throw new MatchFileError(`line 1 is not the head of a world: ${path}: ${message}`);
  }
  const { realmkit: _, form: __, version, setup, ...record } = checked.value;
  const parts: WorldParts = Object.fromEntries(others.map((line, index) => partIn(line, index + 2)));
  return { record: { ...record, setup: setupIn(setup) }, version, parts };
}

function partIn(line: string, number: number): [string, unknown] {
  const value = valueIn(line, number);
  if (
    typeof value !== 'object' ||
    value === null ||
    !('part' in value && 'is' in value) ||
    typeof value.part !== 'string'
  )
    throw new MatchFileError(`line ${number} is no part of a world`);
  return [value.part, value.is];
}
