/** The example of docs/configuration.md is one that works. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { configuration } from '../../../server/operations/configuration.ts';
import { readConfiguration } from '../../../server/operations/configuration-file.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'configuration.md'), 'utf8');

it('the documented configuration is valid', async () => {
  const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const path = join(mkdtempSync(join(tmpdir(), 'realmkit-')), 'router.yaml');
  writeFileSync(path, yaml!);
  const { realms, transports } = await readConfiguration(path);
  expect(realms.map(({ name }) => name)).toEqual(['com.example.shop']);
  expect(transports).toHaveLength(3);
});

it('every limit is documented', () => {
  const names = Object.keys(configuration.shape.limits.unwrap().shape);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
