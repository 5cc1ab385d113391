import { describe, expect, test } from 'vitest';
import type { Message } from '../../../protocol/index.ts';
import { core, errorOf, errors, messagesTo, sent, violation, type Joined } from './core.ts';

type RegisterOptions = Message<'register'>['options'];
const register = (peer: Joined, procedure: string, options: RegisterOptions = {}) =>
  peer.send({ type: 'register', options, procedure });
const call = (peer: Joined, procedure: string, options: Message<'call'>['options'] = {}) =>
  peer.send({ type: 'call', options, procedure });

/** A caller with a call under way at a callee: request 1, invocation 1. */
function calling(options: Message<'call'>['options'] = {}, calleeRoles = {}) {
  const { router, join } = core();
  const [caller, callee] = [
    join('caller'),
    join('callee', 'anonymous', {
      caller: {},
      callee: { features: { progressive_call_results: true, call_canceling: true } },
      ...calleeRoles,
    }),
  ];
  register(callee, 'com.slow');
  call(caller, 'com.slow', options);
  return { router, join, caller, callee };
}
const canceled = {
  type: 'error',
  requestType: 48,
  request: 1,
  details: {},
  error: errors.canceled,
  args: ['the call was canceled'],
} as const;

test('[Calling] CALL becomes INVOCATION, YIELD becomes RESULT, payloads as they are', () => {
  const { join } = core();
  const [caller, callee] = [join(), join()];
  expect(register(callee, 'com.add')).toEqual([sent(callee, { type: 'registered', request: 1, registration: 1 })]);
  expect(caller.send({ type: 'call', options: {}, procedure: 'com.add', args: [2, 3], kwargs: { a: 1 } })).toEqual([
    sent(callee, { type: 'invocation', request: 1, registration: 1, details: {}, args: [2, 3], kwargs: { a: 1 } }),
  ]);
  expect(callee.send({ type: 'yield', request: 1, options: {}, args: [5] })).toEqual([
    sent(caller, { type: 'result', request: 1, details: {}, args: [5] }),
  ]);
});

test('[Calling] an error of the callee reaches the caller with its uri and payload', () => {
  const { caller, callee } = calling();
  const error = { type: 'error', details: {}, error: 'com.error.no', args: ['no'], kwargs: { why: 1 } } as const;
  expect(callee.send({ ...error, requestType: 68, request: 1 })).toEqual([
    sent(caller, { ...error, requestType: 48, request: 1 }),
  ]);
});

test('[Calling] a procedure that nobody has registered', () => {
  expect(errorOf(call(core().join(), 'com.none'))).toBe(errors.noSuchProcedure);
});

test('[Ordering Guarantees] calls of one caller reach one callee in the order in which they were made', () => {
  const { join } = core();
  const [caller, callee] = [join(), join()];
  for (const procedure of ['com.a', 'com.b']) register(callee, procedure);
  register(callee, 'com.', { match: 'prefix' });
  const procedures = ['com.a', 'com.b', 'com.c', 'com.a', 'com.none.a', 'com.b'];
  const invoked = procedures.flatMap((procedure, n) =>
    messagesTo(callee, caller.send({ type: 'call', options: {}, procedure, args: [n] })),
  );
  expect(invoked.map((message) => message.type === 'invocation' && [message.request, message.args])).toEqual(
    procedures.map((_, n) => [n + 1, [n]]),
  );
});

test('[Registering] an exclusive procedure is taken once', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  register(ada, 'com.add');
  expect(errorOf(register(bob, 'com.add'))).toBe(errors.procedureAlreadyExists);
  expect(errorOf(register(ada, 'com.add'))).toBe(errors.procedureAlreadyExists);
  expect(ada.send({ type: 'unregister', registration: 1 })).toEqual([sent(ada, { type: 'unregistered', request: 3 })]);
  expect(errorOf(register(bob, 'com.add'))).toBeUndefined();
});

test('[Registering] UNREGISTER of what one does not hold', () => {
  const { join } = core();
  register(join(), 'com.add');
  expect(errorOf(join().send({ type: 'unregister', registration: 1 }))).toBe(errors.noSuchRegistration);
});

test.each(['wamp.session.count', 'wamp'])('[URIs] %s cannot be registered', (procedure) => {
  expect(errorOf(register(core().join(), procedure))).toBe(errors.invalidUri);
});

test('[URIs] a registration of everything does not get calls below wamp.', () => {
  const { join } = core();
  const [ada, bob] = [join(), join()];
  register(ada, '', { match: 'prefix' });
  expect(errorOf(call(bob, 'wamp.nothing'))).toBe(errors.noSuchProcedure);
});

describe('[Caller Identification]', () => {
  const details = (options: Message<'call'>['options'], registration: RegisterOptions) => {
    const { join } = core();
    const [caller, callee] = [join('ada'), join()];
    register(callee, 'com.add', registration);
    const [invocation] = messagesTo(callee, call(caller, 'com.add', options));
    return { told: invocation?.type === 'invocation' && invocation.details, caller };
  };
  test.each([
    [{ disclose_me: true }, {}],
    [{}, { disclose_caller: true }],
  ])('%o and %o tell the callee who calls', (options, registration) => {
    const { told, caller } = details(options, registration);
    expect(told).toEqual({ caller: caller.session, caller_authid: 'ada', caller_authrole: 'anonymous' });
  });
  test('otherwise it is not told', () => expect(details({}, {}).told).toEqual({}));
});

describe('[Shared Registration]', () => {
  const who = (invoke: 'first' | 'last' | 'roundrobin' | 'random', fraction?: () => number) => {
    const { router, join } = core({}, fraction);
    const callees = [join(), join(), join()];
    for (const callee of callees) register(callee, 'com.add', { invoke });
    const caller = join();
    const next = () => {
      const effects = call(caller, 'com.add');
      return callees.findIndex((callee) => messagesTo(callee, effects).length > 0);
    };
    return { router, callees, next, join };
  };
  test('first takes the earliest, last the latest still registered', () => {
    expect(who('first').next()).toBe(0);
    const last = who('last');
    expect(last.next()).toBe(2);
    last.router.disconnect(last.callees[2]!.connection);
    expect(last.next()).toBe(1);
  });
  test('roundrobin goes in order of registration and wraps', () => {
    const { next } = who('roundrobin');
    expect([next(), next(), next(), next()]).toEqual([0, 1, 2, 0]);
  });
  test('roundrobin goes on with the next when one leaves', () => {
    const { router, callees, next } = who('roundrobin');
    next();
    router.disconnect(callees[0]!.connection);
    expect([next(), next(), next()]).toEqual([1, 2, 1]);
  });
  test('random takes the one that chance says', () => {
    const { next } = who('random', () => 0.99);
    expect(next()).toBe(2);
  });
  test('the first registration fixes the policy', () => {
    const { callees, join } = who('first');
    expect(errorOf(register(join(), 'com.add', { invoke: 'last' }))).toBe(errors.differentInvocationPolicy);
    expect(errorOf(register(join(), 'com.add'))).toBe(errors.procedureAlreadyExists);
    expect(errorOf(register(callees[0]!, 'com.add', { invoke: 'first' }))).toBe(errors.procedureAlreadyExists);
  });
});

describe('[Pattern-based Registration]', () => {
  test.each([
    [['exact a.b.c', 'prefix a.b', 'wildcard a..c'], 'a.b.c', 'exact a.b.c'],
    [['prefix a.b', 'prefix a.b.c', 'wildcard a.b.c.d..f'], 'a.b.c.d.e.f', 'prefix a.b.c'],
    [['wildcard x.y..z', 'wildcard x.y.q.'], 'x.y.q.z', 'wildcard x.y.q.'],
    [['wildcard x..k..m', 'wildcard x..k.l.'], 'x.a.k.l.m', 'wildcard x..k.l.'],
    [['prefix a.b'], 'a.bc', 'prefix a.b'],
  ])('of %j a call of %s reaches %s', (registered, procedure, winner) => {
    const { join } = core();
    const [caller, callee] = [join(), join()];
    for (const pattern of registered) {
      const [match, uri] = pattern.split(' ') as ['exact', string];
      register(callee, uri, { match });
    }
    const [invocation] = messagesTo(callee, call(caller, procedure));
    const details = winner.startsWith('exact') ? {} : { procedure };
    expect(invocation).toMatchObject({ registration: registered.indexOf(winner) + 1, details });
  });
});

describe('[Progressive Call Results]', () => {
  test('each progress is passed on, then the result', () => {
    const { caller, callee } = calling({ receive_progress: true });
    expect(callee.send({ type: 'yield', request: 1, options: { progress: true }, args: [1] })).toEqual([
      sent(caller, { type: 'result', request: 1, details: { progress: true }, args: [1] }),
    ]);
    expect(callee.send({ type: 'yield', request: 1, options: {} })).toEqual([
      sent(caller, { type: 'result', request: 1, details: {} }),
    ]);
  });
  test('the callee is asked for it only when it can', () => {
    const { join } = core();
    const [caller, able, unable] = [join(), join(), join('x', 'anonymous', { callee: {} })];
    register(able, 'com.able');
    register(unable, 'com.unable');
    expect(messagesTo(able, call(caller, 'com.able', { receive_progress: true }))).toMatchObject([
      { details: { receive_progress: true } },
    ]);
    expect(messagesTo(unable, call(caller, 'com.unable', { receive_progress: true }))).toMatchObject([{ details: {} }]);
  });
  test('a callee of AutobahnJS, which announces no canceling, is asked for it all the same, and its kill is a skip', () => {
    const { caller, callee } = calling(
      { receive_progress: true },
      { callee: { features: { progressive_call_results: true } } },
    );
    expect(callee.send({ type: 'yield', request: 1, options: { progress: true } })).toEqual([
      sent(caller, { type: 'result', request: 1, details: { progress: true } }),
    ]);
    expect(caller.send({ type: 'cancel', request: 1, options: { mode: 'kill' } })).toEqual([sent(caller, canceled)]);
  });
  test('progress that was not asked for is dropped, and the call goes on', () => {
    const { caller, callee } = calling();
    expect(callee.send({ type: 'yield', request: 1, options: { progress: true } })).toEqual([]);
    expect(callee.send({ type: 'yield', request: 1, options: {} })).toEqual([
      sent(caller, { type: 'result', request: 1, details: {} }),
    ]);
  });
});

describe('[Call Canceling]', () => {
  const cancel = (peer: Joined, options: Message<'cancel'>['options'] = {}) =>
    peer.send({ type: 'cancel', request: 1, options });
  const answer = { type: 'yield', request: 1, options: {} } as const;

  test('skip answers the caller at once, and drops the late answer', () => {
    const { caller, callee } = calling();
    expect(cancel(caller, { mode: 'skip' })).toEqual([sent(caller, canceled)]);
    expect(callee.send(answer)).toEqual([]);
  });
  test.each([{ mode: 'killnowait' }, {}] as const)('%o also interrupts the callee', (options) => {
    const { caller, callee } = calling();
    expect(cancel(caller, options)).toEqual([
      sent(callee, { type: 'interrupt', request: 1, options: { mode: 'killnowait' } }),
      sent(caller, canceled),
    ]);
    expect(callee.send(answer)).toEqual([]);
  });
  test('kill interrupts, and the callee has the last word', () => {
    const { caller, callee } = calling();
    expect(cancel(caller, { mode: 'kill' })).toEqual([
      sent(callee, { type: 'interrupt', request: 1, options: { mode: 'kill' } }),
    ]);
    expect(cancel(caller, { mode: 'skip' })).toEqual([]);
    expect(callee.send(answer)).toEqual([sent(caller, { type: 'result', request: 1, details: {} })]);
  });
  test('a callee that cannot be interrupted is left alone', () => {
    const { caller } = calling({}, { callee: {} });
    expect(cancel(caller, { mode: 'kill' })).toEqual([sent(caller, canceled)]);
  });
  test('the specification spells the feature in two ways, and either counts', () => {
    const { caller, callee } = calling({}, { callee: { features: { call_cancelling: true } } });
    expect(cancel(caller, { mode: 'kill' })).toEqual([
      sent(callee, { type: 'interrupt', request: 1, options: { mode: 'kill' } }),
    ]);
  });
  test('CANCEL of a call that has ended, or never was, is ignored', () => {
    const { caller, callee } = calling();
    callee.send(answer);
    expect(cancel(caller)).toEqual([]);
    expect(caller.send({ type: 'cancel', request: 99, options: {} })).toEqual([]);
  });
});

describe('[Session Closing]', () => {
  test('a callee that leaves leaves no call unanswered', () => {
    const { router, caller, callee } = calling();
    expect(messagesTo(caller, router.disconnect(callee.connection))).toMatchObject([
      { type: 'error', request: 1, error: errors.canceled },
    ]);
    expect(errorOf(call(caller, 'com.slow'))).toBe(errors.noSuchProcedure);
  });
  test('a caller that leaves has its calls interrupted, and late answers are dropped', () => {
    const { router, caller, callee } = calling();
    expect(router.disconnect(caller.connection)).toEqual([
      sent(callee, { type: 'interrupt', request: 1, options: { mode: 'killnowait' } }),
    ]);
    expect(callee.send({ type: 'yield', request: 1, options: {} })).toEqual([]);
  });
  test('a session that calls itself leaves without a word', () => {
    const { router, join } = core();
    const ada = join();
    register(ada, 'com.self');
    call(ada, 'com.self');
    expect(messagesTo(ada, router.disconnect(ada.connection))).not.toContainEqual(
      expect.objectContaining({ type: 'interrupt' }),
    );
  });
});

test('[Protocol Violations] YIELD for an invocation that never was aborts', () => {
  const callee = core().join();
  expect(callee.send({ type: 'yield', request: 1, options: {} })).toEqual(
    violation(callee, 'yield.request 1 was no invocation of this session'),
  );
});

test('[Protocol Violations] the callee of an aborted session leaves no call unanswered', () => {
  const { caller, callee } = calling();
  const effects = callee.send({ type: 'hello', realm: 'x', details: {} });
  expect(effects.slice(0, 2)).toEqual(violation(callee, 'hello in an established session'));
  expect(messagesTo(caller, effects)).toMatchObject([{ type: 'error', error: errors.canceled }]);
});
