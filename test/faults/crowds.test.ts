/** More connections, sessions and messages than a router wants, however they come; and peers that stay when told to go. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import {
  CallError,
  connectWebSocket,
  errors,
  join,
  serializers,
  transportPair,
  type Session,
  type Transport,
} from '../../protocol/index.ts';
import { anonymous } from '../../server/authentication/index.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { connectRawSocket, createEndpoint, Hub, type HubLimits } from '../../server/transports/index.ts';
import { connectLongPoll } from '../conformance/longpoll-client.ts';
import { roles } from './attacker.ts';

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

/** Everything on one port, with these limits and none for its role. */
async function router(limits: Partial<HubLimits>) {
  let now = Date.UTC(2030, 0, 1);
  const realm = permissiveRealm('realm1');
  const anybody = realm.roles.map(({ name, permissions }) => ({ name, permissions }));
  const hub = new Hub({
    realms: [{ ...realm, roles: anybody, authentication: [anonymous()] }],
    limits,
    now: () => now,
  });
  const endpoint = await createEndpoint({ hub, websocket: { closeTimeoutMs: 50 }, longpoll: {}, rawsocket: {} });
  await once(endpoint.server.listen(0, '127.0.0.1'), 'listening');
  stop = async () => {
    await hub.stop(0);
    await endpoint.close();
  };
  const { port } = endpoint.server.address() as AddressInfo;
  return { hub, port, pass: (ms: number) => (now += ms) };
}

const ways: Record<string, (port: number) => Promise<Transport>> = {
  WebSocket: (port) => connectWebSocket(`ws://127.0.0.1:${port}/ws`),
  RawSocket: (port) => connectRawSocket({ port, host: '127.0.0.1' }),
  'long-poll': (port) => connectLongPoll(`http://127.0.0.1:${port}/lp`, serializers[0]!),
};
const { WebSocket: byWebSocket } = ways as { WebSocket: (port: number) => Promise<Transport> };
const guest = async (port: number, way = byWebSocket): Promise<Session> =>
  join(await way(port), { realm: 'realm1', onError: () => {} });
const healthy = async (session: Session): Promise<void> => {
  expect((await session.call('wamp.session.count')).args).toHaveLength(1);
};
/** Of an attempt that fails: its URI, and what it was told. */
const refusalOf = async (attempt: Promise<unknown>): Promise<readonly [string, string]> => {
  const error = await attempt.catch((thrown: unknown) => thrown);
  if (!(error instanceof CallError)) throw error;
  return [error.uri, error.message];
};

describe.each(Object.entries(ways))('over %s', (...[, way]) => {
  it.each<[string, Partial<HubLimits>, string]>([
    [
      'messages',
      { messagesPerSecond: 10, messageBurst: 20 },
      'more than 10 messages a second, or 20 at once, at 2030-01-01T00:00:00.000Z',
    ],
    [
      'bytes',
      { bytesPerSecond: 1000, byteBurst: 2000 },
      'more than 1000 bytes a second, or 2000 at once, at 2030-01-01T00:00:00.000Z',
    ],
  ])('too many %s end the connection, which is told why, and no other', async (_, limits, message) => {
    const { port } = await router(limits);
    const [attacker, other] = [await guest(port, way), await guest(port, way)];
    for (let turn = 0; turn < 30; turn++) void attacker.publish('com.any', ['x'.repeat(100)]).catch(() => {}); // those after the end
    expect(await attacker.closed).toMatchObject({ reason: errors.limitReached, message, by: 'peer' });
    await healthy(other);
  });

  it('as much as may be sent goes on and on', async () => {
    const { port, pass } = await router({
      messagesPerSecond: 10,
      messageBurst: 2,
      bytesPerSecond: 1e4,
      byteBurst: 2e4,
    });
    const session = await guest(port, way);
    for (let turn = 0; turn < 20; turn++) {
      pass(100);
      await healthy(session);
    }
  });

  it('one session too many in a second is refused, and the next second is not', async () => {
    const { port, pass } = await router({ joinsPerSecondPerAddress: 2 });
    const first = await guest(port, way);
    await guest(port, way);
    expect(await refusalOf(guest(port, way))).toEqual([
      errors.limitReached,
      'more than 2 sessions a second from your address, at 2030-01-01T00:00:00.000Z',
    ]);
    await healthy(first);
    pass(500);
    await healthy(await guest(port, way));
  });
});

/** One connection where there is one already. */
const tooMany: [string, Partial<HubLimits>, string][] = [
  ['for the router', { maxConnections: 1 }, 'this router has the 1 connections that it may have'],
  ['from one address', { maxConnectionsPerAddress: 1 }, 'there are 1 connections from your address already'],
];

describe.each(Object.entries(ways).filter(([name]) => name !== 'WebSocket'))('over %s', (...[, way]) => {
  it.each(tooMany)('one connection too many %s is refused', async (_, limits) => {
    const { port } = await router(limits);
    const first = await guest(port, way);
    await expect(guest(port, way)).rejects.toThrow(/connections/);
    await healthy(first);
  });
});

it.each(tooMany)('over whatever cannot refuse by itself, ABORT says what is too many %s', async (_, limits, words) => {
  const { hub } = await router(limits);
  const arrive = () => {
    const [ours, theirs] = transportPair();
    hub.accept(ours, { type: 'rawsocket', peer: '203.0.113.7:50123', secure: false });
    return join(theirs, { realm: 'realm1' });
  };
  const first = await arrive();
  expect(await refusalOf(arrive())).toEqual([errors.limitReached, words]);
  await healthy(first);
});

describe('a WebSocket too many', () => {
  it.each(tooMany)('%s is answered by 503, until another has gone', async (_, limits, words) => {
    const { port, hub } = await router(limits);
    const first = await guest(port);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'wamp.2.json');
    const [, response] = await once(socket, 'unexpected-response');
    expect(response.statusCode).toBe(503);
    expect(String(await response.toArray())).toBe(`Nobody more can connect: ${words}.\n`);
    await first.leave();
    await vi.waitFor(() => expect(hub.connections).toBe(0));
    await healthy(await guest(port));
  });

  it('does not keep out the components of this process', async () => {
    const { port, hub } = await router({ maxConnections: 1, joinsPerSecondPerAddress: 1, messageBurst: 1 });
    const visitor = await byWebSocket(port);
    const component = await join(hub.link({ authid: 'lobby', authrole: 'anonymous' }), { realm: 'realm1' });
    for (let turn = 0; turn < 100; turn++) await healthy(component);
    visitor.close();
  });
});

it('a peer that was told to go and does not is dropped soon', async () => {
  const { port, hub } = await router({});
  const socket = connect({ port, host: '127.0.0.1' });
  const lines = [
    'GET /ws HTTP/1.1',
    'Host: a',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
  ];
  lines.push('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol: wamp.2.json', '', '');
  socket.write(lines.join('\r\n'));
  await once(socket, 'data');
  const hello = Buffer.from(JSON.stringify([1, 'nowhere', { roles }]));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | hello.length, 0, 0, 0, 0]), hello])); // masked with zeros
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(String(answer)).toContain(errors.noSuchRealm);
  await once(socket, 'close'); // although it answers nothing
  await vi.waitFor(() => expect(hub.connections).toBe(0));
});
