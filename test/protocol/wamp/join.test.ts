import { describe, expect, test } from 'vitest';
import { CallError, ProtocolError } from '../../../protocol/wamp/errors.ts';
import { join, type JoinOptions } from '../../../protocol/wamp/join.ts';
import type { Transport } from '../../../protocol/wamp/transport.ts';
import { FakeClock } from './fake-clock.ts';
import { joined, ScriptedRouter, settle, welcome } from './scripted-router.ts';

function joining(options: Partial<JoinOptions> = {}) {
  const router = new ScriptedRouter();
  const clock = new FakeClock();
  const outcome = join(router.transport, { realm: 'test', clock, ...options }).catch((error: unknown) => error);
  return { router, clock, outcome };
}

describe('joining a realm', () => {
  test('[Session Establishment] HELLO announces the four roles and only features that exist', async () => {
    const { router } = joining({ authid: 'ada', authmethods: ['ticket'], authextra: { nonce: 'x' }, agent: 'tester' });
    expect(await router.expect('hello')).toEqual({
      type: 'hello',
      realm: 'test',
      details: {
        agent: 'tester',
        authid: 'ada',
        authmethods: ['ticket'],
        authextra: { nonce: 'x' },
        roles: {
          publisher: {
            features: {
              publisher_identification: true,
              publisher_exclusion: true,
              subscriber_blackwhite_listing: true,
              sharded_subscription: true,
              payload_passthru_mode: true,
            },
          },
          subscriber: {
            features: {
              publisher_identification: true,
              pattern_based_subscription: true,
              publication_trustlevels: true,
              subscription_revocation: true,
              sharded_subscription: true,
              payload_passthru_mode: true,
            },
          },
          caller: {
            features: {
              caller_identification: true,
              call_canceling: true,
              call_timeout: true,
              progressive_call_results: true,
              progressive_call_invocations: true,
              sharded_registration: true,
              payload_passthru_mode: true,
            },
          },
          callee: {
            features: {
              caller_identification: true,
              call_canceling: true,
              call_timeout: true,
              call_trustlevels: true,
              call_reroute: true,
              progressive_call_results: true,
              progressive_call_invocations: true,
              pattern_based_registration: true,
              shared_registration: true,
              sharded_registration: true,
              registration_revocation: true,
              payload_passthru_mode: true,
            },
          },
        },
      },
    });
  });

  test('[Session Establishment] WELCOME tells the session who it is', async () => {
    const { session, clock } = await joined();
    const { id, realm, authid, authrole, authmethod, details } = session;
    expect({ id, realm, authid, authrole, authmethod }).toEqual({
      id: 7351202498127645,
      realm: 'test',
      authid: 'ada',
      authrole: 'player',
      authmethod: 'anonymous',
    });
    expect(details.roles).toHaveProperty('dealer');
    expect(clock.pending).toBe(0);
  });

  test('[Session Establishment] ABORT rejects with its reason and text, and the transport is closed', async () => {
    const { router, outcome } = joining();
    await router.send({ type: 'abort', details: { message: 'no realm test' }, reason: 'wamp.error.no_such_realm' });
    expect(await outcome).toMatchObject({ uri: 'wamp.error.no_such_realm', message: 'no realm test' });
    expect(await outcome).toBeInstanceOf(CallError);
    expect(router.closed).toBeDefined();
  });

  test('[Authentication] what WELCOME says may be refused: ABORT, and no session', async () => {
    const { router, outcome } = joining({
      onWelcome: ({ authextra = {} }) => {
        if (authextra['verifier'] !== 'right') throw new Error('not my router');
      },
    });
    await router.expect('hello');
    await router.send({ type: 'welcome', session: 1, details: { roles: {}, authextra: { verifier: 'wrong' } } });
    expect(await router.expect('abort')).toMatchObject({ details: { message: 'not my router' } });
    expect(await outcome).toMatchObject({ uri: 'wamp.error.authentication_failed', message: 'not my router' });
    expect(router.closed).toBeDefined();
  });

  test('[Authentication] a CHALLENGE is signed by onChallenge, and more than once', async () => {
    const seen: unknown[] = [];
    const { router, outcome } = joining({
      onChallenge: (method, extra) => {
        seen.push([method, extra]);
        return method === 'ticket' ? 'secret' : Promise.resolve({ signature: 'proof', extra: { nonce: 'n' } });
      },
    });
    await router.expect('hello');
    await router.send({ type: 'challenge', method: 'ticket', extra: {} });
    expect(await router.expect('authenticate')).toEqual({ type: 'authenticate', signature: 'secret', extra: {} });
    await router.send({ type: 'challenge', method: 'scram', extra: { salt: 's' } });
    expect(await router.expect('authenticate')).toEqual({
      type: 'authenticate',
      signature: 'proof',
      extra: { nonce: 'n' },
    });
    await router.send(welcome);
    expect(seen).toEqual([
      ['ticket', {}],
      ['scram', { salt: 's' }],
    ]);
    expect(await outcome).toMatchObject({ authid: 'ada' });
  });

  test.each([
    [
      'onChallenge throws',
      {
        onChallenge: () => {
          throw new Error('no such key');
        },
      },
      'no such key',
    ],
    ['nobody can sign', {}, 'no onChallenge to sign a challenge of ticket'],
  ])('[Authentication] when %s the router gets ABORT', async (_, options, message) => {
    const { router, outcome } = joining(options);
    await router.expect('hello');
    await router.send({ type: 'challenge', method: 'ticket', extra: {} });
    expect(await router.expect('abort')).toMatchObject({
      reason: 'wamp.error.authentication_failed',
      details: { message },
    });
    expect(await outcome).toMatchObject({ uri: 'wamp.error.authentication_failed', message });
  });

  test('a router that never answers is given up after the timeout', async () => {
    const { router, clock, outcome } = joining({ timeoutMs: 500 });
    await router.expect('hello');
    clock.advance(500);
    expect(await outcome).toMatchObject({ uri: 'wamp.error.timeout', message: 'not welcomed within 500 ms' });
    await router.expect('abort');
    expect(router.closed).toBeDefined();
  });

  test('a transport that is lost before WELCOME rejects', async () => {
    const { router, outcome } = joining();
    await router.close();
    expect(await outcome).toMatchObject({ uri: 'wamp.close.transport_lost', message: 'closed by the other side' });
  });

  test('[Protocol Violations] anything else before WELCOME is answered by ABORT', async () => {
    const { router, outcome } = joining();
    await router.expect('hello');
    await router.send({ type: 'goodbye', details: {}, reason: 'wamp.close.killed' });
    expect(await router.expect('abort')).toMatchObject({
      reason: 'wamp.error.protocol_violation',
      details: { message: 'goodbye came before WELCOME' },
    });
    expect(await outcome).toMatchObject({ uri: 'wamp.error.protocol_violation' });
  });

  test('[Protocol Violations] what cannot be decoded is answered by ABORT, before WELCOME and after', async () => {
    for (const first of [[], [welcome]]) {
      const sent: unknown[] = [];
      let deliver: Parameters<Transport['onMessage']>[0] = () => {};
      const transport: Transport = {
        send: (message) => void sent.push(message),
        close: () => void sent.push('close'),
        onMessage: (listener) => (deliver = listener),
        onClose: () => {},
      };
      const outcome = join(transport, { realm: 'test', clock: new FakeClock() }).catch(() => {});
      for (const message of first) deliver(message);
      deliver(new ProtocolError('a message is not JSON'));
      deliver(welcome);
      await outcome;
      expect(sent.slice(1)).toEqual([
        { type: 'abort', details: { message: 'a message is not JSON' }, reason: 'wamp.error.protocol_violation' },
        'close',
      ]);
    }
  });

  test('a signature that is ready after the transport was lost goes nowhere', async () => {
    let sign: (signature: string) => void = () => {};
    const { router, outcome } = joining({ onChallenge: () => new Promise<string>((resolve) => (sign = resolve)) });
    await router.expect('hello');
    await router.send({ type: 'challenge', method: 'ticket', extra: {} });
    await router.close();
    sign('late');
    await settle();
    expect(await outcome).toMatchObject({ uri: 'wamp.close.transport_lost' });
    expect(router.received).toEqual([]);
  });
});
