/** The documents of the router name every feature that it announces, and tests that are there. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { join as joinRealm } from '../protocol/index.ts';
import { anonymous } from '../server/authentication/index.ts';
import { permissiveRealm } from '../server/router/index.ts';
import { Hub } from '../server/transports/index.ts';

const top = join(import.meta.dirname, '..');
const documents = ['calls.md', 'pubsub.md'].map((name) => readFileSync(join(top, 'docs', name), 'utf8')).join('\n');
const rows = documents.split('\n').filter((line) => line.startsWith('| ') && line.includes('.test.ts'));

it('every announced feature has a row, and nothing else has one', async () => {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const { details } = await joinRealm(hub.link(), { realm: 'realm1' });
  await hub.stop();
  const roles = details.roles as Record<string, { features: Record<string, true> }>;
  const announced = Object.values(roles).flatMap(({ features }) => Object.keys(features));
  const documented = rows.flatMap((row) => [...row.split('|')[2]!.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!));
  const withoutSketch = documented.filter((name) => name !== 'reflection'); // directly under the role
  expect(new Set(withoutSketch)).toEqual(new Set(announced));
});

it('every test file that a row names exists', () => {
  const files = new Set(globSync('test/**/*.test.ts', { cwd: top }).map((file) => basename(file)));
  const named = rows.flatMap((row) => [...row.matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name]) => name!));
  expect(named.filter((name) => !files.has(name))).toEqual([]);
});
