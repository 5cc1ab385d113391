/**
 * Everything hostile that we know, over every transport and with every serializer, against one router in a process of its
 * own. After each the healthy sessions are served; after all of it the router weighs what it weighed before.
 */
import { once } from 'node:events';
import { connect as connectTo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batched,
  errors,
  type Message,
  loadSerializers,
  serializers as always,
  type Serializer,
} from '../../protocol/index.ts';
import { encoders } from './encoders.ts';
import { hostileBatches, hostileBytes } from './hostile-bytes.ts';
import { itself, longPollRequests, maskedFrame, rawFrames, rawHandshakes, webSocketFrames } from './hostile-frames.ts';
import { hostileMessages } from './hostile-messages.ts';
import { ignoredRequests } from './hostile-requests.ts';
import { hello, type Answer } from './hostile.ts';
import { inMebibytes, startRouter, type Router } from './router.ts';
import { framed, joined, post, transports, type Connect, type TransportName, type Wire } from './wire.ts';

const serializers = await loadSerializers();
const json = always[0]!;

let router: Router;
let heapBefore = 0;
beforeAll(async () => {
  router = await startRouter();
  heapBefore = await router.calm();
});
afterAll(() => router.stop());

const welcomed = (connect: Connect, serializer: Serializer) => joined(connect, router, serializer);

/** How a session ends that has broken the protocol. */
const endings = (isReadable: boolean): Readonly<Record<TransportName, unknown>> => ({
  WebSocket: 1000,
  'RawSocket over TCP': 'end',
  'RawSocket over a Unix socket': 'end',
  'long-poll': isReadable ? 204 : 400,
});

/** ABORT says what was wrong, then the transport ends as it should. */
async function aborts(wire: Wire, ending: unknown, abort: string, reason: string = errors.protocolViolation) {
  expect(await wire.next()).toMatchObject({ type: 'abort', reason, details: { message: abort } });
  expect(await wire.next()).toBeUndefined();
  expect(await wire.ended).toBe(ending);
}

/** A call is answered: the session goes on. @param request the next of it. */
async function goesOn(wire: Wire, { name }: Serializer, request: number): Promise<void> {
  wire.say(encoders[name]([48, request, {}, 'com.healthy', [7]]));
  expect(await wire.next()).toMatchObject({ type: 'result', request, args: [7] });
  await wire.leave();
}

describe.each(Object.entries(transports) as [TransportName, Connect][])('over %s', (name, connect) => {
  describe.each(serializers.map((serializer) => [serializer.name, serializer] as const))(
    'in %s',
    (form, serializer) => {
      const encode = encoders[form];

      async function answers(wire: Wire, answer: Answer, malformed = false): Promise<void> {
        if ('abort' in answer) return aborts(wire, endings(!malformed)[name], answer.abort, answer.reason);
        expect(await wire.next()).toMatchObject({ type: 'error', error: answer.error, args: [answer.message] });
        await goesOn(wire, serializer, 2);
      }

      it.each(hostileMessages)('$title', async ({ joined: isJoined, before = [], message, answer, malformed }) => {
        const wire = isJoined ? await welcomed(connect, serializer) : await connect(router, serializer);
        for (const one of before) {
          wire.say(encode(one));
          await wire.next();
        }
        wire.say(encode(message));
        await answers(wire, answer, malformed);
        await router.healthy();
      });

      it.each(hostileBytes[form])('bytes: %s', async (_, bytes, abort) => {
        const wire = await welcomed(connect, serializer);
        wire.say(bytes);
        await aborts(wire, endings(false)[name], abort);
        await router.healthy();
      });

      it.each(ignoredRequests)('nothing is said to %s', async (_, message) => {
        const wire = await welcomed(connect, serializer);
        wire.say(encode(message));
        await goesOn(wire, serializer, message[0] === 49 ? 1 : 2);
      });
    },
  );
});

const batching = (['WebSocket', 'long-poll'] as const).flatMap((name) =>
  serializers.map((serializer) => [name, batched(serializer)] as const),
);
describe.each(batching.map(([name, serializer]) => [name, serializer.subprotocol, serializer] as const))(
  'over %s, %s',
  (name, _, serializer) => {
    it.each(hostileBatches[serializer.binary ? 'binary' : 'text'])('batches: %s', async (__, bytes, abort) => {
      const wire = await welcomed(transports[name], serializer);
      wire.say(bytes);
      const isRead = abort === 'call before hello';
      if (isRead) expect((await wire.next())?.type).toBe('goodbye');
      await aborts(wire, endings(isRead)[name], abort);
      await router.healthy();
    });
  },
);

/** All that comes until the other side ends. */
async function untilEnd(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  await once(socket, 'close');
  return Buffer.concat(pieces);
}

describe.each<[string, () => Socket]>([
  ['TCP', () => connectTo({ port: router.port, host: '127.0.0.1' })],
  ['a Unix socket', () => connectTo({ path: router.path })],
])('RawSocket over %s', (_, open) => {
  it.each(rawHandshakes)('a handshake with %s: %s is answered by %s', async (__, octets, answer) => {
    const socket = open();
    socket.write(Buffer.from(octets, 'hex'));
    expect((await untilEnd(socket)).toString('hex')).toBe(answer);
    await router.healthy();
  });

  it.each(rawFrames)('frames: %s', async (__, octets, abort) => {
    const socket = open();
    socket.write(Buffer.concat([Buffer.from('7ff10000', 'hex'), framed(JSON.stringify(hello)), octets]));
    const heard = String(await untilEnd(socket));
    expect(heard).toContain(JSON.stringify([3, { message: abort }, errors.protocolViolation]));
    await router.healthy();
  });
});

it('what a Unix socket begins with is RawSocket, or nothing', async () => {
  const socket = connectTo({ path: router.path });
  socket.write('GET / HTTP/1.1\r\n\r\n');
  expect(await untilEnd(socket)).toHaveLength(0);
});

describe('WebSocket', () => {
  it.each(webSocketFrames)('frames %s', async (_, bytes, code) => {
    const socket = connectTo({ port: router.port, host: '127.0.0.1' });
    const lines = ['GET /ws HTTP/1.1', 'Host: a', 'Connection: Upgrade', 'Upgrade: websocket'];
    lines.push('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Protocol: wamp.2.json');
    lines.push('Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', '');
    socket.write(Buffer.concat([Buffer.from(lines.join('\r\n')), maskedFrame(1, JSON.stringify(hello)), bytes]));
    const heard = await untilEnd(socket);
    expect(heard.subarray(-4).toString('hex')).toBe(`8802${code.toString(16).padStart(4, '0')}`);
    await router.healthy();
  });
});

describe('long-poll', () => {
  it.each(longPollRequests)('requests: %s', async (_, method, path, body, status) => {
    const base = `http://127.0.0.1:${router.port}/lp`;
    const opened = await post(`${base}/open`, JSON.stringify({ protocols: ['wamp.2.json'] }));
    const { transport } = (await opened.json()) as { transport: string };
    const url = `${base}/${path.replace(itself, transport)}`;
    const answer = await fetch(url, { method, ...(method !== 'GET' && { body: Buffer.from(body) }) });
    expect(answer.status).toBe(status);
    await post(`${base}/${transport}/close`);
    await router.healthy();
  });
});

describe.each(Object.entries(transports) as [TransportName, Connect][])('a flood over %s', (_name, connect) => {
  it.each<[string, (i: number) => readonly unknown[], most: number, what: string]>([
    ['subscriptions', (i) => [32, i + 1, {}, `com.flood.t${i}`], 200, 'subscriptions'],
    [
      'patterns',
      (i) => [32, i + 1, { match: 'wildcard' }, `com.flood.${'.'.repeat(i % 100)}t${i}`],
      200,
      'subscriptions',
    ],
    ['registrations', (i) => [64, i + 1, {}, `com.flood.p${i}`], 100, 'registrations'],
    [
      'calls that are never answered',
      (i) => (i === 0 ? [64, 1, {}, 'com.never'] : [48, i + 1, {}, 'com.never']),
      201,
      'calls under way',
    ],
    ['testaments', (i) => [48, i + 1, {}, 'wamp.session.add_testament', [`com.flood.t${i}`, [], {}]], 10, 'testaments'],
  ])('of %s is bounded, and refused in words', async (_, message, most, what) => {
    const wire = await welcomed(connect, json);
    for (let i = 0; i < 220; i++) wire.say(JSON.stringify(message(i)));
    const refused: Message<'error'>[] = [];
    while (refused.length < 220 - most) {
      const answer = await wire.next();
      if (answer?.type === 'error') refused.push(answer);
    }
    const words = `a session of role "anonymous" may have ${what === 'calls under way' ? 200 : most} ${what} at a time`;
    for (const { error, args } of refused) expect([error, args]).toEqual([errors.limitReached, [words]]);
    await router.healthy();
    await wire.leave();
    await router.healthy();
  });

  it('of events to a reader who never reads ends that reader', async () => {
    const [wire, source] = [await welcomed(connect, json), await welcomed(transports.WebSocket, json)];
    wire.say(JSON.stringify([32, 1, {}, 'com.sink']));
    await wire.next();
    wire.pause();
    const large = 'x'.repeat(60_000);
    for (let i = 1; i <= 200; i++) {
      source.say(JSON.stringify([16, i, { acknowledge: true }, 'com.sink', [large]]));
      await source.next();
    }
    await router.healthy();
    source.say(JSON.stringify([48, 201, {}, 'wamp.subscription.lookup', ['com.sink']]));
    expect(await source.next()).toMatchObject({ type: 'result', args: [null] }); // nobody subscribes any more
    await source.leave();
    await wire.leave();
  });
});

it('at least 200 different cases have run over each transport', () => {
  const everywhere = hostileMessages.length + ignoredRequests.length + Object.values(hostileBytes).flat().length;
  const batches = hostileBatches.text.length + 2 * hostileBatches.binary.length;
  const raw = everywhere + rawHandshakes.length + rawFrames.length;
  const counts: Record<TransportName, number> = {
    WebSocket: everywhere + batches + webSocketFrames.length,
    'RawSocket over TCP': raw,
    'RawSocket over a Unix socket': raw,
    'long-poll': everywhere + batches + longPollRequests.length,
  };
  console.log('hostile cases over each transport:', counts);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThanOrEqual(200);
});

it('the heap of the router is within 10 % of where it began', async () => {
  const heap = await router.calm();
  console.log(
    `heap of the router, MiB: ${inMebibytes(heapBefore)} before the hostile cases, ${inMebibytes(heap)} after`,
  );
  expect(heap / heapBefore).toBeLessThan(1.1);
});
