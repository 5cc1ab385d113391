import { describe, expect, test } from 'vitest';
import type { Effect, Objection, RealmConfig, Role } from '../../../server/router/index.ts';
import { allFeatures, answerTo, ask, closeReasons, core, errorOf, errors, eventsTo, messagesTo } from './core.ts';

const all = { call: true, register: true, publish: true, subscribe: true };
const everything: Role = { name: 'host', permissions: [{ uri: '', match: 'prefix', allow: all }] };
const may = (...uris: string[]): Role => ({ name: 'guest', permissions: uris.map((uri) => ({ uri, allow: all })) });
const roles = { ...allFeatures, subscriber: { features: { subscription_revocation: true } } };
const noObjection: Objection = () => null;

/** A realm with a host, who may do everything and hears of everything that is lost, and one guest. */
function setUp(guest: Role, realm: Partial<RealmConfig> = {}) {
  const { router, join, connect, hello } = core({ roles: [everything, guest], ...realm });
  const host = join('boss', 'host');
  for (const event of ['session.on_leave', 'subscription.on_unsubscribe', 'registration.on_unregister'])
    host.send({ type: 'subscribe', options: {}, topic: `wamp.${event}` });
  const ada = join('ada', 'guest', roles);
  const become = (changed: Partial<RealmConfig>, objection = noObjection): Effect[] =>
    router.reconfigure([{ name: 'realm1', roles: [everything, guest], ...realm, ...changed }], objection);
  return { router, join, connect, hello, host, ada, become };
}
const subscribe = (topic: string, options = {}) => ({ type: 'subscribe', topic, options }) as const;
const register = (procedure: string) => ({ type: 'register', procedure, options: {} }) as const;
const call = (procedure: string) => ({ type: 'call', procedure, options: {} }) as const;
const publish = (topic: string, options = {}) => ({ type: 'publish', topic, options }) as const;
const goodbye = (reason: string, message: string) => ({ type: 'goodbye', reason, details: { message } });

describe('a session that may stay', () => {
  test('is told nothing when nothing has changed for it, and keeps what it has', () => {
    const { ada, host, become } = setUp(may('news'));
    ada.send(subscribe('news'));
    expect(become({})).toEqual([]);
    expect(become({ roles: [may('news'), { name: 'other', permissions: [] }, everything] })).toEqual([]);
    expect(messagesTo(ada, host.send(publish('news')))).toMatchObject([{ type: 'event' }]);
  });

  test('has the permissions of its role as it is now', () => {
    const { ada, become } = setUp(may('old'));
    become({ roles: [everything, may('new')] });
    expect(errorOf(ada.send(subscribe('old')))).toBe(errors.notAuthorized);
    expect(errorOf(ada.send(subscribe('new')))).toBeUndefined();
    expect(errorOf(ada.send(call('old')))).toBe(errors.notAuthorized);
  });

  test('[Reflection] describes no more what it may not offer any more; others are told', () => {
    const { ada, host, become } = setUp(may('old', 'kept', 'wamp.reflect.define'));
    host.send(subscribe('wamp.reflect.on_undefine'));
    for (const kind of ['procedure', 'topic', 'error'])
      for (const uri of ['old', 'kept']) ask(ada, 'wamp.reflect.define', [uri, {}], { kind });
    const effects = become({ roles: [everything, may('kept')] });
    expect(eventsTo(host, effects)).toEqual(
      ['topic', 'procedure', 'error'].map((kind) => [expect.any(Number), 'old', kind]),
    );
    for (const kind of ['procedure', 'topic', 'error'])
      expect(ask(host, `wamp.reflection.${kind}.list`)).toEqual([['kept']]);
  });

  test('loses the subscriptions and registrations that it may not hold any more; others are told', () => {
    const { ada, host, become } = setUp(may('old', 'kept'));
    for (const uri of ['old', 'kept']) ada.send(subscribe(uri));
    for (const uri of ['old', 'kept']) ada.send(register(uri));
    const effects = become({ roles: [everything, may('kept')] });
    expect(messagesTo(ada, effects)).toEqual([
      { type: 'unsubscribed', request: 0, details: { subscription: expect.any(Number), reason: errors.notAuthorized } },
      { type: 'unregistered', request: 0, details: { registration: expect.any(Number), reason: errors.notAuthorized } },
    ]);
    expect(eventsTo(host, effects)).toEqual([
      [expect.any(Number), ada.session, expect.any(Number)],
      [expect.any(Number), ada.session, expect.any(Number)],
    ]);
    expect(errorOf(host.send(call('old')))).toBe(errors.noSuchProcedure);
    expect(messagesTo(ada, host.send(call('kept')))).toMatchObject([{ type: 'invocation' }]);
    expect(messagesTo(ada, host.send(publish('old')))).toEqual([]);
    expect(messagesTo(ada, host.send(publish('kept')))).toMatchObject([{ type: 'event' }]);
  });

  test('keeps a pattern only as long as it may subscribe to patterns there', () => {
    const pattern = (policies: ('exact' | 'prefix')[]): Role => ({
      name: 'guest',
      permissions: [{ uri: 'news.', match: 'prefix', allow: all, policies }],
    });
    const { ada, become } = setUp(pattern(['exact', 'prefix']));
    ada.send(subscribe('news.', { match: 'prefix' }));
    ada.send(subscribe('news.today'));
    expect(messagesTo(ada, become({ roles: [everything, pattern(['exact'])] }))).toHaveLength(1);
  });

  test('that did not announce revocation hears nothing of it', () => {
    const { join, host, become } = setUp(may('old'));
    const bob = join('bob', 'guest', { subscriber: {}, callee: {} });
    bob.send(subscribe('old'));
    bob.send(register('old'));
    expect(messagesTo(bob, become({ roles: [everything, may()] }))).toEqual([]);
    expect(messagesTo(bob, host.send(publish('old')))).toEqual([]);
  });

  test('still answers the call that it serves', () => {
    const { ada, host, become } = setUp(may('old'));
    ada.send(register('old'));
    host.send(call('old'));
    become({ roles: [everything, may()] });
    expect(messagesTo(host, ada.send({ type: 'yield', request: 1, options: {} }))).toMatchObject([{ type: 'result' }]);
  });

  test('leaves no testament that it may not publish any more', () => {
    const { ada, host, router, become } = setUp(may('old', 'kept', 'wamp.session.add_testament'));
    for (const topic of ['old', 'kept']) {
      host.send(subscribe(topic));
      ask(ada, 'wamp.session.add_testament', [topic, [topic], {}]);
    }
    become({ roles: [everything, may('kept')] });
    const events = eventsTo(host, router.disconnect(ada.connection));
    expect(events.filter(([, value]) => typeof value === 'string')).toEqual([[expect.any(Number), 'kept']]);
  });

  test('may have as much as its role may now; what it has beyond that it keeps', () => {
    const { ada, become, router } = setUp(may('a', 'b', 'c'));
    ada.send(subscribe('a'));
    ada.send(subscribe('b'));
    const limits = { subscriptions: 1, messagesPerSecond: 7 };
    expect(become({ roles: [everything, { ...may('a', 'b', 'c'), limits }] })).toEqual([]);
    expect(errorOf(ada.send(subscribe('c')))).toBe(errors.limitReached);
    expect(router.limits(ada.connection)).toEqual(limits);
  });

  test('with permissions of its own keeps those', () => {
    const { router, connect, hello, become } = setUp(may());
    const own = connect();
    own.send(hello());
    const permissions = [{ uri: 'x', allow: all }];
    router.welcome(own.connection, {
      authid: 'own',
      authrole: 'none of the realm',
      authmethod: 'trusted',
      authprovider: 'static',
      permissions,
    });
    own.send(subscribe('x'));
    expect(become({ roles: [everything] })).not.toContainEqual(expect.objectContaining({ to: [own.connection] }));
    expect(errorOf(own.send(subscribe('x')))).toBeUndefined();
  });
});

describe('a session that may not stay is ended, and told why', () => {
  test('because its role has gone; others hear that it has left', () => {
    const { ada, host, become } = setUp(may('x'));
    const effects = become({ roles: [everything] });
    const why = 'the realm has no role "guest" any more';
    expect(messagesTo(ada, effects)).toEqual([goodbye(closeReasons.killed, why)]);
    expect(eventsTo(host, effects)).toEqual([[expect.any(Number), ada.session, 'ada', 'guest']]);
    expect(ada.send(subscribe('x'))).toEqual([]);
    expect(ada.send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut })).toEqual([
      { do: 'close', connection: ada.connection },
    ]);
  });

  test('because whoever let it in would not do so again', () => {
    const { ada, host, become } = setUp(may('x'));
    const effects = become({}, (_, { authid }) => (authid === 'ada' ? 'ada is not known any more' : null));
    expect(messagesTo(ada, effects)).toEqual([goodbye(closeReasons.killed, 'ada is not known any more')]);
    expect(messagesTo(host, effects)).not.toContainEqual(expect.objectContaining({ type: 'goodbye' }));
  });

  test('and whoever waited for its answer gets an error', () => {
    const { ada, host, become } = setUp(may('x'));
    ada.send(register('x'));
    host.send(call('x'));
    expect(messagesTo(host, become({ roles: [everything] }))).toContainEqual(
      expect.objectContaining({ type: 'error', error: errors.canceled }),
    );
  });

  test('of which nobody hears who may not listen any more', () => {
    const leaving: Role = { name: 'leaver', permissions: [] };
    const listener = may('wamp.session.on_leave');
    const { join, become } = setUp(listener);
    become({ roles: [everything, listener, leaving] });
    join('bob', 'leaver');
    const eve = join('eve', 'guest');
    eve.send(subscribe('wamp.session.on_leave'));
    expect(eventsTo(eve, become({ roles: [everything, may()] }))).toEqual([]);
  });
});

describe('realms', () => {
  const other = { name: 'realm2', roles: [everything] };

  test('that are added can be joined, and disturb nobody', () => {
    const { router, connect, become } = setUp(may());
    const realm1 = { name: 'realm1', roles: [everything, may()] };
    expect(router.reconfigure([realm1, other], noObjection)).toEqual([]);
    const peer = connect();
    const effects = peer.send({ type: 'hello', realm: 'realm2', details: { roles } });
    expect(effects).toMatchObject([{ do: 'authenticate', hello: { realm: 'realm2' } }]);
    expect(messagesTo(peer, become({}))).toMatchObject([{ type: 'abort', reason: errors.noSuchRealm }]);
  });

  test('that are removed end their sessions, answer who waits, and cannot be joined', () => {
    const { router, ada, host, connect, hello } = setUp(may('x'));
    ada.send(register('x'));
    host.send(call('x'));
    const joining = connect();
    joining.send(hello());
    const effects = router.reconfigure([other], noObjection);
    const why = 'there is no realm "realm1" any more';
    expect(messagesTo(host, effects)).toMatchObject([
      { type: 'error', error: errors.canceled, args: [why] },
      goodbye(closeReasons.closeRealm, why),
    ]);
    expect(messagesTo(ada, effects)).toContainEqual(goodbye(closeReasons.closeRealm, why));
    const refused = { type: 'abort', reason: errors.noSuchRealm, details: { message: 'there is no realm "realm1"' } };
    expect(messagesTo(joining, effects)).toEqual([refused]);
    const late = connect();
    expect(messagesTo(late, late.send(hello()))).toEqual([refused]);
  });

  test('change how URIs are checked, and whether request ids must count', () => {
    const { ada, become } = setUp({ name: 'guest', permissions: [{ uri: '', match: 'prefix', allow: all }] });
    become({ uris: 'strict', requestIds: 'loose' });
    expect(errorOf(ada.send({ ...subscribe('Big'), request: 77 }))).toBe(errors.invalidUri);
  });
});

describe('what a realm keeps', () => {
  const open: Role = { name: 'guest', permissions: [{ uri: '', match: 'prefix', allow: all }] };
  const history = (limit: number) => ({ history: [{ uri: 'news', limit }] });
  const past = (effects: unknown) => (Array.isArray(effects) ? effects.map(({ args }) => args) : effects);

  test('of history: a topic that stays keeps its events, up to the new limit', () => {
    const { ada, host, become } = setUp(open, history(3));
    for (const value of [1, 2, 3]) host.send({ ...publish('news'), args: [value] });
    become(history(2));
    const [id] = ask(ada, 'wamp.subscription.lookup', ['news']);
    expect(past(ask(ada, 'wamp.subscription.get_events', [id]))).toEqual([[2], [3]]);
    become(history(3));
    host.send({ ...publish('news'), args: [4] });
    expect(past(ask(ada, 'wamp.subscription.get_events', [id]))).toEqual([[2], [3], [4]]);
  });

  test('of history: a topic that is new begins with what is published now, one that has gone is forgotten', () => {
    const { ada, host, become } = setUp(open);
    ada.send(subscribe('news'));
    become(history(3));
    host.send({ ...publish('news'), args: [1] });
    const [id] = ask(ada, 'wamp.subscription.lookup', ['news']);
    expect(past(ask(ada, 'wamp.subscription.get_events', [id]))).toEqual([[1]]);
    become({});
    expect(ask(ada, 'wamp.subscription.get_events', [id])).toBe(errors.historyUnavailable);
    expect(messagesTo(ada, host.send(publish('news')))).toMatchObject([{ type: 'event' }]);
    become(history(3));
    ada.send({ type: 'unsubscribe', subscription: id as number });
    become({});
    expect(ask(ada, 'wamp.subscription.lookup', ['news'])).toEqual([null]);
  });

  test('of retained events: the oldest go when fewer may be kept', () => {
    const { ada, host, become } = setUp(open);
    for (const topic of ['a', 'b', 'c']) host.send({ ...publish(topic, { retain: true }), args: [topic] });
    become({ retention: { topics: 2 } });
    const got = (topic: string) => eventsTo(ada, ada.send(subscribe(topic, { get_retained: true }))).length;
    expect(['a', 'b', 'c'].map(got)).toEqual([0, 1, 1]);
  });

  test('of waiting calls: as many as it may now', () => {
    const { ada, host, become } = setUp(open, { maxQueuedCalls: 1 });
    ada.send({ type: 'register', procedure: 'x', options: { concurrency: 1 } });
    host.send(call('x'));
    host.send(call('x'));
    expect(errorOf(host.send(call('x')))).toBe(errors.maxConcurrencyReached);
    become({ maxQueuedCalls: 2 });
    expect(host.send(call('x'))).toEqual([]);
  });
});

describe('[Dynamic Authorization] a role with an authorizer', () => {
  const asking = (authorizer: string | undefined, ...uris: string[]): Role => ({
    ...may(...uris),
    ...(authorizer !== undefined && { authorizer }),
  });
  const questionIn = (effects: readonly Effect[]) => effects.find((effect) => effect.do === 'authorize');

  /** The guest holds one subscription that its role allows, and one that its authorizer does. */
  function withBoth() {
    const { ada, router, ...others } = setUp(asking('ask', 'fixed'));
    ada.send(subscribe('fixed'));
    const question = questionIn(ada.send(subscribe('open')));
    router.rule(ada.connection, question!.key, { allow: true, cache: true });
    const { host } = others;
    const heard = () => ['fixed', 'open'].filter((topic) => messagesTo(ada, host.send(publish(topic))).length > 0);
    return { ada, router, heard, ...others };
  }

  test('that stays the same keeps what it has allowed', () => {
    const { become, heard } = withBoth();
    become({ roles: [everything, asking('ask', 'fixed', 'more')] });
    expect(heard()).toEqual(['fixed', 'open']);
  });

  test.each([['another'], [undefined]])('that becomes %s does not', (authorizer) => {
    const { become, heard } = withBoth();
    become({ roles: [everything, asking(authorizer, 'fixed')] });
    expect(heard()).toEqual(['fixed']);
  });

  test('has not allowed what a permission did that has gone', () => {
    const { become, heard } = withBoth();
    become({ roles: [everything, asking('ask')] });
    expect(heard()).toEqual(['open']);
  });

  test('is asked again by a changed role, whatever it has said before', () => {
    const { ada, become } = withBoth();
    expect(questionIn(ada.send(subscribe('open')))).toBeUndefined();
    become({ roles: [everything, asking('ask', 'fixed', 'more')] });
    expect(questionIn(ada.send(subscribe('open')))).toMatchObject({ authorizer: 'ask' });
  });

  test('that is replaced while it thinks is not believed: the new one is asked, and order holds', () => {
    const { ada, router, become } = withBoth();
    const old = questionIn(ada.send(subscribe('one')));
    ada.send(subscribe('fixed'));
    become({ roles: [everything, asking('another', 'fixed')] });
    const again = router.rule(ada.connection, old!.key, { allow: true });
    expect(again).toMatchObject([{ do: 'authorize', authorizer: 'another', question: { uri: 'one' } }]);
    const done = router.rule(ada.connection, questionIn(again)!.key, { allow: false });
    expect(messagesTo(ada, done)).toMatchObject([{ type: 'error' }, { type: 'subscribed' }]);
  });
});

test('a result that is on its way when the role loses the procedure still arrives', () => {
  const { ada, host, become } = setUp(may('x'));
  host.send(register('x'));
  ada.send(call('x'));
  become({ roles: [everything, may()] });
  const result = host.send({ type: 'yield', request: 1, options: {}, args: [1] });
  expect(answerTo(ada, result)).toEqual([1]);
});
