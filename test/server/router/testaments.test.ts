import { expect, test } from 'vitest';
import { ask, core, errors, eventsTo, messagesTo, type Joined } from './core.ts';

const leave = (from: ReturnType<typeof core>, { connection }: Joined) => from.router.disconnect(connection);
const add = (peer: Joined, value: unknown, kwargs = {}, topic = 'com.last') =>
  ask(peer, 'wamp.session.add_testament', [topic, [value], {}], kwargs);

/** One that makes testaments, and one that listens to all. */
function two() {
  const realm = core();
  const [ada, bob] = [realm.join('ada'), realm.join('bob')];
  bob.send({ type: 'subscribe', options: { match: 'prefix' }, topic: '' });
  return { realm, ada, bob };
}
const topics = (peer: Joined, effects: ReturnType<typeof leave>) =>
  eventsTo(peer, effects).map(([topic, value]) => [topic, value]);

test('[Testaments] at the end of a session they are published: detached before destroyed, each in order', () => {
  const { realm, ada, bob } = two();
  add(ada, 1);
  add(ada, 2, { scope: 'detached' });
  add(ada, 3, { scope: 'destroyed' });
  add(ada, 4, { scope: 'detached' });
  expect(topics(bob, leave(realm, ada))).toEqual([
    ['com.last', 2],
    ['com.last', 4],
    ['com.last', 1],
    ['com.last', 3],
    ['wamp.session.on_leave', ada.session],
  ]);
});

test('[Testaments] they come after the end of registrations and subscriptions', () => {
  const { realm, ada, bob } = two();
  ada.send({ type: 'subscribe', options: {}, topic: 'com.last' });
  ada.send({ type: 'register', options: {}, procedure: 'com.procedure' });
  add(ada, 1);
  expect(topics(bob, leave(realm, ada)).map(([topic]) => topic)).toEqual([
    'wamp.registration.on_unregister',
    'wamp.registration.on_delete',
    'wamp.subscription.on_unsubscribe',
    'wamp.subscription.on_delete',
    'com.last',
    'wamp.session.on_leave',
  ]);
});

test('[Testaments] a clean GOODBYE, a kill and a violation publish them too', () => {
  const ends: ((peer: Joined, by: Joined) => ReturnType<typeof leave>)[] = [
    (peer) => peer.send({ type: 'goodbye', details: {}, reason: 'wamp.close.close_realm' }),
    (peer, by) => by.send({ type: 'call', options: {}, procedure: 'wamp.session.kill', args: [peer.session] }),
    (peer) => peer.send({ type: 'hello', realm: 'realm1', details: {} }),
  ];
  for (const end of ends) {
    const { ada, bob } = two();
    add(ada, 1);
    expect(topics(bob, end(ada, bob))).toContainEqual(['com.last', 1]);
  }
});

test('[Testaments] flushing takes back those of one scope', () => {
  const { realm, ada, bob } = two();
  add(ada, 1);
  add(ada, 2, { scope: 'detached' });
  expect(ask(ada, 'wamp.session.flush_testaments')).toEqual([]);
  expect(topics(bob, leave(realm, ada))[0]).toEqual(['com.last', 2]);
  const again = two();
  add(again.ada, 1);
  add(again.ada, 2, { scope: 'detached' });
  ask(again.ada, 'wamp.session.flush_testaments', [], { scope: 'detached' });
  expect(topics(again.bob, leave(again.realm, again.ada))[0]).toEqual(['com.last', 1]);
});

test('[Testaments] publish_options count, but for acknowledge and exclude_me', () => {
  const { realm, ada, bob } = two();
  const eve = realm.join('eve');
  eve.send({ type: 'subscribe', options: {}, topic: 'com.last' });
  const options = { acknowledge: true, exclude_me: true, disclose_me: true, retain: true, eligible_authid: ['eve'] };
  expect(add(ada, 1, { publish_options: options })).toEqual([]);
  const effects = leave(realm, ada);
  expect(messagesTo(eve, effects)).toMatchObject([{ args: [1], details: { publisher: ada.session } }]);
  expect(messagesTo(ada, effects)).toEqual([]);
  expect(topics(bob, effects)).toEqual([['wamp.session.on_leave', ada.session]]);
  const late = messagesTo(eve, eve.send({ type: 'subscribe', options: { get_retained: true }, topic: 'com.last' }));
  expect(late.at(-1)).toMatchObject({ args: [1], details: { retained: true } });
});

test.each([
  [[7, [], {}], {}, errors.invalidArgument],
  [['com.last', 'x', {}], {}, errors.invalidArgument],
  [['com.last', [], []], {}, errors.invalidArgument],
  [['com.last', [], {}], { scope: 'sometime' }, errors.invalidArgument],
  [['com.last', [], {}], { publish_options: { eligible: 'ada' } }, errors.invalidArgument],
  [['com.last', [], {}], { publish_options: { ppt_scheme: 'x_own' } }, errors.featureNotSupported],
  [['not good', [], {}], {}, errors.invalidUri],
  [['wamp.session.on_leave', [], {}], {}, errors.invalidUri],
])('[Testaments] %j with %j is refused', (args, kwargs, error) => {
  expect(ask(core().join(), 'wamp.session.add_testament', args, kwargs)).toBe(error);
});

test('[Testaments] who may not publish may not leave it behind, and what may be left is bounded', () => {
  const permissions = [
    { uri: 'com.', match: 'prefix', allow: { publish: true } },
    { uri: 'wamp.', match: 'prefix', allow: { call: true } },
  ] as const;
  const ada = core({ roles: [{ name: 'anonymous', permissions, limits: { testaments: 2 } }] }).join();
  expect(add(ada, 1, {}, 'org.last')).toBe(errors.notAuthorized);
  for (const scope of ['detached', 'destroyed']) expect(add(ada, 1, { scope })).toEqual([]);
  expect(add(ada, 1)).toBe(errors.limitReached);
});
