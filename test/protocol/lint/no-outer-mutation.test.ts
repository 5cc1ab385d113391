/** By oxlint itself, as an author of rules runs it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const top = join(import.meta.dirname, '..', '..', '..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'realmkit-lint-'));
  const configuration = {
    jsPlugins: [join(top, 'protocol', 'lint', 'index.ts')],
    categories: { correctness: 'off' },
    rules: { 'realmkit/no-outer-mutation': 'error' },
  };
  writeFileSync(join(folder, '.oxlintrc.json'), JSON.stringify(configuration));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines with a fault, each with the variable that is named. */
function faults(source: string): readonly string[] {
  const file = join(folder, 'rules.ts');
  writeFileSync(file, source);
  const oxlint = join(top, 'node_modules', '.bin', 'oxlint');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [oxlint, '-c', join(folder, '.oxlintrc.json'), '-f', 'json', file],
    { encoding: 'utf8' },
  );
  if (!stdout.trim().startsWith('{')) throw new Error(`oxlint failed: ${stdout}${stderr}`);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { message: string; code: string; labels: { span: { line: number } }[] }[];
  };
  return diagnostics.map(({ message, code, labels }) => {
    expect(code).toBe('realmkit(no-outer-mutation)');
    return `${labels[0]!.span.line} ${message.split(' ')[0]}`;
  });
}

const rules = (...moves: string[]) => `import { registry } from './registry.ts';
let count = 0;
const known = new Map(), cache = { hits: 0, by: {} }, list = [1];
export const rules = { moves: { drop({ state }, { column }) {
${moves.join('\n')}
} } };`;

describe('the lint rule for rules', () => {
  it('finds what is written outside of the state', () => {
    const moves = [
      'count = 1;',
      'count++;',
      '[count] = [2];',
      '({ hits: cache.hits, ...cache.by } = state);',
      'cache.by[column] += 1;',
      'delete cache.by[column];',
      'known.set(column, 1);',
      'list.push(column);',
      '(list as number[])[0] = column;',
      'Object.assign(cache, state);',
      'registry.add(column);',
      'state.columns.forEach(() => { count -= 1; });',
    ];
    const names = ['count', 'count', 'count', 'cache', 'cache', 'cache', 'cache', 'known', 'list', 'list', 'cache'];
    const lines = [5, 6, 7, 8, 8, 9, 10, 11, 12, 13, 14].map((line, i) => `${line} ${names[i]}`);
    expect(faults(rules(...moves)).toSorted()).toEqual([...lines, '15 registry', '16 count'].toSorted());
  });

  it('lets rules write to their state and to what they have made, and read whatever they want', () => {
    const moves = [
      'state.columns[column].push(list[0]);',
      'state.last = known.get(column) ?? count;',
      'const made = [...list]; made.sort(); made[0] = 1;',
      'let sum = 0; for (const one of list) sum += one;',
      '{ const cache = { hits: 0 }; cache.hits = sum; }',
      'delete state.last;',
    ];
    expect(faults(rules(...moves))).toEqual([]);
  });

  it('lets a file make its tables when it is loaded', () => {
    expect(faults('const table = []; for (let i = 0; i < 9; i++) table.push(i * i); export { table };')).toEqual([]);
  });
});
