import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connectWebSocket, errors, join, serializers, type Message, type Serializer } from '../../../protocol/index.ts';
import { anonymous } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import {
  Hub,
  serveWebSocket,
  type ServeWebSocketOptions,
  type WebSocketService,
} from '../../../server/transports/index.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

const running: { hub: Hub; sockets: WebSocketService; server: Server }[] = [];
afterEach(async () => {
  for (const { hub, sockets, server } of running.splice(0)) {
    sockets.close();
    await hub.stop(0);
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(options: Partial<ServeWebSocketOptions> = {}) {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const server = createServer();
  const sockets = serveWebSocket({ hub, server, ...options });
  running.push({ hub, sockets, server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return { hub, url: `ws://127.0.0.1:${address.port}/ws`, port: address.port };
}

/** A socket in the test's hands, that speaks one serializer as it likes. */
async function open(url: string, serializer: Serializer = serializers[0]!) {
  const socket = new WebSocket(url, serializer.subprotocol);
  const inbox: Message[] = [];
  let arrived = () => {};
  socket.on('message', (data: Buffer) => {
    inbox.push(serializer.decode(serializer.binary ? data : data.toString()));
    arrived();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject));
  const next = async (): Promise<Message> => {
    if (inbox.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    return inbox.shift()!;
  };
  const send = (message: Message) => socket.send(serializer.encode(message));
  return { socket, closed, next, send };
}
const hello: Message = {
  type: 'hello',
  realm: 'realm1',
  details: { roles: { caller: {}, publisher: {}, subscriber: {} } },
};

describe.each(serializers.map((serializer) => [serializer.subprotocol, serializer] as const))(
  'over %s',
  (_, serializer) => {
    const joined = async (url: string) =>
      join(await connectWebSocket(url, { serializers: [serializer] }), { realm: 'realm1' });

    test("sessions call each other and hear each other's events", async () => {
      const { url } = await serve();
      const [ada, bob] = [await joined(url), await joined(url)];
      await bob.register('com.echo', ({ args, kwargs }) => ({ args, kwargs }));
      const result = await ada.call('com.echo', [1, 'ü', null, 2 ** 53, new Uint8Array([1, 2])], { a: [{}] });
      expect(result).toMatchObject({ args: [1, 'ü', null, 2 ** 53, new Uint8Array([1, 2])], kwargs: { a: [{}] } });
      const heard = new Promise(
        (resolve) => void bob.subscribe('com.news', resolve).then(() => ada.publish('com.news', ['!'])),
      );
      expect(await heard).toMatchObject({ args: ['!'] });
    });

    test('a message of the wrong frame type is answered by ABORT, and the socket is closed with 1003', async () => {
      const { url } = await serve();
      const { socket, next, closed } = await open(url, serializer);
      socket.send('[]', { binary: !serializer.binary });
      expect(await next()).toMatchObject({ type: 'abort', reason: errors.protocolViolation });
      expect(await closed).toBe(1003);
    });
  },
);

test('a message is transcoded between serializers', async () => {
  const { url } = await serve();
  const [text, binary] = await Promise.all(
    serializers.map(async (serializer) =>
      join(await connectWebSocket(url, { serializers: [serializer] }), { realm: 'realm1' }),
    ),
  );
  await text!.register('com.echo', ({ args }) => ({ args }));
  expect((await binary!.call('com.echo', [new Uint8Array([255]), 2 ** 53])).args).toEqual([
    new Uint8Array([255]),
    2 ** 53,
  ]);
});

test("the first of the client's list that we support is chosen", async () => {
  const { url } = await serve();
  const socket = new WebSocket(url, ['wamp.2.cbor', 'wamp.2.msgpack', 'wamp.2.json']);
  await new Promise((resolve) => socket.on('open', resolve));
  expect(socket.protocol).toBe('wamp.2.msgpack');
});

/** How a handshake is refused. */
const refused = (url: string, protocols: string[], headers: Record<string, string> = {}) =>
  new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { headers });
    socket.on('open', () => reject(new Error('not refused')));
    socket.on('error', () => {});
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      let body = '';
      response
        .on('data', (chunk) => (body += String(chunk)))
        .on('end', () => resolve(`${response.statusCode} ${body.trim()}`));
    });
  });

describe('a handshake is refused', () => {
  test('and the socket ends, even if the peer keeps its own half open', async () => {
    const { port } = await serve();
    const { server } = running.at(-1)!;
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('GET /other HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    await new Promise((resolve) => socket.resume().once('end', resolve));
    await vi.waitFor(async () => {
      const left = await new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
      expect(left).toBe(0);
    });
    socket.destroy();
  });

  const ours = ['wamp.2.json'];
  test('without a subprotocol that we have', async () => {
    const { url } = await serve();
    const words = '400 Offer one of the subprotocols wamp.2.json, wamp.2.msgpack.';
    expect(await refused(url, ['wamp.2.cbor'])).toBe(words);
    expect(await refused(url, [])).toBe(words);
  });
  test('at another path', async () => {
    const { url } = await serve();
    expect(await refused(url.replace('/ws', '/other'), ours)).toBe('404 WebSocket connections are served at /ws.');
  });
  test('under a host name that is not ours: a page whose name was made to point here', async () => {
    const { url, port } = await serve({ hosts: ['127.0.0.1'] });
    const host = `evil.example:${port}`;
    expect(await refused(url, ours, { host, origin: `http://${host}` })).toBe(
      `403 This router is not called "${host}".`,
    );
    await expect(refused(url, ours, { origin: `http://127.0.0.1:${port}` })).rejects.toThrow('not refused');
  });

  test('from a page of another origin', async () => {
    const { url, port } = await serve({ origins: ['https://friend.example'] });
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${port + 1}`, 'not an origin']) {
      expect(await refused(url, ours, { origin })).toBe(`403 Pages of ${origin} may not connect to this router.`);
    }
    for (const origin of ['https://friend.example', `http://127.0.0.1:${port}`]) {
      await expect(refused(url, ours, { origin })).rejects.toThrow('not refused');
    }
  });
});

test('an HTTP request beside it is not disturbed', async () => {
  const { port } = await serve();
  running.at(-1)!.server.on('request', (_request, response) => response.end('page'));
  const body = await new Promise((resolve) =>
    get({ port, host: '127.0.0.1' }, (response) => response.on('data', (chunk) => resolve(String(chunk)))),
  );
  expect(body).toBe('page');
});

describe('hostile peers', () => {
  test.each([
    ['no JSON', 'hello?'],
    ['no list', '{}'],
    ['an empty list', '[]'],
    ['an unknown code', '[99]'],
    ['a code that is no number', '["1"]'],
    ['a message too short', '[1]'],
    ['a message too long', '[1,"realm1",{},[],{},1]'],
    ['a field of the wrong type', '[1,1,{}]'],
    ['an option of the wrong type', '[1,"realm1",{"roles":{"caller":{}},"authmethods":"x"}]'],
    ['an inherited key', '[1,"realm1",{"__proto__":{}}]'],
    ['deep nesting', `[1,"realm1",{"x":${'['.repeat(5000)}${']'.repeat(5000)}}]`],
  ])('%s is answered by ABORT, and others are served', async (_, text) => {
    const { url } = await serve();
    const good = await open(url);
    good.send(hello);
    await good.next();
    const bad = await open(url);
    bad.socket.send(text);
    expect(await bad.next()).toMatchObject({
      type: 'abort',
      reason: errors.protocolViolation,
      details: { message: expect.any(String) },
    });
    await bad.closed;
    good.send({ type: 'call', request: 1, options: {}, procedure: 'wamp.session.count' });
    expect(await good.next()).toMatchObject({ type: 'result', args: [1] });
  });

  test('an oversized message closes the socket with 1009', async () => {
    const { url } = await serve({ maxMessageBytes: 1000 });
    const { socket, closed } = await open(url);
    socket.send('x'.repeat(1001));
    expect(await closed).toBe(1009);
  });
});

describe('liveness', () => {
  test('a peer is pinged, and one that stays silent is dropped', async () => {
    const clock = new FakeClock();
    const { url, hub } = await serve({ clock });
    const { socket, closed } = await open(url);
    socket.pause(); // it will not even answer pings
    clock.advance(10_000);
    clock.advance(5_000);
    socket.resume();
    expect(await closed).toBe(1006);
    expect(hub.connections).toBe(0);
  });
  test('a peer that answers stays', async () => {
    const clock = new FakeClock();
    const { url, hub } = await serve({ clock });
    const { socket, send, next } = await open(url);
    const pinged = new Promise((resolve) => socket.on('ping', resolve));
    clock.advance(10_000);
    await pinged;
    send(hello); // what follows the pong has come, so the pong has
    await next();
    clock.advance(5_000);
    expect(hub.connections).toBe(1);
    expect(clock.pending).toBe(1);
  });
  test('what a ping has measured is in the session’s details', async () => {
    const clock = new FakeClock();
    const { url, hub } = await serve({ clock });
    const { socket, send, next } = await open(url);
    send(hello);
    const welcome = await next();
    const session = welcome.type === 'welcome' ? welcome.session : 0;
    const pinged = new Promise((resolve) => socket.on('ping', resolve));
    clock.advance(10_000);
    await pinged;
    send({ type: 'call', request: 1, options: {}, procedure: 'wamp.session.count' });
    await next(); // so the pong has come, too
    const { args } = await (await join(hub.link(), { realm: 'realm1' })).call('wamp.session.get', [session]);
    expect(args).toEqual([expect.objectContaining({ session, x_rtt: expect.any(Number) })]);
  });
});

test('[GOODBYE] stopping takes leave of WebSocket peers', async () => {
  const { url, hub } = await serve();
  const session = await join(await connectWebSocket(url), { realm: 'realm1' });
  await hub.stop();
  expect(await session.closed).toMatchObject({ reason: 'wamp.close.system_shutdown', by: 'peer' });
});
