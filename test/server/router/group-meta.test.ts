import { describe, expect, test } from 'vitest';
import { answerTo, ask, core, errors, eventsTo, messagesTo, type Joined } from './core.ts';

type Match = 'exact' | 'prefix' | 'wildcard';
const plain = { subscriber: {}, callee: {}, caller: {} };
const revocable = {
  subscriber: { features: { subscription_revocation: true } },
  callee: { features: { registration_revocation: true } },
  caller: {},
};

/** The two halves of the meta API that are alike, with the words of each. */
const halves = {
  subscription: {
    section: '[Subscription Meta API]',
    member: 'subscriber',
    joined: 'on_subscribe',
    left: 'on_unsubscribe',
    noSuch: errors.noSuchSubscription,
    enter: (peer: Joined, topic: string, match: Match = 'exact') =>
      peer.send({ type: 'subscribe', options: { match }, topic }),
    leave: (peer: Joined, id: number) => peer.send({ type: 'unsubscribe', subscription: id }),
    revocation: 'unsubscribed',
    extra: {},
  },
  registration: {
    section: '[Registration Meta API]',
    member: 'callee',
    joined: 'on_register',
    left: 'on_unregister',
    noSuch: errors.noSuchRegistration,
    enter: (peer: Joined, procedure: string, match: Match = 'exact') =>
      peer.send({ type: 'register', options: { match, invoke: 'roundrobin' }, procedure }),
    leave: (peer: Joined, id: number) => peer.send({ type: 'unregister', registration: id }),
    revocation: 'unregistered',
    extra: { invoke: 'roundrobin' },
  },
} as const;

describe.each(Object.entries(halves))('%s', (kind, half) => {
  const { section, member, joined, left, noSuch, enter, leave, revocation, extra } = half;
  const procedure = (name: string) => `wamp.${kind}.${name}`;
  /** Watches all events of this half. */
  const watcherOf = ({ join }: ReturnType<typeof core>) => {
    const watcher = join('watcher');
    watcher.send({ type: 'subscribe', options: { match: 'prefix' }, topic: `wamp.${kind}.` });
    return watcher;
  };
  const idOf = (peer: Joined, uri: string, match: Match = 'exact') => {
    const [id] = ask(peer, procedure('lookup'), [uri, { match }]);
    return typeof id === 'number' ? id : 0;
  };

  test(`${section} list and lookup tell ids by match policy`, () => {
    const ada = core().join();
    enter(ada, 'com.a');
    enter(ada, 'com.', 'prefix');
    enter(ada, 'com..x', 'wildcard');
    enter(ada, 'com.b');
    expect(ask(ada, procedure('list'))).toEqual([{ exact: [1, 4], prefix: [2], wildcard: [3] }]);
    expect(ask(ada, procedure('lookup'), ['com.b'])).toEqual([4]);
    expect(ask(ada, procedure('lookup'), ['com.', { match: 'prefix' }])).toEqual([2]);
    expect(ask(ada, procedure('lookup'), ['com.'])).toEqual([null]);
    expect(ask(ada, procedure('lookup'), ['com.', { match: 'all' }])).toBe(errors.invalidArgument);
    expect(ask(ada, procedure('lookup'), [7])).toBe(errors.invalidArgument);
  });

  test(`${section} get describes one`, () => {
    const { join, time } = core();
    time.now = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
    const ada = join();
    enter(ada, 'com.', 'prefix');
    expect(ask(ada, procedure('get'), [1])).toEqual([
      { id: 1, created: '2030-01-02T03:04:05.678Z', uri: 'com.', match: 'prefix', ...extra },
    ]);
    expect(ask(ada, procedure('get'), [2])).toBe(noSuch);
    expect(ask(ada, procedure('get'), ['com.'])).toBe(errors.invalidArgument);
  });

  test(`${section} list_${member}s and count_${member}s tell who has it`, () => {
    const { join } = core();
    const [ada, bob] = [join('ada'), join('bob')];
    for (const peer of [ada, bob]) enter(peer, 'com.a');
    expect(ask(ada, procedure(`list_${member}s`), [1])).toEqual([[ada.session, bob.session]]);
    expect(ask(ada, procedure(`count_${member}s`), [1])).toEqual([2]);
    for (const name of ['list', 'count']) expect(ask(ada, procedure(`${name}_${member}s`), [7])).toBe(noSuch);
  });

  test(`${section} events come in order, after the answer, and to the session itself too`, () => {
    const realm = core();
    const watcher = watcherOf(realm);
    const bob = realm.join('bob');
    const first = enter(watcher, 'com.a');
    const id = idOf(watcher, 'com.a');
    expect(messagesTo(watcher, first).map(({ type }) => type)).toEqual([revocation.slice(2), 'event', 'event']);
    const details = { id, created: '1970-01-01T00:00:00.000Z', uri: 'com.a', match: 'exact', ...extra };
    expect(eventsTo(watcher, first)).toEqual([
      [procedure('on_create'), watcher.session, details],
      [procedure(joined), watcher.session, id],
    ]);
    expect(eventsTo(watcher, enter(bob, 'com.a'))).toEqual([[procedure(joined), bob.session, id]]);
    expect(eventsTo(watcher, leave(watcher, id))).toEqual([[procedure(left), watcher.session, id]]);
    expect(eventsTo(watcher, leave(bob, id))).toEqual([
      [procedure(left), bob.session, id],
      [procedure('on_delete'), bob.session, id],
    ]);
  });

  test(`${section} a session that ends leaves all that it had, and then itself`, () => {
    const realm = core();
    const watcher = watcherOf(realm);
    watcher.send({ type: 'subscribe', options: {}, topic: 'wamp.session.on_leave' });
    const bob = realm.join('bob');
    enter(bob, 'com.a');
    const id = idOf(bob, 'com.a');
    const told = messagesTo(watcher, realm.router.disconnect(bob.connection));
    expect(told.map((message) => (message.type === 'event' ? message.details.topic : null))).toEqual([
      procedure(left),
      procedure('on_delete'),
      undefined, // the exact subscription to on_leave
    ]);
    expect(told.at(-1)).toMatchObject({ args: [bob.session, 'bob', 'anonymous'] });
    expect(ask(watcher, procedure('get'), [id])).toBe(noSuch);
  });

  test(`${section} remove_${member} takes it away from one session, which hears of it if it announced so`, () => {
    const realm = core();
    const watcher = watcherOf(realm);
    const [bob, eve] = [realm.join('bob', 'anonymous', revocable), realm.join('eve', 'anonymous', plain)];
    for (const peer of [bob, eve]) enter(peer, 'com.a');
    const id = idOf(bob, 'com.a');
    const remove = (peer: Joined, kwargs = {}) =>
      watcher.send({
        type: 'call',
        options: {},
        procedure: procedure(`remove_${member}`),
        args: [id, peer.session],
        kwargs,
      });
    const effects = remove(bob, { reason: 'com.kicked' });
    expect(messagesTo(bob, effects)).toEqual([
      { type: revocation, request: 0, details: { [kind]: id, reason: 'com.kicked' } },
    ]);
    expect(answerTo(watcher, effects)).toEqual([]);
    expect(eventsTo(watcher, effects)).toEqual([[procedure(left), bob.session, id]]);
    expect(answerTo(bob, leave(bob, id))).toBe(noSuch);
    expect(messagesTo(eve, remove(eve))).toEqual([]);
    expect(answerTo(watcher, remove(eve))).toBe(noSuch);
  });

  test(`${section} remove_${member} refuses what is not there`, () => {
    const { join } = core();
    const [ada, bob] = [join('ada'), join('bob')];
    enter(ada, 'com.a');
    const remove = (args: unknown[], kwargs = {}) => ask(bob, procedure(`remove_${member}`), args, kwargs);
    expect(remove([1, 77])).toBe(errors.noSuchSession);
    expect(remove([77, ada.session])).toBe(noSuch);
    expect(remove([1, bob.session])).toBe(noSuch);
    expect(remove([1, ada.session], { reason: 'not good' })).toBe(errors.invalidUri);
    expect(ask(bob, procedure(`count_${member}s`), [1])).toEqual([1]);
  });
});

test('[Subscription Meta API] match tells all subscriptions that an event reaches, or null', () => {
  const ada = core().join();
  for (const [topic, match] of [
    ['com.a', 'exact'],
    ['com.', 'prefix'],
    ['.a', 'wildcard'],
    ['org', 'prefix'],
  ] as const)
    halves.subscription.enter(ada, topic, match);
  expect(ask(ada, 'wamp.subscription.match', ['com.a'])).toEqual([[1, 2, 3]]);
  expect(ask(ada, 'wamp.subscription.match', ['net.a.b'])).toEqual([null]);
});

test('[Registration Meta API] match tells the registration that a call reaches, or null', () => {
  const ada = core().join();
  for (const [uri, match] of [
    ['com.', 'prefix'],
    ['.a', 'wildcard'],
  ] as const)
    halves.registration.enter(ada, uri, match);
  expect(ask(ada, 'wamp.registration.match', ['com.a'])).toEqual([1]);
  expect(ask(ada, 'wamp.registration.match', ['net.a'])).toEqual([2]);
  expect(ask(ada, 'wamp.registration.match', ['net.b'])).toEqual([null]);
});

test('[Subscription Meta API] subscribing to a meta topic, or twice to any, is no event', () => {
  const ada = core().join();
  const watch = (topic: string, match: Match = 'exact') => eventsTo(ada, halves.subscription.enter(ada, topic, match));
  expect(watch('wamp.subscription.on_create')).toEqual([]);
  expect(watch('wamp.', 'prefix')).toEqual([]);
  expect(watch('com.a')).toHaveLength(3); // on_create twice: by the topic and by the prefix
  expect(watch('com.a')).toEqual([]);
});
