import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { closeReasons, connectWebSocket, join, type Session } from '../../../protocol/index.ts';
import { anonymous, type AuthenticationMethod, type TransportFacts } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import {
  connectRawSocket,
  createEndpoint,
  Hub,
  type Endpoint,
  type EndpointOptions,
} from '../../../server/transports/index.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';
import { exact, first, second, star } from './certificates.ts';

const running: { hub: Hub; endpoint: Endpoint }[] = [];
afterEach(async () => {
  for (const { hub, endpoint } of running.splice(0)) {
    await hub.stop(0);
    await endpoint.close();
  }
});

async function serve(options: Omit<EndpointOptions, 'hub'>) {
  const facts: TransportFacts[] = [];
  const witness: AuthenticationMethod = {
    ...anonymous(),
    begin(hello, arrival) {
      facts.push(arrival.facts);
      return anonymous().begin(hello, arrival);
    },
  };
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [witness] }] });
  const endpoint = await createEndpoint({ hub, ...options });
  running.push({ hub, endpoint });
  await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.server.address() as AddressInfo;
  return { hub, port, facts, endpoint };
}

const everything = {
  page: (_: unknown, response: { end(text: string): void }) => response.end('page'),
  websocket: {},
  longpoll: {},
  rawsocket: {},
};

const bodyOf = (response: IncomingMessage) =>
  new Promise<string>((resolve) => {
    let body = '';
    response.on('data', (part) => (body += String(part))).on('end', () => resolve(body));
  });
const page = (port: number) =>
  new Promise<string>((resolve, reject) => {
    getPlain({ port, host: '127.0.0.1', agent: false }, (response) => resolve(bodyOf(response))).on('error', reject);
  });

/** The `ws` that trusts our certificates. */
class Trusting extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { rejectUnauthorized: false });
  }
}
const works = async (session: Session) => {
  expect((await session.call('wamp.session.count')).args).toEqual([expect.any(Number)]);
  await session.leave();
};

function files(pair: typeof first) {
  const folder = mkdtempSync(joinPath(tmpdir(), 'realmkit-'));
  const tls = { certificate: joinPath(folder, 'certificate.pem'), key: joinPath(folder, 'key.pem') };
  const write = ({ certificate, key }: typeof first) => {
    for (const [path, text] of [
      [tls.certificate, certificate],
      [tls.key, key],
    ] as const) {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    }
  };
  write(pair);
  return { tls, write };
}

describe('one port', () => {
  test('serves page, WebSocket, long-poll and RawSocket', async () => {
    const { port, facts } = await serve(everything);
    expect(await page(port)).toBe('page');
    await works(await join(await connectWebSocket(`ws://127.0.0.1:${port}/ws`), { realm: 'realm1' }));
    await works(await join(await connectRawSocket({ port, host: '127.0.0.1' }), { realm: 'realm1' }));
    const opened = await fetch(`http://127.0.0.1:${port}/lp/open`, {
      method: 'POST',
      body: '{"protocols":["wamp.2.json"]}',
    });
    expect(await opened.json()).toMatchObject({ protocol: 'wamp.2.json' });
    expect(await page(port)).toBe('page');
    expect(facts).toMatchObject([
      { type: 'websocket', protocol: 'wamp.2.json', secure: false, headers: { upgrade: 'websocket' } },
      { type: 'rawsocket', protocol: 'msgpack', secure: false, peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    ]);
  });

  test('gives a browser a cookie where that is wanted, and knows it again by it, over WebSocket and long-poll', async () => {
    const { port, facts } = await serve({ websocket: { cookie: {} }, longpoll: { cookie: {} } });
    const url = `http://127.0.0.1:${port}/lp`;
    const opened = await fetch(`${url}/open`, { method: 'POST', body: '{"protocols":["wamp.2.json"]}' });
    const set = opened.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^cbtid=[\w-]{32}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    const { transport } = (await opened.json()) as { transport: string };
    await fetch(`${url}/${transport}/send`, { method: 'POST', body: '[1,"realm1",{"roles":{"caller":{}}}]' });
    const cookie = set.slice('cbtid='.length, set.indexOf(';'));
    class Returning extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers: { cookie: `other=1; cbtid=${cookie}` } });
        this.on('upgrade', ({ headers }) => expect(headers['set-cookie']).toBeUndefined());
      }
    }
    const session = await join(await connectWebSocket(`ws://127.0.0.1:${port}/ws`, { WebSocket: Returning }), {
      realm: 'realm1',
    });
    await works(session);
    expect(facts).toMatchObject([
      { type: 'longpoll', cookie },
      { type: 'websocket', cookie },
    ]);
  });

  test('drops who says nothing', async () => {
    const clock = new FakeClock();
    const { port } = await serve({ ...everything, clock });
    const socket = connect({ port, host: '127.0.0.1' });
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(10_000);
    await new Promise((resolve) => socket.resume().on('close', resolve));
  });

  test('of RawSocket alone has no HTTP', async () => {
    const { port } = await serve({ rawsocket: {} });
    await works(await join(await connectRawSocket({ port, host: '127.0.0.1' }), { realm: 'realm1' }));
    await expect(page(port)).rejects.toThrow();
  });

  test('takes leave of those who came by it when it is closed, and is free then, whoever is still there', async () => {
    const { port, hub, endpoint } = await serve(everything);
    const idle = connect({ port, host: '127.0.0.1' });
    await new Promise((resolve) => idle.on('connect', resolve));
    const component = await join(hub.link(), { realm: 'realm1' });
    const session = await join(await connectRawSocket({ port, host: '127.0.0.1' }), { realm: 'realm1' });
    await endpoint.close();
    expect(await session.closed).toEqual({
      by: 'peer',
      reason: closeReasons.systemShutdown,
      message: 'the router is not reached here any more',
    });
    await works(component);
    await vi.waitFor(() => expect(hub.connections).toBe(0));
    await expect(connectRawSocket({ port, host: '127.0.0.1' })).rejects.toThrow();
    running.pop();
  });
});

describe('by TLS', () => {
  const shown = async (port: number, servername?: string) => {
    const name = servername === undefined ? {} : { servername };
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...name });
    await new Promise((resolve) => socket.on('secureConnect', resolve));
    const { CN } = socket.getPeerCertificate().subject;
    socket.destroy();
    return CN;
  };

  test('one port serves them all', async () => {
    const { port, facts } = await serve({ ...everything, tls: files(first).tls });
    const secure = { port, host: '127.0.0.1', rejectUnauthorized: false, agent: false } as const;
    const body = await new Promise((resolve) => getSecure(secure, (response) => resolve(bodyOf(response))));
    expect(body).toBe('page');
    const url = `wss://127.0.0.1:${port}/ws`;
    await works(await join(await connectWebSocket(url, { WebSocket: Trusting }), { realm: 'realm1' }));
    const tls = { rejectUnauthorized: false };
    await works(await join(await connectRawSocket({ port, host: '127.0.0.1' }, { tls }), { realm: 'realm1' }));
    expect(facts).toMatchObject([
      { type: 'websocket', secure: true },
      { type: 'rawsocket', secure: true },
    ]);
  });

  test('both ends have the same channel binding', async () => {
    const { port, facts } = await serve({ rawsocket: {}, tls: files(first).tls });
    const socket: TLSSocket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const hello = '[1,"realm1",{"roles":{"caller":{}}}]';
    socket.write(Buffer.concat([Buffer.from([0x7f, 0xf1, 0, 0, 0, 0, 0, hello.length]), Buffer.from(hello)]));
    await vi.waitFor(() => expect(facts).toHaveLength(1));
    const ours = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    expect(facts[0]?.channelBinding?.('tls-exporter')).toEqual(ours);
    expect(facts[0]?.channelBinding?.('tls-unique')).toBeUndefined();
    expect(facts[0]?.channelBinding?.('tls-server-end-point')).toHaveLength(32);
    socket.destroy();
  });

  test('with TLS 1.2, too', async () => {
    const { port, facts } = await serve({ rawsocket: {}, tls: files(first).tls });
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const;
    const socket: TLSSocket = connectTls(options);
    const hello = '[1,"realm1",{"roles":{"caller":{}}}]';
    socket.write(Buffer.concat([Buffer.from([0x7f, 0xf1, 0, 0, 0, 0, 0, hello.length]), Buffer.from(hello)]));
    await vi.waitFor(() => expect(facts).toHaveLength(1));
    expect(facts[0]?.channelBinding?.('tls-unique')).toEqual(socket.getFinished());
    expect(facts[0]?.channelBinding?.('tls-exporter')).toBeUndefined();
    socket.destroy();
  });

  test('a peer that is asked may show a certificate, and methods learn of it', async () => {
    const { port, facts } = await serve({ rawsocket: {}, tls: { ...files(first).tls, askClients: true } });
    const tls = { rejectUnauthorized: false, cert: second.certificate, key: second.key };
    await works(await join(await connectRawSocket({ port, host: '127.0.0.1' }, { tls }), { realm: 'realm1' }));
    await works(
      await join(await connectRawSocket({ port, host: '127.0.0.1' }, { tls: { rejectUnauthorized: false } }), {
        realm: 'realm1',
      }),
    );
    expect(facts).toMatchObject([
      {
        certificate: {
          subject: { CN: 'second.example' },
          verified: false,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
      { secure: true },
    ]);
    expect(facts[1]).not.toHaveProperty('certificate');
  });

  test('its authority makes it a verified one', async () => {
    const { tls: authority } = files(second);
    const clientAuthorities = authority.certificate;
    const { port, facts } = await serve({
      rawsocket: {},
      tls: { ...files(first).tls, askClients: true, clientAuthorities },
    });
    const tls = { rejectUnauthorized: false, cert: second.certificate, key: second.key };
    await works(await join(await connectRawSocket({ port, host: '127.0.0.1' }, { tls }), { realm: 'realm1' }));
    expect(facts).toMatchObject([{ certificate: { verified: true } }]);
  });

  test('a renewed certificate is for new connections, and nobody is dropped', async () => {
    const { tls, write } = files(first);
    const report = vi.fn();
    const { port } = await serve({ ...everything, tls, report });
    const session = await join(
      await connectRawSocket({ port, host: '127.0.0.1' }, { tls: { rejectUnauthorized: false } }),
      {
        realm: 'realm1',
      },
    );
    expect(await shown(port)).toBe('first.example');
    write(second);
    await vi.waitFor(async () => expect(await shown(port)).toBe('second.example'), 5_000);
    await works(session);
    expect(report).not.toHaveBeenCalled();
  });

  test('a key that does not fit is reported, and the old certificate stays', async () => {
    const { tls, write } = files(first);
    const report = vi.fn();
    const { port } = await serve({ rawsocket: {}, tls, report });
    write({ ...second, key: first.key });
    await vi.waitFor(() => expect(report).toHaveBeenCalled(), 5_000);
    expect(await shown(port)).toBe('first.example');
    write(second);
    await vi.waitFor(async () => expect(await shown(port)).toBe('second.example'), 5_000);
  });

  test('of several certificates a peer gets the one with the name that it asks for, else the first', async () => {
    const { tls, write } = files(exact);
    const report = vi.fn();
    const { port } = await serve({ ...everything, tls: [files(first).tls, files(star).tls, tls], report });
    expect(await shown(port)).toBe('first.example');
    expect(await shown(port, 'localhost')).toBe('first.example');
    expect(await shown(port, 'elsewhere.org')).toBe('first.example');
    expect(await shown(port, 'news.example.com')).toBe('star.example');
    expect(await shown(port, 'a.b.example.com')).toBe('first.example');
    expect(await shown(port, 'shop.example.com')).toBe('exact.example');
    write({ ...exact, key: first.key });
    await vi.waitFor(() => expect(report).toHaveBeenCalled(), 5_000);
    expect(await shown(port, 'shop.example.com')).toBe('exact.example');
    write(star);
    await vi.waitFor(async () => expect(await shown(port, 'shop.example.com')).toBe('star.example'), 5_000);
    expect(await shown(port)).toBe('first.example');
  });

  test('files that cannot be used are refused at the start', async () => {
    const hub = new Hub({ realms: [] });
    const tls = files({ ...first, key: second.key }).tls;
    await expect(createEndpoint({ hub, rawsocket: {}, tls })).rejects.toThrow();
    await expect(createEndpoint({ hub, rawsocket: {}, tls: { ...tls, key: '/nowhere.pem' } })).rejects.toThrow(
      '/nowhere.pem',
    );
    await hub.stop();
  });
});
