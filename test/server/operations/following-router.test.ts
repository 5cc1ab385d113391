/** A router whose file is changed while people are connected, by the file itself. */
import { once } from 'node:events';
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  closeReasons,
  connectWebSocket,
  errors,
  join,
  type Credentials,
  type Session,
} from '../../../protocol/index.ts';
import { startFollowingRouter, type FollowingRouter } from '../../../server/operations/following-router.ts';
import { connectRawSocket } from '../../../server/transports/index.ts';

const yaml = `
realms:
  - name: realm1
    roles:
      - name: anonymous
        permissions: [{ uri: com.*, allow: [call, register, publish, subscribe] }]
      - name: staff
        permissions: [{ uri: '*', allow: [call, register, publish, subscribe] }]
    authentication:
      anonymous: {}
      ticket: { principals: { ada: { ticket: { file: SECRET }, role: staff }, bob: { ticket: b, role: staff } } }
transports:
  - port: 0
    websocket: {}
limits: { drainMs: 200 }
`;

const routers: FollowingRouter[] = [];
afterEach(async () => {
  for (const router of routers.splice(0)) await router.stop();
});

/** A router of a file of its own, which is changed as editors do it: what the router says then is waited for. */
async function follow(text: string = yaml) {
  const folder = mkdtempSync(joinPath(tmpdir(), 'realmkit-'));
  const [file, secret] = [joinPath(folder, 'router.yaml'), joinPath(folder, 'secret')];
  const put = (path: string, content: string) => {
    writeFileSync(`${path}.new`, content.replaceAll('SECRET', secret));
    renameSync(`${path}.new`, path);
  };
  put(secret, 'a\n');
  put(file, text);
  let hear: (said: string) => void = () => {};
  const heard = (lines: string) => hear(lines.replaceAll(`${folder}/`, ''));
  const router = await startFollowingRouter(file, { say: heard, complain: heard });
  routers.push(router);
  const saidAfter = (what: () => void) =>
    new Promise<string>((resolve) => {
      hear = resolve;
      what();
    });
  return {
    router,
    url: (at = 0) => router.urls[at]!,
    change: (content: string) => saidAfter(() => put(file, content)),
    changeSecret: (content: string, path = secret) => saidAfter(() => put(path.replace('SECRET', secret), content)),
    reload: () => saidAfter(() => void router.reload()),
  };
}

const visit = async (url: string, credentials: Credentials & { realm?: string } = {}): Promise<Session> =>
  join(await connectWebSocket(url), { realm: 'realm1', ...credentials });
const by = (authid: string, ticket: string): Credentials => ({
  authid,
  authmethods: ['ticket'],
  onChallenge: () => ticket,
});
/** Whatever was under way has arrived: the router answers in order. */
const works = async (session: Session) => {
  await session.publish('com.any', [], {}, { acknowledge: true });
};

describe('a changed file', () => {
  test('lets a session live whose permissions it changes: it loses what it may not have, and may what it may', async () => {
    const { url, change } = await follow();
    const [visitor, ada] = [await visit(url()), await visit(url(), by('ada', 'a'))];
    const events: unknown[] = [];
    await visitor.subscribe('com.news', ({ args }) => {
      events.push(args[0]);
    });
    await visitor.register('com.time', () => ({ args: [12] }));
    expect((await ada.call('com.time')).args).toEqual([12]);
    expect(await change(yaml.replace('com.*', 'org.*'))).toBe('router.yaml was read anew: realm realm1: roles changed');
    await ada.publish('com.news', ['unheard'], {}, { acknowledge: true });
    await expect(ada.call('com.time')).rejects.toMatchObject({ uri: errors.noSuchProcedure });
    await expect(visitor.subscribe('com.news', () => {})).rejects.toMatchObject({ uri: errors.notAuthorized });
    await visitor.register('org.time', () => ({ args: [13] }));
    expect((await ada.call('org.time')).args).toEqual([13]);
    expect(events).toEqual([]);
  });

  test('ends the sessions of those who may not come any more, says why, and of nobody else', async () => {
    const { url, change } = await follow();
    const [visitor, ada, bob] = [
      await visit(url()),
      await visit(url(), by('ada', 'a')),
      await visit(url(), by('bob', 'b')),
    ];
    await change(yaml.replace(', bob: { ticket: b, role: staff }', ''));
    expect(await bob.closed).toEqual({
      by: 'peer',
      reason: closeReasons.killed,
      message: '"bob" may not join realm "realm1" as "staff" by ticket any more',
    });
    await works(visitor);
    await works(ada);
    await expect(visit(url(), by('bob', 'b'))).rejects.toMatchObject({ uri: errors.authenticationDenied });
  });

  test('that is wrong changes nothing and says where, until it is right', async () => {
    const { url, change, reload } = await follow();
    const visitor = await visit(url());
    const wrong = yaml.replace('com.*, allow: [call', 'com.*, allow: [dance');
    const complaint =
      /^router\.yaml:6: realms\[0\]\.roles\[0\]\.permissions\[0\]\.allow\[0\]: .*"call".*\nThe router goes on as it was\.$/;
    expect(await change(wrong)).toMatch(complaint);
    expect(await reload()).toMatch(complaint);
    await works(visitor);
    expect(await change(yaml.replace('com.*', 'org.*'))).toBe('router.yaml was read anew: realm realm1: roles changed');
    await expect(visitor.subscribe('com.news', () => {})).rejects.toMatchObject({ uri: errors.notAuthorized });
  });

  test('names a secret that is not there, and is taken as soon as it is', async () => {
    const { url, change, changeSecret } = await follow();
    const ada = await visit(url(), by('ada', 'a'));
    const missing = yaml.replace('SECRET', 'SECRET-later');
    expect(await change(missing)).toMatch(/^secret-later cannot be read: .*\nThe router goes on as it was\.$/);
    await works(await visit(url(), by('ada', 'a')));
    expect(await changeSecret('b', 'SECRET-later')).toMatch(
      /^router\.yaml was read anew: realm realm1: authentication/,
    );
    await works(await visit(url(), by('ada', 'b')));
    await works(ada);
  });

  test('is read anew when somebody asks, though it has not changed', async () => {
    const { reload } = await follow();
    expect(await reload()).toBe('router.yaml was read anew: realms, transports and limits are as they were');
  });

  test('opens and closes realms', async () => {
    const { url, change } = await follow();
    const visitor = await visit(url());
    const other = yaml.replace('realm1', 'realm2');
    expect(await change(other)).toBe('router.yaml was read anew: realm realm2 opened; realm realm1 closed');
    expect(await visitor.closed).toMatchObject({
      reason: closeReasons.closeRealm,
      message: 'there is no realm "realm1" any more',
    });
    await expect(visit(url())).rejects.toMatchObject({ uri: errors.noSuchRealm });
    await works(await visit(url(), { realm: 'realm2' }));
  });

  test('limits those who are there as well, and the messages of those who come', async () => {
    const { url, change } = await follow();
    const visitor = await visit(url());
    const limits = 'limits: { messagesPerSecond: 1, messageBurst: 3, maxMessageBytes: 3000 }';
    expect(await change(yaml.replace(/limits:.*/, limits))).toBe('router.yaml was read anew: limits changed');
    await visitor.publish('com.any', ['x'.repeat(4000)], {}, { acknowledge: true });
    for (let turn = 0; turn < 5; turn++) void visitor.publish('com.any').catch(() => {});
    expect(await visitor.closed).toMatchObject({ reason: errors.limitReached });
    const late = await visit(url());
    void late.publish('com.any', ['x'.repeat(4000)]).catch(() => {});
    expect(await late.closed).toMatchObject({ by: 'transport' });
  });
});

describe('a secret in a file of its own', () => {
  test('is taken when it changes, and nobody is dropped', async () => {
    const { url, changeSecret } = await follow();
    const ada = await visit(url(), by('ada', 'a'));
    expect(await changeSecret('changed')).toMatch(/^router\.yaml was read anew: /);
    await expect(visit(url(), by('ada', 'a'))).rejects.toMatchObject({ uri: errors.authenticationDenied });
    await works(await visit(url(), by('ada', 'changed')));
    await works(ada);
  });
});

describe('transports', () => {
  const two = yaml.replace('limits:', '  - { port: 0, rawsocket: {} }\nlimits:');
  const freePort = async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { port, free: () => new Promise((resolve) => holder.close(resolve)) };
  };
  const portOf = (url: string) => Number(new URL(url.replace(/^rs/, 'http')).port);

  test('that are added are open, and those that are as they were keep port and connections', async () => {
    const { url, change } = await follow();
    const [before, visitor] = [url(), await visit(url())];
    expect(await change(two)).toMatch(/^router\.yaml was read anew: rs:\/\/127\.0\.0\.1:\d+ opened$/);
    expect(url()).toBe(before);
    await works(await join(await connectRawSocket({ port: portOf(url(1)) }), { realm: 'realm1' }));
    await works(visitor);
  });

  test('that are removed say GOODBYE to their own connections, and are closed', async () => {
    const { url, change } = await follow(two);
    const port = portOf(url(1));
    const raw = await join(await connectRawSocket({ port }), { realm: 'realm1' });
    const silent = new WebSocket(url(), 'wamp.2.json'); // never answers a GOODBYE
    await once(silent, 'open');
    const visitor = await visit(url());
    expect(await change(yaml)).toBe(`router.yaml was read anew: rs://127.0.0.1:${port} closed`);
    expect(await raw.closed).toEqual({
      by: 'peer',
      reason: closeReasons.systemShutdown,
      message: 'the router is not reached here any more',
    });
    await expect(connectRawSocket({ port })).rejects.toThrow();
    await works(visitor);
    silent.terminate();
  });

  test('whose path or origins change keep port and connections', async () => {
    const { url, change } = await follow();
    const [before, visitor] = [url(), await visit(url())];
    const moved = before.replace('/ws', '/wamp');
    const said = await change(yaml.replace('websocket: {}', 'websocket: { path: /wamp, origins: [https://a.org] }'));
    expect(said).toBe(`router.yaml was read anew: ${moved} changed`);
    await works(visitor);
    await expect(visit(before)).rejects.toThrow();
    class FromPage extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { origin: 'https://a.org' });
      }
    }
    await works(await join(await connectWebSocket(moved, { WebSocket: FromPage }), { realm: 'realm1' }));
  });

  test('may take the port of one that is removed with them', async () => {
    const { port, free } = await freePort();
    await free();
    const { url, change } = await follow(yaml.replace('port: 0', `port: ${port}`));
    const visitor = await visit(url());
    await change(yaml.replace('port: 0', `port: ${port}`).replace('websocket: {}', 'rawsocket: {}'));
    expect((await visitor.closed).reason).toBe(closeReasons.systemShutdown);
    await works(await join(await connectRawSocket({ port }), { realm: 'realm1' }));
  });

  test('that cannot be opened change nothing, not even for those that had to make room', async () => {
    const [ours, taken] = [await freePort(), await freePort()];
    await ours.free();
    const text = yaml.replace('port: 0', `port: ${ours.port}`);
    const { url, change, router } = await follow(text);
    const [urls, visitor] = [router.urls, await visit(url())];
    const wish = text.replace('websocket: {}', `longpoll: {}\n  - { port: ${taken.port}, websocket: {} }`);
    expect(await change(wish.replace('com.*', 'org.*'))).toBe(
      `Port ${taken.port} is taken: stop what listens there, or choose another (0: any free one).\nThe router goes on as it was.`,
    );
    expect(router.urls).toEqual(urls);
    await works(visitor);
    await works(await visit(url()));
    await taken.free();
  });

  test('by TLS name the certificate that cannot be used', async () => {
    const { change } = await follow();
    const tls = yaml.replace('websocket: {}', 'websocket: {}\n    tls: [{ certificate: /nowhere.pem, key: /no.pem }]');
    expect(await change(tls)).toMatch(/^The transport at port 0 cannot be served: .*\/nowhere\.pem/);
  });

  test('ask peers whether they are there as often as the file says', async () => {
    const { url, change } = await follow();
    await change(yaml.replace('limits: {', 'limits: { pingIntervalMs: 5,'));
    const socket = new WebSocket(url(), 'wamp.2.json');
    await once(socket, 'ping');
    socket.terminate();
  });
});

test('a role may name an authorizer, which is asked about whatever no permission decides', async () => {
  const asking = yaml.replace('- name: anonymous', '- name: anonymous\n        authorizer: com.may');
  const { url, change } = await follow(asking);
  const ada = await visit(url(), by('ada', 'a'));
  await ada.register('com.may', ({ args }) => ({ args: [args[1] === 'net.yes'] }));
  const visitor = await visit(url());
  const revoked = new Promise((resolve) => {
    void visitor.subscribe('net.yes', () => {}, { onRevoked: resolve });
  });
  await expect(visitor.subscribe('net.no', () => {})).rejects.toMatchObject({ uri: errors.notAuthorized });
  await change(yaml);
  expect(await revoked).toBe(errors.notAuthorized);
  await expect(visitor.subscribe('net.yes', () => {})).rejects.toMatchObject({ uri: errors.notAuthorized });
});
