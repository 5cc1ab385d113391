/** What brokers do beyond passing events on, over every transport and with every serializer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  closeReasons,
  join,
  type Event,
  type Session,
  type SubscribeOptions,
  type Transport,
} from '../../protocol/index.ts';
import { everyTransport, listenEverywhere, type Everywhere } from './every-transport.ts';

let router: Everywhere;
beforeAll(async () => (router = await listenEverywhere()));
afterAll(() => router.close());

const joined = (transport: Transport): Promise<Session> => join(transport, { realm: 'realm1' });
/** A name of its own for each test: they share one router. */
let tests = 0;
const unused = () => `com.example.pubsub${++tests}`;
const acknowledge = true;

/** The next so many events of a subscription, once it stands. */
async function listen(
  session: Session,
  topic: string,
  options: SubscribeOptions,
  count = 1,
): Promise<Promise<Event[]>[]> {
  const heard: Event[] = [];
  let subscribed: Promise<unknown> | undefined;
  const events = new Promise<Event[]>((resolve) => {
    const hear = (event: Event) => void (heard.push(event) === count && resolve(heard));
    subscribed = session.subscribe(topic, hear, options);
  });
  await subscribed;
  return [events]; // in a list, or it would be awaited
}

const value = { text: 'ü', binary: new Uint8Array([0, 255]), long: 2 ** 53, list: [1, null] };

describe.each(everyTransport)('over %s', (_name, connect) => {
  /** One near the router, and one far away. */
  async function pair(): Promise<[Session, Session]> {
    return [await joined(router.hub.link()), await joined(await connect(router))];
  }

  test('[Event Retention] what was retained comes to later subscribers, by topic and by pattern', async () => {
    const [near, far] = await pair();
    const topic = unused();
    await near.publish(`${topic}.a`, [value], { b: value }, { acknowledge, retain: true });
    await far.publish(`${topic}.b`, [value], {}, { acknowledge, retain: true });
    const [exact] = await listen(far, `${topic}.a`, { get_retained: true });
    expect(await exact).toMatchObject([{ args: [value], kwargs: { b: value }, details: { retained: true } }]);
    const [pattern] = await listen(near, `${topic}.`, { match: 'prefix', get_retained: true }, 2);
    expect(await pattern).toMatchObject([
      { topic: `${topic}.a`, details: { retained: true } },
      { topic: `${topic}.b`, args: [value] },
    ]);
    await far.publish(`${topic}.b`, [], {}, { acknowledge, retain: true }); // clears
    await Promise.all([near.leave(), far.leave()]);
    const late = await joined(await connect(router));
    const [rest] = await listen(late, topic, { match: 'prefix', get_retained: true });
    expect(await rest).toMatchObject([{ topic: `${topic}.a` }]);
    await late.leave();
  });

  test('[Event History] past events can be asked for, from either side', async () => {
    const [near, far] = await pair();
    const topic = 'com.history.topic';
    await near.publish(topic, [value, 1], {}, { acknowledge });
    await far.publish(topic, [value, 2], { b: value }, { acknowledge });
    const [id] = (await far.call('wamp.subscription.lookup', ['com.history.', { match: 'prefix' }])).args;
    for (const session of [near, far]) {
      const { args, kwargs } = await session.call('wamp.subscription.get_events', [id], { reverse: true, limit: 2 });
      expect(args).toMatchObject([
        { subscription: id, details: { topic }, args: [value, 2], kwargs: { b: value } },
        { subscription: id, args: [value, 1] },
      ]);
      expect(Object.keys(kwargs)).toEqual(['is_limit_reached']);
    }
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Subscription Meta API] who subscribes is told, and a subscription can be taken away', async () => {
    const [near, far] = await pair();
    const topic = unused();
    const [created] = await listen(near, 'wamp.subscription.on_create', {});
    const revoked = new Promise((resolve) => {
      void far.subscribe(topic, () => {}, { onRevoked: resolve });
    });
    const [event] = (await created)!;
    const [by, { id, uri }] = event!.args as [number, { id: number; uri: string }];
    expect([by, uri]).toEqual([far.id, topic]);
    await near.call('wamp.subscription.remove_subscriber', [id, far.id], { reason: 'com.example.reason' });
    expect(await revoked).toBe('com.example.reason');
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Session Meta API] a session that is killed hears why', async () => {
    const [near, far] = await pair();
    await near.call('wamp.session.kill', [far.id], { message: 'enough' });
    expect(await far.closed).toMatchObject({ reason: closeReasons.killed, message: 'enough', by: 'peer' });
    await near.leave();
  });

  test('[Testaments] what a session leaves behind is published when it is gone', async () => {
    const [near, far] = await pair();
    const topic = unused();
    const [last] = await listen(near, topic, {});
    await far.call('wamp.session.add_testament', [topic, [value], { b: value }]);
    await far.leave();
    expect(await last).toMatchObject([{ args: [value], kwargs: { b: value } }]);
    await near.leave();
  });

  test('[Payload Passthru Mode] a packed payload arrives as it was, and how it is packed', async () => {
    const [near, far] = await pair();
    const topic = unused();
    const packing = { ppt_scheme: 'x_own', ppt_serializer: 'cbor', ppt_keyid: 'k' };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const [events] = await listen(to, topic, {});
      await from.publish(topic, [value.binary], {}, { acknowledge, ...packing });
      expect(await events).toMatchObject([{ args: [value.binary], details: packing }]);
    }
    await Promise.all([near.leave(), far.leave()]);
  });
});

test('[Event Retention] a payload that is sent but empty clears as one that is left out', async () => {
  const topic = unused();
  const session = await joined(router.hub.link());
  await session.publish(topic, [1], {}, { acknowledge, retain: true });
  const socket = new WebSocket(`ws://127.0.0.1:${router.port}/ws`, 'wamp.2.json');
  const answers: ((text: string) => void)[] = [];
  socket.addEventListener('message', ({ data }) => answers.shift()?.(String(data)));
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const ask = (message: unknown[]) =>
    new Promise<string>((resolve) => {
      answers.push(resolve);
      socket.send(JSON.stringify(message));
    });
  await ask([1, 'realm1', { roles: { publisher: {} } }]);
  expect(await ask([16, 1, { acknowledge, retain: true }, topic, [], {}])).toMatch(/^\[17,1,/);
  const heard: Event[] = [];
  await session.subscribe(topic, (event) => void heard.push(event), { get_retained: true });
  await session.call('wamp.session.count'); // what was retained would have come before
  expect(heard).toEqual([]);
  socket.close();
  await session.leave();
});
