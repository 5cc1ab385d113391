/** What the package gives to its users. `npm test` builds the declarations before. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const dist = join(import.meta.dirname, '..', 'dist');
const declarations = globSync('{protocol,server,client}/**/*.d.ts', { cwd: dist });
const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

describe('the public types', () => {
  it('have been built', () => {
    for (const layer of ['protocol', 'server', 'client']) expect(declarations).toContain(`${layer}/index.d.ts`);
  });

  it('know no `any`', () => {
    const lax = declarations.flatMap((file) =>
      withoutComments(readFileSync(join(dist, file), 'utf8'))
        .split('\n')
        .filter((line) => /(?:[:<,|&(=]|=>)\s*any\b|\bany\[\]/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(lax).toEqual([]);
  });
});
