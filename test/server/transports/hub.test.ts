import { describe, expect, test, vi } from 'vitest';
import {
  closeReasons,
  errors,
  serializers,
  transportPair,
  type Message,
  type ProtocolError,
  type Serializer,
  type Transport,
} from '../../../protocol/index.ts';
import { anonymous, ticket, type AuthenticationMethod, type Verdict } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import { framingOf } from '../../../server/transports/frame.ts';
import { bytesOf } from '../../../server/transports/slab.ts';
import { Hub, type EncodingTransport, type HubConfig } from '../../../server/transports/index.ts';
import { VirtualClock } from '../../client/virtual-clock.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

const hubWith = (authentication: AuthenticationMethod[] = [anonymous()], config: Partial<HubConfig> = {}) =>
  new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication }], ...config });

const roles = { publisher: {}, subscriber: {}, caller: {}, callee: {} };
const hello = (details = {}): Message => ({ type: 'hello', realm: 'realm1', details: { roles, ...details } });

/** A peer whose end of the link is in the test's hands. */
function peerOn(transport: Transport) {
  const inbox: (Message | ProtocolError)[] = [];
  let closed: string | null = null;
  transport.onMessage((message) => inbox.push(message));
  transport.onClose((reason) => (closed = reason));
  return { send: (message: Message) => transport.send(message), inbox, closed: () => closed };
}
/** Everything in memory happens in microtasks: after a macrotask all of them have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('joining over the in-memory link', () => {
  test('a linked peer authenticates like any other', async () => {
    const peer = peerOn(hubWith().link());
    peer.send(hello());
    await settled();
    expect(peer.inbox).toMatchObject([
      { type: 'welcome', details: { authmethod: 'anonymous', authrole: 'anonymous' } },
    ]);
  });
  test('a trusted component is who the link says, whatever HELLO says', async () => {
    const peer = peerOn(hubWith([]).link({ authid: 'lobby', authrole: 'anonymous' }));
    peer.send(hello({ authid: 'ada', authmethods: ['ticket'] }));
    await settled();
    expect(peer.inbox).toMatchObject([{ type: 'welcome', details: { authid: 'lobby', authmethod: 'trusted' } }]);
  });
  test('[Ticket-based Authentication] CHALLENGE, AUTHENTICATE, WELCOME', async () => {
    const peer = peerOn(hubWith([ticket({ principals: { ada: { ticket: 's3cret', role: 'anonymous' } } })]).link());
    peer.send(hello({ authid: 'ada', authmethods: ['ticket'] }));
    await settled();
    expect(peer.inbox).toEqual([{ type: 'challenge', method: 'ticket', extra: {} }]);
    peer.send({ type: 'authenticate', signature: 's3cret', extra: {} });
    await settled();
    expect(peer.inbox[1]).toMatchObject({ type: 'welcome', details: { authid: 'ada', authmethod: 'ticket' } });
  });
  test('[Ticket-based Authentication] a wrong ticket is answered by ABORT, and the transport closes', async () => {
    const peer = peerOn(hubWith([ticket({})]).link());
    peer.send(hello({ authid: 'ada', authmethods: ['ticket'] }));
    peer.send({ type: 'authenticate', signature: 'wrong', extra: {} });
    await settled();
    expect(peer.inbox[1]).toMatchObject({ type: 'abort', reason: errors.authenticationDenied });
    expect(peer.closed()).not.toBeNull();
  });
  test('[Authentication Methods] none in common is answered by ABORT, naming those there are', async () => {
    const peer = peerOn(hubWith([anonymous(), ticket({})]).link());
    peer.send(hello({ authmethods: ['scram'] }));
    await settled();
    expect(peer.inbox).toMatchObject([
      {
        type: 'abort',
        reason: errors.noMatchingAuthMethod,
        details: { message: 'realm "realm1" offers: anonymous, ticket' },
      },
    ]);
  });
});

describe('a method that takes its time', () => {
  const principal = { authid: 'ada', authrole: 'anonymous', authmethod: 'slow', authprovider: 'test' };
  test('lets later messages wait, in order', async () => {
    let answer: (verdict: Verdict) => void = () => {};
    const slow: AuthenticationMethod = { name: 'slow', begin: () => new Promise((resolve) => (answer = resolve)) };
    const peer = peerOn(hubWith([slow]).link());
    peer.send(hello({ authmethods: ['slow'] }));
    peer.send({ type: 'subscribe', request: 1, options: {}, topic: 'com.a' });
    peer.send({ type: 'subscribe', request: 2, options: {}, topic: 'com.b' });
    await settled();
    expect(peer.inbox).toEqual([]);
    answer({ verdict: 'welcome', principal });
    await settled();
    expect(peer.inbox).toMatchObject([
      { type: 'welcome' },
      { type: 'subscribed', request: 1 },
      { type: 'subscribed', request: 2 },
    ]);
  });
  test.each([
    [
      'throws',
      () => {
        throw new Error('database gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('database gone'))],
  ])('is reported when it %s, and the peer gets authentication_failed', async (_, begin) => {
    const report = vi.fn();
    const peer = peerOn(hubWith([{ name: 'broken', begin }], { report }).link());
    peer.send(hello({ authmethods: ['broken'] }));
    await settled();
    expect(peer.inbox).toMatchObject([{ type: 'abort', reason: errors.authenticationFailed }]);
    expect(report).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'database gone' }));
  });
});

test('one event is encoded once for each serializer, however many receive it', async () => {
  const hub = hubWith();
  const encode = vi.fn((message: Message) => JSON.stringify(message));
  const counting = { ...serializers[0]!, encode } satisfies Serializer;
  const listeners = [1, 2, 3].map(() => fakeSocket(counting));
  for (const { transport, receive } of listeners) {
    hub.accept(transport);
    receive(hello());
    receive({ type: 'subscribe', request: 1, options: {}, topic: 'com.news' });
  }
  const publisher = peerOn(hub.link());
  publisher.send(hello());
  await settled();
  encode.mockClear();
  publisher.send({ type: 'publish', request: 1, options: {}, topic: 'com.news', args: ['!'] });
  await settled();
  expect(encode).toHaveBeenCalledOnce();
  for (const { sent } of listeners) expect(String(sent.at(-1))).toContain('"event"');
});

test('a transport that fails when it sends costs nobody else the event', async () => {
  const report = vi.fn();
  const hub = hubWith([anonymous()], { report });
  const broken = fakeSocket({
    ...serializers[0]!,
    encode: () => {
      throw new Error('cannot encode');
    },
  });
  const sound = peerOn(hub.link());
  hub.accept(broken.transport);
  broken.receive(hello());
  sound.send(hello());
  await settled();
  expect(report).toHaveBeenCalled();
  expect(sound.inbox).toMatchObject([{ type: 'welcome' }]);
});

describe('stopping', () => {
  test('[GOODBYE] says system_shutdown, and is done when all have answered', async () => {
    const hub = hubWith();
    const peer = peerOn(hub.link());
    peer.send(hello());
    await settled();
    const stopped = hub.stop();
    await settled();
    expect(peer.inbox.at(-1)).toEqual({ type: 'goodbye', details: {}, reason: closeReasons.systemShutdown });
    peer.send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut });
    await stopped;
    expect(hub.connections).toBe(0);
    expect(peer.closed()).not.toBeNull();
  });
  test('does not wait longer than the deadline for those who do not answer', async () => {
    const clock = new FakeClock();
    const hub = hubWith([anonymous()], { clock });
    const peer = peerOn(hub.link());
    peer.send(hello());
    await settled();
    const stopped = hub.stop(2000);
    clock.advance(2000);
    await stopped;
    await settled();
    expect(peer.closed()).not.toBeNull();
    expect(clock.pending).toBe(0);
  });
  test('takes nobody in any more', async () => {
    const hub = hubWith();
    await hub.stop();
    const peer = peerOn(hub.link());
    await settled();
    expect(peer.closed()).not.toBeNull();
  });
});

test('a connection that does not say HELLO in time is ended', async () => {
  const clock = new FakeClock();
  const peer = peerOn(hubWith([anonymous()], { clock, limits: { joinTimeoutMs: 10_000 } }).link());
  clock.advance(10_000);
  clock.advance(10_000);
  await settled();
  expect(peer.inbox).toMatchObject([{ type: 'abort' }]);
  expect(peer.closed()).not.toBeNull();
});

/** A transport that encodes, as sockets do, and keeps what was sent. */
function fakeSocket(serializer: Serializer) {
  const sent: (string | Uint8Array)[] = [];
  let receive: (message: Message | ProtocolError) => void = () => {};
  const transport: EncodingTransport = {
    serializer: framingOf(serializer),
    send: (message) => void sent.push(serializer.encode(message)),
    sendEncoded: (encoded) => void sent.push(Buffer.from(bytesOf(encoded)).subarray(2)), // without the header of its frame
    close: () => {},
    onMessage: (listener) => (receive = listener),
    onClose: () => {},
  };
  return { transport, sent, receive: (message: Message) => receive(message) };
}

describe('delays of the core', () => {
  test('[Call Timeouts] are kept by the clock of the hub, and forgotten when the call is answered', async () => {
    const clock = new FakeClock();
    const peer = peerOn(hubWith([anonymous()], { clock }).link());
    const sweeps = clock.pending;
    peer.send(hello());
    peer.send({ type: 'register', request: 1, options: {}, procedure: 'com.slow' });
    for (const request of [2, 3]) peer.send({ type: 'call', request, options: { timeout: 50 }, procedure: 'com.slow' });
    await settled();
    expect(clock.pending - sweeps).toBe(2);
    peer.send({ type: 'yield', request: 1, options: {} });
    await settled();
    expect(clock.pending - sweeps).toBe(1);
    clock.advance(50);
    await settled();
    expect(peer.inbox.slice(-2)).toMatchObject([
      { type: 'result', request: 2 },
      { type: 'error', request: 3, error: errors.timeout },
    ]);
    expect(clock.pending).toBe(sweeps);
  });
  test('[Session Closing] a hub that stops answers the calls under way, and waits for none', async () => {
    const clock = new FakeClock();
    const hub = hubWith([anonymous()], { clock });
    const peer = peerOn(hub.link());
    peer.send(hello());
    peer.send({ type: 'register', request: 1, options: {}, procedure: 'com.slow' });
    peer.send({ type: 'call', request: 2, options: { timeout: 50 }, procedure: 'com.slow' });
    await settled();
    const stopped = hub.stop();
    await settled();
    expect(peer.inbox.slice(-2)).toMatchObject([
      { type: 'error', request: 2, error: errors.canceled },
      { type: 'goodbye', reason: closeReasons.systemShutdown },
    ]);
    peer.send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut });
    await stopped;
    expect(clock.pending).toBe(0);
  });
});

describe('a simulated network', () => {
  test('is between the hub and those from outside, and not before its own components', async () => {
    const clock = new VirtualClock();
    const simulate = { roundTripMs: 150 };
    const hub = hubWith([anonymous()], { clock, now: () => clock.now(), simulate });
    const [theirs, ours] = transportPair();
    const stranger = peerOn(theirs);
    hub.accept(ours, { type: 'websocket', peer: '127.0.0.1:50123', secure: false });
    const component = peerOn(hub.link());
    for (const peer of [stranger, component]) peer.send(hello());
    await clock.pass(149);
    expect(component.inbox).toMatchObject([{ type: 'welcome' }]);
    expect(stranger.inbox).toEqual([]);
    await clock.pass(1);
    expect(stranger.inbox).toMatchObject([{ type: 'welcome' }]);
  });
});
