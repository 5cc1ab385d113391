import { expect, test } from 'vitest';
import {
  allFeatures,
  answerTo,
  ask,
  closeReasons,
  core,
  errors,
  eventsTo,
  messagesTo,
  sent,
  type Joined,
} from './core.ts';

const everything = {
  uri: '',
  match: 'prefix',
  policies: ['exact', 'prefix'],
  allow: { call: true, register: true, publish: true, subscribe: true },
} as const;
const roles = ['red', 'blue'].map((name) => ({ name, permissions: [everything] }));
const watch = (peer: Joined, topic: string) => peer.send({ type: 'subscribe', options: {}, topic });
const goodbye = (peer: Joined, reason: string = closeReasons.killed, details = {}) =>
  sent(peer, { type: 'goodbye', details, reason });

/** Two reds and a blue, and one that watches who leaves. */
function four() {
  const made = core({ roles });
  const [ada, bob, eve] = [made.join('ada', 'red'), made.join('bob', 'red'), made.join('eve', 'blue')];
  const watcher = made.join('watcher', 'blue');
  watch(watcher, 'wamp.session.on_leave');
  return { ...made, ada, bob, eve, watcher };
}
const kill = (peer: Joined, procedure: string, args: unknown[] = [], kwargs = {}) =>
  peer.send({ type: 'call', options: {}, procedure: `wamp.session.${procedure}`, args, kwargs });

test('[Session Meta API] count and list: all, or those of some roles', () => {
  const { ada, bob, eve, watcher } = four();
  expect(ask(ada, 'wamp.session.count')).toEqual([4]);
  expect(ask(ada, 'wamp.session.count', [['red']])).toEqual([2]);
  expect(ask(ada, 'wamp.session.list', [['red', 'green']])).toEqual([[ada.session, bob.session]]);
  expect(ask(ada, 'wamp.session.list', [[]])).toEqual([[]]);
  expect(ask(ada, 'wamp.session.list')).toEqual([[ada, bob, eve, watcher].map(({ session }) => session)]);
  expect(ask(ada, 'wamp.session.count', ['red'])).toBe(errors.invalidArgument);
});

test('[Session Meta API] get describes a session', () => {
  const { ada, bob } = four();
  expect(ask(ada, 'wamp.session.get', [bob.session])).toEqual([
    { session: bob.session, authid: 'bob', authrole: 'red', authmethod: 'test', authprovider: 'test' },
  ]);
  expect(ask(ada, 'wamp.session.get', [77])).toBe(errors.noSuchSession);
  expect(ask(ada, 'wamp.session.get', ['bob'])).toBe(errors.invalidArgument);
});

test('get says how long a message takes to a peer and back, once the edge has measured it', () => {
  const { router, ada, bob } = four();
  router.measured(bob.connection, 41.6);
  expect(ask(ada, 'wamp.session.get', [bob.session])).toMatchObject([{ x_rtt: 42 }]);
  router.measured(router.connect(), 10); // nobody has joined there
});

test('[Session Meta API] joining and leaving are told', () => {
  const { router, join, watcher } = four();
  watch(watcher, 'wamp.session.on_join');
  const connection = router.connect();
  router.receive(connection, { type: 'hello', realm: 'realm1', details: { roles: allFeatures } });
  const who = { authid: 'max', authrole: 'red', authmethod: 'test', authprovider: 'test' };
  const effects = router.welcome(connection, who);
  expect(messagesTo(watcher, effects)).toMatchObject([{ args: [who] }]);
  const max = join('max', 'red');
  expect(messagesTo(watcher, router.disconnect(max.connection))).toMatchObject([{ args: [max.session, 'max', 'red'] }]);
});

test('[Session Meta API] kill ends a session with GOODBYE; its end is told, and the caller gets an empty result', () => {
  const { ada, bob, watcher } = four();
  const effects = kill(ada, 'kill', [bob.session]);
  expect(effects).toContainEqual(goodbye(bob));
  expect(messagesTo(watcher, effects)).toMatchObject([{ args: [bob.session, 'bob', 'red'] }]);
  expect(answerTo(ada, effects)).toEqual([]);
  expect(ask(ada, 'wamp.session.get', [bob.session])).toBe(errors.noSuchSession);
});

test('[Session Meta API] of a killed session nothing is heard but the echo, which closes its transport', () => {
  const { ada, bob } = four();
  kill(ada, 'kill', [bob.session]);
  expect(bob.send({ type: 'publish', options: { acknowledge: true }, topic: 'com.topic' })).toEqual([]);
  expect(bob.send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut })).toEqual([
    { do: 'close', connection: bob.connection },
  ]);
});

test('[Session Meta API] whoever waits for a killed session gets an error', () => {
  const { ada, bob, eve } = four();
  bob.send({ type: 'register', options: {}, procedure: 'com.slow' });
  eve.send({ type: 'call', options: {}, procedure: 'com.slow' });
  expect(answerTo(eve, kill(ada, 'kill', [bob.session]))).toBe(errors.canceled);
});

test('[Session Meta API] a killed session gets the reason and the message of the caller', () => {
  const { ada, bob } = four();
  const kwargs = { reason: 'com.myapp.cheating', message: 'no' };
  expect(kill(ada, 'kill', [bob.session], kwargs)).toContainEqual(goodbye(bob, kwargs.reason, { message: 'no' }));
});

test.each(['kill', 'kill_by_authid', 'kill_by_authrole', 'kill_all'])(
  '[Session Meta API] %s refuses a reason that is no uri, and ends nobody',
  (procedure) => {
    const { ada, bob, eve } = four();
    const target = { kill: bob.session, kill_by_authid: 'bob', kill_by_authrole: 'red', kill_all: null }[procedure];
    expect(answerTo(ada, kill(ada, procedure, [target], { reason: 'not good' }))).toBe(errors.invalidUri);
    expect(ask(eve, 'wamp.session.count')).toEqual([4]);
  },
);

test('[Session Meta API] nobody kills itself, or who is not there', () => {
  const { ada } = four();
  for (const id of [ada.session, 77]) expect(answerTo(ada, kill(ada, 'kill', [id]))).toBe(errors.noSuchSession);
  expect(answerTo(ada, kill(ada, 'kill'))).toBe(errors.invalidArgument);
});

test('[Session Meta API] kill_by_authid ends all sessions of an authid but the own, and lists them', () => {
  const { join, ada } = four();
  const others = [join('ada', 'red'), join('ada', 'blue')];
  const effects = kill(ada, 'kill_by_authid', ['ada']);
  expect(answerTo(ada, effects)).toEqual([others.map(({ session }) => session)]);
  for (const other of others) expect(effects).toContainEqual(goodbye(other));
});

test('[Session Meta API] kill_by_authrole ends all sessions of a role but the own, and counts them', () => {
  const { ada, bob, eve } = four();
  const effects = kill(ada, 'kill_by_authrole', ['red']);
  expect(answerTo(ada, effects)).toEqual([1]);
  expect(effects).toContainEqual(goodbye(bob));
  expect(messagesTo(eve, effects)).toEqual([]);
});

test('[Session Meta API] kill_all ends all but the own, without meta events and testaments', () => {
  const { ada, bob, eve, watcher } = four();
  watch(ada, 'wamp.session.on_leave');
  watch(ada, 'com.last');
  ask(bob, 'wamp.session.add_testament', ['com.last', [], {}]);
  const effects = kill(ada, 'kill_all', [], { message: 'closing time' });
  expect(messagesTo(ada, effects)).toEqual([{ type: 'result', request: 3, details: {}, args: [3] }]);
  const to = [bob, eve, watcher].map(({ connection }) => connection);
  const message = { type: 'goodbye', details: { message: 'closing time' }, reason: closeReasons.killed };
  expect(effects).toContainEqual({ do: 'send', to, message });
  expect(ask(ada, 'wamp.session.count')).toEqual([1]);
});

test('[Session Meta API] hidden sessions are in no list and no event, and cannot be killed', () => {
  const { router, ada, watcher } = four();
  for (const topic of ['wamp.session.on_join', 'wamp.subscription.on_create', 'wamp.subscription.on_subscribe'])
    watch(watcher, topic);
  const connection = router.connect();
  router.receive(connection, { type: 'hello', realm: 'realm1', details: { roles: allFeatures } });
  const who = { authid: 'service', authrole: 'red', authmethod: 'test', authprovider: 'test', hidden: true };
  const welcomed = router.welcome(connection, who);
  const [welcome] = messagesTo({ connection }, welcomed);
  const session = welcome?.type === 'welcome' ? welcome.session : 0;
  const subscribed = router.receive(connection, { type: 'subscribe', request: 1, options: {}, topic: 'com.topic' });
  expect(messagesTo(watcher, [...welcomed, ...subscribed])).toEqual([]);

  expect(ask(ada, 'wamp.session.count')).toEqual([4]);
  for (const procedure of ['get', 'kill'])
    expect(ask(ada, `wamp.session.${procedure}`, [session])).toBe(errors.noSuchSession);
  expect(answerTo(ada, kill(ada, 'kill_by_authid', ['service']))).toEqual([[]]);
  const [id] = ask(ada, 'wamp.subscription.lookup', ['com.topic']);
  expect(ask(ada, 'wamp.subscription.list_subscribers', [id])).toEqual([[]]);
  expect(eventsTo({ connection }, ada.send({ type: 'publish', options: {}, topic: 'com.topic' }))).toEqual([[id]]);
  expect(messagesTo(watcher, router.disconnect(connection))).toEqual([]);
});

test('[Meta API] there is no procedure below wamp. but those', () => {
  expect(ask(core().join(), 'wamp.session.dance')).toBe(errors.noSuchProcedure);
});
