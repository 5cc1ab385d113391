import { describe, expect, test } from 'vitest';
import { CallError } from '../../../protocol/wamp/errors.ts';
import type { Invocation, Procedure, RegisterOptions } from '../../../protocol/wamp/invocations.ts';
import type { Message } from '../../../protocol/wamp/messages.ts';
import { joined, settle } from './scripted-router.ts';

/** A session that has registered `com.example.add` as 977. */
async function registered(procedure: Procedure, options?: RegisterOptions) {
  const peers = await joined();
  const registering = peers.session.register('com.example.add', procedure, options);
  const register = await peers.router.expect('register');
  await peers.router.send({ type: 'registered', request: register.request, registration: 977 });
  return { ...peers, register, registration: await registering };
}
const invocation = (more: Partial<Message<'invocation'>> = {}): Message<'invocation'> => ({
  type: 'invocation',
  request: 1,
  registration: 977,
  details: {},
  ...more,
});

describe('registering', () => {
  test('[Registering and Unregistering] REGISTER carries the options, UNREGISTER the id', async () => {
    const { register, registration, router } = await registered(() => {}, { match: 'prefix', invoke: 'roundrobin' });
    expect(register).toMatchObject({
      procedure: 'com.example.add',
      options: { match: 'prefix', invoke: 'roundrobin' },
    });
    const unregistering = Promise.all([registration.unregister(), registration.unregister()]);
    expect(await router.expect('unregister')).toEqual({ type: 'unregister', request: 2, registration: 977 });
    await router.send({ type: 'unregistered', request: 2 });
    await unregistering;
    await router.expectSilence();
  });

  test('[Registering and Unregistering] ERROR rejects', async () => {
    const { session, router } = await joined();
    const registering = session.register('taken', () => {}).catch((error: unknown) => error);
    await router.send({
      type: 'error',
      requestType: 64,
      request: 1,
      details: {},
      error: 'wamp.error.procedure_already_exists',
    });
    expect(await registering).toMatchObject({ uri: 'wamp.error.procedure_already_exists' });
  });

  test('[Shared Registration] a second handler under the same id is refused, the first stays', async () => {
    const { session, router } = await registered(() => ({ args: ['first'] }));
    const second = session.register('com.example.add', () => {}).catch((error: unknown) => error);
    await router.expect('register');
    await router.send({ type: 'registered', request: 2, registration: 977 });
    expect(await second).toMatchObject({ uri: 'wamp.error.procedure_already_exists' });
    await router.send(invocation());
    expect(await router.expect('yield')).toMatchObject({ args: ['first'] });
  });

  test('[Registration Revocation] UNREGISTERED with request 0 ends the registration and says why', async () => {
    const reasons: unknown[] = [];
    const { registration, router } = await registered(() => {}, { onRevoked: (reason) => reasons.push(reason) });
    await router.send({
      type: 'unregistered',
      request: 0,
      details: { registration: 977, reason: 'wamp.error.unregistered' },
    });
    expect(reasons).toEqual(['wamp.error.unregistered']);
    await registration.unregister();
    await router.send(invocation());
    expect(await router.expect('error')).toMatchObject({
      requestType: 68,
      request: 1,
      error: 'wamp.error.no_such_registration',
    });
    await router.expectSilence();
  });
});

describe('answering invocations', () => {
  test('[Calling and Invocations] the procedure gets args, kwargs and details, YIELD its answer', async () => {
    const seen: Invocation[] = [];
    const { router } = await registered((call) => {
      seen.push(call);
      return { args: [8], kwargs: { exact: true } };
    });
    await router.send(invocation({ details: { caller: 5 }, args: [3, 5], kwargs: { a: 1 } }));
    expect(seen).toMatchObject([{ args: [3, 5], kwargs: { a: 1 }, details: { caller: 5 } }]);
    expect(await router.expect('yield')).toEqual({
      type: 'yield',
      request: 1,
      options: {},
      args: [8],
      kwargs: { exact: true },
    });
  });

  test('[Payload Passthru Mode] an answer says how it is packed', async () => {
    const packing = { ppt_scheme: 'x_own', ppt_serializer: 'cbor' };
    const { router } = await registered(({ args }) => ({ args, options: packing }));
    await router.send(invocation({ details: packing, args: [new Uint8Array([1])] }));
    expect(await router.expect('yield')).toMatchObject({ options: packing, args: [new Uint8Array([1])] });
  });

  test('INVOCATION right behind REGISTERED finds its procedure', async () => {
    const { session, router } = await joined();
    void session.register('early', () => ({ args: ['here'] }));
    await router.expect('register');
    await router.send({ type: 'registered', request: 1, registration: 977 }, invocation());
    expect(await router.expect('yield')).toMatchObject({ args: ['here'] });
  });

  test('[Calling and Invocations] a CallError goes to the caller as it is, and is not reported', async () => {
    const { router, reported } = await registered(() => {
      throw new CallError('game.error.full', ['no seat left'], { seats: 2 });
    });
    await router.send(invocation());
    expect(await router.expect('error')).toEqual({
      type: 'error',
      requestType: 68,
      request: 1,
      details: {},
      error: 'game.error.full',
      args: ['no seat left'],
      kwargs: { seats: 2 },
    });
    expect(reported).toEqual([]);
  });

  test('[Calling and Invocations] another error becomes runtime_error with its message only, and is reported', async () => {
    const failure = new TypeError('board is undefined', { cause: 'secret' });
    const { router, reported } = await registered(() => Promise.reject(failure));
    await router.send(invocation());
    expect(await router.expect('error')).toEqual({
      type: 'error',
      requestType: 68,
      request: 1,
      details: {},
      error: 'wamp.error.runtime_error',
      args: ['board is undefined'],
      kwargs: {},
    });
    expect(reported).toEqual([['the procedure com.example.add', failure]]);
  });

  test('an answer that cannot be sent becomes an error, so that the caller is not left waiting', async () => {
    const { router, reported } = await registered(() => ({ args: [new Map()] }));
    await router.send(invocation());
    expect(await router.expect('error')).toMatchObject({ args: ['args[0] is a Map, which cannot be sent'] });
    expect(reported).toHaveLength(1);
  });

  test('[Progressive Call Results] progress is sent where the caller asked for it, and never after the end', async () => {
    let invoked: Invocation | undefined;
    const { router } = await registered((call) => {
      invoked = call;
      call.progress([1]);
      call.progress([2], { half: true });
      return { args: ['done'] };
    });
    await router.send(invocation({ details: { receive_progress: true } }));
    expect(await router.expect('yield')).toEqual({ type: 'yield', request: 1, options: { progress: true }, args: [1] });
    expect(await router.expect('yield')).toMatchObject({
      options: { progress: true },
      args: [2],
      kwargs: { half: true },
    });
    expect(await router.expect('yield')).toEqual({ type: 'yield', request: 1, options: {}, args: ['done'] });
    invoked?.progress([3]);
    await router.expectSilence();
    await router.send(invocation({ request: 2 }));
    expect(await router.expect('yield')).toMatchObject({ request: 2, options: {}, args: ['done'] });
  });
});

describe('interrupting', () => {
  const waiting: Procedure = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('gave up')), { once: true }));

  test('[Call Canceling] INTERRUPT kill aborts the signal, and the caller gets canceled', async () => {
    const { router, reported } = await registered(waiting);
    await router.send(invocation(), { type: 'interrupt', request: 1, options: { mode: 'kill' } });
    expect(await router.expect('error')).toMatchObject({ requestType: 68, request: 1, error: 'wamp.error.canceled' });
    expect(reported).toEqual([]);
  });

  test('[Call Canceling] a procedure may still answer an INTERRUPT kill', async () => {
    const partial: Procedure = ({ signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ args: ['half of it'] })));
    const { router } = await registered(partial);
    await router.send(invocation(), { type: 'interrupt', request: 1, options: { mode: 'kill' } });
    expect(await router.expect('yield')).toMatchObject({ args: ['half of it'] });
  });

  test('[Call Canceling] after INTERRUPT killnowait nothing is answered', async () => {
    const signals: AbortSignal[] = [];
    const { router, reported } = await registered((call) => {
      signals.push(call.signal);
      return waiting(call);
    });
    await router.send(invocation(), { type: 'interrupt', request: 1, options: { mode: 'killnowait' } });
    expect(signals[0]?.reason).toMatchObject({ uri: 'wamp.error.canceled' });
    await router.expectSilence();
    expect(reported).toEqual([]);
  });

  test('[Call Canceling] INTERRUPT of an invocation that was answered is ignored', async () => {
    const { router } = await registered(() => {});
    await router.send(invocation());
    await router.expect('yield');
    await router.send({ type: 'interrupt', request: 1, options: {} });
    await router.expectSilence();
  });

  test('running procedures are aborted when the session ends, and answer nothing', async () => {
    const signals: AbortSignal[] = [];
    const { router } = await registered((call) => {
      signals.push(call.signal);
      return waiting(call);
    });
    await router.send(invocation());
    await router.close();
    await settle();
    expect(signals[0]?.reason).toMatchObject({ uri: 'wamp.close.transport_lost' });
    expect(router.received).toEqual([]);
  });
});
