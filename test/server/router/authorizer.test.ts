import { describe, expect, test } from 'vitest';
import type { Effect, Question, Ruling } from '../../../server/router/index.ts';
import { core, errorOf, errors, messagesTo, type Joined } from './core.ts';
import { told } from './calling.ts';

const all = { call: true, register: true, publish: true, subscribe: true };
/** A realm in which a component has a say in what `guest` may do beside what stands below `own.`. */
const asking = () =>
  core({
    roles: [
      {
        name: 'guest',
        authorizer: 'com.example.authorize',
        permissions: [
          { uri: 'own.', match: 'prefix', allow: all, policies: ['exact', 'prefix'] },
          { uri: 'own.secret', allow: {} },
        ],
      },
      { name: 'host', permissions: [{ uri: '', match: 'prefix', allow: all }] },
    ],
  });

/** What the authorizer is asked. */
function questionIn(effects: readonly Effect[]): Effect & { do: 'authorize' } {
  const question = effects.find((effect) => effect.do === 'authorize');
  if (!question) throw new Error(`nothing asked: ${JSON.stringify(effects)}`);
  return question;
}
const isAsked = (effects: readonly Effect[]) => effects.some((effect) => effect.do === 'authorize');

function setUp() {
  const { router, join } = asking();
  const guest = join('ada', 'guest');
  const answer = (effects: readonly Effect[], ruling: Ruling | null) =>
    router.rule(guest.connection, questionIn(effects).key, ruling);
  return { router, join, guest, answer };
}
const call = (procedure = 'com.example.do', options = {}) => ({ type: 'call', procedure, options }) as const;
const publish = (topic: string, options = {}) => ({ type: 'publish', topic, options }) as const;
const subscribe = (topic: string, options = {}) => ({ type: 'subscribe', topic, options }) as const;
const register = (procedure: string, options = {}) => ({ type: 'register', procedure, options }) as const;

describe('[Dynamic Authorization] the question', () => {
  test('says who wants to do what, and with which options', () => {
    const { guest } = setUp();
    expect(guest.send(subscribe('com.example.', { match: 'prefix', get_retained: true }))).toEqual([
      {
        do: 'authorize',
        connection: guest.connection,
        key: 1,
        authorizer: 'com.example.authorize',
        realm: 'realm1',
        session: { id: guest.session, authid: 'ada', authrole: 'guest', authmethod: 'test', authprovider: 'test' },
        question: {
          action: 'subscribe',
          uri: 'com.example.',
          match: 'prefix',
          options: { match: 'prefix', get_retained: true },
        },
      },
    ]);
  });
  test.each([
    [call(), 'call'],
    [register('com.example.do'), 'register'],
    [publish('com.example.topic'), 'publish'],
    [subscribe('com.example.topic'), 'subscribe'],
  ] as const)('is asked of each of the four actions', (message, action) => {
    const { question } = questionIn(setUp().guest.send(message));
    expect(question satisfies Question).toMatchObject({ action, match: 'exact' });
  });
  test('is not asked where permissions of the role decide, nor of URIs that nobody may use', () => {
    const { guest } = setUp();
    const notAsked = [
      subscribe('own.topic'),
      subscribe('own.', { match: 'prefix' }),
      subscribe('own.secret'),
      publish('wamp.topic', { acknowledge: true }),
      call('com example'),
    ].map((message) => guest.send(message));
    expect(notAsked.filter(isAsked)).toEqual([]);
    expect(notAsked.map(errorOf)).toEqual([
      undefined,
      errors.notAuthorized,
      errors.notAuthorized,
      errors.invalidUri,
      errors.invalidUri,
    ]);
  });
  test('a pattern that reaches into what permissions forbid is not for the component to allow', () => {
    const { guest } = setUp();
    expect(errorOf(guest.send(subscribe('ow', { match: 'prefix' })))).toBe(errors.notAuthorized);
  });
});

describe('[Dynamic Authorization] the answer', () => {
  test('allowed: the request is performed', () => {
    const { guest, answer } = setUp();
    const [effect] = answer(guest.send(subscribe('com.example.topic')), { allow: true });
    expect(effect).toMatchObject({ do: 'send', message: { type: 'subscribed' } });
  });
  test.each([
    call(),
    register('com.example.do'),
    publish('com.example.topic', { acknowledge: true }),
    subscribe('com.example.topic'),
  ])('not allowed: not_authorized; the authorizer failed: authorization_failed ($type)', (message) => {
    const { guest, answer } = setUp();
    expect(errorOf(answer(guest.send(message), { allow: false }))).toBe(errors.notAuthorized);
    expect(errorOf(answer(guest.send(message), null))).toBe(errors.authorizationFailed);
  });
  test('of a publication that nobody acknowledges, nothing is said', () => {
    const { guest, answer } = setUp();
    expect(answer(guest.send(publish('com.example.topic')), { allow: false })).toEqual([]);
    expect(answer(guest.send(publish('com.example.topic')), null)).toEqual([]);
  });
  test('disclose: receivers learn who it was, or disclose_me is refused', () => {
    const { guest, join, answer } = setUp();
    const host = join('bob', 'host');
    host.send(subscribe('com.example.topic'));
    host.send(register('com.example.do'));
    const published = answer(guest.send(publish('com.example.topic')), { allow: true, disclose: true });
    expect(messagesTo(host, published)).toMatchObject([{ details: { publisher_authid: 'ada' } }]);
    const called = answer(guest.send(call()), { allow: true, disclose: true });
    expect(messagesTo(host, called)).toMatchObject([{ details: { caller_authid: 'ada' } }]);
    const refused = answer(guest.send(call('com.example.do', { disclose_me: true })), { allow: true, disclose: false });
    expect(errorOf(refused)).toBe(errors.discloseMeDisallowed);
  });
  test('holds for this request only', () => {
    const { guest, answer } = setUp();
    answer(guest.send(publish('com.example.topic')), { allow: true });
    expect(isAsked(guest.send(publish('com.example.topic')))).toBe(true);
  });
  test('cached: holds for the session, this action and this URI', () => {
    const { guest, answer, join } = setUp();
    answer(guest.send(publish('com.example.topic')), { allow: true, cache: true });
    expect(isAsked(guest.send(publish('com.example.topic', { acknowledge: true })))).toBe(false);
    expect(isAsked(join('ada', 'guest').send(publish('com.example.topic')))).toBe(true);
    expect(isAsked(guest.send(subscribe('com.example.topic')))).toBe(true);
  });
  test('a refusal can be cached, too', () => {
    const { guest, answer } = setUp();
    answer(guest.send(call()), { allow: false, cache: true });
    expect(errorOf(guest.send(call()))).toBe(errors.notAuthorized);
  });
  test('what is cached for a pattern says nothing of another match policy', () => {
    const { guest, answer } = setUp();
    answer(guest.send(subscribe('com.example.topic', { match: 'prefix' })), { allow: true, cache: true });
    expect(isAsked(guest.send(subscribe('com.example.topic')))).toBe(true);
  });
  test('only so many are cached: the oldest is asked for again', () => {
    const { guest, answer } = setUp();
    for (let i = 0; i <= 1000; i++) answer(guest.send(publish(`topic${i}`)), { allow: true, cache: true });
    expect(isAsked(guest.send(publish('topic1')))).toBe(false);
    expect(isAsked(guest.send(publish('topic0')))).toBe(true);
  });
});

describe('[Dynamic Authorization] order', () => {
  test('what a session sends meanwhile waits, and is handled in order', () => {
    const { guest, join, answer } = setUp();
    const host = join('bob', 'host');
    host.send(subscribe('com.example.topic'));
    host.send(subscribe('own.topic'));
    const asked = guest.send({ ...publish('com.example.topic'), args: [1] });
    expect(guest.send({ ...publish('own.topic'), args: [2] })).toEqual([]);
    expect(messagesTo(host, answer(asked, { allow: true }))).toMatchObject([{ args: [1] }, { args: [2] }]);
  });
  test('one that must be asked in its turn stops those behind it', () => {
    const { guest, answer } = setUp();
    const first = guest.send(subscribe('com.example.a'));
    for (const topic of ['own.b', 'com.example.c', 'own.d']) guest.send(subscribe(topic));
    const second = answer(first, { allow: true });
    expect(messagesTo(guest, second)).toMatchObject([{ request: 1 }, { request: 2 }]);
    expect(messagesTo(guest, answer(second, { allow: true }))).toMatchObject([{ request: 3 }, { request: 4 }]);
  });
  test('others do not wait', () => {
    const { guest, join } = setUp();
    guest.send(call());
    expect(join('eve', 'guest').send(subscribe('own.topic'))).toMatchObject([{ message: { type: 'subscribed' } }]);
  });
  test('GOODBYE waits too, so that nothing sent before it is lost', () => {
    const { guest, join, answer } = setUp();
    const host = join('bob', 'host');
    host.send(subscribe('com.example.topic'));
    const asked = guest.send(publish('com.example.topic'));
    expect(guest.send({ type: 'goodbye', details: {}, reason: 'wamp.close.close_realm' })).toEqual([]);
    const effects = answer(asked, { allow: true });
    expect(messagesTo(host, effects)).toMatchObject([{ type: 'event' }]);
    expect(messagesTo(guest, effects)).toMatchObject([{ type: 'goodbye' }]);
  });
  test('a violation among what waited ends the session when its turn comes', () => {
    const { guest, answer } = setUp();
    const asked = guest.send(call());
    guest.send({ ...subscribe('own.topic'), request: 7 });
    expect(messagesTo(guest, answer(asked, { allow: false }))).toMatchObject([
      { type: 'error', error: errors.notAuthorized },
      { type: 'abort', reason: errors.protocolViolation },
    ]);
  });
  test('whoever sends too much meanwhile is ended', () => {
    const { guest } = setUp();
    guest.send(call());
    for (let i = 0; i < 256; i++) expect(guest.send(subscribe(`own.topic${i}`))).toEqual([]);
    expect(guest.send(subscribe('own.more'))).toMatchObject([
      { message: { type: 'abort', reason: errors.limitReached } },
      { do: 'close' },
    ]);
  });
  test('an answer for a session that has ended, or for another question, does nothing', () => {
    const { router, guest } = setUp();
    const { key } = questionIn(guest.send(subscribe('com.example.topic')));
    expect(router.rule(guest.connection, key + 1, { allow: true })).toEqual([]);
    router.disconnect(guest.connection);
    expect(router.rule(guest.connection, key, { allow: true })).toEqual([]);
  });
  test('the router stops: what waits is answered before GOODBYE', () => {
    const { router, guest } = setUp();
    guest.send(call());
    const waiting = [
      publish('com.example.topic'),
      publish('com.example.topic', { acknowledge: true }),
      register('com.example.do'),
      subscribe('own.topic'),
      { type: 'unsubscribe', subscription: 1 } as const,
      call('own.do'),
    ];
    for (const message of waiting) guest.send(message);
    expect(told(guest, router.stop())).toEqual([...Array<string>(6).fill(`error ${errors.canceled}`), 'goodbye']);
  });
  test('ABORT ends the session at once', () => {
    const { guest } = setUp();
    guest.send(call());
    const abort = { type: 'abort', details: {}, reason: 'wamp.close.normal' } as const;
    expect(guest.send(abort)).toContainEqual({ do: 'close', connection: guest.connection });
  });
});

test('[Progressive Call Invocations] a call that goes on is not asked for again', () => {
  const { join, router } = setUp();
  const roles = {
    caller: { features: { progressive_call_invocations: true } },
    callee: { features: { progressive_call_invocations: true, progressive_call_results: true, call_canceling: true } },
  };
  const host = join('bob', 'host', roles);
  host.send(register('com.example.do'));
  const caller: Joined = join('ada', 'guest', roles);
  const asked = caller.send(call('com.example.do', { progress: true }));
  const invoked = router.rule(caller.connection, questionIn(asked).key, { allow: true });
  expect(messagesTo(host, invoked)).toMatchObject([{ type: 'invocation' }]);
  const more = caller.send({ ...call('com.example.do', { progress: true }), request: 1 });
  expect(messagesTo(host, more)).toMatchObject([{ type: 'invocation' }]);
});
