import { expect, test } from 'vitest';
import { answer, call, cancel, register, told } from './calling.ts';
import { allFeatures, core, errors, sent, type Joined } from './core.ts';

const timedOut = (caller: Joined, ms: number) =>
  sent(caller, {
    type: 'error',
    requestType: 48,
    request: 1,
    details: {},
    error: errors.timeout,
    args: [`no result within ${ms} ms`],
  });
const interrupt = (callee: Joined) => sent(callee, { type: 'interrupt', request: 1, options: { mode: 'killnowait' } });

function timed(callee: object = allFeatures.callee, registered = {}) {
  const { router, join } = core();
  const [ada, bob] = [join('ada'), join('bob', 'anonymous', { callee })];
  register(bob, 'com.slow', registered);
  const began = call(ada, 'com.slow', { timeout: 300, receive_progress: true });
  return { router, ada, bob, began };
}

test('[Call Timeouts] the router asks to be woken, and then answers the caller and interrupts the callee', () => {
  const { router, ada, bob, began } = timed();
  expect(began.slice(1)).toEqual([{ do: 'wake', key: 1, ms: 300 }]);
  expect(router.wake(1)).toEqual([interrupt(bob), timedOut(ada, 300)]);
  expect(answer(bob)).toEqual([]);
});

test('[Call Timeouts] a callee that cannot be interrupted is left alone', () => {
  const { router, ada } = timed({});
  expect(router.wake(1)).toEqual([timedOut(ada, 300)]);
});

test('[Call Timeouts] the answer ends the wait', () => {
  const { router, bob } = timed();
  expect(answer(bob)).toContainEqual({ do: 'let sleep', key: 1 });
  expect(router.wake(1)).toEqual([]);
});

test('[Call Timeouts] the wait begins anew with each progressive result', () => {
  const { router, ada, bob } = timed();
  expect(answer(bob, 1, { progress: true }).slice(1)).toEqual([
    { do: 'let sleep', key: 1 },
    { do: 'wake', key: 2, ms: 300 },
  ]);
  expect(router.wake(1)).toEqual([]);
  expect(router.wake(2)).toEqual([interrupt(bob), timedOut(ada, 300)]);
});

test('[Call Timeouts] a callee that keeps the timeout itself is told it, and the router waits', () => {
  const { bob, began } = timed(allFeatures.callee, { forward_timeout: true });
  const details = { receive_progress: true, timeout: 300 };
  expect(began).toEqual([sent(bob, { type: 'invocation', request: 1, registration: 1, details })]);
});

test('[Call Timeouts] forward_timeout of a callee that announced no such feature counts for nothing', () => {
  const { bob, began } = timed({}, { forward_timeout: true });
  expect(began).toEqual([
    sent(bob, { type: 'invocation', request: 1, registration: 1, details: {} }),
    { do: 'wake', key: 1, ms: 300 },
  ]);
});

test('[Call Timeouts] 0 is none', () => {
  const { join } = core();
  const ada = join();
  register(ada, 'com.slow');
  expect(call(ada, 'com.slow', { timeout: 0 })).toHaveLength(1);
});

test('[Call Timeouts] no host can wait longer than 24 days', () => {
  const { join } = core();
  const ada = join();
  register(ada, 'com.slow');
  expect(call(ada, 'com.slow', { timeout: 2 ** 53 })[1]).toEqual({ do: 'wake', key: 1, ms: 2 ** 31 - 1 });
});

test('[Call Timeouts] a call cancelled with kill and never answered still ends', () => {
  const { router, ada, bob } = timed();
  expect(cancel(ada, { mode: 'kill' })).toHaveLength(1);
  expect(router.wake(1)).toEqual([interrupt(bob), timedOut(ada, 300)]);
});

test('[Session Closing] a session that leaves is waited for no more', () => {
  const { router, ada } = timed();
  expect(router.disconnect(ada.connection)).toContainEqual({ do: 'let sleep', key: 1 });
});

test('[Session Closing] the router stops: every call is answered before GOODBYE', () => {
  const { router, ada } = timed();
  expect(told(ada, router.stop())).toEqual([`error ${errors.canceled}`, 'goodbye']);
  expect(router.wake(1)).toEqual([]);
});
