import { expect, test } from 'vitest';
import { ProtocolError, type Message } from '../../../protocol/index.ts';
import { closeReasons, core, errors, messagesTo, sent, violation } from './core.ts';

test('[HELLO] asks the edge who this is, and says what HELLO claimed', () => {
  const { connect } = core();
  const peer = connect();
  const details = { roles: { caller: {} }, authid: 'ada', authmethods: ['ticket'], authextra: { a: 1 } };
  expect(peer.send({ type: 'hello', realm: 'realm1', details })).toEqual([
    {
      do: 'authenticate',
      connection: peer.connection,
      hello: { realm: 'realm1', session: 1001, authid: 'ada', authmethods: ['ticket'], authextra: { a: 1 } },
    },
  ]);
});

test('[WELCOME] states the effective realm and principal, and only features the router has', () => {
  const { router, connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  const principal = { authid: 'ada', authrole: 'anonymous', authmethod: 'ticket', authprovider: 'static' };
  expect(router.welcome(peer.connection, principal, { ticket: 't' })).toEqual([
    sent(peer, {
      type: 'welcome',
      session: 1001,
      details: {
        realm: 'realm1',
        agent: 'test',
        ...principal,
        authextra: { ticket: 't' },
        roles: {
          broker: {
            reflection: true,
            features: {
              publisher_identification: true,
              publisher_exclusion: true,
              subscriber_blackwhite_listing: true,
              pattern_based_subscription: true,
              publication_trustlevels: true,
              subscription_revocation: true,
              event_retention: true,
              event_history: true,
              sharded_subscription: true,
              session_meta_api: true,
              subscription_meta_api: true,
              payload_passthru_mode: true,
            },
          },
          dealer: {
            reflection: true,
            features: {
              progressive_call_results: true,
              progressive_call_invocations: true,
              call_canceling: true,
              call_timeout: true,
              call_reroute: true,
              call_trustlevels: true,
              caller_identification: true,
              pattern_based_registration: true,
              shared_registration: true,
              sharded_registration: true,
              registration_revocation: true,
              session_meta_api: true,
              registration_meta_api: true,
              testament_meta_api: true,
              payload_passthru_mode: true,
            },
          },
        },
      },
    }),
  ]);
});

test.each([
  [
    'a realm that does not exist',
    { realm: 'nowhere', details: { roles: { caller: {} } } },
    errors.noSuchRealm,
    'there is no realm "nowhere"',
  ],
  [
    'a malformed realm',
    { realm: 'no where', details: { roles: { caller: {} } } },
    errors.invalidUri,
    '"no where" is not a realm\'s URI',
  ],
  ['no roles', { realm: 'realm1', details: {} }, errors.protocolViolation, 'hello.details.roles is missing'],
  [
    'empty roles',
    { realm: 'realm1', details: { roles: {} } },
    errors.protocolViolation,
    'hello.details.roles names none of publisher, subscriber, caller, callee',
  ],
  [
    'roles that are absent',
    { realm: 'realm1', details: { roles: { caller: undefined, callee: undefined } } },
    errors.protocolViolation,
    'hello.details.roles names none of publisher, subscriber, caller, callee',
  ],
  [
    'a role that is no dict',
    { realm: 'realm1', details: { roles: { caller: true } } },
    errors.protocolViolation,
    'hello.details.roles.caller is not a dict',
  ],
])('[HELLO] with %s is answered by ABORT', (_, hello, reason, message) => {
  const peer = core().connect();
  expect(peer.send({ type: 'hello', ...hello })).toEqual([
    sent(peer, { type: 'abort', details: { message }, reason }),
    { do: 'close', connection: peer.connection },
  ]);
});

test('[WELCOME] a role that the realm does not have is answered by ABORT no_such_role', () => {
  const { router, connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  const [abort] = messagesTo(
    peer,
    router.welcome(peer.connection, { authid: 'a', authrole: 'king', authmethod: 'x', authprovider: 'x' }),
  );
  expect(abort).toMatchObject({ type: 'abort', reason: errors.noSuchRole });
});

test('[CHALLENGE] an AUTHENTICATE is handed to the edge, anything else is a violation', () => {
  const { router, connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  expect(router.challenge(peer.connection, 'ticket', {})).toEqual([
    sent(peer, { type: 'challenge', method: 'ticket', extra: {} }),
  ]);
  expect(peer.send({ type: 'authenticate', signature: 'x', extra: {} })).toEqual([
    { do: 'verify', connection: peer.connection, signature: 'x', extra: {} },
  ]);
  const impatient = connect();
  impatient.send(hello());
  router.challenge(impatient.connection, 'ticket', {});
  expect(impatient.send(hello())).toEqual(violation(impatient, 'hello in place of authenticate'));
});

test('[Session Establishment] what comes while the edge decides waits for WELCOME', () => {
  const { router, connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  expect(peer.send({ type: 'subscribe', options: {}, topic: 'com.topic' })).toEqual([]);
  const effects = router.welcome(peer.connection, {
    authid: 'a',
    authrole: 'anonymous',
    authmethod: 'x',
    authprovider: 'x',
  });
  expect(messagesTo(peer, effects).map(({ type }) => type)).toEqual(['welcome', 'subscribed']);
});

test('[Session Establishment] not more than 64 messages wait', () => {
  const { connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  for (let i = 0; i < 64; i++) peer.send({ type: 'subscribe', options: {}, topic: 'com.topic' });
  expect(peer.send({ type: 'subscribe', options: {}, topic: 'com.topic' })).toEqual(
    violation(peer, 'more than 64 messages before welcome'),
  );
});

test('[Session Establishment] a verdict for a connection that has gone changes nothing', () => {
  const { router, connect, hello } = core();
  const peer = connect();
  peer.send(hello());
  router.disconnect(peer.connection);
  expect(
    router.welcome(peer.connection, { authid: 'a', authrole: 'anonymous', authmethod: 'x', authprovider: 'x' }),
  ).toEqual([]);
  expect(router.deny(peer.connection, errors.authenticationDenied, '')).toEqual([]);
});

test('[Protocol Violations] a message before HELLO aborts', () => {
  const peer = core().connect();
  expect(peer.send({ type: 'call', options: {}, procedure: 'com.add' })).toEqual(violation(peer, 'call before hello'));
});

const forbidden: Message[] = [
  { type: 'hello', realm: 'realm1', details: {} },
  { type: 'authenticate', signature: '', extra: {} },
  { type: 'welcome', session: 1, details: {} },
  { type: 'challenge', method: 'x', extra: {} },
  { type: 'published', request: 1, publication: 1 },
  { type: 'subscribed', request: 1, subscription: 1 },
  { type: 'unsubscribed', request: 1 },
  { type: 'event', subscription: 1, publication: 1, details: {} },
  { type: 'result', request: 1, details: {} },
  { type: 'registered', request: 1, registration: 1 },
  { type: 'unregistered', request: 1 },
  { type: 'invocation', request: 1, registration: 1, details: {} },
  { type: 'interrupt', request: 1, options: {} },
];
test.each(forbidden.map((message) => [message.type, message] as const))(
  '[Protocol Violations] %s in an established session aborts it',
  (type, message) => {
    const peer = core().join();
    expect(peer.send(message)).toEqual(violation(peer, `${type} in an established session`));
    expect(peer.send({ type: 'call', options: {}, procedure: 'com.add' })).toEqual([]); // nothing is read any more
  },
);

test('[Protocol Violations] what cannot be read aborts, with its own words', () => {
  const { router, join } = core();
  const peer = join();
  expect(router.receive(peer.connection, new ProtocolError('publish.topic is not a uri'))).toEqual(
    violation(peer, 'publish.topic is not a uri'),
  );
});

test('[Protocol Violations] ERROR of anything but an invocation aborts', () => {
  const peer = core().join();
  expect(peer.send({ type: 'error', requestType: 48, request: 1, details: {}, error: 'com.error' })).toEqual(
    violation(peer, 'error.requestType is 48, not 68'),
  );
});

test('[URIs] what a client calls its errors and reasons is checked too', () => {
  const peer = core().join();
  expect(peer.send({ type: 'error', requestType: 68, request: 1, details: {}, error: 'no uri' })).toEqual(
    violation(peer, 'error.error is not a uri'),
  );
  const other = core().join();
  expect(other.send({ type: 'goodbye', details: {}, reason: 'so long' })).toEqual(
    violation(other, 'goodbye.reason is not a uri'),
  );
});

test.each([
  [
    'call',
    { type: 'call', options: { ppt_scheme: 'x_custom' }, procedure: 'com.add' },
    'call.options.ppt_scheme needs payload_passthru_mode',
  ],
  [
    'call',
    { type: 'call', options: { progress: true }, procedure: 'com.add' },
    'call.options.progress needs progressive_call_invocations',
  ],
  [
    'publish',
    { type: 'publish', options: { ppt_scheme: 'x' }, topic: 'com.t' },
    'publish.options.ppt_scheme needs payload_passthru_mode',
  ],
] as const)('[Feature Announcement] %s with a feature that was not announced aborts', (_, message, words) => {
  const peer = core().join('ada', 'anonymous', { caller: {}, publisher: {} });
  expect(peer.send(message)).toEqual(violation(peer, `${words}, which was not announced`));
});

test('[IDs] request ids count from 1 for all requests together; a gap or a repetition aborts', () => {
  const { join } = core();
  const peer = join();
  peer.send({ type: 'subscribe', options: {}, topic: 'com.t', request: 1 });
  peer.send({ type: 'call', options: {}, procedure: 'com.p', request: 2 });
  expect(peer.send({ type: 'publish', options: {}, topic: 'com.t', request: 4 })).toEqual(
    violation(peer, 'publish.request is 4, not 3, the next of this session'),
  );
  const other = join();
  other.send({ type: 'subscribe', options: {}, topic: 'com.t', request: 1 });
  expect(other.send({ type: 'subscribe', options: {}, topic: 'com.t', request: 1 })).toEqual(
    violation(other, 'subscribe.request is 1, not 2, the next of this session'),
  );
});

test('[IDs] a realm can be loose about request ids', () => {
  const peer = core({ requestIds: 'loose' }).join();
  expect(peer.send({ type: 'subscribe', options: {}, topic: 'com.t', request: 77 })).toEqual([
    sent(peer, { type: 'subscribed', request: 77, subscription: 1 }),
  ]);
});

test('[GOODBYE] is echoed, and the transport may carry another session', () => {
  const { join, hello } = core();
  const peer = join();
  expect(peer.send({ type: 'goodbye', details: {}, reason: closeReasons.closeRealm })).toEqual([
    sent(peer, { type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut }),
  ]);
  expect(peer.send(hello())).toMatchObject([{ do: 'authenticate' }]);
});

test('[ABORT] from a client is not answered', () => {
  const peer = core().join();
  expect(peer.send({ type: 'abort', details: {}, reason: 'com.bye' })).toEqual([
    { do: 'close', connection: peer.connection },
  ]);
});

test('[GOODBYE] a stopping router says system_shutdown to all at once, ignores the rest and closes on the echo', () => {
  const { router, join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  expect(router.stop()).toEqual([
    {
      do: 'send',
      to: [ada.connection, bob.connection],
      message: { type: 'goodbye', details: {}, reason: closeReasons.systemShutdown },
    },
  ]);
  expect(ada.send({ type: 'call', options: {}, procedure: 'com.p' })).toEqual([]);
  expect(ada.send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut })).toEqual([
    { do: 'close', connection: ada.connection },
  ]);
});

test('a connection without a session at two sweeps in a row is ended, a joined one is not', () => {
  const { router, connect, join } = core();
  const silent = connect();
  join();
  expect(router.sweep()).toEqual([]);
  expect(messagesTo(silent, router.sweep())).toMatchObject([{ type: 'abort' }]);
  expect(router.sweep()).toEqual([]);
});
