/** What comes to the port and is no WAMP: requests and handshakes that no browser makes, sockets left half way. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handshake } from './handshake.ts';
import { gameServer } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
beforeAll(async () => {
  server = await gameServer();
});
afterAll(() => server.stop());

async function open(): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => {}); // a reset is an answer, too
  await once(socket, 'connect');
  return socket;
}

/** The first line that comes back; empty where the socket just ends. */
async function firstLine(request: string | Buffer): Promise<string> {
  const socket = await open();
  socket.write(request);
  const line = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data).split('\r\n')[0]!));
    socket.once('close', () => resolve(''));
    socket.once('end', () => resolve(''));
  });
  socket.destroy();
  return line;
}

const upgrade = (headers: Record<string, string> = {}, ...rest: [path?: string, method?: string]) =>
  handshake({ Host: `127.0.0.1:${server.port}`, ...headers }, ...rest);
const request = (line: string, headers = '') => `${line} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;

describe('a request', () => {
  it.each<[string, () => string | Buffer, string]>([
    ['up and out of the folder', () => request('GET /../package.json'), 'HTTP/1.1 404 Not Found'],
    ['up, in other words', () => request('GET /%2e%2e/package.json'), 'HTTP/1.1 404 Not Found'],
    ['up, in yet other words', () => request('GET /..%2fpackage.json'), 'HTTP/1.1 404 Not Found'],
    ['up by backslash', () => request('GET /..\\package.json'), 'HTTP/1.1 404 Not Found'],
    ['of an absolute path', () => request('GET //etc/passwd'), 'HTTP/1.1 404 Not Found'],
    ['of another host', () => request('GET http://example.com/etc/passwd'), 'HTTP/1.1 404 Not Found'],
    ['with broken escapes', () => request('GET /%ff%'), 'HTTP/1.1 404 Not Found'],
    ['with a zero in its path', () => request('GET /%00'), 'HTTP/1.1 404 Not Found'],
    ['of __proto__', () => request('GET /__proto__'), 'HTTP/1.1 404 Not Found'],
    ['for everything', () => request('OPTIONS *'), 'HTTP/1.1 404 Not Found'],
    ['to post', () => request('POST /nothing', 'Content-Length: 0\r\n'), 'HTTP/1.1 404 Not Found'],
    [
      'with 20 KiB of headers',
      () => request('GET /', `X: ${'x'.repeat(20_000)}\r\n`),
      'HTTP/1.1 431 Request Header Fields Too Large',
    ],
    [
      'with a header twice',
      () => request('GET /nothing', 'Content-Length: 1\r\nContent-Length: 2\r\n'),
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'with two lengths',
      () => request('POST /', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'),
      'HTTP/1.1 400 Bad Request',
    ],
    ['without a host', () => 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    ['that is none', () => 'hello\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
    ['of TLS', () => Buffer.from('16030100a5010000a10303', 'hex'), 'HTTP/1.1 400 Bad Request'],
    ['of RawSocket', () => Buffer.from('7ff10000', 'hex'), 'HTTP/1.1 400 Bad Request'],
    ['to be a proxy', () => request('CONNECT example.com:80'), ''],
    ['for the socket without an upgrade', () => request('GET /ws'), 'HTTP/1.1 404 Not Found'],
  ])('%s gets its answer', async (_, text, answer) => {
    expect(await firstLine(text())).toBe(answer);
    await server.healthy();
  });
});

describe('a handshake', () => {
  it.each<[string, () => string, string]>([
    ['on another path', () => upgrade({}, '/wss'), 'HTTP/1.1 404 Not Found'],
    ['on a path beyond', () => upgrade({}, '/ws/../ws'), 'HTTP/1.1 404 Not Found'],
    ['from another page', () => upgrade({ Origin: 'https://evil.example' }), 'HTTP/1.1 403 Forbidden'],
    ['from no page', () => upgrade({ Origin: 'null' }), 'HTTP/1.1 403 Forbidden'],
    ['from nonsense', () => upgrade({ Origin: '%%%' }), 'HTTP/1.1 403 Forbidden'],
    [
      'from a page that only looks like ours',
      () => upgrade({ Origin: `http://127.0.0.1:${server.port}@evil.example` }),
      'HTTP/1.1 403 Forbidden',
    ],
    ['without a subprotocol', () => upgrade({ 'Sec-WebSocket-Protocol': '' }), 'HTTP/1.1 400 Bad Request'],
    [
      'with another subprotocol',
      () => upgrade({ 'Sec-WebSocket-Protocol': 'constructor, wamp.2.cbor' }),
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'with a broken list of subprotocols',
      () => upgrade({ 'Sec-WebSocket-Protocol': 'wamp.2.json,,' }),
      'HTTP/1.1 400 Bad Request',
    ],
    [
      'with the same subprotocol twice',
      () => upgrade({ 'Sec-WebSocket-Protocol': 'wamp.2.json, wamp.2.json' }),
      'HTTP/1.1 400 Bad Request',
    ],
    ['by POST', () => upgrade({}, '/ws', 'POST'), 'HTTP/1.1 405 Method Not Allowed'],
    ['without a key', () => upgrade({ 'Sec-WebSocket-Key': '' }), 'HTTP/1.1 400 Bad Request'],
    ['of another version', () => upgrade({ 'Sec-WebSocket-Version': '7' }), 'HTTP/1.1 400 Bad Request'],
    ['to something else', () => upgrade({ Upgrade: 'h2c' }), 'HTTP/1.1 400 Bad Request'],
  ])('%s is refused, and leaves no socket', async (_, text, answer) => {
    const socket = await open();
    socket.write(text());
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(String(data).split('\r\n')[0]).toBe(answer);
    await vi.waitFor(async () => {
      const count = await new Promise<number>((resolve) =>
        server.server.getConnections((__, sockets) => resolve(sockets)),
      );
      expect(count).toBe(2); // the healthy players
    });
    socket.destroy();
    await server.healthy();
  });
});

/** A client's frame, masked with zeros. */
const frame = (opcode: number, payload: Buffer, fin = true) =>
  Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
const [text, ping] = [1, 9];

describe('frames', () => {
  /** All but three components and two healthy players. */
  const gone = () => vi.waitFor(() => expect(server.hub.connections).toBe(5));
  const shaken = async () => {
    const socket = await open();
    socket.write(upgrade());
    await once(socket, 'data');
    return socket;
  };
  it.each<[string, () => Buffer]>([
    ['without a mask', () => Buffer.from([0x81, 0x02, 0x5b, 0x5d])],
    ['of an unknown kind', () => frame(3, Buffer.from('x'))],
    ['with reserved bits', () => Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
    ['that claim to be huge', () => Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['that go on with nothing', () => frame(0, Buffer.from('x'))],
    ['that are no UTF-8', () => frame(text, Buffer.from([0xff, 0xfe]))],
    ['that close with a code that there is not', () => frame(8, Buffer.from([0, 1]))],
    [
      'in twenty thousand fragments',
      () =>
        Buffer.concat([
          frame(text, Buffer.from('['), false),
          ...Array.from({ length: 20_000 }, () => frame(0, Buffer.from(' '), false)),
        ]),
    ],
  ])('%s end the socket', async (_, bytes) => {
    const socket = await shaken();
    socket.resume().once('end', () => socket.end());
    socket.write(bytes());
    await gone();
    await server.healthy();
  });

  it('of pings, whose answers nobody reads, end the socket', async () => {
    const socket = await shaken();
    socket.pause();
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(ping, Buffer.alloc(125))));
    for (let sent = 0; sent < 400 && !socket.destroyed; sent++)
      if (!socket.write(pings))
        await new Promise((resolve) => void socket.once('drain', resolve).once('close', resolve));
    await gone();
    socket.destroy();
    await server.healthy();
  });

  it('that stop half way cost nothing, and a reset is only a goodbye', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = await shaken();
      socket.write(frame(text, Buffer.from('[1,"realmkit",{"roles":{"caller":{}}}]')));
      socket.write(Buffer.from([0x81, 0xfe, 0x10]));
      await once(socket, 'data');
      if (i % 2 === 0) socket.resetAndDestroy();
      else socket.destroy();
    }
    await gone();
    await server.healthy();
  });
});
