import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const protocol = pathToFileURL(join(import.meta.dirname, '../../../protocol/index.ts')).href;
const counting = (state: string) => `
import { game, t } from '${protocol}';
import { by } from './by.ts';
export const countRules = game('count', { seats: 1, state: { ${state} }, moves: { go: {} } }).rules({
  setup: () => ({ n: 0 }),
  moves: { go({ state, next }) { state.n += by; next(); } },
});`;

/** What comes of writing files, one step after another, into a folder with a game that counts by what another file says. */
function steps(...wanted: readonly { readonly [file: string]: string }[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'realmkit-rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'count.ts'), counting('n: t.int()'));
  writeFileSync(join(folder, 'by.ts'), 'export const by = 1;');
  const alone = join(import.meta.dirname, 'followed-rules-alone.ts');
  return JSON.parse(execFileSync(process.execPath, [alone, folder, JSON.stringify(wanted)], { encoding: 'utf8' }));
}
const swapped = 'count: the new rules hold, in running matches too.';

it('a changed file swaps the rules under a running match, also one that the rules import', () => {
  expect(
    steps({}, { 'by.ts': 'export const by = 10;' }, { 'count.ts': counting('n: t.int()').replace('+=', '-=') }),
  ).toEqual([
    { log: [swapped], state: { n: 1 }, changes: 1 },
    { log: [swapped], state: { n: 11 }, changes: 2 },
    { log: [swapped], state: { n: 1 }, changes: 3 },
  ]);
});

it('a schema that does not fit is told of, field by field, and the match goes on as it was', () => {
  expect(
    steps({ 'count.ts': counting('n: t.int(), m: t.int().default(0)'), 'by.ts': 'export const by = 10;' }),
  ).toEqual([
    {
      log: ['count: the old rules hold until a restart, for matches do not fit: state.m is new.'],
      state: { n: 1 },
      changes: 1,
    },
  ]);
});

it('files that cannot be read are told of, the rules stay, and are swapped once they can', () => {
  expect(steps({ 'by.ts': 'export const by = ;' }, { 'by.ts': 'export const by = 4;' })).toEqual([
    {
      log: [
        expect.stringMatching(/^by\.ts cannot be read, so the old rules hold: /),
        expect.stringMatching(/^count\.ts cannot be read, so the old rules hold: /),
      ],
      state: { n: 1 },
      changes: 1,
    },
    { log: [swapped], state: { n: 5 }, changes: 2 },
  ]);
});
