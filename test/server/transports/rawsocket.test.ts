import { mkdtempSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CallError, errors, join, loadSerializers } from '../../../protocol/index.ts';
import { anonymous } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import {
  connectRawSocket,
  Hub,
  serveRawSocket,
  type RawSocketService,
  type ServeRawSocketOptions,
} from '../../../server/transports/index.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

const serializers = await loadSerializers();
const running: { hub: Hub; service: RawSocketService; server: Server }[] = [];
afterEach(async () => {
  for (const { hub, service, server } of running.splice(0)) {
    await hub.stop(0);
    service.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(options: Partial<ServeRawSocketOptions> = {}, path?: string) {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const server = createServer();
  const service = serveRawSocket({ hub, serializers, ...options }, server);
  running.push({ hub, service, server });
  await new Promise<void>((resolve) => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  const port = path ? 0 : (server.address() as AddressInfo).port;
  return { hub, port };
}

/** A socket in the test's hands. */
async function open(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1' });
  let bytes = Buffer.alloc(0);
  let arrived = () => {};
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    arrived();
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  const ended = new Promise<void>((resolve) => socket.on('end', resolve));
  const read = async (length: number): Promise<string> => {
    while (bytes.length < length) await new Promise<void>((resolve) => (arrived = resolve));
    const taken = bytes.subarray(0, length).toString('hex');
    bytes = bytes.subarray(length);
    return taken;
  };
  const frame = async (): Promise<string> => {
    const header = await read(4);
    return Buffer.from(await read(Number.parseInt(header.slice(2), 16)), 'hex').toString();
  };
  await new Promise<void>((resolve) => socket.on('connect', resolve));
  return {
    socket,
    read,
    frame,
    closed,
    ended,
    send: (hex: string) => void socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex')),
  };
}

const framed = (text: string) => {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([header, Buffer.from(text)]);
};
const hello = framed('[1,"realm1",{"roles":{"caller":{},"subscriber":{}}}]');

describe('[RawSocket] the handshake', () => {
  test.each([
    ['JSON', '7ff10000', '7f710000'],
    ['MessagePack', '7ff20000', '7f720000'],
    ['CBOR', '7ff30000', '7f730000'],
    ['the smallest limit that is taken', '7f210000', '7f710000'],
  ])('%s: %s is answered by %s', async (_, asked, answered) => {
    const { send, read } = await open((await serve()).port);
    send(asked);
    expect(await read(4)).toBe(answered);
  });

  test.each([
    [512, '0'],
    [100_000, '7'],
    [2 ** 24, 'f'],
    [2 ** 30, 'f'],
  ])('of a limit of %i bytes it announces %s', async (maxMessageBytes, announced) => {
    const { send, read } = await open((await serve({ maxMessageBytes })).port);
    send('7ff10000');
    expect(await read(4)).toBe(`7f${announced}10000`);
  });

  test.each([
    ['a serializer that we have not', '7ff40000', '7f100000'],
    ['serializer 0, which is illegal', '7ff00000', '7f100000'],
    ['a limit below that of the router', '7f110000', '7f200000'],
    ['a reserved octet', '7ff10001', '7f300000'],
    ['the other reserved octet', '7ff18000', '7f300000'],
  ])('%s: %s is refused by %s, and the socket is closed', async (_, asked, answered) => {
    const { hub, port } = await serve();
    const { send, read, closed } = await open(port);
    send(asked);
    expect(await read(4)).toBe(answered);
    await closed;
    expect(hub.connections).toBe(0);
  });

  test('more than the connections that are allowed are refused by 7f400000', async () => {
    const { port } = await serve({ maxConnections: 1 });
    const first = await open(port);
    first.send('7ff10000');
    await first.read(4);
    const second = await open(port);
    second.send('7ff10000');
    expect(await second.read(4)).toBe('7f400000');
    await second.closed;
    first.socket.destroy();
    await first.closed;
    await vi.waitFor(async () => {
      const third = await open(port);
      third.send('7ff10000');
      expect(await third.read(4)).toBe('7f710000');
    });
  });

  test('may come octet by octet, and with messages behind it', async () => {
    const { send, socket, read, frame } = await open((await serve()).port);
    for (const octet of ['7f', 'f1', '00']) {
      send(octet);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(Buffer.concat([Buffer.from([0]), hello]));
    expect(await read(4)).toBe('7f710000');
    expect(await frame()).toMatch(/^\[2,/);
  });

  test('what does not begin with 7F is closed without an answer', async () => {
    const { socket, closed } = await open((await serve()).port);
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await closed;
    expect(socket.bytesRead).toBe(0);
  });

  test('who does not finish it in time is dropped', async () => {
    const clock = new FakeClock();
    const { port } = await serve({ clock });
    const { send, closed } = await open(port);
    send('7ff1');
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(10_000);
    await closed;
  });
});

describe('[RawSocket] frames', () => {
  const welcomed = async (options: Partial<ServeRawSocketOptions> = {}) => {
    const { hub, port } = await serve(options);
    const peer = await open(port);
    peer.send('7ff10000');
    await peer.read(4);
    peer.socket.write(hello);
    expect(await peer.frame()).toMatch(/^\[2,/);
    return { hub, ...peer };
  };

  test('PING is answered by PONG with the same payload', async () => {
    const { send, read } = await welcomed();
    send('01000002 6869');
    expect(await read(6)).toBe('020000026869');
    send('01000000');
    expect(await read(4)).toBe('02000000');
  });

  test('PONG that nobody asked for is ignored', async () => {
    const { send, socket, frame } = await welcomed();
    send('02000002 6869');
    socket.write(framed('[48,1,{},"wamp.session.count"]'));
    expect(await frame()).toBe('[50,1,{},[1]]');
  });

  test('may arrive in pieces, or several at once', async () => {
    const { socket, frame } = await welcomed();
    const calls = [1, 2, 3].map((id) => framed(`[48,${id},{},"wamp.session.count"]`));
    const bytes = Buffer.concat(calls);
    for (const octet of bytes.subarray(0, 70)) socket.write(Uint8Array.of(octet));
    socket.write(bytes.subarray(70));
    for (const id of [1, 2, 3]) expect(await frame()).toBe(`[50,${id},{},[1]]`);
  });

  test.each([
    ['a reserved type', '03000000'],
    ['a reserved bit', '10000000'],
    ['another reserved bit', '80000000'],
    ['a length beside that of 2^24', '08000001'],
    ['a message over the limit', '00010001'],
    ['a message of 2^24 octets, over the limit', '08000000'],
    ['a PING over the limit', '01010001'],
    ['an empty message', '00000000'],
    ['a message that is none', framed('nonsense').toString('hex')],
  ])('%s is answered by ABORT, and the socket is closed', async (_, bytes) => {
    const { hub, send, frame, ended } = await welcomed();
    send(bytes);
    expect(JSON.parse(await frame())).toMatchObject([3, {}, errors.protocolViolation]);
    await ended;
    await vi.waitFor(() => expect(hub.connections).toBe(0));
  });

  test('a payload goes on as it came, space and all: it is not decoded', async () => {
    const { port } = await serve();
    const peer = await open(port);
    peer.send('7fb10000'); // JSON
    await peer.read(4);
    const subscribe = framed('[32,1,{},"com.news"]');
    const publish = framed('[16,2,{"exclude_me":false},"com.news",[ 1.0,"\\u0061" ],{ "a":2e0}]');
    peer.socket.write(Buffer.concat([hello, subscribe, publish]));
    await peer.frame();
    expect(await peer.frame()).toMatch(/^\[33,1,/);
    expect(await peer.frame()).toMatch(/^\[36,.*,\{\},\[ 1\.0,"\\u0061" \],\{ "a":2e0\}\]$/);
  });

  test('a message of exactly the limit passes', async () => {
    const { socket, frame } = await welcomed();
    const [start, end] = ['[48,1,{},"wamp.session.count",[],{"x":"', '"}]'];
    socket.write(framed(start + 'x'.repeat(2 ** 16 - start.length - end.length) + end));
    expect(await frame()).toBe('[50,1,{},[1]]');
  });

  test('a message of 2^24 octets has a bit of its own for its length, both ways', async () => {
    const maxMessageBytes = 2 ** 24;
    const { port } = await serve({ maxMessageBytes, maxBufferedBytes: 2 ** 26 });
    const session = await join(await connectRawSocket({ port, host: '127.0.0.1' }), { realm: 'realm1' });
    await session.register('a.b', ({ args }) => ({ args: [String(args[0]).length] }));
    const { socket, send, read, frame } = await open(port);
    send('7ff10000');
    expect(await read(4)).toBe('7ff10000');
    socket.write(hello);
    await frame();
    const [start, end] = ['[48,1,{},"a.b",["', '"]]'];
    const length = maxMessageBytes - start.length - end.length;
    socket.write(Buffer.concat([Buffer.from('08000000', 'hex'), Buffer.from(start + 'x'.repeat(length) + end)]));
    expect(await frame()).toBe(`[50,1,{},[${length}]]`);
  });

  test('a peer that does not close its half is closed after a while', async () => {
    const clock = new FakeClock();
    const { port, hub } = await serve({ clock });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write(Buffer.concat([Buffer.from('7ff10000', 'hex'), framed('[99]')]));
    await new Promise((resolve) => socket.resume().once('end', resolve));
    expect(hub.connections).toBe(1);
    clock.advance(2_000);
    await vi.waitFor(() => expect(hub.connections).toBe(0));
    socket.destroy();
  });

  test('a peer is pinged where that is wanted, with some octets, and dropped when it is silent', async () => {
    const clock = new FakeClock();
    const { hub, read, closed } = await welcomed({ clock, pingIntervalMs: 10_000 });
    clock.advance(10_000);
    const [type, length] = [await read(1), Number.parseInt(await read(3), 16)];
    expect([type, length > 0]).toEqual(['01', true]);
    await read(length);
    clock.advance(5_000);
    await closed;
    await vi.waitFor(() => expect(hub.connections).toBe(0));
  });

  test('a peer that answers stays', async () => {
    const clock = new FakeClock();
    const { hub, read, send, socket, frame } = await welcomed({ clock, pingIntervalMs: 10_000 });
    clock.advance(10_000);
    const header = await read(4);
    send(`02${header.slice(2)}${await read(Number.parseInt(header.slice(2), 16))}`);
    socket.write(framed('[48,1,{},"wamp.session.list"]'));
    const [session] = (JSON.parse(await frame()) as [number, number, object, [number[]]])[3][0]; // so the pong has come, too
    const { args } = await (await join(hub.link(), { realm: 'realm1' })).call('wamp.session.get', [session!]);
    expect(args).toEqual([expect.objectContaining({ x_rtt: expect.any(Number) })]);
    clock.advance(5_000);
    expect(hub.connections).toBe(2);
  });
});

describe("[RawSocket] what is larger than the peer's limit is not sent to it", () => {
  /** A peer that takes 2 KiB, and a component that takes anything. */
  const both = async () => {
    const { hub, port } = await serve();
    const session = await join(hub.link(), { realm: 'realm1' });
    const peer = await open(port);
    peer.send('7f210000');
    await peer.read(4);
    const say = (...messages: string[]) => peer.socket.write(Buffer.concat(messages.map(framed)));
    say('[1,"realm1",{"roles":{"caller":{},"callee":{},"subscriber":{}}}]');
    await peer.frame();
    return { hub, session, say, ...peer };
  };
  const large = 'x'.repeat(3000);

  test('an event is dropped and counted, and the next one comes', async () => {
    const { hub, session, say, frame } = await both();
    say('[32,1,{},"com.news"]');
    await frame();
    await session.publish('com.news', [large]);
    await session.publish('com.news', ['small']);
    expect(await frame()).toMatch(/^\[36,.*"small"\]\]$/);
    expect(hub.eventsTooLarge).toBe(1);
  });

  test('in place of a result, its caller gets an error', async () => {
    const { session, say, frame } = await both();
    await session.register('a.b', () => ({ args: [large] }));
    say('[48,1,{},"a.b"]', '[48,2,{},"a.b"]');
    for (const request of [1, 2])
      expect(JSON.parse(await frame())).toMatchObject([
        8,
        48,
        request,
        {},
        errors.payloadSizeExceeded,
        [expect.any(String)],
      ]);
  });

  test('a result in parts ends with an error, and its callee is interrupted', async () => {
    const { session, say, frame } = await both();
    const interrupted = new Promise((resolve) => {
      void session.register('a.b', ({ progress, signal }) => {
        signal.addEventListener('abort', resolve);
        progress(['small']);
        progress([large]);
        return new Promise(() => {});
      });
    });
    await session.call('wamp.session.count'); // so it is registered
    say('[48,1,{"receive_progress":true},"a.b"]');
    expect(JSON.parse(await frame())).toEqual([50, 1, { progress: true }, ['small']]);
    expect(JSON.parse(await frame()).slice(0, 5)).toEqual([8, 48, 1, {}, errors.payloadSizeExceeded]);
    await interrupted;
  });

  test('of an invocation, its caller gets an error, and the callee can be called again', async () => {
    const { session, say, frame } = await both();
    say('[64,1,{},"a.b"]');
    await frame();
    await expect(session.call('a.b', [large])).rejects.toMatchObject({ uri: errors.payloadSizeExceeded });
    const answer = session.call('a.b', ['small']);
    expect(JSON.parse(await frame())).toMatchObject([68, 2, expect.any(Number), {}, ['small']]);
    say('[70,2,{},["yes"]]');
    expect((await answer).args).toEqual(['yes']);
  });

  test('of an error, what it carries is left out', async () => {
    const { session, say, frame } = await both();
    await session.register('a.b', () => {
      throw new CallError('com.example.error', [large]);
    });
    say('[48,1,{},"a.b"]');
    expect(JSON.parse(await frame())).toEqual([8, 48, 1, { message: expect.any(String) }, 'com.example.error']);
  });
});

describe('the client', () => {
  test('says why there is no connection', async () => {
    const { port } = await serve({ serializers: serializers.slice(0, 1) });
    await expect(connectRawSocket({ port, host: '127.0.0.1' })).rejects.toThrow(
      `cannot connect to 127.0.0.1:${port}: it refuses: the serializer is not supported`,
    );
    await expect(connectRawSocket({ path: '/nowhere/at.all' })).rejects.toThrow('cannot connect to /nowhere/at.all');
  });

  test('gives up when it is told so', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const controller = new AbortController();
    const { port } = silent.address() as AddressInfo;
    const connected = connectRawSocket({ port, host: '127.0.0.1' }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(connected).rejects.toThrow('enough');
    await new Promise((resolve) => silent.close(resolve));
  });

  test('answers a call whose result is too large for the router with an error', async () => {
    const path = joinPath(mkdtempSync(joinPath(tmpdir(), 'realmkit-')), 'socket');
    const { hub } = await serve({}, path);
    const callee = await join(await connectRawSocket({ path }), { realm: 'realm1' });
    await callee.register('a.b', () => ({ args: ['x'.repeat(70_000)] }));
    const caller = await join(hub.link(), { realm: 'realm1' });
    await expect(caller.call('a.b')).rejects.toMatchObject({ uri: errors.payloadSizeExceeded });
    await expect(callee.call('a.b', ['x'.repeat(70_000)])).rejects.toThrow();
    expect(await callee.closed).toMatchObject({ by: 'transport', message: expect.stringContaining('larger than') });
  });
});
