import { expect, test } from 'vitest';
import { core, errorOf, errors, messagesTo, sent, violation, type Joined } from './core.ts';

const subscribe = (peer: Joined, topic: string, match?: 'exact' | 'prefix' | 'wildcard') =>
  peer.send({ type: 'subscribe', options: match ? { match } : {}, topic });
/** Who of some peers gets an event when the first publishes. */
const reach = (peers: Joined[], options = {}) => {
  const effects = peers[0]!.send({ type: 'publish', options, topic: 'com.topic' });
  return peers.map((peer) => messagesTo(peer, effects).length);
};

test('[Publish and Subscribe] an event reaches all subscribers by one effect', () => {
  const { join } = core();
  const [ada, bob, eve] = [join('ada'), join('bob'), join('eve')];
  expect(subscribe(bob, 'com.topic')).toEqual([sent(bob, { type: 'subscribed', request: 1, subscription: 1 })]);
  subscribe(eve, 'com.topic');
  expect(ada.send({ type: 'publish', options: {}, topic: 'com.topic', args: [1], kwargs: { a: 2 } })).toEqual([
    {
      do: 'send',
      to: [bob.connection, eve.connection],
      message: { type: 'event', subscription: 1, publication: 1004, details: {}, args: [1], kwargs: { a: 2 } },
    },
  ]);
});

test('[Publish and Subscribe] nobody hears of a topic without subscribers, or after unsubscribing', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  expect(ada.send({ type: 'publish', options: {}, topic: 'com.topic' })).toEqual([]);
  subscribe(bob, 'com.topic');
  expect(bob.send({ type: 'unsubscribe', subscription: 1 })).toEqual([sent(bob, { type: 'unsubscribed', request: 2 })]);
  expect(ada.send({ type: 'publish', options: {}, topic: 'com.topic' })).toEqual([]);
  expect(errorOf(bob.send({ type: 'unsubscribe', subscription: 1 }))).toBe(errors.noSuchSubscription);
});

test('[Subscribing] the same topic twice is one subscription', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  subscribe(bob, 'com.topic');
  expect(subscribe(bob, 'com.topic')).toEqual([sent(bob, { type: 'subscribed', request: 2, subscription: 1 })]);
  expect(reach([ada, bob])).toEqual([0, 1]);
});

test('[Publishing] an acknowledged publication without subscribers succeeds', () => {
  const ada = core().join();
  expect(ada.send({ type: 'publish', options: { acknowledge: true }, topic: 'com.topic' })).toEqual([
    sent(ada, { type: 'published', request: 1, publication: 1002 }),
  ]);
});

test('[Publisher Exclusion] a publisher does not receive its own event; exclude_me: false echoes it', () => {
  const ada = core().join();
  subscribe(ada, 'com.topic');
  expect(reach([ada])).toEqual([0]);
  expect(reach([ada], { exclude_me: false })).toEqual([1]);
});

test('[Publisher Exclusion] another session of the same authid receives it', () => {
  const { join } = core();
  const tabs = [join('ada'), join('ada')];
  for (const tab of tabs) subscribe(tab, 'com.topic');
  expect(reach(tabs)).toEqual([0, 1]);
});

test('[Subscriber Black- and Whitelisting] all conditions hold together', () => {
  const { join } = core({ roles: [...twoRoles] });
  const [ada, bob, eve] = [join('ada', 'red'), join('bob', 'red'), join('eve', 'blue')];
  const all = [ada, bob, eve];
  for (const peer of all) subscribe(peer, 'com.topic');
  expect(reach(all, { exclude: [bob.session] })).toEqual([0, 0, 1]);
  expect(reach(all, { exclude_authid: ['eve'] })).toEqual([0, 1, 0]);
  expect(reach(all, { exclude_authrole: ['red'] })).toEqual([0, 0, 1]);
  expect(reach(all, { eligible: [bob.session, 77] })).toEqual([0, 1, 0]);
  expect(reach(all, { eligible_authid: ['eve'] })).toEqual([0, 0, 1]);
  expect(reach(all, { eligible_authrole: ['red'] })).toEqual([0, 1, 0]);
  expect(reach(all, { eligible_authrole: ['red', 'blue'], exclude_authid: ['bob'], exclude_me: false })).toEqual([
    1, 0, 1,
  ]);
});

test('[Subscriber Black- and Whitelisting] an empty eligible list means nobody', () => {
  const { join } = core();
  const peers = [join(), join()];
  for (const peer of peers) subscribe(peer, 'com.topic');
  for (const key of ['eligible', 'eligible_authid', 'eligible_authrole'])
    expect(reach(peers, { [key]: [] })).toEqual([0, 0]);
  expect(reach(peers, { exclude: [] })).toEqual([0, 1]);
});

test('[Publisher Identification] disclose_me tells all receivers who published', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  subscribe(bob, 'com.topic');
  const [event] = messagesTo(bob, ada.send({ type: 'publish', options: { disclose_me: true }, topic: 'com.topic' }));
  expect(event).toMatchObject({
    details: { publisher: ada.session, publisher_authid: 'ada', publisher_authrole: 'anonymous' },
  });
});

test('[Pattern-based Subscription] one event for each matching subscription, with the topic for patterns', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  subscribe(bob, 'com.topic');
  subscribe(bob, 'com.to', 'prefix');
  subscribe(bob, '.topic', 'wildcard');
  subscribe(bob, 'com..x', 'wildcard');
  const events = messagesTo(bob, ada.send({ type: 'publish', options: {}, topic: 'com.topic' }));
  expect(events).toMatchObject([
    { subscription: 1, publication: 1003, details: {} },
    { subscription: 2, publication: 1003, details: { topic: 'com.topic' } },
    { subscription: 3, publication: 1003, details: { topic: 'com.topic' } },
  ]);
});

test.each([
  ['bad uri', 'exact'],
  ['com..x', 'exact'],
  ['com..', 'prefix'],
  ['a#b', 'wildcard'],
  ['a'.repeat(1025), 'exact'],
] as const)('[URIs] %s as %s is answered by invalid_uri', (topic, match) => {
  expect(errorOf(subscribe(core().join(), topic, match))).toBe(errors.invalidUri);
});

test('[URIs] a bad topic is an error when acknowledged, else dropped', () => {
  const ada = core().join();
  expect(errorOf(ada.send({ type: 'publish', options: { acknowledge: true }, topic: 'not good' }))).toBe(
    errors.invalidUri,
  );
  expect(ada.send({ type: 'publish', options: {}, topic: 'not good' })).toEqual([]);
});

test('[URIs] only the router publishes below wamp.', () => {
  const ada = core().join();
  expect(errorOf(ada.send({ type: 'publish', options: { acknowledge: true }, topic: 'wamp.session.on_join' }))).toBe(
    errors.invalidUri,
  );
});

test('[URIs] a strict realm takes only lower case, digits and _', () => {
  const { join } = core({ uris: 'strict' });
  expect(errorOf(subscribe(join(), 'com.Topic'))).toBe(errors.invalidUri);
  expect(errorOf(subscribe(join(), 'com.topic_1'))).toBeUndefined();
});

test('[Session Closing] a session that has gone gets no events', () => {
  const { router, join } = core();
  const [ada, bob] = [join(), join()];
  subscribe(bob, 'com.topic');
  router.disconnect(bob.connection);
  expect(ada.send({ type: 'publish', options: {}, topic: 'com.topic' })).toEqual([]);
});

test('a violation costs one session and no other', () => {
  const { join } = core();
  const [ada, bob, eve] = [join(), join(), join()];
  subscribe(bob, 'com.topic');
  expect(eve.send({ type: 'hello', realm: 'realm1', details: {} })).toEqual(
    violation(eve, 'hello in an established session'),
  );
  expect(reach([ada, bob, eve])).toEqual([0, 1, 0]);
});

const everything = {
  uri: '',
  match: 'prefix',
  policies: ['exact'],
  allow: { call: true, register: true, publish: true, subscribe: true },
} as const;
const twoRoles = [
  { name: 'red', permissions: [everything] },
  { name: 'blue', permissions: [everything] },
];
