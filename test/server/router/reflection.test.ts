import { expect, test } from 'vitest';
import { ask, core, errors, eventsTo } from './core.ts';

const schema = { summary: 'moves a piece' };

test('[Reflection] what a component defines can be listed and described by its kind', () => {
  const { join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  expect(ask(ada, 'wamp.reflect.define', ['com.move', schema])).toEqual([]);
  ask(ada, 'wamp.reflect.define', ['com.moved', { summary: 'tells' }], { kind: 'topic' });
  expect(ask(bob, 'wamp.reflection.procedure.list')).toEqual([['com.move']]);
  expect(ask(bob, 'wamp.reflection.topic.list')).toEqual([['com.moved']]);
  expect(ask(bob, 'wamp.reflection.error.list')).toEqual([[]]);
  expect(ask(bob, 'wamp.reflection.procedure.describe', ['com.move'])).toEqual([schema]);
  expect(ask(bob, 'wamp.reflect.describe', ['com.move'])).toEqual([schema]);
  expect(ask(bob, 'wamp.reflect.describe', ['com.move'], { kind: 'topic' })).toEqual([null]);
});

test('[Reflection] definitions and their end are told; they end with their session', () => {
  const { router, join } = core();
  const [ada, bob] = [join('ada'), join('bob')];
  bob.send({ type: 'subscribe', options: { match: 'prefix' }, topic: 'wamp.reflect.' });
  const define = (value: unknown) =>
    eventsTo(bob, ada.send({ type: 'call', options: {}, procedure: 'wamp.reflect.define', args: ['com.move', value] }));
  const defined = ['wamp.reflect.on_define', 'com.move', schema, 'procedure'];
  const undefinedAgain = ['wamp.reflect.on_undefine', 'com.move', 'procedure'];
  expect(define(schema)).toEqual([defined]);
  expect(define(schema)).toEqual([undefinedAgain, defined]);
  expect(define(null)).toEqual([undefinedAgain]);
  expect(define(schema)).toEqual([defined]);
  expect(eventsTo(bob, router.disconnect(ada.connection))).toEqual([undefinedAgain]);
  expect(ask(bob, 'wamp.reflection.procedure.list')).toEqual([[]]);
});

test('[Reflection] only who may offer something may describe it, and only so much', () => {
  const permissions = [
    { uri: 'com.', match: 'prefix', allow: { register: true } },
    { uri: 'wamp.', match: 'prefix', allow: { call: true } },
  ] as const;
  const ada = core({ roles: [{ name: 'anonymous', permissions, limits: { definitions: 1 } }] }).join();
  const define = (uri: string, value: unknown = schema, kwargs = {}) =>
    ask(ada, 'wamp.reflect.define', [uri, value], kwargs);
  expect(define('com.move', schema, { kind: 'topic' })).toBe(errors.notAuthorized);
  expect(define('org.move')).toBe(errors.notAuthorized);
  expect(define('com.move')).toEqual([]);
  expect(define('com.move')).toEqual([]);
  expect(define('com.other')).toBe(errors.limitReached);
  expect(define('com.move', 'text')).toBe(errors.invalidArgument);
  expect(define('com.move', schema, { kind: 'thing' })).toBe(errors.invalidArgument);
});
