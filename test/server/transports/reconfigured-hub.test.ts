/** A hub whose realms, methods and limits change while people are there. */
import { describe, expect, test } from 'vitest';
import { closeReasons, errors, type Message, type ProtocolError, type Transport } from '../../../protocol/index.ts';
import { anonymous, ticket, type AuthenticationMethod, type Verdict } from '../../../server/authentication/index.ts';
import { permissiveRealm } from '../../../server/router/index.ts';
import { Hub, type HubRealm } from '../../../server/transports/index.ts';
import { FakeClock } from '../../protocol/wamp/fake-clock.ts';

const realm = (...authentication: AuthenticationMethod[]): HubRealm => ({
  ...permissiveRealm('realm1'),
  authentication,
});
const tickets = (principals: Record<string, string>, role = 'anonymous') =>
  ticket({
    principals: Object.fromEntries(Object.entries(principals).map(([who, secret]) => [who, { ticket: secret, role }])),
  });
const hello = (details = {}): Message => ({
  type: 'hello',
  realm: 'realm1',
  details: { roles: { caller: {} }, ...details },
});
const asAda = hello({ authid: 'ada', authmethods: ['ticket'] });
const signature = (text: string): Message => ({ type: 'authenticate', signature: text, extra: {} });

function peerOn(transport: Transport) {
  const inbox: (Message | ProtocolError)[] = [];
  transport.onMessage((message) => inbox.push(message));
  transport.onClose(() => {});
  return { send: (message: Message) => transport.send(message), inbox };
}
/** Everything in memory happens in microtasks: after a macrotask all of them have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function joined(hub: Hub, secret = 'old') {
  const peer = peerOn(hub.link());
  peer.send(asAda);
  await settled();
  peer.send(signature(secret));
  await settled();
  expect(peer.inbox).toMatchObject([{ type: 'challenge' }, { type: 'welcome' }]);
  peer.inbox.length = 0;
  return peer;
}
const ended = (message: string) => [{ type: 'goodbye', reason: closeReasons.killed, details: { message } }];

describe('a session', () => {
  test.each([
    ['its principal is the same', tickets({ ada: 'old' })],
    ['only the secret of its principal has changed', tickets({ ada: 'new', bob: 'x' })],
    ['its method asks a component now', ticket({ authenticator: { procedure: 'com.ask' } })],
  ])('stays when %s', async (_, method) => {
    const hub = new Hub({ realms: [realm(tickets({ ada: 'old' }))] });
    const peer = await joined(hub);
    hub.reconfigure({ realms: [realm(anonymous(), method)] });
    await settled();
    expect(peer.inbox).toEqual([]);
  });

  test.each([
    [
      'its principal is not known any more',
      tickets({ bob: 'old' }),
      '"ada" may not join realm "realm1" as "anonymous" by ticket any more',
    ],
    [
      'its principal has another role',
      tickets({ ada: 'old' }, 'king'),
      '"ada" may not join realm "realm1" as "anonymous" by ticket any more',
    ],
    ['its method is not offered any more', anonymous(), 'realm "realm1" does not offer ticket any more'],
  ])('is ended when %s', async (_, method, why) => {
    const hub = new Hub({ realms: [realm(tickets({ ada: 'old' }))] });
    const peer = await joined(hub);
    hub.reconfigure({ realms: [realm(method)] });
    await settled();
    expect(peer.inbox).toMatchObject(ended(why));
  });

  test('of a component in this process stays whatever the methods are', async () => {
    const hub = new Hub({ realms: [realm()] });
    const peer = peerOn(hub.link({ authid: 'lobby', authrole: 'anonymous' }));
    peer.send(hello());
    await settled();
    hub.reconfigure({ realms: [realm(tickets({}))] });
    await settled();
    expect(peer.inbox).toMatchObject([{ type: 'welcome' }]);
  });

  test('that a component of another realm has let in hangs on the methods of that realm', async () => {
    const elsewhere: AuthenticationMethod = {
      name: 'anonymous',
      begin: (): Verdict => ({
        verdict: 'welcome',
        principal: {
          realm: 'realm2',
          authid: 'ada',
          authrole: 'anonymous',
          authmethod: 'anonymous',
          authprovider: 'x',
        },
      }),
    };
    const realm2 = { ...permissiveRealm('realm2'), authentication: [] };
    const hub = new Hub({ realms: [realm(elsewhere), realm2] });
    const peer = peerOn(hub.link());
    peer.send(hello());
    await settled();
    hub.reconfigure({ realms: [realm(elsewhere), realm2] });
    await settled();
    expect(peer.inbox).toMatchObject([{ type: 'welcome', details: { realm: 'realm2' } }]);
    hub.reconfigure({ realms: [realm(tickets({})), realm2] });
    await settled();
    expect(peer.inbox.slice(1)).toMatchObject(ended('realm "realm1" does not offer anonymous any more'));
  });
});

describe('who is about to join', () => {
  test('is judged by what holds in the end', async () => {
    const hub = new Hub({ realms: [realm(tickets({ ada: 'old', bob: 'old' }))] });
    const ada = peerOn(hub.link());
    ada.send(asAda);
    const bob = peerOn(hub.link());
    bob.send(hello({ authid: 'bob', authmethods: ['ticket'] }));
    await settled();
    hub.reconfigure({ realms: [realm(tickets({ bob: 'old' }))] });
    for (const peer of [ada, bob]) peer.send(signature('old'));
    await settled();
    expect(ada.inbox[1]).toMatchObject({ type: 'abort', reason: errors.authenticationDenied });
    expect(bob.inbox[1]).toMatchObject({ type: 'welcome', details: { authid: 'bob' } });
  });

  test('has the methods and the time that are set now', async () => {
    const clock = new FakeClock();
    const hub = new Hub({ realms: [realm(anonymous())], clock });
    hub.reconfigure({ realms: [realm(tickets({ ada: 'new' }))], limits: { joinTimeoutMs: 1_000 } });
    await joined(hub, 'new');
    const silent = peerOn(hub.link());
    clock.advance(10_000); // the wait that had begun
    clock.advance(1_000);
    await settled();
    expect(silent.inbox).toMatchObject([{ type: 'abort', reason: errors.timeout }]);
  });
});

test('what may come holds for those who are there, too', async () => {
  const clock = new FakeClock();
  const { roles, ...rest } = realm(anonymous());
  const unlimited = { ...rest, roles: roles.map((role) => ({ ...role, limits: {} })) };
  const hub = new Hub({ realms: [unlimited], clock, now: () => 0 });
  const entrance = hub.entrance();
  const inbox: Message[] = [];
  let say: (message: Message) => void = () => {};
  entrance.accept(
    {
      send: (message) => void inbox.push(message),
      close: () => {},
      onMessage: (listener) => (say = listener),
      onClose: () => {},
    },
    { type: 'websocket', peer: '203.0.113.7:1', secure: true },
  );
  say(hello());
  const limits = { messagesPerSecond: 1, messageBurst: 2, maxConnections: 1 };
  hub.reconfigure({ realms: [unlimited], limits });
  expect(entrance.crowdProblem('203.0.113.8:1')).toBe('this router has the 1 connections that it may have');
  for (const request of [1, 2, 3]) say({ type: 'call', request, options: {}, procedure: 'wamp.session.count' });
  expect(inbox).toMatchObject([
    { type: 'welcome' },
    { type: 'result' },
    { type: 'result' },
    { type: 'abort', reason: errors.limitReached },
  ]);
});
