/** What the files of matches and of worlds have in common: what it started from in the first line, and a line for each part of the rest. */
import { t, validate, type StandardSchema } from '../../protocol/index.ts';
import { textOf, valueOf } from './lossless.ts';

/** The file is no match, and no world, or is torn. The message says in which line. */
export class MatchFileError extends Error {
  override readonly name = 'MatchFileError';
}

/** What the first line says, whichever of the two it is. */
export const recordFields = {
  id: t.str(200),
  game: t.str(200),
  fingerprint: t.str(64),
  setup: t.object({ seed: t.json(), options: t.json().optional(), seats: t.int(1, 16).optional() }),
  listed: t.bool(),
  created: t.fixed(1),
};

/** One line of JSON for each. */
export const fileOf = (lines: readonly object[]): string => lines.map((line) => `${textOf(line)}\n`).join('');

/**
 * @param what it is to be, for people. @param head of the first line. @param partIn reads another, whose number it is told.
 * @throws MatchFileError
 */
export function readKeptFile<Head extends { readonly setup: { readonly seed: unknown } }, Part>(
  text: string,
  what: string,
  head: StandardSchema<unknown, Head>,
  partIn: (value: unknown, number: number) => Part,
): { readonly head: Head & { readonly setup: { readonly seed: number } }; readonly parts: readonly Part[] } {
  const [first = '', ...others] = text.split('\n');
  const number = others.length + 1;
  if (others.pop() !== '') throw new MatchFileError(`line ${number} is not whole`);
  const checked = validate(head, valueIn(first, 1));
  if (!checked.ok) {
    const [{ path, message } = { path: '', message: '' }] = checked.issues;
    throw new MatchFileError(`line 1 is not the head of a ${what}: ${path}: ${message}`);
  }
  const { setup } = checked.value;
  const { seed } = setup;
  if (typeof seed !== 'number') throw new MatchFileError('line 1 is not a head: setup.seed: a number');
  return {
    head: { ...checked.value, setup: { ...setup, seed } },
    parts: others.map((line, index) => partIn(valueIn(line, index + 2), index + 2)),
  };
}

function valueIn(line: string, number: number): unknown {
  try {
    return valueOf(line);
  } catch (cause) {
    throw new MatchFileError(`line ${number} is not JSON`, { cause });
  }
}
