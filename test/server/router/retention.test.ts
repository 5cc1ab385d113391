import { expect, test } from 'vitest';
import { core, errorOf, errors, messagesTo, type Joined } from './core.ts';

const retain = (peer: Joined, topic: string, value?: unknown, options = {}) =>
  peer.send({
    type: 'publish',
    options: { retain: true, ...options },
    topic,
    ...(value !== undefined && { args: [value] }),
  });
/** What a session that subscribes gets at once. */
const retained = (peer: Joined, topic: string, match: 'exact' | 'prefix' | 'wildcard' = 'exact', options = {}) =>
  messagesTo(peer, peer.send({ type: 'subscribe', options: { match, get_retained: true, ...options }, topic }));
const values = (messages: ReturnType<typeof retained>) =>
  messages.flatMap((message) => (message.type === 'event' ? [message.args?.[0]] : []));

test('[Event Retention] who subscribes with get_retained gets the last event after SUBSCRIBED, marked', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  retain(ada, 'com.topic', 1);
  retain(ada, 'com.topic', 2);
  ada.send({ type: 'publish', options: {}, topic: 'com.topic', args: [3] });
  expect(retained(bob, 'com.topic')).toEqual([
    { type: 'subscribed', request: 1, subscription: 1 },
    { type: 'event', subscription: 1, publication: 1004, details: { retained: true }, args: [2] },
  ]);
});

test('[Event Retention] without get_retained nothing is sent, and other deliveries are not marked', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  retain(ada, 'com.topic', 1);
  expect(messagesTo(bob, bob.send({ type: 'subscribe', options: {}, topic: 'com.topic' }))).toHaveLength(1);
  expect(messagesTo(bob, retain(ada, 'com.topic', 2))).toMatchObject([{ details: {}, args: [2] }]);
  expect(messagesTo(bob, retain(ada, 'com.topic', 2))[0]).not.toHaveProperty('details.retained');
});

test('[Event Retention] a pattern gets the retained event of each topic that it matches, with the topic', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  for (const topic of ['com.a.x', 'com.b.x', 'com.b.y', 'org.b.x']) retain(ada, topic, topic);
  expect(retained(bob, 'com.b', 'prefix').slice(1)).toMatchObject([
    { details: { topic: 'com.b.x', retained: true }, args: ['com.b.x'] },
    { details: { topic: 'com.b.y', retained: true }, args: ['com.b.y'] },
  ]);
  expect(values(retained(bob, 'com..x', 'wildcard'))).toEqual(['com.a.x', 'com.b.x']);
});

test('[Event Retention] the publisher itself may get it: exclusion of the publisher is for deliveries', () => {
  const ada = core().join();
  retain(ada, 'com.topic', 1);
  expect(values(retained(ada, 'com.topic'))).toEqual([1]);
});

test('[Event Retention] who may see it is decided anew for each new subscriber; behind one that it may not see is an older one', () => {
  const { join } = core();
  const [ada, bob, eve] = [join('ada'), join('bob'), join('eve')];
  retain(ada, 'com.topic', 'for all');
  retain(ada, 'com.topic', 'for eve', { eligible_authid: ['eve'] });
  retain(ada, 'com.topic', 'not for bob', { exclude_authid: ['bob'] });
  retain(ada, 'com.topic', 'for one session', { eligible: [ada.session] });
  retain(ada, 'com.topic', 'for nobody', { eligible_authrole: [] });
  expect(values(retained(bob, 'com.topic'))).toEqual(['for all']);
  expect(values(retained(eve, 'com.topic'))).toEqual(['not for bob']);
  expect(values(retained(ada, 'com.topic'))).toEqual(['for one session']);
  retain(ada, 'com.topic', 'new for all');
  expect(values(retained(eve, 'com.topic'))).toEqual(['new for all']);
});

test('[Event Retention] retain without payload clears, for its audience', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  retain(ada, 'com.topic', 'for all');
  retain(ada, 'com.topic', 'for bob', { eligible_authid: ['bob'] });
  retain(ada, 'com.topic', undefined, { eligible_authid: ['bob'] });
  expect(values(retained(bob, 'com.topic'))).toEqual(['for all']);
  retain(ada, 'com.topic');
  expect(values(retained(bob, 'com.topic'))).toEqual([]);
});

test('[Event Retention] it survives the last subscriber and the publisher', () => {
  const { router, join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  retained(bob, 'com.topic');
  retain(ada, 'com.topic', 1, { disclose_me: true });
  bob.send({ type: 'unsubscribe', subscription: 1 });
  router.disconnect(ada.connection);
  expect(retained(bob, 'com.topic').at(-1)).toMatchObject({
    args: [1],
    details: { retained: true, publisher: ada.session, publisher_authid: 'ada' },
  });
});

test('[Event Retention] how much is retained is bounded: the oldest goes first', () => {
  const { join } = core({ retention: { topics: 2, audiences: 2 } });
  const ada = join('ada');
  for (const topic of ['com.a', 'com.b', 'com.a', 'com.c']) retain(ada, topic, topic);
  expect(values(retained(ada, 'com.', 'prefix'))).toEqual(['com.a', 'com.c']);
  retain(ada, 'com.c', 'for ada', { eligible_authid: ['ada'] });
  for (const other of ['x', 'y']) retain(ada, 'com.c', other, { eligible_authid: [other] });
  expect(values(retained(ada, 'com.c'))).toEqual(['com.c']);
});

test('[Event Retention] a role that may not have events retained gets an error, and nothing is published', () => {
  const everything = { uri: '', match: 'prefix', allow: { publish: true, subscribe: true }, retain: false } as const;
  const { join } = core({ roles: [{ name: 'anonymous', permissions: [everything] }] });
  const [ada, bob] = [join('ada'), join('bob')];
  bob.send({ type: 'subscribe', options: {}, topic: 'com.topic' });
  expect(errorOf(retain(ada, 'com.topic', 1, { acknowledge: true }))).toBe(errors.optionNotAllowed);
  expect(retain(ada, 'com.topic', 1)).toEqual([]);
});
