/** Foreign clients over the transports that they know beside WebSocket. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallError, join, type Session } from '../../protocol/index.ts';
import { listenEverywhere, type Everywhere } from '../conformance/every-transport.ts';
import { autobahnJs, autobahnPython, type Client, type Payload, type SerializerName } from './clients/index.ts';

let router: Everywhere;
let here: Session;
beforeAll(async () => {
  router = await listenEverywhere();
  here = await join(router.hub.link(), { realm: 'realm1' });
});
afterAll(() => router.close());

type Way = readonly [name: string, url: (everywhere: Everywhere) => string];
const webSocket: Way = ['WebSocket', ({ port }) => `ws://127.0.0.1:${port}/ws`];
const tcp: Way = ['RawSocket over TCP', ({ rawPort }) => `rs://127.0.0.1:${rawPort}`];
const unix: Way = ['RawSocket over a Unix socket', ({ unixPath }) => `rs://unix:${unixPath}`];
const longPoll: Way = ['long-poll', ({ port }) => `http://127.0.0.1:${port}/lp`];

const all: readonly SerializerName[] = ['json', 'msgpack', 'cbor'];
const cases = (client: Client, ways: readonly Way[], serializers: readonly SerializerName[]) =>
  ways.flatMap(([way, url]) =>
    serializers.map((serializer) => ({
      title: `${client.name} over ${way}, ${serializer}${client.missing === undefined ? '' : ` (${client.missing})`}`,
      missing: client.missing !== undefined,
      connect: (everywhere = router) => client.connect(url(everywhere), serializer),
    })),
  );

let tests = 0;
const unused = () => `com.example.interop${++tests}`;
const payload: Payload = { args: [1, 'ü', null, 1.5, { a: [true] }], kwargs: { b: [2 ** 40] } };

describe.each([
  ...cases(autobahnJs, [webSocket], ['cbor']),
  ...cases(autobahnJs, [tcp, unix, longPoll], ['json']),
  ...cases(autobahnPython, [tcp, unix], all),
  ...cases(autobahnPython, [webSocket], ['cbor']),
])('$title', ({ connect, missing }) => {
  test.skipIf(missing)('[Calling and Invocations] it calls and is called', async () => {
    const peer = await connect();
    const [ours, theirs] = [unused(), unused()];
    await here.register(ours, ({ args, kwargs }) => ({ args, kwargs }));
    expect(await peer.call(ours, payload)).toMatchObject(payload);
    await peer.register(theirs, ({ args, kwargs }) => ({ args, kwargs }));
    expect(await here.call(theirs, payload.args, payload.kwargs)).toMatchObject(payload);
    await peer.leave();
  });

  test.skipIf(missing)('[Calling and Invocations] twenty calls at once are all answered', async () => {
    const peer = await connect();
    const procedure = unused();
    await here.register(procedure, ({ args }) => ({ args }));
    const calls = Array.from({ length: 20 }, (_, i) => peer.call(procedure, { args: [i, i], kwargs: {} }));
    expect((await Promise.all(calls)).map(({ args }) => args[0])).toEqual(Array.from({ length: 20 }, (_, i) => i));
    await peer.leave();
  });

  test.skipIf(missing)('[Calling and Invocations] errors cross both ways', async () => {
    const peer = await connect();
    const [ours, theirs] = [unused(), unused()];
    const fail = () => {
      throw new CallError('com.example.error', ['no'], { code: 7 });
    };
    await here.register(ours, fail);
    await peer.register(theirs, fail);
    const expected = { uri: 'com.example.error', args: ['no'], kwargs: { code: 7 } };
    await expect(peer.call(ours, payload)).rejects.toMatchObject(expected);
    await expect(here.call(theirs)).rejects.toMatchObject(expected);
    await peer.leave();
  });

  test.skipIf(missing)('[Publish and Subscribe] events cross both ways, in order', async () => {
    const peer = await connect();
    const [ours, theirs] = [unused(), unused()];
    const heard: unknown[] = [];
    await here.subscribe(theirs, ({ args }) => void heard.push(args[0]));
    for (let i = 0; i < 5; i++) await peer.publish(theirs, { args: [i], kwargs: {} });
    await expect.poll(() => heard).toEqual([0, 1, 2, 3, 4]);
    const there: unknown[] = [];
    await peer.subscribe(ours, ({ args }) => void there.push(args[0]));
    for (let i = 0; i < 50; i++) await here.publish(ours, [i]);
    await expect.poll(() => there, { timeout: 10_000 }).toEqual(Array.from({ length: 50 }, (_, i) => i));
    await peer.leave();
  });

  test.skipIf(missing)('[Progressive Call Results] parts come before the result', async () => {
    const peer = await connect();
    const procedure = unused();
    await here.register(procedure, ({ progress }) => {
      for (let i = 0; i < 5; i++) progress([i]);
      return { args: ['done'] };
    });
    const parts: unknown[] = [];
    const onPart = ({ args }: Payload) => void parts.push(args[0]);
    expect((await peer.call(procedure, { args: [], kwargs: {} }, { onPart })).args).toEqual(['done']);
    expect(parts).toEqual([0, 1, 2, 3, 4]);
    await peer.leave();
  });

  test.skipIf(missing)('[GOODBYE] it takes leave of a router that stops', async () => {
    const own = await listenEverywhere();
    const peer = await connect(own);
    await own.close();
    await peer.closed;
  });
});
