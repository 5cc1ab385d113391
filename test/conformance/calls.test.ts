/** What dealers do beyond calls and answers, over every transport and with every serializer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  errors,
  join,
  unavailable,
  type Chunk,
  type Invocation,
  type Session,
  type Transport,
} from '../../protocol/index.ts';
import { everyTransport, listenEverywhere, type Everywhere } from './every-transport.ts';

let router: Everywhere;
beforeAll(async () => (router = await listenEverywhere()));
afterAll(() => router.close());

const joined = (transport: Transport): Promise<Session> => join(transport, { realm: 'realm1' });
/** A name of its own for each test: they share one router. */
let tests = 0;
const unused = () => `com.example.calls${++tests}`;
const value = { text: 'ü', binary: new Uint8Array([0, 255]), long: 2 ** 53, list: [1, null] };
const outcome = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
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

describe.each(everyTransport)('over %s', (_name, connect) => {
  /** One near the router, and one far away. */
  async function pair(): Promise<[Session, Session]> {
    return [await joined(router.hub.link()), await joined(await connect(router))];
  }

  test('[Progressive Call Invocations] chunks and progress cross each other, both ways', async () => {
    const [near, far] = await pair();
    const procedure = unused();
    for (const [caller, callee] of [
      [near, far],
      [far, near],
    ] as const) {
      const registration = await callee.register(procedure, async ({ args, chunks, progress }) => {
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
      await registration.unregister();
    }
    await Promise.all([near.leave(), far.leave()]);
  });

  test.each([false, true])('[Call Timeouts] a call ends in time, forward_timeout: %s', async (forward_timeout) => {
    const [near, far] = await pair();
    const procedure = unused();
    const { invoked, procedure: handler } = stuck();
    await far.register(procedure, handler, { forward_timeout });
    expect(await outcome(near.call(procedure, [], {}, { timeoutMs: 20 }))).toMatchObject({ uri: errors.timeout });
    const invocation = await invoked;
    expect(invocation.details.timeout).toBe(forward_timeout ? 20 : undefined);
    await aborted(invocation);
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Call Rerouting] a callee that is not available leaves the call to another', async () => {
    const [near, far] = await pair();
    const procedure = unused();
    await far.register(
      procedure,
      () => {
        throw unavailable('full');
      },
      { invoke: 'first' },
    );
    expect(await outcome(near.call(procedure))).toMatchObject({ uri: errors.noAvailableCallee, message: 'full' });
    await near.register(procedure, ({ args, kwargs }) => ({ args, kwargs }), { invoke: 'first' });
    expect(await far.call(procedure, [value], { value })).toMatchObject({ args: [value], kwargs: { value } });
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Shared Registration] a call for a busy callee waits its turn', async () => {
    const [near, far] = await pair();
    const procedure = unused();
    let free: () => void = () => {};
    const first = new Promise<void>((resolve) => (free = resolve));
    let running = 0;
    await far.register(
      procedure,
      async ({ args }) => {
        expect(++running).toBe(1);
        if (args[0] === 1) await first;
        running--;
        return { args };
      },
      { concurrency: 1 },
    );
    const calls = [1, 2, 3].map((n) => near.call(procedure, [n, value]));
    free();
    expect((await Promise.all(calls)).map(({ args }) => args)).toEqual([1, 2, 3].map((n) => [n, value]));
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Registration Revocation] a procedure that is taken over is revoked', async () => {
    const [near, far] = await pair();
    const procedure = unused();
    let revoke: (reason: unknown) => void = () => {};
    const revoked = new Promise((resolve) => (revoke = resolve));
    await far.register(procedure, () => ({ args: ['old'] }), { onRevoked: revoke });
    await near.register(procedure, () => ({ args: ['new'] }), { force_reregister: true });
    expect(await revoked).toBe(errors.unregistered);
    expect((await far.call(procedure)).args).toEqual(['new']);
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Session Closing] a callee that goes away in the middle leaves nobody waiting', async () => {
    const [near, far] = await pair();
    const procedure = unused();
    const { invoked, procedure: handler } = stuck();
    await far.register(procedure, handler);
    const waiting = outcome(near.call(procedure));
    await invoked;
    await far.leave();
    expect(await waiting).toMatchObject({ uri: errors.canceled });
    await near.leave();
  });
});
