import { expect, test } from 'vitest';
import { answerTo, ask, core, errors, messagesTo, type Joined } from './core.ts';

const everything = {
  uri: '',
  match: 'prefix',
  policies: ['exact', 'prefix', 'wildcard'],
  allow: { call: true, publish: true, subscribe: true },
} as const;
const kept = { history: [{ uri: 'com.', match: 'prefix', limit: 5 }] } as const;

const publish = (peer: Joined, topic: string, value: unknown, options = {}) =>
  peer.send({ type: 'publish', options, topic, args: [value] });
const past = (peer: Joined, kwargs = {}, subscription = 1) => {
  const events = ask(peer, 'wamp.subscription.get_events', [subscription], kwargs);
  return typeof events === 'string' ? events : events.map((event) => (event as { args: unknown[] }).args[0]);
};

test('[Event History] events are kept for a configured pattern, also when nobody has subscribed', () => {
  const { join, time } = core(kept);
  const ada = join('ada');
  time.now = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
  ada.send({ type: 'publish', options: { disclose_me: true }, topic: 'com.a', args: [1], kwargs: { b: 2 } });
  expect(ask(ada, 'wamp.subscription.lookup', ['com.', { match: 'prefix' }])).toEqual([1]);
  expect(ask(ada, 'wamp.subscription.get_events', [1])).toEqual([
    {
      timestamp: '2030-01-02T03:04:05.678Z',
      subscription: 1,
      publication: 1002,
      details: { topic: 'com.a', publisher: ada.session, publisher_authid: 'ada', publisher_authrole: 'anonymous' },
      args: [1],
      kwargs: { b: 2 },
    },
  ]);
});

test('[Event History] events come as positional results, oldest first, and kwargs say whether there are more', () => {
  const { join } = core(kept);
  const ada = join();
  for (const value of [1, 2, 3]) publish(ada, 'com.a', value);
  expect(past(ada)).toEqual([1, 2, 3]);
  const call = { type: 'call', options: {}, procedure: 'wamp.subscription.get_events', args: [1] } as const;
  expect(messagesTo(ada, ada.send({ ...call, kwargs: { limit: 2 } }))).toMatchObject([
    { args: [{ args: [1] }, { args: [2] }], kwargs: { is_limit_reached: true } },
  ]);
  expect(messagesTo(ada, ada.send({ ...call, kwargs: { limit: 3 } }))).toMatchObject([
    { kwargs: { is_limit_reached: false } },
  ]);
});

test('[Event History] no more than the limit is kept, and it stays when nobody listens any more', () => {
  const { join } = core(kept);
  const ada = join();
  ada.send({ type: 'subscribe', options: { match: 'prefix' }, topic: 'com.' });
  for (const value of [1, 2, 3, 4, 5, 6, 7]) publish(ada, 'com.a', value);
  ada.send({ type: 'unsubscribe', subscription: 1 });
  publish(ada, 'com.b', 8);
  expect(past(ada)).toEqual([4, 5, 6, 7, 8]);
});

/** Values 0 to 4, one a second, on two topics in turn. */
function seconds() {
  const { join, time } = core(kept);
  const ada = join();
  const publications: number[] = [];
  for (const value of [0, 1, 2, 3, 4]) {
    time.now = value * 1000;
    const [published] = messagesTo(ada, publish(ada, value % 2 ? 'com.odd' : 'com.even', value, { acknowledge: true }));
    if (published?.type === 'published') publications.push(published.publication);
  }
  return { ada, publications };
}
const at = (second: number) => new Date(second * 1000).toISOString();

test.each([
  [{ reverse: true }, [4, 3, 2, 1, 0]],
  [{ reverse: true, limit: 2 }, [4, 3]],
  [{ limit: 2 }, [0, 1]],
  [{ from_time: at(2) }, [2, 3, 4]],
  [{ after_time: at(2) }, [3, 4]],
  [{ until_time: at(2) }, [0, 1, 2]],
  [{ before_time: at(2) }, [0, 1]],
  [{ from_time: '1970-01-01T01:00:01.500+01:00' }, [2, 3, 4]],
  [{ after_time: at(0), before_time: at(4), topic: 'com.even' }, [2]],
  [{ topic: 'com.odd' }, [1, 3]],
  [{ topic: 'com.none' }, []],
  [{ from_time: null, limit: null }, [0, 1, 2, 3, 4]],
])('[Event History] %o', (kwargs, expected) => {
  expect(past(seconds().ada, kwargs)).toEqual(expected);
});

test('[Event History] publications stand for positions, including and excluding their own', () => {
  const { ada, publications } = seconds();
  const [, one, two, three] = publications;
  expect(past(ada, { from_publication: two })).toEqual([2, 3, 4]);
  expect(past(ada, { after_publication: two })).toEqual([3, 4]);
  expect(past(ada, { until_publication: two })).toEqual([0, 1, 2]);
  expect(past(ada, { before_publication: two })).toEqual([0, 1]);
  expect(past(ada, { after_publication: one, until_publication: three, reverse: true })).toEqual([3, 2]);
  expect(past(ada, { from_publication: three, before_publication: one })).toEqual([]);
});

test.each([
  { reverse: 'yes' },
  { limit: 0 },
  { limit: '2' },
  { from_time: 'yesterday' },
  { from_time: '2030-02-30T25:00:00Z' },
  { topic: 7 },
  { from_publication: 'x' },
  { from_publication: 999 },
])('[Event History] %o is refused', (kwargs) => {
  expect(past(seconds().ada, kwargs)).toBe(errors.invalidArgument);
});

test('[Event History] who may see an event is decided again; what named sessions was not kept', () => {
  const { join } = core(kept);
  const [ada, bob] = [join('ada'), join('bob')];
  publish(ada, 'com.a', 'for all');
  publish(ada, 'com.a', 'for bob', { eligible_authid: ['bob'] });
  publish(ada, 'com.a', 'not for anonymous', { exclude_authrole: ['anonymous'] });
  publish(ada, 'com.a', 'for a session', { eligible: [bob.session] });
  publish(ada, 'com.a', 'not for a session', { exclude: [ada.session] });
  expect(past(ada)).toEqual(['for all']);
  expect(past(bob)).toEqual(['for all', 'for bob']);
});

test('[Event History] only who may subscribe may ask, and only of what is kept', () => {
  const few = { uri: 'com.a', allow: { subscribe: true } } as const;
  const calling = { uri: 'wamp.', match: 'prefix', allow: { call: true } } as const;
  const roles = [
    { name: 'anonymous', permissions: [everything] },
    { name: 'guest', permissions: [few, calling] },
    { name: 'mute', permissions: [{ ...everything, allow: { subscribe: true } }] },
  ];
  const { join } = core({ ...kept, roles });
  expect(past(join('eve', 'guest'))).toBe(errors.notAuthorized);
  expect(past(join('max', 'mute'))).toBe(errors.notAuthorized);
  const ada = join('ada');
  expect(past(ada)).toEqual([]);
  expect(past(ada, {}, 77)).toBe(errors.noSuchSubscription);
  ada.send({ type: 'subscribe', options: {}, topic: 'org.a' });
  expect(past(ada, {}, 2)).toBe(errors.historyUnavailable);
  expect(answerTo(ada, ada.send({ type: 'call', options: {}, procedure: 'wamp.subscription.get_events' }))).toBe(
    errors.invalidArgument,
  );
});
