/** The commands as their users meet them: real processes, real signals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { connectWebSocket, join as joinRealm } from '../../protocol/index.ts';

const top = join(import.meta.dirname, '..', '..');
const children = new Set<ReturnType<typeof spawn>>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

function run(args: string[], { cwd = top, command = process.execPath, env = {} } = {}) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  children.add(child);
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exit, stdout: child.stdout, stderr: child.stderr };
}
const cli = (env: Record<string, string>, ...args: string[]) =>
  run(['--require', './server/node-version.cjs', 'server/cli.ts', ...args], { env });

async function firstLines(stream: Readable, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface(stream)) if (lines.push(line) === count) break;
  return lines;
}

/** What a command says that cannot start: its exit code and the lines of its complaint. */
async function complaint(...args: string[]) {
  const { exit, stderr } = cli({}, ...args);
  const said = (await text(stderr)).trim().split('\n');
  return { code: await exit, said };
}

describe('npm run router', () => {
  it('prints one line with its URL, serves realm1 there, and ends at SIGTERM with GOODBYE', async () => {
    const { child, stdout, exit } = cli({}, 'router', '--port', '0');
    const [first] = (await once(stdout, 'data')) as [Buffer];
    const url = first.toString().trim();
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/ws$/);
    const session = await joinRealm(await connectWebSocket(url), { realm: 'realm1' });
    child.kill('SIGTERM');
    expect((await session.closed).reason).toBe('wamp.close.system_shutdown');
    expect(await exit).toBe(0);
  });

  it('ends with GOODBYE when npm is stopped, whose shell does not pass the signal on', async () => {
    const script = `'${process.execPath}' --require ./server/node-version.cjs server/cli.ts router --port 0; true`;
    const { child, stdout } = run(['-c', script], { command: 'sh', env: { npm_lifecycle_event: 'router' } });
    const [first] = (await once(stdout, 'data')) as [Buffer];
    const session = await joinRealm(await connectWebSocket(first.toString().trim()), { realm: 'realm1' });
    child.kill('SIGTERM');
    expect((await session.closed).reason).toBe('wamp.close.system_shutdown');
    await once(stdout, 'close'); // the last of the shell's children has gone
  });

  it('stays on loopback, because it lets anybody do anything', async () => {
    const { code, said } = await complaint('router', '--port', '0', '--host', '0.0.0.0');
    expect(code).toBe(1);
    expect(said).toEqual([
      'The bare router lets anybody do anything, so it listens on 127.0.0.1 only, not on 0.0.0.0.',
    ]);
  });
});

describe('npm run router -- --config', () => {
  const folder = mkdtempSync(join(tmpdir(), 'realmkit-'));
  const file = join(folder, 'router.yaml');
  const yaml = `
realms:
  - name: com.example.shop
    roles:
      - { name: frontend, permissions: [{ uri: com.example.*, allow: [call, subscribe] }] }
      - { name: backend, permissions: [{ uri: com.example.*, allow: [register, publish] }] }
    authentication:
      ticket: { principals: { stock: { ticket: { env: STOCK_TICKET }, role: backend } } }
      anonymous: { role: frontend }
transports:
  - { port: 0, websocket: { path: /wamp }, longpoll: {}, rawsocket: {} }
`;

  it('starts the router that the file describes, with its roles and secrets', async () => {
    writeFileSync(file, yaml);
    const { child, stdout, exit } = cli({ STOCK_TICKET: 'open-sesame' }, 'router', '--config', file);
    const [url = '', ...others] = await firstLines(stdout, 3);
    expect(url).toMatch(/^ws:.*\/wamp$/);
    expect(others).toEqual([expect.stringMatching(/^http:.*\/lp$/), expect.stringMatching(/^rs:/)]);
    const realm = 'com.example.shop';
    const stock = await joinRealm(await connectWebSocket(url), {
      realm,
      authid: 'stock',
      authmethods: ['ticket'],
      onChallenge: () => 'open-sesame',
    });
    await stock.register('com.example.count', () => ({ args: [7] }));
    const visitor = await joinRealm(await connectWebSocket(url), { realm });
    expect((await visitor.call('com.example.count')).args).toEqual([7]);
    await expect(visitor.register('com.example.other', () => {})).rejects.toMatchObject({
      uri: 'wamp.error.not_authorized',
    });
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('follows the file when it changes, and reads it at SIGHUP', async () => {
    writeFileSync(file, yaml);
    const { child, stdout, stderr, exit } = cli({ STOCK_TICKET: 'open-sesame' }, 'router', '--config', file);
    const said = createInterface(stdout)[Symbol.asyncIterator]();
    const complained = createInterface(stderr)[Symbol.asyncIterator]();
    const next = async (lines: AsyncIterator<string>): Promise<unknown> => (await lines.next()).value;
    const url = String(await next(said));
    for (let other = 0; other < 2; other++) await next(said);
    const visitor = await joinRealm(await connectWebSocket(url), { realm: 'com.example.shop' });
    writeFileSync(file, yaml.replace('com.example.*, allow: [call, subscribe]', 'org.*, allow: [call, subscribe]'));
    expect(await next(said)).toBe(`${file} was read anew: realm com.example.shop: roles changed`);
    await expect(visitor.call('com.example.count')).rejects.toMatchObject({ uri: 'wamp.error.not_authorized' });
    child.kill('SIGHUP');
    expect(await next(said)).toBe(`${file} was read anew: realms, transports and limits are as they were`);
    writeFileSync(file, yaml.replace('role: frontend', 'role: visitor'));
    expect(await next(complained)).toContain(`${file}:9: realms[0].authentication.anonymous.role: there is no role`);
    expect(await next(complained)).toBe('The router goes on as it was.');
    writeFileSync(file, yaml.replaceAll('frontend', 'visitor'));
    expect(await visitor.closed).toMatchObject({
      reason: 'wamp.close.killed',
      message: 'the realm has no role "frontend" any more',
    });
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  it('--check says what is wrong, with its line, or that all is right', async () => {
    writeFileSync(file, yaml);
    const right = cli({}, 'router', '--config', file, '--check');
    expect(await text(right.stdout)).toBe(`${file} is a valid configuration.\n`);
    expect(await right.exit).toBe(0);
    writeFileSync(file, yaml.replace('role: frontend', 'role: visitor'));
    const { code, said } = await complaint('router', '--config', file, '--check');
    expect(code).toBe(1);
    expect(said).toEqual([
      expect.stringContaining(`${file}:9: realms[0].authentication.anonymous.role: there is no role "visitor"`),
    ]);
  });

  it('a secret that is not there is named', async () => {
    writeFileSync(file, yaml);
    const { code, said } = await complaint('router', '--config', file);
    expect(code).toBe(1);
    expect(said).toEqual(['The environment variable STOCK_TICKET, which should hold a secret, is not set.']);
  });

  it('--schema prints a JSON Schema', async () => {
    const { stdout } = cli({}, 'router', '--schema');
    expect(JSON.parse(await text(stdout))).toMatchObject({ type: 'object', required: ['realms', 'transports'] });
  });
});

describe('a command that cannot start says so in one line and exits with 1', () => {
  it('for a taken port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, said } = await complaint('router', '--port', String(port));
    holder.close();
    expect(code).toBe(1);
    expect(said).toEqual([`Port ${port} is taken: stop what listens there, or choose another (0: any free one).`]);
  });

  it.each(['abc', '70000', '-1', '1.5', ''])('for the port "%s"', async (port) => {
    const { code, said } = await complaint('router', `--port=${port}`);
    expect(code).toBe(1);
    expect(said).toEqual([`--port "${port}" is no port: it is a whole number from 0 to 65535.`]);
  });

  it.each([
    [['start', '--latency', 'slow'], '--latency "slow" is no time: milliseconds from 0 to 10000 are wanted.'],
    [['start', '--latency=150', '--jitter=-1'], '--jitter "-1" is no time: milliseconds from 0 to 10000 are wanted.'],
    [['start', '--jitter', '50'], '--jitter goes with --latency: it is how much more or less a round trip takes.'],
    [['router', '--latency', '150'], '--latency is for "npm start" and "npm run dev".'],
    [['router', '--residents', '2'], '--residents is for "npm start" and "npm run dev".'],
    [['start', '--residents', '1.5'], '--residents "1.5" is no number of them: it is a whole number from 0 to 20.'],
  ])('for the wishes of %j', async (args, why) => {
    const { code, said } = await complaint(...args);
    expect(code).toBe(1);
    expect(said[0]).toBe(why);
  });

  it('for a command or an option that does not exist, with what does', async () => {
    const command = await complaint('rooter');
    expect(command.code).toBe(1);
    expect(command.said[0]).toBe('There is no command "rooter".');
    const option = await complaint('router', '--prot', '1');
    expect(option.code).toBe(1);
    expect(option.said[0]).toContain("'--prot'");
    expect(option.said.join('\n')).toContain('Usage: npm start');
  });

  it.each([
    [['router', '--data', 'here'], '--data and --memory are for the games.'],
    [['start', '--data', 'here', '--memory'], '--data and --memory exclude each other.'],
    [['matches', 'burn'], 'That cannot be done with matches.'],
    [['matches', 'fork', 'm1', 'two'], 'That cannot be done with matches.'],
    [
      ['matches', 'list', '--data', '/nowhere'],
      'The store /nowhere/matches.sqlite cannot be opened: unable to open database file.',
    ],
  ])('for %j', async (args, message) => {
    const { code, said } = await complaint(...args);
    expect(code).toBe(1);
    expect(said[0]).toBe(message);
  });

  it('for a page that has not been built', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'realmkit-'));
    for (const name of ['server', 'protocol', 'package.json', 'node_modules'])
      symlinkSync(join(top, name), join(elsewhere, name));
    const { exit, stderr } = run(
      ['--preserve-symlinks', '--preserve-symlinks-main', 'server/cli.ts', 'start', '--port', '0'],
      { cwd: elsewhere },
    );
    expect((await text(stderr)).trim()).toBe(
      'The page is not built yet: run "npm run build", or "npm start", which does it.',
    );
    expect(await exit).toBe(1);
  });

  it('for a Node that is too old', async () => {
    const pretend =
      "Object.defineProperty(process.versions, 'node', { value: '20.20.2' }); require('./server/node-version.cjs')";
    const { exit, stderr } = run(['-e', pretend]);
    expect((await text(stderr)).trim().split('\n')).toEqual([
      expect.stringMatching(/^Realmkit needs Node 22\.18 or newer; this is 20\.20\.2\./),
    ]);
    expect(await exit).toBe(1);
  });
});
