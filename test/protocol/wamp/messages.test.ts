import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { format, messages, parse, type Message } from '../../../protocol/wamp/messages.ts';

describe('reading messages', () => {
  test.each([
    ['text', 'HELLO', 'a message is not a list'],
    ['an empty list', [], 'undefined is not a message code'],
    ['a code as text', ['48'], 'a string is not a message code'],
    ['an unknown code', [7, {}], '7 is not a message code'],
    ['too few elements', [48, 1, {}], 'call has 2 elements after its code, not 3 to 5'],
    ['too many elements', [33, 1, 2, 3], 'subscribed has 3 elements after its code, not 2'],
    ['an id of 0', [48, 0, {}, 'a'], 'call.request is not an id (integer from 1 to 2^53)'],
    ['an id beyond 2^53', [48, 2 ** 53 + 2, {}, 'a'], 'call.request is not an id (integer from 1 to 2^53)'],
    ['an id with a fraction', [48, 1.5, {}, 'a'], 'call.request is not an id (integer from 1 to 2^53)'],
    ['a list for a dict', [48, 1, [], 'a'], 'call.options is not a dict'],
    ['null for args', [48, 1, {}, 'a', null], 'call.args is not a list'],
    ['1 for true', [16, 1, { acknowledge: 1 }, 'a'], 'publish.options.acknowledge is not true or false'],
    ['a scalar for a list', [16, 1, { eligible: 5 }, 'a'], 'publish.options.eligible is not a list of ids'],
    ['text in a list of ids', [16, 1, { exclude: ['x'] }, 'a'], 'publish.options.exclude is not a list of ids'],
    [
      'a hop without its session',
      [16, 1, { forward_for: [{ authid: 'a', authrole: 'b' }] }, 'a'],
      'publish.options.forward_for is not a list of dicts with session, authid and authrole',
    ],
    [
      'an unknown policy',
      [64, 1, { invoke: 'all' }, 'a'],
      'register.options.invoke is not one of "single", "first", "last"',
    ],
  ])('[Protocol Violations] %s is a violation that names message and field', (_, wire, message) => {
    expect(() => parse(wire)).toThrow(ProtocolError);
    expect(() => parse(wire)).toThrow(message);
  });

  test('[Message Definitions] unknown option keys are accepted and kept', () => {
    expect(parse([48, 1, { x_trace: 1, _private: 2, constructor: 3 }, 'a'])).toMatchObject({
      options: { x_trace: 1, _private: 2 },
    });
  });

  test('[Message Definitions] 2^53 is an id', () => {
    expect(parse([33, 1, 2 ** 53])).toEqual({ type: 'subscribed', request: 1, subscription: 2 ** 53 });
  });

  test('[Subscription Revocation] UNSUBSCRIBED may answer request 0 and carry details', () => {
    const revoked: Message = { type: 'unsubscribed', request: 0, details: { subscription: 2201, reason: 'a.b' } };
    expect(parse([35, 0, { subscription: 2201, reason: 'a.b' }])).toEqual(revoked);
    expect(format(revoked)).toEqual([35, 0, { subscription: 2201, reason: 'a.b' }]);
  });

  test('an error URI that somebody else chose is read as it is', () => {
    expect(parse([8, 48, 1, {}, 'Not A URI'])).toMatchObject({ error: 'Not A URI' });
  });
});

describe('writing messages', () => {
  const result = (payload: object): unknown[] => format({ type: 'result', request: 1, details: {}, ...payload });

  test('[Message Definitions] empty tails are left out, kwargs alone come behind an empty list', () => {
    expect(result({})).toEqual([50, 1, {}]);
    expect(result({ args: [], kwargs: {} })).toEqual([50, 1, {}]);
    expect(result({ args: [1], kwargs: {} })).toEqual([50, 1, {}, [1]]);
    expect(result({ kwargs: { a: 1 } })).toEqual([50, 1, {}, [], { a: 1 }]);
  });

  test('[Message Definitions] no two messages share a code', () => {
    const codes = Object.values(messages).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
