import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration, reveal } from '../../../server/operations/configuration-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'realmkit-configuration-'));
let count = 0;
function file(ending: string, text: string): string {
  const path = join(folder, `router-${++count}.${ending}`);
  writeFileSync(path, text);
  return path;
}
const faultsOf = async (path: string): Promise<string[]> => {
  const error: unknown = await readConfiguration(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error('it was accepted');
  return error.message
    .replaceAll(`${folder}/`, '')
    .replaceAll(/router-\d+/g, 'router')
    .split('\n');
};

const yaml = `
realms:
  - name: realm1
    roles:
      - name: anonymous
        permissions:
          - uri: com.example.*
            allow: [call, subscribe]
    authentication:
      anonymous: {}
transports:
  - port: 8080
    websocket: {}
`;

describe('a configuration file', () => {
  it('is YAML, JSON or a module, and gets its defaults', async () => {
    const read = await readConfiguration(file('yaml', yaml));
    expect(read.realms[0]).toMatchObject({ name: 'realm1', uris: 'loose', requestIds: 'strict' });
    expect(read.transports[0]).toEqual({ host: '127.0.0.1', port: 8080, websocket: { path: '/ws', origins: [] } });
    expect(await readConfiguration(file('json', JSON.stringify(read)))).toEqual(read);
    expect(await readConfiguration(file('ts', `export default ${JSON.stringify(read)}`))).toEqual(read);
  });

  it('is told the line and key of each fault', async () => {
    const wrong = yaml.replace('call, subscribe', 'call, dance').replace('port: 8080', 'port: 80800');
    expect(await faultsOf(file('yaml', wrong))).toEqual([
      expect.stringMatching(/^router\.yaml:8: realms\[0\]\.roles\[0\]\.permissions\[0\]\.allow\[1\]: .*"call"/),
      expect.stringMatching(/^router\.yaml:12: transports\[0\]\.port: .*65535/),
    ]);
  });

  it('is told of keys that do not exist, and of those that are missing', async () => {
    const faults = await faultsOf(file('yaml', yaml.replace('name: realm1', 'nmae: realm1')));
    expect(faults).toContainEqual(expect.stringMatching(/^router\.yaml:3: realms\[0\]\.name: /));
    expect(faults).toContainEqual(expect.stringMatching(/^router\.yaml:3: realms\[0\]: .*"nmae"/));
  });

  it('is told of a role that the realm does not have', async () => {
    const faults = await faultsOf(file('yaml', yaml.replace('anonymous: {}', 'anonymous: { role: guest }')));
    expect(faults).toEqual([
      'router.yaml:10: realms[0].authentication.anonymous.role: there is no role "guest" in this realm; there is anonymous',
    ]);
  });

  it('is told of names that are there twice', async () => {
    const twice = yaml.replace('roles:', 'roles:\n      - name: anonymous');
    expect(await faultsOf(file('yaml', twice))).toEqual([
      'router.yaml:6: realms[0].roles[1].name: there is another "anonymous"',
    ]);
  });

  it('is told what the nearest of several things lacks, or which there are', async () => {
    const wrong = yaml
      .replace('anonymous: {}', 'ticket: { principals: { ada: { role: anonymous, ticket: { enf: A } } } }')
      .replace('websocket: {}', 'websocket: {}\n    tls: [{ certificate: a.pem, key: a.key }, { certificate: b.pem }]');
    expect(await faultsOf(file('yaml', wrong))).toEqual([
      'router.yaml:10: realms[0].authentication.ticket.principals.ada.ticket: a secret is a text, { env: NAME } or { file: PATH }',
      expect.stringMatching(/^router\.yaml:14: transports\[0\]\.tls\[1\]\.key: /),
    ]);
  });

  it('is told where it is no YAML, and that it is not there', async () => {
    expect(await faultsOf(file('yaml', 'realms:\n  - [\n'))).toEqual([expect.stringMatching(/^router\.yaml:3: /)]);
    expect(await faultsOf(join(folder, 'missing.yaml'))).toEqual([
      expect.stringMatching(/^missing\.yaml cannot be read: /),
    ]);
    expect(await faultsOf(file('ts', "throw new Error('no configuration today')"))).toEqual([
      expect.stringMatching(/^router\.ts cannot be imported: no configuration today/),
    ]);
  });
});

describe('a secret', () => {
  it('stands in the file, in the environment or in a file of its own', async () => {
    process.env['REALMKIT_TEST_SECRET'] = 'from the environment';
    expect(await reveal('plain')).toBe('plain');
    expect(await reveal({ env: 'REALMKIT_TEST_SECRET' })).toBe('from the environment');
    expect(await reveal({ file: file('secret', 'from a file\n') })).toBe('from a file');
  });

  it('that is not there is asked for by name', async () => {
    await expect(reveal({ env: 'REALMKIT_NO_SUCH' })).rejects.toThrow(
      'The environment variable REALMKIT_NO_SUCH, which should hold a secret, is not set.',
    );
    await expect(reveal({ file: join(folder, 'no-secret') })).rejects.toThrow(/no-secret cannot be read/);
  });
});
