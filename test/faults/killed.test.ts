/** Peers that die in the middle of something: real processes, killed by SIGKILL, so that they say nothing. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CallError, connectWebSocket, errors, join, type Session } from '../../protocol/index.ts';
import { startRouter, type Router } from './router.ts';

let router: Router;
/** Who is left, and hears all that the meta API tells. */
let witness: Session;
const told: string[] = [];
const victims = new Set<ChildProcess>();

beforeAll(async () => {
  router = await startRouter();
  witness = await join(await connectWebSocket(`ws://127.0.0.1:${router.port}/ws`), { realm: 'realm1' });
  const tells = (topic: string) =>
    witness.subscribe(topic, ({ args }) => void told.push(`${topic} ${String(args[0])}`));
  await Promise.all(
    ['wamp.session.on_leave', 'wamp.registration.on_unregister', 'wamp.registration.on_delete'].map(tells),
  );
  await Promise.all(['wamp.subscription.on_unsubscribe', 'wamp.subscription.on_delete'].map(tells));
});
afterAll(async () => {
  await witness.leave();
  await router.calm();
  await router.stop();
});
beforeEach(() => void told.splice(0));
afterEach(() => {
  for (const child of victims) child.kill('SIGKILL');
  victims.clear();
});

type Transport = 'WebSocket' | 'RawSocket';
interface Victim {
  /** The id of its session. */
  readonly session: number;
  /** The next word that it says. */
  hears(): Promise<unknown>;
  kill(): void;
}

async function victim(transport: Transport, part: 'callee' | 'caller' | 'subscriber'): Promise<Victim> {
  const child = fork(fileURLToPath(new URL('victim.ts', import.meta.url)), [transport, part, String(router.port)]);
  victims.add(child);
  const hears = async () => ((await once(child, 'message')) as [unknown])[0];
  return { session: Number(await hears()), hears, kill: () => child.kill('SIGKILL') };
}

const uriOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'answered',
    (error: unknown) => (error instanceof CallError ? error.uri : 'another error'),
  );
const left = ({ session }: Victim) => vi.waitFor(() => expect(told).toContain(`wamp.session.on_leave ${session}`));
const eventsOf = (kind: string) => told.filter((line) => line.startsWith(kind)).map((line) => line.split(' ')[0]);

describe.each<Transport>(['WebSocket', 'RawSocket'])('kill -9 over %s', (transport) => {
  test('of a callee: its caller gets canceled, its registration goes, and the next callee can have it', async () => {
    const callee = await victim(transport, 'callee');
    const call = uriOf(witness.call('com.slow'));
    expect(await callee.hears()).toBe('called');
    callee.kill();
    expect(await call).toBe(errors.canceled);
    await left(callee);
    expect(eventsOf('wamp.registration')).toEqual(['wamp.registration.on_unregister', 'wamp.registration.on_delete']);
    expect(await uriOf(witness.call('com.slow'))).toBe(errors.noSuchProcedure);

    const next = await victim(transport, 'callee');
    const second = uriOf(witness.call('com.slow'));
    expect(await next.hears()).toBe('called');
    next.kill();
    expect(await second).toBe(errors.canceled);
    await left(next);
    await router.healthy();
  });

  test('of a callee: all of a hundred calls are canceled', async () => {
    const callee = await victim(transport, 'callee');
    const calls = Array.from({ length: 100 }, () => uriOf(witness.call('com.slow')));
    await callee.hears();
    await witness.call('wamp.session.count'); // answered after the calls have been routed
    callee.kill();
    expect(new Set(await Promise.all(calls))).toEqual(new Set([errors.canceled]));
    await left(callee);
    await router.healthy();
  });

  test('of a caller: its callee is told to stop, and what it answers then harms nobody', async () => {
    let stopped: (late: void) => void = () => {};
    const interrupted = new Promise<void>((resolve) => (stopped = resolve));
    let called: (now: void) => void = () => {};
    const underWay = new Promise<void>((resolve) => (called = resolve));
    const registration = await witness.register('com.slow', ({ signal }) => {
      called();
      signal.addEventListener('abort', () => stopped());
      return interrupted.then(() => ({ args: ['too late'] }));
    });
    const caller = await victim(transport, 'caller');
    await underWay;
    caller.kill();
    await interrupted;
    await left(caller);
    await registration.unregister();
    await router.healthy();
  });

  test('of a subscriber: its subscription goes, and publishers notice nothing', async () => {
    const subscriber = await victim(transport, 'subscriber');
    subscriber.kill();
    for (let i = 0; i < 100; i++) await witness.publish('com.news', ['x'.repeat(1000)], {}, { acknowledge: true });
    await left(subscriber);
    expect(eventsOf('wamp.subscription')).toEqual(['wamp.subscription.on_unsubscribe', 'wamp.subscription.on_delete']);
    expect((await witness.call('wamp.subscription.lookup', ['com.news'])).args).toEqual([null]);
    await router.healthy();
  });
});
