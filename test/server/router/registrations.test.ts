import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../server/router/index.ts';
import { answer, call, register, told } from './calling.ts';
import { allFeatures, core, errors, messagesTo, sent, type Joined } from './core.ts';

describe('force_reregister', () => {
  test('[Registration Revocation] the new callee takes the procedure over, and the old one is told', () => {
    const { join } = core();
    const [old, caller, callee] = [join(), join(), join()];
    register(old, 'com.work');
    call(caller, 'com.work');
    expect(register(callee, 'com.work', { force_reregister: true })).toEqual([
      sent(old, {
        type: 'unregistered',
        request: 0,
        details: { registration: 1, reason: errors.unregistered },
      }),
      sent(callee, { type: 'registered', request: 1, registration: 2 }),
    ]);
    expect(told(callee, call(caller, 'com.work'))).toEqual(['invocation 1']);
    expect(told(caller, answer(old))).toEqual(['result 1']); // what it had begun it may end
  });
  test('[Registration Revocation] a callee that did not announce it is told nothing', () => {
    const { join } = core();
    const [old, callee] = [join('old', 'anonymous', { callee: {} }), join()];
    register(old, 'com.work', { invoke: 'first' });
    expect(told(old, register(callee, 'com.work', { force_reregister: true }))).toEqual([]);
    expect(told(old, old.send({ type: 'unregister', registration: 1 }))).toEqual([
      `error ${errors.noSuchRegistration}`,
    ]);
  });
  test('calls that waited for the old callees are told that nobody is left', () => {
    const { join } = core();
    const [old, caller, callee] = [join(), join(), join()];
    register(old, 'com.work', { concurrency: 1 });
    call(caller, 'com.work');
    call(caller, 'com.work');
    expect(told(caller, register(callee, 'com.work', { force_reregister: true }))).toEqual([
      `error ${errors.noAvailableCallee}`,
    ]);
  });
  test('it replaces one of another policy, and a session its own', () => {
    const { join } = core();
    const [old, callee] = [join(), join()];
    register(old, 'com.work', { invoke: 'roundrobin' });
    expect(told(callee, register(callee, 'com.work', { invoke: 'last', force_reregister: true }))).toEqual([
      'registered 1',
    ]);
    expect(told(callee, register(callee, 'com.work', { force_reregister: true }))).toEqual([
      'unregistered 0',
      'registered 2',
    ]);
  });
  test('it needs the same right as any registration', () => {
    const { join } = core({ roles: [{ name: 'anonymous', permissions: [] }] });
    const ada = join();
    expect(told(ada, register(ada, 'com.work', { force_reregister: true }))).toEqual([`error ${errors.notAuthorized}`]);
  });
});

describe('[Registration Meta API] events', () => {
  function watched() {
    const { router, join, time } = core();
    time.now = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
    const watcher = join('watcher');
    watcher.send({
      type: 'subscribe',
      options: { match: 'prefix' },
      topic: 'wamp.registration.',
    });
    const seen = (effects: readonly Effect[]) =>
      messagesTo(watcher, effects).map(
        (event) => event.type === 'event' && [event.details.topic, ...(event.args ?? [])],
      );
    return { router, join, seen };
  }
  test('creation before registration, unregistration before deletion', () => {
    const { router, join, seen } = watched();
    const [ada, bob] = [join(), join()];
    const details = {
      id: 1,
      created: '2030-01-02T03:04:05.678Z',
      uri: 'com.work',
      match: 'prefix',
      invoke: 'first',
    };
    const options = { match: 'prefix', invoke: 'first' } as const;
    expect(seen(register(ada, 'com.work', options))).toEqual([
      ['wamp.registration.on_create', ada.session, details],
      ['wamp.registration.on_register', ada.session, 1],
    ]);
    expect(seen(register(bob, 'com.work', options))).toEqual([['wamp.registration.on_register', bob.session, 1]]);
    expect(seen(ada.send({ type: 'unregister', registration: 1 }))).toEqual([
      ['wamp.registration.on_unregister', ada.session, 1],
    ]);
    expect(seen(router.disconnect(bob.connection))).toEqual([
      ['wamp.registration.on_unregister', bob.session, 1],
      ['wamp.registration.on_delete', bob.session, 1],
    ]);
  });
  test('who registers is told after REGISTERED', () => {
    const { join } = watched();
    const ada = join();
    ada.send({ type: 'subscribe', options: {}, topic: 'wamp.registration.on_register' });
    expect(messagesTo(ada, register(ada, 'com.work')).map(({ type }) => type)).toEqual(['registered', 'event']);
  });
  test('a procedure that is taken over is deleted and created', () => {
    const { join, seen } = watched();
    register(join(), 'com.work');
    expect(seen(register(join(), 'com.work', { force_reregister: true })).map((event) => event && event[0])).toEqual([
      'wamp.registration.on_unregister',
      'wamp.registration.on_delete',
      'wamp.registration.on_create',
      'wamp.registration.on_register',
    ]);
  });
});

describe('what a callee is told of its caller', () => {
  const permission = { uri: 'com.', match: 'prefix', allow: { call: true, register: true } } as const;
  const details = (callee: Joined, effects: readonly Effect[]) => {
    const [message] = messagesTo(callee, effects);
    return message?.type === 'invocation' && message.details;
  };
  test('[Call Trust Levels] the level that its permission has, if the callee announced it', () => {
    const { join } = core({
      roles: [
        { name: 'anonymous', permissions: [permission, { ...permission, uri: 'com.bank.', trustlevel: 0 }] },
        { name: 'clerk', permissions: [{ ...permission, trustlevel: 3 }] },
      ],
    });
    const [guest, clerk, callee] = [join('guest'), join('clerk', 'clerk'), join('bank')];
    const plain = join('plain', 'anonymous', { callee: {} });
    for (const procedure of ['com.bank.pay', 'com.shop']) register(callee, procedure);
    register(plain, 'com.plain');
    expect(details(callee, call(guest, 'com.bank.pay'))).toEqual({ trustlevel: 0 });
    expect(details(callee, call(guest, 'com.shop'))).toEqual({});
    expect(details(callee, call(clerk, 'com.bank.pay'))).toEqual({ trustlevel: 3 });
    expect(details(plain, call(clerk, 'com.plain'))).toEqual({});
  });
  test.each([
    [{ caller: true }, {}, {}, true],
    [{ caller: false }, {}, { disclose_caller: true }, false],
    [{ caller: false }, { disclose_me: true }, {}, errors.discloseMeDisallowed],
  ])(
    '[Caller Identification] with permission %o, call %o and registration %o: %s',
    (disclose, called, registered, expected) => {
      const { join } = core({
        roles: [{ name: 'anonymous', permissions: [{ ...permission, disclose }] }],
      });
      const [caller, callee] = [join('ada', 'anonymous', allFeatures), join()];
      register(callee, 'com.work', registered);
      const effects = call(caller, 'com.work', called);
      const [refused] = messagesTo(caller, effects);
      const seen = details(callee, effects);
      expect(refused?.type === 'error' ? refused.error : seen && 'caller' in seen).toBe(expected);
    },
  );
});
