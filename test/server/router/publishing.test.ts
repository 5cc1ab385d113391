/** What of publishing is more than who listens: trust, packed payloads, shards, order. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { core, errors, eventsTo, messagesTo, violation, type Joined } from './core.ts';

const packing = { features: { payload_passthru_mode: true } };
const subscribe = (peer: Joined, topic: string, options = {}) => peer.send({ type: 'subscribe', options, topic });
const publish = (peer: Joined, options = {}, topic = 'com.topic', args: unknown[] = []) =>
  peer.send({ type: 'publish', options, topic, args });

test('[Publication Trust Levels] events tell the level that is configured for role and topic', () => {
  const all = { match: 'prefix', allow: { publish: true, subscribe: true } } as const;
  const roles = [
    {
      name: 'trusted',
      permissions: [
        { ...all, uri: '', trustlevel: 3 },
        { ...all, uri: 'com.rumours.', trustlevel: 0 },
      ],
    },
    { name: 'unknown', permissions: [{ ...all, uri: '' }] },
  ];
  const { join } = core({ roles });
  const [ada, bob, eve] = [join('ada', 'trusted'), join('bob', 'unknown'), join('eve', 'unknown')];
  for (const topic of ['com.topic', 'com.rumours.x']) subscribe(eve, topic);
  const detailsOf = (peer: Joined, topic: string) => messagesTo(eve, publish(peer, {}, topic))[0];
  expect(detailsOf(ada, 'com.topic')).toMatchObject({ details: { trustlevel: 3 } });
  expect(detailsOf(ada, 'com.rumours.x')).toMatchObject({ details: { trustlevel: 0 } });
  expect(detailsOf(bob, 'com.topic')).toMatchObject({ details: {} });
  expect(detailsOf(bob, 'com.topic')).not.toHaveProperty('details.trustlevel');
});

test('[Payload Passthru Mode] the ppt keys go on with the payload, to those who understand them', () => {
  const { join } = core();
  const ada = join('ada', 'anonymous', { publisher: packing });
  const bob = join('bob', 'anonymous', { subscriber: packing });
  const eve = join('eve', 'anonymous', { subscriber: {} });
  for (const peer of [bob, eve]) subscribe(peer, 'com.topic', { get_retained: true });
  const keys = { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: 'aes256gcm', ppt_keyid: 'k' };
  const packed = new Uint8Array([1, 2]);
  const effects = publish(ada, { ...keys, retain: true }, 'com.topic', [packed]);
  expect(messagesTo(bob, effects)).toMatchObject([{ details: keys, args: [packed] }]);
  expect(messagesTo(eve, effects)).toEqual([]);
  expect(messagesTo(bob, subscribe(bob, 'com.topic', { get_retained: true }))).toHaveLength(2);
  expect(messagesTo(eve, subscribe(eve, 'com.topic', { get_retained: true }))).toHaveLength(1);
});

test('[Payload Passthru Mode] a publisher that did not announce it breaks the protocol', () => {
  const ada = core().join('ada', 'anonymous', { publisher: {} });
  expect(publish(ada, { ppt_scheme: 'wamp' })).toEqual(
    violation(ada, 'publish.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  );
});

test('[Sharded Subscriptions] an event with a resource key goes to one node, always the same, and to all without node key', () => {
  const { join } = core();
  const [ada, all, ...nodes] = ['ada', 'all', 'n1', 'n2', 'n3'].map((name) => join(name)) as [
    Joined,
    Joined,
    ...Joined[],
  ];
  subscribe(all, 'com.topic');
  nodes.forEach((node, i) => subscribe(node, 'com.topic', { nkey: `n${i}` }));
  const reached = new Set<number>();
  for (let i = 0; i < 30; i++) {
    const owners = [1, 2].map(() => {
      const effects = publish(ada, { rkey: `r${i}` });
      expect(messagesTo(all, effects)).toHaveLength(1);
      return nodes.findIndex((node) => messagesTo(node, effects).length === 1);
    });
    expect(owners[0]).toBe(owners[1]);
    reached.add(owners[0]!);
  }
  expect(reached).toEqual(new Set([0, 1, 2]));
});

test('[Sharded Subscriptions] without resource key it goes to all; when a node has gone, to another; two sessions of a node both get it', () => {
  const { router, join } = core();
  const [ada, one, two, too] = [join('ada'), join('one'), join('two'), join('too')];
  subscribe(one, 'com.topic', { nkey: 'a' });
  subscribe(two, 'com.topic', { nkey: 'b' });
  subscribe(too, 'com.topic', { nkey: 'b' });
  const reach = (options = {}) => {
    const effects = publish(ada, options);
    return [one, two, too].map((peer) => messagesTo(peer, effects).length);
  };
  expect(reach()).toEqual([1, 1, 1]);
  expect([[1, 0, 0].join(), [0, 1, 1].join()]).toContain(reach({ rkey: 'r' }).join());
  expect(reach({ rkey: 'r', exclude_authid: ['one'] })).toEqual([0, 1, 1]);
  router.disconnect(two.connection);
  router.disconnect(too.connection);
  expect(reach({ rkey: 'r' })).toEqual([1, 0, 0]);
});

test('[Ordering Guarantees] events of one publisher come in order, over topics, subscriptions and shards', () => {
  const topic = fc.constantFrom('com.a', 'com.b', 'com.a.x');
  const options = fc.record(
    { acknowledge: fc.boolean(), retain: fc.boolean(), rkey: fc.constantFrom('r1', 'r2') },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(topic, options), { maxLength: 30 }), (publications) => {
      const { join } = core();
      const [ada, bob] = [join('ada'), join('bob')];
      subscribe(bob, 'com.a');
      subscribe(bob, 'com.', { match: 'prefix' });
      subscribe(bob, 'com.b', { nkey: 'n' });
      const got: unknown[] = [];
      publications.forEach(([to, how], n) => {
        for (const [, value] of eventsTo(bob, publish(ada, how, to, [n]))) got.push(value);
      });
      expect(got).toEqual(got.toSorted((a, b) => Number(a) - Number(b)));
      expect(new Set(got).size).toBe(publications.length);
    }),
  );
});

test('an event may be left out for slow readers where its publisher says so, while it is news', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  subscribe(bob, 'com.topic');
  const droppable = (effects: readonly object[]) => effects.map((effect) => 'droppable' in effect);
  expect(droppable(publish(ada, { x_droppable: true, acknowledge: true, retain: true }, 'com.topic', [1]))).toEqual([
    true,
    false,
  ]);
  expect(droppable(subscribe(bob, 'com.topic', { get_retained: true }))).toEqual([false, false]);
  expect(droppable(publish(ada, { x_droppable: false }))).toEqual([false]);
  expect(droppable(publish(ada))).toEqual([false]);
});

test('[URIs] an acknowledged retained publication to a bad topic retains nothing', () => {
  const ada = core().join();
  expect(messagesTo(ada, publish(ada, { acknowledge: true, retain: true }, 'not good'))).toMatchObject([
    { type: 'error', error: errors.invalidUri },
  ]);
  expect(messagesTo(ada, subscribe(ada, '', { match: 'prefix', get_retained: true }))[1]).not.toMatchObject({
    details: { retained: true },
  });
});

test('[Subscription Revocation] Python’s Autobahn, which would be gone, is not told though it announces it', () => {
  const { join } = core();
  const python = { features: { subscription_revocation: true, payload_transparency: true } };
  const [ada, bob] = [join('ada'), join('bob', 'anonymous', { subscriber: python })];
  subscribe(bob, 'com.topic');
  const remove = { type: 'call', options: {}, procedure: 'wamp.subscription.remove_subscriber' } as const;
  expect(messagesTo(bob, ada.send({ ...remove, args: [1, bob.session] }))).toEqual([]);
  expect(messagesTo(bob, publish(ada))).toEqual([]);
});
