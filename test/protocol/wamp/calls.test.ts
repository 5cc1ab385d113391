import { describe, expect, test } from 'vitest';
import { CallError } from '../../../protocol/wamp/errors.ts';
import { joined, settle } from './scripted-router.ts';

const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe('calling', () => {
  test('[Calling and Invocations] CALL carries args, kwargs and options, RESULT comes back', async () => {
    const { session, router } = await joined();
    const call = session.call('com.example.move', [3, 5], { mean: 'roulades' }, { disclose_me: true, x_trace: 'abc' });
    expect(await router.expect('call')).toEqual({
      type: 'call',
      request: 1,
      procedure: 'com.example.move',
      args: [3, 5],
      kwargs: { mean: 'roulades' },
      options: { disclose_me: true, x_trace: 'abc' },
    });
    await router.send({ type: 'result', request: 1, details: {}, args: [8], kwargs: { done: true } });
    expect(await call).toEqual({ args: [8], kwargs: { done: true }, details: {} });
  });

  test('[IDs] all requests of a session share one counter that begins with 1', async () => {
    const { session, router } = await joined();
    void outcome(session.call('a.b'));
    void outcome(session.subscribe('a.b', () => {}));
    void outcome(session.register('a.b', () => {}));
    void outcome(session.publish('a.b'));
    await settle();
    expect(router.received).toMatchObject([{ request: 1 }, { request: 2 }, { request: 3 }, { request: 4 }]);
  });

  test('[Calling and Invocations] ERROR rejects with its URI and payload', async () => {
    const { session, router } = await joined();
    const call = outcome(session.call('game.move'));
    await router.send({
      type: 'error',
      requestType: 48,
      request: 1,
      details: {},
      error: 'game.error.not_your_turn',
      args: ['wait'],
      kwargs: { toAct: [1] },
    });
    expect(await call).toMatchObject({ uri: 'game.error.not_your_turn', message: 'wait', kwargs: { toAct: [1] } });
    expect(await call).toBeInstanceOf(CallError);
  });

  test('results that come in another order go to their calls', async () => {
    const { session, router } = await joined();
    const calls = Promise.all([session.call('a'), session.call('b')]);
    await router.send(
      { type: 'result', request: 2, details: {}, args: ['b'] },
      { type: 'result', request: 1, details: {}, args: ['a'] },
    );
    expect(await calls).toMatchObject([{ args: ['a'] }, { args: ['b'] }]);
  });

  test('[Progressive Call Results] progress comes in order before the result', async () => {
    const { session, router } = await joined();
    const seen: unknown[] = [];
    const call = session.call('long', [], {}, { onProgress: ({ args }) => seen.push(...args) });
    expect((await router.expect('call')).options).toEqual({ receive_progress: true });
    await router.send(
      { type: 'result', request: 1, details: { progress: true }, args: [1] },
      { type: 'result', request: 1, details: { progress: true }, args: [2] },
      { type: 'result', request: 1, details: {}, args: ['done'] },
    );
    expect(await call).toMatchObject({ args: ['done'] });
    expect(seen).toEqual([1, 2]);
  });

  test('an onProgress that throws is reported and the call goes on', async () => {
    const { session, router, reported } = await joined();
    const failure = new Error('no canvas');
    const call = session.call(
      'long',
      [],
      {},
      {
        onProgress: () => {
          throw failure;
        },
      },
    );
    await router.send(
      { type: 'result', request: 1, details: { progress: true } },
      { type: 'result', request: 1, details: {} },
    );
    expect(await call).toMatchObject({ args: [] });
    expect(reported).toEqual([['onProgress of a call', failure]]);
  });

  test.each([
    ['a Date in kwargs', [], { when: new Date(0) }, 'kwargs.when is a Date, which cannot be sent'],
    ['a function in args', [[() => 1]], {}, 'args[0][0] is a function, which cannot be sent'],
    ['NaN', [Number.NaN], {}, 'args[0] is NaN, which cannot be sent'],
    ['an integer beyond 64 bits', [2n ** 64n], {}, 'args[0] is an integer beyond 64 bits, which cannot be sent'],
    ['a key __proto__', [JSON.parse('{"__proto__":1}')], {}, 'args[0] has a key __proto__, which cannot be sent'],
  ])('%s rejects at once and nothing is sent', async (_, args, kwargs, message) => {
    const { session, router } = await joined();
    expect(await outcome(session.call('a', args, kwargs))).toMatchObject({
      uri: 'wamp.error.invalid_payload',
      message,
    });
    expect(await outcome(session.publish('a', args, kwargs))).toMatchObject({
      uri: 'wamp.error.invalid_payload',
      message,
    });
    await router.expectSilence();
  });

  test('a payload that contains itself rejects at once', async () => {
    const { session } = await joined();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(await outcome(session.call('a', [loop]))).toMatchObject({
      message: expect.stringContaining('nested more than 64 deep'),
    });
  });
});

describe('cancelling a call', () => {
  const cancelled = { uri: 'wamp.error.canceled', cause: 'changed my mind' };

  test('[Call Canceling] aborting the signal sends CANCEL killnowait and rejects at once', async () => {
    const { session, router } = await joined();
    const controller = new AbortController();
    const call = outcome(session.call('long', [], {}, { signal: controller.signal }));
    await router.expect('call');
    controller.abort('changed my mind');
    expect(await call).toMatchObject(cancelled);
    expect(await router.expect('cancel')).toEqual({ type: 'cancel', request: 1, options: { mode: 'killnowait' } });
  });

  test.each(['result', 'error'] as const)(
    '[Call Canceling] a late %s of a cancelled call is no violation',
    async (type) => {
      const { session, router } = await joined();
      const controller = new AbortController();
      const seen: unknown[] = [];
      const options = { signal: controller.signal, onProgress: (result: unknown) => seen.push(result) };
      const call = outcome(session.call('long', [], {}, options));
      await router.expect('call');
      controller.abort('changed my mind');
      await router.expect('cancel');
      await router.send({ type: 'result', request: 1, details: { progress: true } });
      await router.send(
        type === 'result'
          ? { type, request: 1, details: {} }
          : { type, requestType: 48, request: 1, details: {}, error: 'wamp.error.canceled' },
      );
      expect(await call).toMatchObject(cancelled);
      expect(seen).toEqual([]);
      await router.expectSilence();
    },
  );

  test('[Call Canceling] mode kill waits for what the callee says', async () => {
    const { session, router } = await joined();
    const controller = new AbortController();
    const options = { signal: controller.signal, cancelMode: 'kill' } as const;
    const [refused, finished] = [outcome(session.call('a', [], {}, options)), session.call('b', [], {}, options)];
    await router.expect('call');
    await router.expect('call');
    controller.abort('changed my mind');
    expect((await router.expect('cancel')).options.mode).toBe('kill');
    await router.expect('cancel');
    await router.send({
      type: 'error',
      requestType: 48,
      request: 1,
      details: {},
      error: 'wamp.error.cancelled',
      args: ['stopped'],
    });
    await router.send({ type: 'result', request: 2, details: {}, args: ['too late'] });
    expect(await refused).toMatchObject({ ...cancelled, message: 'stopped' });
    expect(await finished).toMatchObject({ args: ['too late'] });
  });

  test('[Call Canceling] a dealer that did not announce it gets no CANCEL, and the call rejects at once even so', async () => {
    const { session, router } = await joined({}, { roles: { dealer: {} } });
    const controller = new AbortController();
    const call = outcome(session.call('long', [], {}, { signal: controller.signal, cancelMode: 'kill' }));
    await router.expect('call');
    controller.abort('changed my mind');
    expect(await call).toMatchObject(cancelled);
    await router.expectSilence();
  });

  test('a signal that is aborted already sends nothing', async () => {
    const { session, router } = await joined();
    const signal = AbortSignal.abort('changed my mind');
    expect(await outcome(session.call('long', [], {}, { signal }))).toMatchObject(cancelled);
    await router.expectSilence();
  });

  test('aborting after the result does nothing', async () => {
    const { session, router } = await joined();
    const controller = new AbortController();
    const call = session.call('quick', [], {}, { signal: controller.signal });
    await router.expect('call');
    await router.send({ type: 'result', request: 1, details: {} });
    await call;
    controller.abort();
    await router.expectSilence();
  });
});

describe('a timeout', () => {
  test('[Call Timeouts] is told to the dealer, and cancels the call when the dealer does not keep it', async () => {
    const { session, router, clock } = await joined();
    const call = outcome(session.call('long', [], {}, { timeoutMs: 200 }));
    expect((await router.expect('call')).options).toEqual({ timeout: 200 });
    clock.advance(200);
    expect(await call).toMatchObject({ uri: 'wamp.error.timeout', message: 'no result within 200 ms' });
    expect((await router.expect('cancel')).options).toEqual({ mode: 'killnowait' });
    await router.send({ type: 'error', requestType: 48, request: 1, details: {}, error: 'wamp.error.timeout' });
    await router.expectSilence();
  });

  test('[Call Timeouts] begins anew with each progressive result', async () => {
    const { session, router, clock } = await joined();
    const call = session.call('long', [], {}, { timeoutMs: 200, onProgress: () => {} });
    for (let i = 0; i < 3; i++) {
      clock.advance(150);
      await router.send({ type: 'result', request: 1, details: { progress: true } });
    }
    await router.send({ type: 'result', request: 1, details: {}, args: ['done'] });
    expect(await call).toMatchObject({ args: ['done'] });
    expect(clock.pending).toBe(0);
  });

  test('[Call Timeouts] still ends a call that was cancelled with kill and never answered', async () => {
    const { session, router, clock } = await joined();
    const controller = new AbortController();
    const call = outcome(
      session.call('long', [], {}, { timeoutMs: 200, signal: controller.signal, cancelMode: 'kill' }),
    );
    await router.expect('call');
    controller.abort();
    await router.expect('cancel');
    clock.advance(200);
    expect(await call).toMatchObject({ uri: 'wamp.error.timeout' });
    await router.expectSilence();
  });
});
