/** What dealers do beyond calls and answers, over every transport and with every serializer. */
import { expect, test } from 'vitest';
import { errors, unavailable, type Chunk, type Invocation } from '../../protocol/index.ts';
import { outcome, overEveryTransport, unused, value } from './suite.ts';

/** Resolves with the first invocation, which is never answered. */
function stuck() {
  let got: (invocation: Invocation) => void = () => {};
  const invoked = new Promise<Invocation>((resolve) => (got = resolve));
  const procedure = (invocation: Invocation) => {
    got(invocation);
    return new Promise<void>(() => {});
  };
  return { invoked, procedure };
}
const aborted = ({ signal }: Invocation) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
const echo = ({ args, kwargs }: Invocation) => ({ args, kwargs });
/** Answers who calls, and how. */
const who = ({ details }: Invocation) => ({ args: [details] });

overEveryTransport(({ pair, bothWays, near, far }) => {
  test('[Progressive Call Results] parts come in order, before the result', async () => {
    const [caller, callee] = [await far(), await far()];
    const procedure = unused();
    await callee.register(procedure, ({ progress }) => {
      for (let i = 0; i < 20; i++) progress([i, value]);
      return { args: ['done'] };
    });
    const parts: unknown[] = [];
    const result = await caller.call(procedure, [], {}, { onProgress: ({ args }) => parts.push(args) });
    expect(parts).toEqual(Array.from({ length: 20 }, (_, i) => [i, value]));
    expect(result.args).toEqual(['done']);
  });

  test('[Progressive Call Invocations] chunks and progress cross each other, both ways', async () => {
    for (const [caller, callee] of await bothWays()) {
      const procedure = unused();
      await callee.register(procedure, async ({ args, chunks, progress }) => {
        const all = [...args];
        for await (const chunk of chunks) {
          all.push(...(chunk.args ?? []));
          progress(chunk.args, chunk.kwargs);
        }
        return { args: all };
      });
      const seen: unknown[] = [];
      let echoed: () => void = () => {};
      async function* upload(): AsyncGenerator<Chunk> {
        for (const n of [1, 2]) {
          const heard = new Promise<void>((resolve) => (echoed = resolve));
          yield { args: [value, n], kwargs: { value } };
          await heard; // each is sent only after the last has come back
        }
      }
      const onProgress = ({ args, kwargs }: { args: unknown; kwargs: unknown }) => {
        seen.push([args, kwargs]);
        echoed();
      };
      const result = await caller.call(procedure, [0], {}, { chunks: upload(), onProgress });
      expect(result.args).toEqual([0, value, 1, value, 2]);
      expect(seen).toEqual([1, 2].map((n) => [[value, n], { value }]));
    }
  });

  test('[Call Canceling] skip and killnowait end a call at once, and killnowait tells its callee', async () => {
    for (const [caller, callee] of await bothWays())
      for (const cancelMode of ['skip', 'killnowait'] as const) {
        const procedure = unused();
        const { invoked, procedure: handler } = stuck();
        await callee.register(procedure, handler);
        const controller = new AbortController();
        const called = outcome(caller.call(procedure, [], {}, { signal: controller.signal, cancelMode }));
        const invocation = await invoked;
        controller.abort();
        expect(await called).toMatchObject({ uri: errors.canceled });
        if (cancelMode === 'killnowait') await aborted(invocation);
        await caller.call('wamp.session.count');
        await callee.call('wamp.session.count'); // whatever was sent before has come
        expect(invocation.signal.aborted).toBe(cancelMode === 'killnowait');
      }
  });

  test('[Call Canceling] kill interrupts the callee, which has the last word', async () => {
    for (const [caller, callee] of await bothWays()) {
      const procedure = unused();
      let begun: () => void = () => {};
      const invoked = new Promise<void>((resolve) => (begun = resolve));
      await callee.register(procedure, async (invocation) => {
        begun();
        await aborted(invocation);
        return { args: [value] };
      });
      const controller = new AbortController();
      const called = caller.call(procedure, [], {}, { signal: controller.signal, cancelMode: 'kill' });
      await invoked;
      controller.abort();
      expect((await called).args).toEqual([value]);
    }
  });

  test.each([false, true])('[Call Timeouts] a call ends in time, forward_timeout: %s', async (forward_timeout) => {
    const [caller, callee] = await pair();
    const procedure = unused();
    const { invoked, procedure: handler } = stuck();
    await callee.register(procedure, handler, { forward_timeout });
    expect(await outcome(caller.call(procedure, [], {}, { timeoutMs: 20 }))).toMatchObject({ uri: errors.timeout });
    const invocation = await invoked;
    expect(invocation.details.timeout).toBe(forward_timeout ? 20 : undefined);
    await aborted(invocation);
  });

  test('[Caller Identification] the callee learns who calls, if caller or callee wants it', async () => {
    for (const [caller, callee] of await bothWays()) {
      const [procedure, curious] = [unused(), unused()];
      await callee.register(procedure, who);
      await callee.register(curious, who, { disclose_caller: true });
      const { id, authid, authrole } = caller;
      const disclosed = { caller: id, caller_authid: authid, caller_authrole: authrole };
      expect((await caller.call(procedure, [], {}, { disclose_me: true })).args).toEqual([disclosed]);
      expect((await caller.call(curious)).args).toEqual([disclosed]);
      expect((await caller.call(procedure)).args).toEqual([{}]);
    }
  });

  test('[Call Trust Levels] the callee learns how far the caller is trusted there', async () => {
    for (const [caller, callee] of await bothWays()) {
      const procedure = unused('com.trusted');
      await callee.register(procedure, who);
      expect((await caller.call(procedure)).args).toEqual([{ trustlevel: 7 }]);
    }
  });

  test('[Call Rerouting] a callee that is not available leaves the call to another', async () => {
    const [one, other] = await pair();
    const procedure = unused();
    const full = () => {
      throw unavailable('full');
    };
    await other.register(procedure, full, { invoke: 'first' });
    expect(await outcome(one.call(procedure))).toMatchObject({ uri: errors.noAvailableCallee, message: 'full' });
    await one.register(procedure, echo, { invoke: 'first' });
    expect(await other.call(procedure, [value], { value })).toMatchObject({ args: [value], kwargs: { value } });
  });

  test('[Pattern-based Registration] the best match is called, and learns what was called', async () => {
    for (const [caller, callee] of await bothWays()) {
      const below = unused();
      const answers =
        (name: string) =>
        ({ details }: Invocation) => ({ args: [name, details.procedure ?? null] });
      await callee.register(`${below}.a.b`, answers('exact'));
      await callee.register(`${below}.a.`, answers('prefix'), { match: 'prefix' });
      await callee.register(`${below}..b`, answers('wildcard'), { match: 'wildcard' });
      const called = async (uri: string) => (await caller.call(`${below}.${uri}`)).args;
      expect(await called('a.b')).toEqual(['exact', null]);
      expect(await called('a.c')).toEqual(['prefix', `${below}.a.c`]);
      expect(await called('x.b')).toEqual(['wildcard', `${below}.x.b`]);
    }
  });

  test('[Shared Registration] calls go round, or to the first or the last', async () => {
    const callees = [await near(), await far(), await far()];
    const caller = await far();
    const callThrice = async (invoke: 'roundrobin' | 'first' | 'last') => {
      const procedure = unused();
      for (const [n, callee] of callees.entries()) await callee.register(procedure, () => ({ args: [n] }), { invoke });
      const answers: unknown[] = [];
      for (let i = 0; i < 3; i++) answers.push(...(await caller.call(procedure)).args);
      return answers;
    };
    expect(await callThrice('roundrobin')).toEqual([0, 1, 2]);
    expect(await callThrice('first')).toEqual([0, 0, 0]);
    expect(await callThrice('last')).toEqual([2, 2, 2]);
  });

  test('[Shared Registration] a call for a busy callee waits its turn', async () => {
    const [caller, callee] = await pair();
    const procedure = unused();
    let free: () => void = () => {};
    const first = new Promise<void>((resolve) => (free = resolve));
    let running = 0;
    await callee.register(
      procedure,
      async ({ args }) => {
        expect(++running).toBe(1);
        if (args[0] === 1) await first;
        running--;
        return { args };
      },
      { concurrency: 1 },
    );
    const calls = [1, 2, 3].map((n) => caller.call(procedure, [n, value]));
    free();
    expect((await Promise.all(calls)).map(({ args }) => args)).toEqual([1, 2, 3].map((n) => [n, value]));
  });

  test('[Sharded Registration] calls with one key go to one callee', async () => {
    const callees = [await near(), await far(), await far()];
    const caller = await far();
    const procedure = unused();
    for (const callee of callees)
      await callee.register(procedure, () => ({ args: [callee.id] }), { invoke: 'roundrobin' });
    for (const rkey of ['k1', 'k2', 'k3']) {
      const owners = await Promise.all([1, 2, 3].map(() => caller.call(procedure, [], {}, { rkey })));
      expect(new Set(owners.map(({ args }) => args[0])).size).toBe(1);
    }
  });

  test('[Registration Revocation] a procedure that is taken over is revoked', async () => {
    for (const [one, other] of await bothWays()) {
      const procedure = unused();
      let revoke: (reason: unknown) => void = () => {};
      const revoked = new Promise((resolve) => (revoke = resolve));
      await other.register(procedure, () => ({ args: ['old'] }), { onRevoked: revoke });
      await one.register(procedure, () => ({ args: ['new'] }), { force_reregister: true });
      expect(await revoked).toBe(errors.unregistered);
      expect((await other.call(procedure)).args).toEqual(['new']);
    }
  });

  test('[Payload Passthru Mode] packed calls and answers arrive as they were, and how they are packed', async () => {
    const packing = { ppt_scheme: 'x_own', ppt_serializer: 'cbor', ppt_keyid: 'k' };
    for (const [caller, callee] of await bothWays()) {
      const procedure = unused();
      const seen: unknown[] = [];
      await callee.register(procedure, ({ args, details }) => {
        seen.push(args, details);
        return { args, options: { ...packing, ppt_keyid: 'l' } };
      });
      const { args, details } = await caller.call(procedure, [value.binary], {}, packing);
      expect(seen).toEqual([[value.binary], packing]);
      expect({ args, details }).toEqual({ args: [value.binary], details: { ...packing, ppt_keyid: 'l' } });
    }
  });

  test('[Ordering Guarantees] calls reach their callee in the order in which they were made', async () => {
    for (const [caller, callee] of await bothWays()) {
      const below = unused();
      const served: unknown[] = [];
      for (const name of ['a', 'b']) await callee.register(`${below}.${name}`, ({ args }) => void served.push(args[0]));
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      await Promise.all(numbers.map((n) => caller.call(`${below}.${n % 3 ? 'a' : 'b'}`, [n])));
      expect(served).toEqual(numbers);
    }
  });

  test('[Session Closing] a callee that goes away in the middle leaves nobody waiting', async () => {
    const [caller, callee] = await pair();
    const procedure = unused();
    const { invoked, procedure: handler } = stuck();
    await callee.register(procedure, handler);
    const waiting = outcome(caller.call(procedure));
    await invoked;
    await callee.leave();
    expect(await waiting).toMatchObject({ uri: errors.canceled });
  });
});
