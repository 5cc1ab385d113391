/** Peers that stop reading, on real sockets: the router's memory is bounded, and nobody else notices. */
import { Agent, createServer, request, type IncomingMessage } from 'node:http';
import { connect, createServer as createStreamServer, type AddressInfo, type Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { errors, join, type Session } from '../../protocol/index.ts';
import { anonymous } from '../../server/authentication/index.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { Hub, serveLongPoll, serveRawSocket, serveWebSocket, type HubConfig } from '../../server/transports/index.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** A peer that speaks JSON, and reads when it likes. */
interface Peer {
  readonly heard: unknown[][];
  /** How it ended. */
  readonly closed: Promise<string>;
  send(message: unknown[]): void;
  pause(): void;
  resume(): void;
}
interface Router {
  readonly hub: Hub;
  readonly port: number;
  readonly rawPort: number;
}

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(limits: object, config: Partial<HubConfig> = {}): Promise<Router> {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }], ...config });
  const options = { hub, closeTimeoutMs: 60_000, ...limits };
  const polls = serveLongPoll(options);
  const web = createServer((asked, response) => void polls.handle(asked, response));
  const streams = createStreamServer();
  const services = [polls, serveWebSocket({ ...options, server: web }), serveRawSocket(options, streams)];
  cleanUps.push(async () => {
    await hub.stop(0);
    for (const service of services) service.close();
    web.closeAllConnections();
    for (const server of [web, streams]) await new Promise((resolve) => server.close(resolve));
  });
  return { hub, port: await listening(web), rawPort: await listening(streams) };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function webSocket({ port }: Router): Promise<Peer> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'wamp.2.json');
  cleanUps.push(() => socket.terminate());
  const heard: unknown[][] = [];
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as unknown[]));
  await new Promise((resolve) => socket.once('open', resolve));
  return {
    heard,
    closed: new Promise((resolve) => socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}`))),
    send: (message) => socket.send(JSON.stringify(message)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

async function rawSocket({ rawPort }: Router): Promise<Peer & { ping(length: number): Promise<unknown> }> {
  const socket = connect(rawPort, '127.0.0.1');
  cleanUps.push(() => socket.destroy());
  const heard: unknown[][] = [];
  let bytes = Buffer.alloc(0);
  socket.write(Buffer.from('7ff10000', 'hex'));
  await new Promise((resolve) => socket.once('data', resolve));
  socket.on('data', (piece) => {
    bytes = Buffer.concat([bytes, piece]);
    while (bytes.length >= 4) {
      const end = 4 + bytes.readUIntBE(1, 3);
      if (bytes.length < end) return;
      if (bytes[0] === 0) heard.push(JSON.parse(bytes.subarray(4, end).toString()) as unknown[]);
      bytes = bytes.subarray(end);
    }
  });
  return {
    heard,
    closed: new Promise((resolve) => socket.on('close', () => resolve('closed'))),
    send: (message) => void socket.write(frame(0, JSON.stringify(message))),
    ping: (length) => new Promise((resolve) => socket.write(frame(1, 'x'.repeat(length)), resolve)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}

function frame(type: number, content: string): Buffer {
  const header = Buffer.from([type, 0, 0, 0]);
  header.writeUIntBE(content.length, 1, 3);
  return Buffer.concat([header, Buffer.from(content)]);
}

async function longPoll({ port }: Router): Promise<Peer> {
  const agent = new Agent({ keepAlive: true });
  cleanUps.push(() => agent.destroy());
  let [reading, resume] = [Promise.resolve(), () => {}];
  const post = (path: string, body = '') =>
    new Promise<IncomingMessage>((resolve, reject) =>
      request({ port, host: '127.0.0.1', agent, path: `/lp/${path}`, method: 'POST' }, resolve)
        .on('error', reject)
        .end(body),
    );
  const opened = await text(await post('open', '{"protocols":["wamp.2.json.batched"]}'));
  const { transport } = JSON.parse(opened) as { transport: string };
  const heard: unknown[][] = [];
  const poll = async (): Promise<string> => {
    const answer = await post(`${transport}/receive`);
    await reading;
    const body = await text(answer);
    if (answer.statusCode === 404) return body.trim();
    heard.push(
      ...body
        .split('\u001e')
        .slice(0, -1)
        .map((message) => JSON.parse(message) as unknown[]),
    );
    return poll();
  };
  let sending: Promise<unknown> = Promise.resolve();
  return {
    heard,
    closed: poll().catch(String),
    send(message) {
      sending = sending.then(() => post(`${transport}/send`, `${JSON.stringify(message)}\u001e`)).then(text);
    },
    pause() {
      reading = new Promise((resolve) => (resume = resolve));
    },
    resume: () => resume(),
  };
}

const transports = { WebSocket: webSocket, RawSocket: rawSocket, 'long-poll': longPoll };
const ends: Record<keyof typeof transports, RegExp> = {
  WebSocket: /^1008 you read too slowly: more than 1048576 bytes wait for you$/,
  RawSocket: /^closed$/,
  'long-poll': /^There is no such transport( any more)?\.$/,
};
const everyTransport = Object.keys(transports) as (keyof typeof transports)[];

/** A session that has subscribed to a topic, has something to be published at its end, and reads nothing from now on. */
async function stalled<P extends Peer>(
  router: Router,
  connected: (router: Router) => Promise<P>,
  topic = 'com.flood',
): Promise<P> {
  const peer = await connected(router);
  peer.send([1, 'realm1', { roles: { subscriber: {}, caller: {} } }]);
  peer.send([32, 1, {}, topic]);
  peer.send([48, 2, {}, 'wamp.session.add_testament', ['com.will', [topic], {}]]);
  await vi.waitFor(() => expect(peer.heard).toHaveLength(3));
  peer.heard.length = 0;
  peer.pause();
  return peer;
}

/** Someone who reads: what they hear of the flood, and of others' ends. */
async function listener(hub: Hub) {
  const session = await join(hub.link(), { realm: 'realm1' });
  const [events, wills, left]: [unknown[], unknown[], unknown[]] = [[], [], []];
  await session.subscribe('com.flood', ({ args }) => void events.push(args[0]));
  await session.subscribe('com.will', ({ args }) => void wills.push(args[0]));
  await session.subscribe('wamp.session.on_leave', ({ args }) => void left.push(args[0]));
  return { events, wills, left };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Publishes numbers, and bulk with each, until something has happened. How many there were. */
async function flood(
  publisher: Session,
  until: () => boolean,
  options: (index: number) => object = () => ({}),
  bytes = 50_000,
): Promise<number> {
  let sent = 0;
  for (; !until(); sent++) {
    expect(sent).toBeLessThan(3000);
    await publisher.publish('com.flood', [sent, 'x'.repeat(bytes)], {}, { acknowledge: true, ...options(sent) });
    await turn();
  }
  return sent;
}
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const numbersOf = ({ heard }: Peer) => heard.filter(([code]) => code === 36).map((event) => (event[4] as [number])[0]);

describe.each(everyTransport)('a %s peer that never reads', (transport) => {
  test('is told so, and its session ends at once; the others get everything in order', async () => {
    const router = await serve({ maxBufferedBytes: MiB });
    const { hub } = router;
    const [slow, quick] = [await stalled(router, transports[transport]), await listener(hub)];
    const publisher = await join(hub.link(), { realm: 'realm1' });
    let most = 0;
    const sent = await flood(publisher, () => {
      most = Math.max(most, hub.bufferedBytes);
      return hub.slowReaders === 1;
    });
    expect(quick.events).toEqual(numbers(sent));
    expect(quick.wills).toEqual(['com.flood']);
    expect(quick.left).toHaveLength(1);
    expect(most).toBeGreaterThan(MiB / 2);
    expect(most).toBeLessThan(1.1 * MiB);
    slow.resume();
    expect(await slow.closed).toMatch(ends[transport]);
    const heard = numbersOf(slow);
    expect(heard).toEqual(numbers(heard.length));
    expect(heard.length).toBeLessThan(sent);
    expect(slow.heard.at(-1)).toEqual([
      3,
      { message: 'you read too slowly: more than 1048576 bytes wait for you' },
      errors.limitReached,
    ]);
    await vi.waitFor(() => expect(hub.connections).toBe(2));
    expect(hub.bufferedBytes).toBe(0);
  });

  test('misses droppable events first, and goes on when it reads again', async () => {
    const router = await serve({ maxBufferedBytes: MiB, dropAboveBytes: 128 * KiB });
    const { hub } = router;
    const [slow, quick] = [await stalled(router, transports[transport]), await listener(hub)];
    const publisher = await join(hub.link(), { realm: 'realm1' });
    const isDroppable = (index: number) => index % 10 !== 0;
    const sent = await flood(
      publisher,
      () => hub.eventsDropped >= 100,
      (index) => ({ x_droppable: isDroppable(index) }),
      20_000,
    );
    expect(hub.bufferedBytes).toBeLessThan(MiB);
    slow.resume();
    await publisher.publish('com.flood', [sent]);
    await vi.waitFor(() => expect(numbersOf(slow).at(-1)).toBe(sent));
    const [heard, all] = [new Set(numbersOf(slow)), numbers(sent + 1)];
    expect([...heard]).toEqual(all.filter((index) => heard.has(index)));
    const missed = all.filter((index) => !heard.has(index));
    expect(missed).toHaveLength(hub.eventsDropped);
    expect(missed.filter((index) => !isDroppable(index))).toEqual([]);
    expect(quick.events).toEqual(all);
    expect([hub.slowReaders, quick.left]).toEqual([0, []]);
  });

  test('is gone with its socket, when that does not even take the end', async () => {
    const router = await serve({ maxBufferedBytes: MiB, closeTimeoutMs: 50, pollIdleMs: 50 });
    const { hub } = router;
    await stalled(router, transports[transport]);
    const publisher = await join(hub.link(), { realm: 'realm1' });
    // Where time is short for the flood, a long-poll peer has been missed before it was found too slow.
    await flood(publisher, () => hub.slowReaders === 1 || hub.connections === 1);
    await vi.waitFor(() => expect(hub.connections).toBe(1));
    expect(hub.bufferedBytes).toBe(0);
  });
});

test('[RawSocket] who never reads the answers to its PINGs is told so, and gone', async () => {
  const router = await serve({ maxBufferedBytes: MiB });
  const { hub } = router;
  const slow = await stalled(router, rawSocket);
  for (let sent = 0; hub.slowReaders === 0; sent++) {
    expect(sent).toBeLessThan(3000);
    await slow.ping(60_000);
  }
  slow.resume();
  await slow.closed;
  expect(slow.heard.at(-1)).toMatchObject([3, {}, errors.limitReached]);
});

test('when too much waits for all, those for whom most waits go first', async () => {
  const router = await serve({ maxBufferedBytes: 64 * MiB }, { limits: { maxTotalBufferedBytes: 3 * MiB } });
  const { hub } = router;
  const topics = ['com.much', 'com.little', 'com.most'];
  for (const [i, transport] of everyTransport.entries()) await stalled(router, transports[transport], topics[i]);
  const [quick, publisher] = [await listener(hub), await join(hub.link(), { realm: 'realm1' })];
  const bulk = 'x'.repeat(50_000);
  for (let sent = 0; hub.slowReaders === 0; sent++) {
    expect(sent).toBeLessThan(3000);
    for (const topic of ['com.much', 'com.most', 'com.most', 'com.most'])
      await publisher.publish(topic, [bulk], {}, { acknowledge: true });
    await turn();
  }
  await vi.waitFor(() => expect(quick.wills).toEqual(['com.most']));
  expect(hub.slowReaders).toBe(1);
  expect(hub.bufferedBytes).toBeLessThan(3 * MiB);
});
