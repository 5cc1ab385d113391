/** The table of features names every one that the router announces, and tests that are there. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { join as joinRealm } from '../protocol/index.ts';
import { anonymous } from '../server/authentication/index.ts';
import { permissiveRealm } from '../server/router/index.ts';
import { Hub } from '../server/transports/index.ts';
import { everyTransport } from './conformance/every-transport.ts';

const top = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(top, file), 'utf8');

/** The texts in backquotes of one cell. */
const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);
const rows = read('docs/features.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('.test.ts'))
  .map((line) => {
    const [, , announced = '', everywhere = '', more = ''] = line.split('|');
    return { announced: quoted(announced), everywhere: quoted(everywhere), more: quoted(more) };
  });

it('every announced feature has a row, and nothing else has one', async () => {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const { details } = await joinRealm(hub.link(), { realm: 'realm1' });
  await hub.stop();
  const roles = Object.values(details.roles as Record<string, { features: object }>);
  const announced = roles.flatMap(({ features, ...beside }) => [...Object.keys(features), ...Object.keys(beside)]);
  expect(new Set(rows.flatMap((row) => row.announced))).toEqual(new Set(announced));
});

it('every announced feature is proved over every transport, by a test of that title', () => {
  const suites = globSync('test/conformance/*.test.ts', { cwd: top }).map((file) => {
    const [, ofEveryTransport = ''] = read(file).split('\noverEveryTransport(');
    return ofEveryTransport.split('\n});\n')[0]!;
  });
  const isThere = (title: string) => suites.some((suite) => suite.includes(`'${title}'`));
  expect(rows.flatMap(({ everywhere }) => everywhere).filter((title) => !isThere(title))).toEqual([]);
  expect(rows.filter(({ announced, everywhere }) => announced.length > 0 && everywhere.length === 0)).toEqual([]);
});

it('the suite knows every way to the router, with every serializer', () => {
  const serializers = ['json', 'msgpack', 'cbor'];
  const framed = serializers.flatMap((name) => [`wamp.2.${name}`, `wamp.2.${name}.batched`]);
  expect(new Set(everyTransport.map(([name]) => name))).toEqual(
    new Set([
      'memory',
      ...framed.flatMap((subprotocol) => [`WebSocket, ${subprotocol}`, `long-poll, ${subprotocol}`]),
      ...serializers.flatMap((name) => [`RawSocket over TCP, ${name}`, `RawSocket over a Unix socket, ${name}`]),
    ]),
  );
});

it('every test file that a row names exists', () => {
  const files = new Set(globSync('test/**/*.test.ts', { cwd: top }).map((file) => basename(file)));
  expect(rows.flatMap(({ more }) => more).filter((name) => !files.has(name))).toEqual([]);
});
