/** How calls are shared among the callees of a registration when some are busy, or will not serve them. */
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../protocol/index.ts';
import { answer, call, cancel, refuseWith, register, told } from './calling.ts';
import { core, errors, type Joined } from './core.ts';

type Invoke = NonNullable<Message<'register'>['options']['invoke']>;
const busy = `error ${errors.maxConcurrencyReached}`;

function shared(invoke: Invoke, callees: number, more: Message<'register'>['options'] = {}, realm = {}) {
  const { router, join } = core(realm);
  const served = Array.from({ length: callees }, () => join());
  for (const callee of served) register(callee, 'com.work', { invoke, ...more });
  return { router, join, callees: served, caller: join() };
}
/** Which callee an effect of each call went to: -1 for none. */
const who = (callees: readonly Joined[], effects: ReturnType<Joined['send']>) =>
  callees.findIndex((callee) => told(callee, effects).some((text) => text.startsWith('invocation')));

describe('[Shared Registration] concurrency', () => {
  test('a call for a busy callee waits, and the oldest goes first when it is free', () => {
    const { caller, callees } = shared('single', 1, { concurrency: 1 });
    const [callee] = callees as [Joined];
    expect(told(callee, call(caller, 'com.work'))).toEqual(['invocation 1']);
    expect(call(caller, 'com.work')).toEqual([]);
    expect(call(caller, 'com.work')).toEqual([]);
    const answered = answer(callee);
    expect([told(caller, answered), told(callee, answered)]).toEqual([['result 1'], ['invocation 2']]);
    const failed = refuseWith(callee, 'com.error.no', 2);
    expect([told(caller, failed), told(callee, failed)]).toEqual([['error com.error.no'], ['invocation 3']]);
  });
  test.each(['first', 'last', 'roundrobin', 'random'] as const)('%s takes one that has room', (invoke) => {
    const { caller, callees } = shared(invoke, 3, { concurrency: 1 });
    const taken = [0, 1, 2].map(() => who(callees, call(caller, 'com.work')));
    expect(new Set(taken)).toEqual(new Set([0, 1, 2]));
    expect(call(caller, 'com.work')).toEqual([]);
    expect(who(callees, answer(callees[1]!))).toBe(1);
  });
  test('only so many wait, the next is refused', () => {
    const { caller } = shared('single', 1, { concurrency: 1 }, { maxQueuedCalls: 1 });
    call(caller, 'com.work');
    expect(call(caller, 'com.work')).toEqual([]);
    expect(told(caller, call(caller, 'com.work'))).toEqual([busy]);
    expect(told(caller, cancel(caller, { mode: 'kill' }, 2))).toEqual([`error ${errors.canceled}`]);
    expect(call(caller, 'com.work')).toEqual([]);
  });
  test('a waiting call times out, is given up with its caller, and refused when nobody is left to serve it', () => {
    const { router, join, caller, callees } = shared('single', 1, { concurrency: 1 });
    const [other, third] = [join(), join()];
    call(caller, 'com.work');
    expect(call(caller, 'com.work', { timeout: 10 })).toEqual([{ do: 'wake', key: 1, ms: 10 }]);
    call(other, 'com.work');
    call(third, 'com.work');
    call(third, 'com.work');
    expect(told(caller, router.wake(1))).toEqual([`error ${errors.timeout}`]);
    expect(router.disconnect(other.connection)).toEqual([]);
    const left = router.disconnect(callees[0]!.connection);
    expect(told(caller, left)).toEqual([`error ${errors.canceled}`]);
    const nobodyLeft = `error ${errors.noAvailableCallee}`;
    expect(told(third, left)).toEqual([nobodyLeft, nobodyLeft]);
  });
  test('a new callee takes those who wait', () => {
    const { join, caller } = shared('roundrobin', 1, { concurrency: 1 });
    call(caller, 'com.work');
    call(caller, 'com.work');
    const another = join();
    expect(told(another, register(another, 'com.work', { invoke: 'roundrobin', concurrency: 1 }))).toEqual([
      'registered 1',
      'invocation 1',
    ]);
  });
  test('a callee that was interrupted is free, one that still works unknowingly is not', () => {
    const { caller, callees } = shared('single', 1, { concurrency: 1 });
    const [callee] = callees as [Joined];
    for (let i = 0; i < 3; i++) call(caller, 'com.work');
    expect(told(callee, cancel(caller, { mode: 'killnowait' }, 1))).toEqual(['interrupt 1', 'invocation 2']);
    expect(told(callee, cancel(caller, { mode: 'skip' }, 2))).toEqual([]);
    expect(told(callee, answer(callee, 2))).toEqual(['invocation 3']);
  });
  test('what comes in several messages does not wait', () => {
    const { caller } = shared('single', 1, { concurrency: 1 });
    call(caller, 'com.work');
    expect(told(caller, call(caller, 'com.work', { progress: true }))).toEqual([busy]);
  });
});

describe('[Call Rerouting]', () => {
  test.each([
    ['single', 1, [0]],
    ['first', 3, [0, 1, 2]],
    ['last', 3, [2, 1, 0]],
    ['roundrobin', 3, [0, 1, 2]],
    ['random', 3, [0, 1, 2]], // chance always says the first of those left
  ] as const)('%s: each callee is asked, then nobody is available', (invoke, count, order) => {
    const { caller, callees } = shared(invoke, count);
    let effects = call(caller, 'com.work', { receive_progress: true });
    for (const expected of order) {
      expect(who(callees, effects)).toBe(expected);
      effects = refuseWith(callees[expected]!, errors.unavailable);
    }
    expect(told(caller, effects)).toEqual([`error ${errors.noAvailableCallee}`]);
  });
  test('the next callee gets the same call', () => {
    const { caller, callees } = shared('first', 2);
    caller.send({ type: 'call', options: { disclose_me: true }, procedure: 'com.work', args: [1], kwargs: { a: 2 } });
    expect(refuseWith(callees[0]!, errors.unavailable)).toMatchObject([
      { to: [callees[1]!.connection], message: { details: { caller: caller.session }, args: [1], kwargs: { a: 2 } } },
    ]);
  });
  test.each([
    ['has produced progress', (caller: Joined, callee: Joined) => answer(callee, 1, { progress: true })],
    ['was cancelled with kill', (caller: Joined) => cancel(caller, { mode: 'kill' })],
  ])('a call that %s stays where it is', (_, act) => {
    const { caller, callees } = shared('first', 2);
    call(caller, 'com.work', { receive_progress: true });
    act(caller, callees[0]!);
    expect(told(caller, refuseWith(callees[0]!, errors.unavailable))).toEqual([`error ${errors.unavailable}`]);
  });
  test('a call of which more was sent stays where it is', () => {
    const { caller, callees } = shared('first', 2);
    call(caller, 'com.work', { progress: true });
    call(caller, 'com.work', {}, 1);
    expect(told(caller, refuseWith(callees[0]!, errors.unavailable))).toEqual([`error ${errors.unavailable}`]);
  });
  test('a callee that did not announce it gives an error like any other', () => {
    const { join } = core();
    const [caller, plain, other] = [join(), join('plain', 'anonymous', { callee: {} }), join()];
    register(plain, 'com.work', { invoke: 'first' });
    register(other, 'com.work', { invoke: 'first' });
    call(caller, 'com.work');
    expect(told(caller, refuseWith(plain, errors.unavailable))).toEqual([`error ${errors.unavailable}`]);
  });
  test('a call for which all others are busy waits for them', () => {
    const { caller, callees } = shared('first', 2, { concurrency: 1 });
    call(caller, 'com.work');
    call(caller, 'com.work');
    expect(refuseWith(callees[0]!, errors.unavailable)).toEqual([]);
    expect(told(callees[1]!, answer(callees[1]!))).toEqual(['invocation 2']);
  });
  test('its timeout goes on', () => {
    const { router, caller, callees } = shared('first', 2);
    call(caller, 'com.work', { timeout: 5 });
    expect(refuseWith(callees[0]!, errors.unavailable)).toHaveLength(1);
    expect(told(caller, router.wake(1))).toEqual([`error ${errors.timeout}`]);
  });
});

describe('[Sharded Registration]', () => {
  const keys = Array.from({ length: 40 }, (_, i) => `match.${i}`);
  test.each(['roundrobin', 'random'] as const)('%s: calls with one rkey go to one callee, whoever leaves', (invoke) => {
    const { router, caller, callees } = shared(invoke, 3);
    const owner = (rkey: string) => who(callees, call(caller, 'com.work', { rkey }));
    const owners = keys.map(owner);
    expect(new Set(owners)).toEqual(new Set([0, 1, 2]));
    expect(keys.map(owner)).toEqual(owners);
    router.disconnect(callees[2]!.connection);
    for (const [i, now] of keys.map(owner).entries()) if (owners[i] !== 2) expect(now).toBe(owners[i]);
  });
  test('a busy owner is waited for', () => {
    const { caller, callees } = shared('roundrobin', 3, { concurrency: 1 });
    const owner = who(callees, call(caller, 'com.work', { rkey: 'a' }));
    expect(call(caller, 'com.work', { rkey: 'a' })).toEqual([]);
    expect(who(callees, call(caller, 'com.work'))).not.toBe(owner);
    expect(who(callees, answer(callees[owner]!))).toBe(owner);
  });
  test('an owner that refuses gives its keys to the others', () => {
    const { caller, callees } = shared('roundrobin', 3);
    const owner = who(callees, call(caller, 'com.work', { rkey: 'a' }));
    expect(who(callees, refuseWith(callees[owner]!, errors.unavailable))).not.toBe(owner);
  });
  test('first and last have one callee, whatever the key', () => {
    const { caller, callees } = shared('last', 3);
    expect(keys.map((rkey) => who(callees, call(caller, 'com.work', { rkey })))).toEqual(keys.map(() => 2));
  });
});
