/** Peers that take their time: octet by octet, half open, or never reading what they asked for. Each is ended in time. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectWebSocket, join, serializers, type Session, type Transport } from '../../protocol/index.ts';
import { anonymous } from '../../server/authentication/index.ts';
import {
  connectRawSocket,
  createEndpoint,
  defaults,
  Hub,
  type EndpointOptions,
} from '../../server/transports/index.ts';
import { connectLongPoll } from '../conformance/longpoll-client.ts';
import { FakeClock } from '../protocol/wamp/fake-clock.ts';
import { first } from '../server/transports/certificates.ts';
import { handshake } from './handshake.ts';
import { maskedFrame } from './hostile-frames.ts';
import { hello } from './hostile.ts';
import { realm } from './router-realm.ts';
import { framed } from './wire.ts';

let stop: () => Promise<void> = async () => {};
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await stop();
});

/** Everything on one port, by a clock that stands still; what HTTP itself waits for takes real time, of milliseconds. */
async function serve(options: Partial<EndpointOptions> = {}) {
  const clock = new FakeClock();
  const hub = new Hub({ realms: [{ ...realm, authentication: [anonymous()] }], clock });
  const everything = { websocket: {}, longpoll: {}, rawsocket: { pingIntervalMs: 10_000 } };
  const endpoint = await createEndpoint({ hub, clock, ...everything, ...options });
  await once(endpoint.server.listen(0, '127.0.0.1'), 'listening');
  stop = async () => {
    await hub.stop(0);
    await endpoint.close();
  };
  const { port } = endpoint.server.address() as AddressInfo;
  const witness = await join(hub.link({ authid: 'witness', authrole: 'anonymous' }), { realm: 'realm1' });
  await witness.register('com.healthy', ({ args }) => ({ args }));
  const healthy = async () => expect((await witness.call('com.healthy', [1])).args).toEqual([1]);
  return { clock, hub, port, witness, healthy };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  sockets.add(socket);
  socket.on('error', () => {}); // a reset is an end, too
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the other side ends. */
async function heardBy(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(pieces).toString('latin1');
}

const upgrade = handshake();
const greeting = JSON.stringify(hello);

describe('by the clock of the router', () => {
  test('who connects and says nothing is dropped', async () => {
    const { clock, port, healthy } = await serve();
    const socket = await open(port);
    const ended = heardBy(socket);
    await vi.waitFor(() => expect(clock.pending).toBe(2)); // the sweep, and this socket
    clock.advance(defaults.handshakeTimeoutMs);
    expect(await ended).toBe('');
    await healthy();
  });

  test('a RawSocket handshake octet by octet is dropped, however steadily it goes on', async () => {
    const { clock, port, healthy } = await serve();
    const socket = await open(port);
    const ended = heardBy(socket);
    socket.write(Buffer.from('7f', 'hex'));
    await vi.waitFor(() => expect(clock.pending).toBe(2));
    for (let turn = 0; turn < 3; turn++) {
      clock.advance(defaults.handshakeTimeoutMs / 4);
      socket.write(Buffer.from(['f1', '00'][turn] ?? '', 'hex'));
    }
    clock.advance(defaults.handshakeTimeoutMs / 4);
    expect(await ended).toBe('');
    await healthy();
  });

  test.each<[string, string | Buffer, Buffer]>([
    ['WebSocket', upgrade, maskedFrame(1, greeting)],
    ['RawSocket', Buffer.from('7ff10000', 'hex'), framed(greeting)],
  ])('a HELLO octet by octet over %s is ended by ABORT, in twice the time of joining', async (_, opening, frame) => {
    const { clock, hub, port, healthy } = await serve({ websocket: { pingIntervalMs: 1_000_000 }, rawsocket: {} });
    const socket = await open(port);
    const ended = heardBy(socket);
    socket.write(opening);
    await vi.waitFor(() => expect(hub.connections).toBe(2));
    for (let at = 0; at < 4; at++) {
      await new Promise((resolve) => void socket.write(frame.subarray(at, at + 1), resolve));
      clock.advance(defaults.joinTimeoutMs / 2);
    }
    expect(await ended).toContain('no session was opened in time');
    await healthy();
  });

  test('a long-poll peer that opens and never asks is ended', async () => {
    const { clock, hub, port, healthy } = await serve();
    const body = JSON.stringify({ protocols: ['wamp.2.json'] });
    const { status } = await fetch(`http://127.0.0.1:${port}/lp/open`, { method: 'POST', body });
    expect([status, hub.connections]).toEqual([200, 2]);
    clock.advance(defaults.pollIdleMs);
    expect(hub.connections).toBe(1);
    await healthy();
  });
});

describe('by the clock of HTTP', () => {
  const http = { headTimeoutMs: 100, requestTimeoutMs: 200, stillTimeoutMs: 300 };

  /** Goes on as long as it may. */
  const drip = (socket: Socket, text: string) => {
    let at = 0;
    const timer = setInterval(() => {
      if (socket.destroyed || at === text.length) clearInterval(timer);
      else socket.write(text[at++]!);
    }, 5);
  };

  test.each([
    ['a WebSocket handshake', upgrade],
    ['a request', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(5000)}\r\n\r\n`],
  ])('%s octet by octet is answered by 408', async (_, text) => {
    const { port, healthy } = await serve({ http });
    const socket = await open(port);
    const ended = heardBy(socket);
    drip(socket, text.slice(0, -2) + `Y: ${'y'.repeat(5000)}\r\n\r\n`);
    expect(await ended).toMatch(/^HTTP\/1.1 408 /);
    await healthy();
  });

  test('a message octet by octet is answered by 408, and ends its transport', async () => {
    const { hub, port, healthy } = await serve({ http });
    const opened = await fetch(`http://127.0.0.1:${port}/lp/open`, {
      method: 'POST',
      body: '{"protocols":["wamp.2.json"]}',
    });
    const { transport } = (await opened.json()) as { transport: string };
    const socket = await open(port);
    const ended = heardBy(socket);
    socket.write(`POST /lp/${transport}/send HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n`);
    drip(socket, ' '.repeat(10_000));
    expect(await ended).toMatch(/^HTTP\/1.1 408 /);
    await vi.waitFor(() => expect(hub.connections).toBe(1));
    await healthy();
  });

  test('an answer that nobody reads is given up', async () => {
    const { port, healthy } = await serve({
      http,
      longpoll: { pollTimeoutMs: 100 },
      page: (_, response) => response.end(Buffer.alloc(64 * 2 ** 20)),
    });
    const socket = await open(port);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const gone = new Promise((resolve) => socket.once('error', resolve).once('close', resolve));
    socket.pause();
    await vi.waitFor(() => {
      socket.write(' '); // a reset is noticed by who writes
      expect(socket.destroyed).toBe(true);
    });
    await gone;
    await healthy();
  });

  test('TLS that never begins is dropped', async () => {
    const folder = mkdtempSync(joinPath(tmpdir(), 'realmkit-'));
    const tls = { certificate: joinPath(folder, 'certificate.pem'), key: joinPath(folder, 'key.pem') };
    writeFileSync(tls.certificate, first.certificate);
    writeFileSync(tls.key, first.key);
    const { port, healthy } = await serve({ handshakeTimeoutMs: 100, tls });
    const other = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    sockets.add(other);
    await once(other, 'secureConnect'); // whoever does begin is served
    const socket = await open(port);
    socket.write(Buffer.from('16', 'hex'));
    expect(await heardBy(socket)).toBe('');
    await healthy();
  });
});

/** Stands between a peer and the router; once told to, it forwards nothing, and says nothing of it to either. */
async function proxyTo(port: number) {
  let isDead = false;
  const proxy = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('data', (piece: Buffer) => void (isDead || to.write(piece)));
    }
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    die() {
      isDead = true;
      proxy.close();
    },
  };
}

describe('a peer that vanishes without a word', () => {
  test.each<[string, (port: number) => Promise<Transport>, ms: number]>([
    [
      'WebSocket',
      (port) => connectWebSocket(`ws://127.0.0.1:${port}/ws`),
      defaults.pingIntervalMs + defaults.pongTimeoutMs,
    ],
    ['RawSocket with pings', (port) => connectRawSocket({ port, host: '127.0.0.1' }), 10_000 + defaults.pongTimeoutMs],
    [
      'long-poll',
      (port) => connectLongPoll(`http://127.0.0.1:${port}/lp`, serializers[0]!),
      defaults.pollTimeoutMs + defaults.pollIdleMs,
    ],
  ])('over %s is dropped in its time; its callers are told, its registrations go', async (_, way, ms) => {
    const { clock, hub, port, witness, healthy } = await serve();
    const proxy = await proxyTo(port);
    const callee: Session = await join(await way(proxy.port), { realm: 'realm1', onError: () => {} });
    let called = () => {};
    const underWay = new Promise<void>((resolve) => (called = resolve));
    await callee.register('com.vanishes', () => {
      called();
      return new Promise(() => {});
    });
    const call = witness.call('com.vanishes').catch((error: { uri: string }) => error.uri);
    await underWay;
    proxy.die();
    for (let passed = 0; passed < ms; passed += 1000) clock.advance(1000);
    expect(await call).toBe('wamp.error.canceled');
    await vi.waitFor(() => expect(hub.connections).toBe(1));
    await witness.register('com.vanishes', () => ({ args: ['back'] }));
    expect((await witness.call('com.vanishes')).args).toEqual(['back']);
    await healthy();
  });
});
