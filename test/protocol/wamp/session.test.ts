import { describe, expect, test } from 'vitest';
import type { Message } from '../../../protocol/wamp/messages.ts';
import { joined, settle, welcome } from './scripted-router.ts';

type Peers = Awaited<ReturnType<typeof joined>>;

/** Everything that can wait for an answer, as errors in the end. */
const pending = ({ session }: Peers) =>
  Promise.all(
    [
      session.call('a'),
      session.register('a', () => {}),
      session.subscribe('a', () => {}),
      session.publish('a', [], {}, { acknowledge: true }),
    ].map((waiting) => waiting.catch((error: unknown) => error)),
  );
const each = (expected: object) => Array.from({ length: 4 }, () => expect.objectContaining(expected));

describe('the end of a session', () => {
  test('[Session Closing] leave says GOODBYE, ignores what still comes, and ends with the echo', async () => {
    const peers = await joined();
    const { session, router, clock } = peers;
    const waiting = pending(peers);
    await settle();
    router.received.length = 0;
    const leaving = session.leave('wamp.close.logout');
    expect(await router.expect('goodbye')).toEqual({ type: 'goodbye', details: {}, reason: 'wamp.close.logout' });
    expect(await session.publish('too.late').catch((error: unknown) => error)).toMatchObject({
      uri: 'wamp.close.logout',
    });
    await router.send(
      { type: 'result', request: 1, details: {} },
      { type: 'event', subscription: 1, publication: 1, details: {} },
      { type: 'goodbye', details: {}, reason: 'wamp.close.goodbye_and_out' },
    );
    expect(await leaving).toEqual({ reason: 'wamp.close.logout', message: '', by: 'us' });
    expect(await session.closed).toBe(await session.leave());
    expect(await waiting).toEqual(each({ uri: 'wamp.close.logout' }));
    expect(router.closed).toBeDefined();
    expect(clock.pending).toBe(0);
    await router.expectSilence();
  });

  test('[Session Closing] a GOODBYE that nobody answers is waited for 5 seconds', async () => {
    const { session, router, clock } = await joined();
    const leaving = session.leave();
    await router.expect('goodbye');
    clock.advance(5_000);
    expect(await leaving).toEqual({ reason: 'wamp.close.close_realm', message: 'GOODBYE was not answered', by: 'us' });
    await settle();
    expect(router.closed).toBeDefined();
  });

  test('[Session Closing] GOODBYE of the router is echoed, and everything pending rejects with its reason', async () => {
    const peers = await joined();
    const { session, router } = peers;
    const waiting = pending(peers);
    await settle();
    router.received.length = 0;
    await router.send({ type: 'goodbye', details: { message: 'maintenance' }, reason: 'wamp.close.system_shutdown' });
    expect(await router.expect('goodbye')).toEqual({
      type: 'goodbye',
      details: {},
      reason: 'wamp.close.goodbye_and_out',
    });
    expect(await session.closed).toEqual({ reason: 'wamp.close.system_shutdown', message: 'maintenance', by: 'peer' });
    expect(await waiting).toEqual(each({ uri: 'wamp.close.system_shutdown', message: 'maintenance' }));
    expect(router.closed).toBeDefined();
  });

  test('[Aborting] ABORT of the router is not answered', async () => {
    const { session, router } = await joined();
    await router.send({ type: 'abort', details: { message: 'out of memory' }, reason: 'wamp.close.system_shutdown' });
    expect(await session.closed).toEqual({
      reason: 'wamp.close.system_shutdown',
      message: 'out of memory',
      by: 'peer',
    });
    await router.expectSilence();
  });

  test('[Aborting] ABORT while leaving ends the session at once', async () => {
    const { session, router } = await joined();
    const leaving = session.leave();
    await router.expect('goodbye');
    await router.send({ type: 'abort', details: {}, reason: 'wamp.close.killed' });
    expect(await leaving).toMatchObject({ reason: 'wamp.close.killed', by: 'peer' });
  });

  test('[Session Closing] a lost transport rejects everything pending', async () => {
    const peers = await joined();
    const waiting = pending(peers);
    await settle();
    await peers.router.close();
    expect(await waiting).toEqual(each({ uri: 'wamp.close.transport_lost', message: 'closed by the other side' }));
    expect(await peers.session.closed).toEqual({
      reason: 'wamp.close.transport_lost',
      message: 'closed by the other side',
      by: 'transport',
    });
  });

  test('after the end every request rejects with the reason', async () => {
    const peers = await joined();
    await peers.router.close();
    expect(await pending(peers)).toEqual(each({ uri: 'wamp.close.transport_lost' }));
  });

  test('unsubscribing and unregistering after the end resolve: the router has forgotten both', async () => {
    const { session, router } = await joined();
    const making = Promise.all([session.subscribe('t', () => {}), session.register('p', () => {})]);
    await router.send(
      { type: 'subscribed', request: 1, subscription: 7 },
      { type: 'registered', request: 2, registration: 8 },
    );
    const [subscription, registration] = await making;
    await router.close();
    await subscription.unsubscribe();
    await registration.unregister();
  });
});

describe('a router that breaks the protocol', () => {
  const violations: readonly (readonly [string, Message, string])[] = [
    ['a second WELCOME', welcome, 'welcome is not for a client in a session'],
    ['CHALLENGE', { type: 'challenge', method: 'ticket', extra: {} }, 'challenge is not for a client in a session'],
    ['HELLO', { type: 'hello', realm: 'x', details: {} }, 'hello is not for a client in a session'],
    ['CALL', { type: 'call', request: 1, options: {}, procedure: 'x' }, 'call is not for a client in a session'],
    ['RESULT of no call', { type: 'result', request: 9, details: {} }, 'result.request 9 is no open call'],
    [
      'ERROR of no call',
      { type: 'error', requestType: 48, request: 9, details: {}, error: 'a.b' },
      'error.request 9 is no open call',
    ],
    [
      'ERROR of another type',
      { type: 'error', requestType: 64, request: 1, details: {}, error: 'a.b' },
      'error.request 1 is no open request of type 64',
    ],
    [
      'ERROR of a type that has none',
      { type: 'error', requestType: 68, request: 1, details: {}, error: 'a.b' },
      'error.request 1 is no open request of type 68',
    ],
    [
      'PUBLISHED for a SUBSCRIBE',
      { type: 'published', request: 1, publication: 1 },
      'published.request 1 is no open request',
    ],
    [
      'SUBSCRIBED of no request',
      { type: 'subscribed', request: 9, subscription: 1 },
      'subscribed.request 9 is no open request',
    ],
    [
      'EVENT of no subscription',
      { type: 'event', subscription: 9, publication: 1, details: {} },
      'event.subscription 9 is none of ours',
    ],
    [
      'INVOCATION of no registration',
      { type: 'invocation', request: 1, registration: 9, details: {} },
      'invocation.registration 9 is none of ours',
    ],
    ['a revocation of nothing', { type: 'unsubscribed', request: 0 }, 'unsubscribed.details.subscription is missing'],
    [
      'a revocation of no procedure',
      { type: 'unregistered', request: 0 },
      'unregistered.details.registration is missing',
    ],
  ];

  test.each(violations)('[Protocol Violations] %s is answered by ABORT', async (_, wrong, message) => {
    const { session, router } = await joined();
    const waiting = session.subscribe('t', () => {}).catch((error: unknown) => error);
    await router.expect('subscribe');
    await router.send(wrong);
    expect(await router.expect('abort')).toEqual({
      type: 'abort',
      details: { message },
      reason: 'wamp.error.protocol_violation',
    });
    expect(await session.closed).toEqual({ reason: 'wamp.error.protocol_violation', message, by: 'us' });
    expect(await waiting).toMatchObject({ uri: 'wamp.error.protocol_violation' });
    expect(router.closed).toBeDefined();
    await router.expectSilence();
  });

  test('[Protocol Violations] the same invocation twice at once is answered by ABORT', async () => {
    const { session, router } = await joined();
    void session.register('p', () => new Promise(() => {}));
    await router.expect('register');
    const invocation = { type: 'invocation', request: 1, registration: 8, details: {} } as const;
    await router.send({ type: 'registered', request: 1, registration: 8 }, invocation, invocation);
    expect(await router.expect('abort')).toMatchObject({
      details: { message: 'invocation.request 1 is running already' },
    });
  });
});
