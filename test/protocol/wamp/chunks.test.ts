import { describe, expect, test } from 'vitest';
import type { Chunk } from '../../../protocol/wamp/chunks.ts';
import type { Invocation, Procedure } from '../../../protocol/wamp/invocations.ts';
import type { Message } from '../../../protocol/wamp/messages.ts';
import { joined, settle } from './scripted-router.ts';

const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe('a call in chunks', () => {
  const options = { progress: true };
  const call = { type: 'call', request: 1, procedure: 'upload' } as const;

  test('[Progressive Call Invocations] chunks go out under the id of the call, and an empty one says that was all', async () => {
    const { session, router } = await joined();
    const uploading = session.call('upload', ['a'], {}, { chunks: [{ args: ['b'] }, { args: [], kwargs: { c: 1 } }] });
    expect(await router.expect('call')).toEqual({ ...call, options, args: ['a'], kwargs: {} });
    expect(await router.expect('call')).toEqual({ ...call, options, args: ['b'] });
    expect(await router.expect('call')).toEqual({ ...call, options, args: [], kwargs: { c: 1 } });
    expect(await router.expect('call')).toEqual({ ...call, options: {} });
    await router.send({ type: 'result', request: 1, details: {}, args: ['stored'] });
    expect(await uploading).toMatchObject({ args: ['stored'] });
  });

  test('[Progressive Call Invocations] chunks go out as they come', async () => {
    const { session, router } = await joined();
    let next: () => void = () => {};
    async function* chunks(): AsyncGenerator<Chunk> {
      await new Promise<void>((resolve) => (next = resolve));
      yield { args: [1] };
    }
    void outcome(session.call('upload', [], {}, { chunks: chunks() }));
    await router.expect('call');
    await router.expectSilence();
    next();
    expect(await router.expect('call')).toMatchObject({ args: [1] });
  });

  test.each(['result', 'abort'] as const)(
    '[Progressive Call Invocations] after the end (%s) the source is stopped',
    async (end) => {
      const { session, router } = await joined();
      let isStopped = false;
      const chunks = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<Chunk>>(() => {}),
          return() {
            isStopped = true;
            return Promise.resolve({ done: true as const, value: undefined });
          },
        }),
      };
      const controller = new AbortController();
      const uploading = outcome(session.call('upload', [], {}, { chunks, signal: controller.signal }));
      await router.expect('call');
      expect(isStopped).toBe(false);
      if (end === 'result') await router.send({ type: 'result', request: 1, details: {} });
      else controller.abort();
      await uploading;
      expect(isStopped).toBe(true);
    },
  );

  test.each([
    [
      'throws',
      (): Chunk => {
        throw new Error('no disk');
      },
      'no disk',
    ],
    ['yields what cannot be sent', (): Chunk => ({ args: [new Date(0)] }), 'args[0] is a Date, which cannot be sent'],
  ])('[Progressive Call Invocations] a source that %s cancels the call', async (_, chunk, message) => {
    const { session, router } = await joined();
    const chunks = (function* () {
      yield chunk();
    })();
    const uploading = outcome(session.call('upload', [], {}, { chunks }));
    await router.expect('call');
    expect((await router.expect('cancel')).options).toEqual({ mode: 'killnowait' });
    expect(await uploading).toMatchObject({ uri: 'wamp.error.canceled', cause: { message } });
  });

  test('[Progressive Call Invocations] a dealer that did not announce them gets none', async () => {
    const { session, router } = await joined({}, { roles: { dealer: {} } });
    expect(await outcome(session.call('upload', [], {}, { chunks: [] }))).toMatchObject({
      uri: 'wamp.error.feature_not_supported',
    });
    await router.expectSilence();
  });
});

describe('an invocation in chunks', () => {
  async function registered(procedure: Procedure) {
    const peers = await joined();
    void peers.session.register('upload', procedure);
    await peers.router.expect('register');
    await peers.router.send({ type: 'registered', request: 1, registration: 977 });
    return peers;
  }
  const chunk = (
    args: unknown[] | undefined,
    details: Message<'invocation'>['details'] = { progress: true },
    request = 1,
  ) => ({ type: 'invocation', request, registration: 977, details, ...(args && { args }) }) as const;
  const collect: Procedure = async ({ args, chunks }) => {
    const all = [...args];
    for await (const more of chunks) all.push(...(more.args ?? []));
    return { args: all };
  };

  test('[Progressive Call Invocations] the procedure reads them in order', async () => {
    const { router } = await registered(collect);
    await router.send(chunk([1]), chunk([2]));
    await router.expectSilence();
    await router.send(chunk([3], {}));
    expect(await router.expect('yield')).toMatchObject({ args: [1, 2, 3] });
  });

  test('[Progressive Call Invocations] an empty last message is no chunk, and an ordinary call has none', async () => {
    const { router } = await registered(collect);
    await router.send(chunk([1]), chunk(undefined, {}));
    expect(await router.expect('yield')).toMatchObject({ request: 1, args: [1] });
    await router.send(chunk([5], {}, 2));
    expect(await router.expect('yield')).toMatchObject({ request: 2, args: [5] });
  });

  test('[Progressive Call Invocations] what comes after the answer is dropped', async () => {
    const { router } = await registered(() => ({ args: ['enough'] }));
    await router.send(chunk([1]));
    expect(await router.expect('yield')).toMatchObject({ args: ['enough'] });
    await router.send(chunk([2]), chunk([3], {}));
    await router.expectSilence();
  });

  test('[Call Canceling] whoever reads is interrupted, and what still comes is dropped', async () => {
    const { router } = await registered(collect);
    await router.send(chunk([1]), { type: 'interrupt', request: 1, options: { mode: 'kill' } });
    expect(await router.expect('error')).toMatchObject({ request: 1, error: 'wamp.error.canceled' });
    await router.send(chunk([2]));
    await router.expectSilence();
  });

  test('[Progressive Call Invocations] a procedure that does not keep up is given up', async () => {
    const signals: AbortSignal[] = [];
    const { router } = await registered(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await router.send(...Array.from({ length: 1026 }, () => chunk([1])));
    expect(await router.expect('error')).toMatchObject({ request: 1, error: 'wamp.error.limit_reached' });
    expect(signals[0]?.aborted).toBe(true);
  });

  test('[Call Timeouts] a timeout that the router leaves to the callee begins anew with each progress', async () => {
    let invoked: Invocation | undefined;
    const { router, clock } = await registered((invocation) => {
      invoked = invocation;
      return new Promise(() => {});
    });
    await router.send(chunk([], { timeout: 100, receive_progress: true }));
    clock.advance(60);
    invoked?.progress([1]);
    await router.expect('yield');
    clock.advance(60);
    await router.expectSilence();
    clock.advance(40);
    expect(await router.expect('error')).toMatchObject({ request: 1, error: 'wamp.error.timeout' });
    expect(invoked?.signal.reason).toMatchObject({ uri: 'wamp.error.timeout' });
    await settle();
    expect(clock.pending).toBe(0);
  });
});
