import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { join, loadSerializers } from '../../../protocol/index.ts';
import { anonymous } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import {
  Hub,
  serveLongPoll,
  type HubConfig,
  type LongPollService,
  type ServeLongPollOptions,
} from '../../../server/transports/index.ts';
import { LongPollTransport, type Poll } from '../../../server/transports/longpoll-transport.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

const serializers = await loadSerializers();
const running: { hub: Hub; polls: LongPollService; server: Server }[] = [];
afterEach(async () => {
  for (const { hub, polls, server } of running.splice(0)) {
    await hub.stop(0);
    polls.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(options: Partial<ServeLongPollOptions> = {}, config: Partial<HubConfig> = {}) {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }], ...config });
  const polls = serveLongPoll({ hub, serializers, ...options });
  const server = createServer((request, response) => void (polls.handle(request, response) || response.end('page')));
  running.push({ hub, polls, server });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { hub, port, base: `http://127.0.0.1:${port}/lp` };
}

const post = (url: string, body = '', headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers });
const hello = '[1,"realm1",{"roles":{"caller":{},"subscriber":{}}}]';

async function opened(base: string, subprotocol = 'wamp.2.json') {
  const answer = await post(`${base}/open`, JSON.stringify({ protocols: [subprotocol] }));
  const { transport } = (await answer.json()) as { transport: string };
  const url = `${base}/${transport}`;
  return {
    url,
    receive: () => post(`${url}/receive`),
    send: async (body: string) => (await post(`${url}/send`, body)).status,
    close: async () => (await post(`${url}/close`)).status,
  };
}

async function joined(base: string, subprotocol?: string) {
  const peer = await opened(base, subprotocol);
  await peer.send(subprotocol ? `${hello}\u001e` : hello);
  expect(await (await peer.receive()).text()).toMatch(/^\[2,/);
  return peer;
}

describe('[HTTP Long-Poll] opening', () => {
  test('chooses the first of the list that we have, and tells an id that nobody guesses', async () => {
    const { base } = await serve();
    const answer = await post(
      `${base}/open?x=123`,
      JSON.stringify({ protocols: ['wamp.3', 'wamp.2.json.batched', 'wamp.2.json'] }),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual({
      protocol: 'wamp.2.json.batched',
      transport: expect.stringMatching(/^[\w-]{32}$/),
    });
  });

  test.each([
    ['none of ours', '{"protocols":["wamp.3"]}'],
    ['no list', '{"protocols":"wamp.2.json"}'],
    ['nothing', ''],
    ['no dict', '[]'],
    ['no JSON', '{'],
    ['null', 'null'],
    ['too much', 'x'.repeat(70_000)],
  ])('%s is answered by 400', async (_, body) => {
    const { base, hub } = await serve();
    const answer = await post(`${base}/open`, body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('Offer one of the subprotocols wamp.2.json, wamp.2.msgpack, wamp.2.cbor.\n');
    expect(hub.connections).toBe(0);
  });

  test('other paths are for others, other methods are refused', async () => {
    const { base, port } = await serve();
    expect(await (await post(`http://127.0.0.1:${port}/lpx/open`)).text()).toBe('page');
    expect((await fetch(`${base}/open`)).status).toBe(405);
    expect((await post(`${base}/unknown/receive`)).status).toBe(404);
    const { url } = await opened(base);
    expect((await post(`${url}/elsewhere`)).status).toBe(404);
    expect((await post(`${url}/send/more`)).status).toBe(404);
  });
});

describe('[HTTP Long-Poll] messages', () => {
  test('unbatched, each comes with a request of its own; sending and closing are answered by 204', async () => {
    const { base, hub } = await serve();
    const peer = await joined(base);
    expect(await peer.send('[48,1,{},"wamp.session.count"]')).toBe(204);
    expect(await peer.send('[48,2,{},"wamp.session.count"]')).toBe(204);
    expect(await (await peer.receive()).text()).toBe('[50,1,{},[1]]');
    expect(await (await peer.receive()).text()).toBe('[50,2,{},[1]]');
    expect(await peer.close()).toBe(204);
    expect(hub.connections).toBe(0);
    expect(await peer.close()).toBe(404);
  });

  test('batched, all that waits comes at once', async () => {
    const { base } = await serve();
    const peer = await joined(base, 'wamp.2.json.batched');
    expect(await peer.send('[48,1,{},"wamp.session.count"]\u001e[48,2,{},"wamp.session.count"]\u001e')).toBe(204);
    expect(await (await peer.receive()).text()).toBe('[50,1,{},[1]]\u001e[50,2,{},[1]]\u001e');
  });

  test.each([
    ['wamp.2.json', ''],
    ['wamp.2.json.batched', '\u001e'],
  ])('by %s a payload goes on as it came, space and all: it is not decoded', async (subprotocol, end) => {
    const { base } = await serve();
    const peer = await joined(base, end ? subprotocol : undefined);
    await peer.send(`[32,1,{},"com.news"]${end}`);
    expect(await (await peer.receive()).text()).toMatch(/^\[33,/);
    await peer.send(`[16,2,{"exclude_me":false},"com.news",[ 1.0,"\\u0061" ],{ "a":2e0}]${end}`);
    const event = await (await peer.receive()).text();
    expect(event).toMatch(/^\[36,/);
    expect(event.endsWith(`,{},[ 1.0,"\\u0061" ],{ "a":2e0}]${end}`)).toBe(true);
  });

  test('requests to send are handled in the order in which they began, not that in which they are complete', async () => {
    const { base, port } = await serve();
    const peer = await joined(base);
    const slow = connect({ port, host: '127.0.0.1' });
    const [first, rest] = ['[48,1,{},"wamp', '.session.count"]'];
    const path = new URL(`${peer.url}/send`).pathname;
    const request = vi.fn();
    running.at(-1)!.server.on('request', request);
    slow.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${first.length + rest.length}\r\n\r\n${first}`);
    await vi.waitFor(() => expect(request).toHaveBeenCalled());
    const second = peer.send('[48,2,{},"wamp.session.count"]');
    await vi.waitFor(() => expect(request).toHaveBeenCalledTimes(2));
    slow.write(rest);
    expect(await second).toBe(204);
    expect(await (await peer.receive()).text()).toBe('[50,1,{},[1]]');
    expect(await (await peer.receive()).text()).toBe('[50,2,{},[1]]');
    slow.destroy();
  });

  test('a request that waits gets what comes', async () => {
    const { base, hub } = await serve();
    const peer = await joined(base);
    await peer.send('[32,1,{},"com.news"]');
    await peer.receive();
    const waiting = peer.receive();
    const publisher = await join(hub.link(), { realm: 'realm1' });
    await publisher.publish('com.news', ['!']);
    expect(await (await waiting).text()).toMatch(/^\[36,.*\["!"\]\]$/);
  });

  test('a second request to receive takes the place of the first, which is answered by 204', async () => {
    const { base } = await serve();
    const peer = await joined(base);
    const first = peer.receive();
    const second = peer.receive();
    expect((await Promise.race([first, second])).status).toBe(204);
    await peer.send('[48,1,{},"wamp.session.count"]');
    const texts = await Promise.all([first, second].map(async (answer) => (await answer).text()));
    expect(texts.toSorted()).toEqual(['', '[50,1,{},[1]]']);
  });

  test('a violation is answered by 400, the next request gets the ABORT, and then there is no transport', async () => {
    const { base, hub } = await serve();
    const peer = await opened(base);
    expect(await peer.send('nonsense')).toBe(400);
    expect(await (await peer.receive()).text()).toMatch(/^\[3,.*protocol_violation"\]$/);
    expect((await peer.receive()).status).toBe(404);
    expect(hub.connections).toBe(0);
  });

  test('a body over the limit is answered by 413 and ends the transport', async () => {
    const { base, hub } = await serve({ maxMessageBytes: 1000 });
    const peer = await joined(base);
    expect(await peer.send('x'.repeat(1001))).toBe(413);
    expect(hub.connections).toBe(0);
  });
});

describe('[HTTP Long-Poll] time', () => {
  test('a request to receive is answered by 204 after a while', async () => {
    const clock = new FakeClock();
    const { base } = await serve({ clock });
    const peer = await joined(base);
    const request = vi.fn();
    running.at(-1)!.server.on('request', request);
    const waiting = peer.receive();
    await vi.waitFor(() => expect(request).toHaveBeenCalled());
    clock.advance(10_000);
    const answer = await waiting;
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });

  test('who stays away is dropped', async () => {
    const clock = new FakeClock();
    const { base, hub } = await serve({ clock });
    await joined(base);
    clock.advance(29_999);
    expect(hub.connections).toBe(1);
    clock.advance(1);
    expect(hub.connections).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('who gives up a request to receive has that while to come back', async () => {
    const clock = new FakeClock();
    const { base, hub, port } = await serve({ clock });
    const peer = await joined(base);
    const request = vi.fn();
    running.at(-1)!.server.on('request', request);
    const gone = connect({ port, host: '127.0.0.1' });
    gone.write(`POST ${new URL(peer.url).pathname}/receive HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n`);
    await vi.waitFor(() => expect(request).toHaveBeenCalled());
    const closed = new Promise((resolve) => (request.mock.calls[0]![1] as NodeJS.EventEmitter).once('close', resolve));
    gone.destroy();
    await closed;
    clock.advance(29_000);
    await peer.send('[48,1,{},"wamp.session.count"]');
    expect(await (await peer.receive()).text()).toBe('[50,1,{},[1]]');
    expect(hub.connections).toBe(1);
  });
});

describe('[HTTP Long-Poll] limits', () => {
  test.each([
    ['messages', { maxQueuedMessages: 10 }, 'x', 11],
    ['bytes', { maxBufferedBytes: 10_000 }, 'x'.repeat(1000), 11],
  ])('[ABORT] who lets too many %s wait is told so and gone, others are not', async (_, limit, part, count) => {
    const { base, hub } = await serve(limit);
    const peer = await joined(base);
    await peer.send('[32,1,{},"com.flood"]');
    await peer.receive();
    const publisher = await join(hub.link(), { realm: 'realm1' });
    for (let i = 0; i < count; i++) await publisher.publish('com.flood', [part], {}, { acknowledge: true });
    expect(await (await peer.receive()).text()).toMatch(/^\[3,{"message":"you read too slowly: more than /);
    await vi.waitFor(() => expect(hub.connections).toBe(1));
    expect((await peer.receive()).status).toBe(404);
    expect(await publisher.publish('com.flood', [part], {}, { acknowledge: true })).toBeGreaterThan(0);
  });
});

test('[HTTP Long-Poll] messages are answered one answer after another, and wait until theirs has left', () => {
  const transport = new LongPollTransport(serializers[0]!, { clock: new FakeClock() }, () => {});
  const answers: [body: string, left: () => void][] = [];
  const poll = (): Poll => ({
    tell: vi.fn(),
    answer: (body, left) => answers.push([Buffer.from(body).toString(), left]),
    end: vi.fn(),
    breakOff: vi.fn(),
  });
  for (const request of [1, 2]) transport.send({ type: 'unsubscribed', request });
  transport.poll(poll());
  transport.poll(poll());
  expect(answers.map(([body]) => body)).toEqual(['[35,1]']);
  expect(transport.backlog.bytes).toBe(12);
  answers[0]![1]();
  expect(answers.map(([body]) => body)).toEqual(['[35,1]', '[35,2]']);
  expect(transport.backlog.bytes).toBe(6);
  const last = poll();
  transport.poll(last);
  transport.end('closed');
  answers[1]![1]();
  expect(transport.backlog.bytes).toBe(0);
  expect(last.end).toHaveBeenCalledOnce();
});

test('[HTTP Long-Poll] who is given up while its end still waits for it is gone', async () => {
  const { base, hub } = await serve({}, { limits: { maxTotalBufferedBytes: 3000 } });
  const [ada, bob] = [await joined(base), await joined(base)];
  for (const [peer, topic] of [
    [ada, 'com.ada'],
    [bob, 'com.bob'],
  ] as const) {
    await peer.send(`[32,1,{},"${topic}"]`);
    await peer.receive();
  }
  const publisher = await join(hub.link(), { realm: 'realm1' });
  await publisher.publish('com.ada', ['x'.repeat(1500)], {}, { acknowledge: true });
  expect(await ada.send('[99]')).toBe(400);
  expect(hub.connections).toBe(3);
  await publisher.publish('com.bob', ['x'.repeat(1000)], {}, { acknowledge: true });
  expect(hub.connections).toBe(2);
  expect((await ada.receive()).status).toBe(404);
  expect(await (await bob.receive()).text()).toMatch(/^\[36,/);
});

describe('[HTTP Long-Poll] web pages of other origins', () => {
  const origin = 'https://friend.example';

  test('that are allowed may ask, with cookies', async () => {
    const { base } = await serve({ origins: [origin] });
    const allowed = {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    };
    const asked = await fetch(`${base}/open`, { method: 'OPTIONS', headers: { origin } });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      ...allowed,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
    });
    for (const path of ['open', 'unknown/receive']) {
      const answer = await post(`${base}/${path}`, '{"protocols":["wamp.2.json"]}', { origin });
      expect(Object.fromEntries(answer.headers)).toMatchObject({ ...allowed, 'cache-control': 'no-store' });
    }
  });

  test('that are not are refused', async () => {
    const { base } = await serve({ origins: [origin] });
    const answer = await post(`${base}/open`, '{"protocols":["wamp.2.json"]}', { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});
