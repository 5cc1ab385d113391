/** What is published: all that the entries need, and nothing of the page and the sample games. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const top = join(import.meta.dirname, '..');
const entries = ['protocol/index.ts', 'server/index.ts', 'client/index.ts', 'protocol/lint/index.ts'];
/** Loaded by a thread, not by an import. */
const threads = ['server/services/search-worker.ts'];

let published: ReadonlySet<string>;
beforeAll(() => {
  // Sources are published beside what is built from them, for the maps: so no build is needed here.
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: top, encoding: 'utf8' });
  published = new Set([...said.matchAll(/"path": "([^"]+)"/g)].map(([, path]) => path!));
});

/** The files of ours that these import, and those that they import. */
function reached(from: readonly string[]): ReadonlySet<string> {
  const found = new Set(from);
  for (const file of found) {
    const source = readFileSync(join(top, file), 'utf8');
    for (const [, path] of source.matchAll(/\b(?:from|import)\b\s*\(?\s*'(\.[^']+)'/g))
      found.add(posix.join(posix.dirname(file), path!));
  }
  return found;
}

describe('the package', () => {
  it('has every file that its entries import', () => {
    expect([...reached([...entries, ...threads])].filter((file) => !published.has(file))).toEqual([]);
  });

  it('has no sample game, no page, no command line and no test', () => {
    const strange = /(^|\/)(games|ui|test|public)\/|cli\.|client\/main\.|\.css$|\.html$|tsconfig|tsbuildinfo/;
    expect([...published].filter((file) => strange.test(file))).toEqual([]);
  });
});
