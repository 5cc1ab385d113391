import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, ProtocolError, type Message } from '../../../protocol/index.ts';
import type { Effect } from '../../../server/router/index.ts';
import { core, errorOf, errors, messagesTo } from './core.ts';

const uri = fc.constantFrom(
  'com.a',
  'com.b',
  'com.',
  'com..a',
  '',
  'wamp.session.count',
  'wamp.session.on_join',
  'wamp.subscription.on_create',
  'wamp.registration.on_delete',
  'not a uri',
  '.a',
);
/** What the router answers itself, but for what would end the good ones too. */
const metaProcedure = fc.constantFrom(
  ...['list', 'get', 'kill', 'kill_by_authid', 'add_testament', 'flush_testaments'].map(
    (name) => `wamp.session.${name}`,
  ),
  ...['list', 'lookup', 'match', 'get', 'list_subscribers', 'remove_subscriber', 'get_events'].map(
    (name) => `wamp.subscription.${name}`,
  ),
  ...['list', 'lookup', 'match', 'get', 'count_callees'].map((name) => `wamp.registration.${name}`),
  ...['define', 'describe'].map((name) => `wamp.reflect.${name}`),
);
const id = fc.integer({ min: 1, max: 5 });
const match = fc.constantFrom('exact', 'prefix', 'wildcard');
const options = fc.record(
  {
    match,
    invoke: fc.constantFrom('single', 'roundrobin', 'random', 'last'),
    mode: fc.constantFrom('kill', 'skip', 'killnowait'),
    acknowledge: fc.boolean(),
    exclude_me: fc.boolean(),
    receive_progress: fc.boolean(),
    disclose_me: fc.boolean(),
    eligible: fc.array(id),
    progress: fc.boolean(),
    timeout: fc.integer({ min: 0, max: 3 }),
    concurrency: fc.integer({ min: 1, max: 2 }),
    force_reregister: fc.boolean(),
    retain: fc.boolean(),
    get_retained: fc.boolean(),
    nkey: fc.constantFrom('n1', 'n2'),
    rkey: fc.constantFrom('r1', 'r2'),
    ppt_scheme: fc.constantFrom('', 'wamp'),
  },
  { requiredKeys: [] },
);
const args = fc.array(fc.jsonValue(), { maxLength: 2 });
const metaArgs = fc.array(
  fc.oneof(uri, id, fc.integer({ min: 1003, max: 1012 }), fc.constantFrom('hostile1', {}, [], null), fc.jsonValue()),
  { maxLength: 3 },
);
const metaKwargs = fc.record(
  {
    scope: fc.constantFrom('detached', 'destroyed', 'x'),
    publish_options: fc.oneof(options, fc.jsonValue()),
    reason: fc.constantFrom('com.reason', 'not a uri', 7),
    message: fc.constantFrom('no', 7),
    limit: fc.integer(),
    reverse: fc.boolean(),
    from_publication: id,
    from_time: fc.constantFrom('1970-01-01T00:00:00Z', 'x'),
    kind: fc.constantFrom('topic', 'procedure', 'x'),
  },
  { requiredKeys: [] },
);
/** Wire lists that are messages, or nearly. `0` where a request id goes: the next one is put in. */
const wire = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(16, 48), fc.constant(0), options, uri, args) },
  { weight: 1, arbitrary: fc.tuple(fc.constant(48), id, options, uri, args) }, // more of a call, perhaps
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(32, 64), fc.constant(0), options, uri) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(34, 66), fc.constant(0), id) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(49, 70), id, options) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constant(48), fc.constant(0), fc.constant({}), metaProcedure, metaArgs, metaKwargs),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant(8),
      fc.constantFrom(68, 68, 68, 48),
      id,
      fc.constant({}),
      fc.constantFrom('com.error', errors.unavailable),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1, 2, 3, 5, 6, 36, 48, 300), fc.jsonValue(), fc.jsonValue()) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const step = fc.record({
  who: fc.nat(3),
  wire,
  wakes: fc.nat(20),
  leaves: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
});

const read = (value: unknown): Message | ProtocolError => {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
};

test('whatever peers send: nothing throws, each call gets one final answer, and the others are served', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), fc.boolean(), (steps, stops) => {
      const { router, join } = core({ history: [{ uri: 'com.', match: 'prefix', limit: 3 }] });
      const seat = (authid: string) => ({ ...join(authid), requests: 0, open: new Set<number>() });
      const [callee, caller] = [join('good_callee'), seat('good_caller')];
      callee.send({ type: 'register', options: {}, procedure: 'org.good' });
      const hostile = [0, 1, 2, 3].map((n) => seat(`hostile${n}`));

      const dismissed = new Set<object>();
      const observe = (effects: Effect[]): Effect[] => {
        for (const peer of [caller, ...hostile]) {
          for (const told of messagesTo(peer, effects)) {
            const isFinal =
              (told.type === 'result' && !told.details.progress) || (told.type === 'error' && told.requestType === 48);
            if (told.type === 'goodbye') dismissed.add(peer);
            if (isFinal) expect(peer.open.delete(told.request)).toBe(true); // asked for, and not answered before
          }
        }
        return effects;
      };
      const call = (procedure: string): Effect[] => {
        caller.open.add(++caller.requests);
        return observe(caller.send({ type: 'call', request: caller.requests, options: {}, procedure }));
      };

      for (const { who, wire: draft, wakes, leaves } of steps) {
        observe(router.wake(wakes));
        call('com.a');
        const peer = hostile[who]!;
        const isNextCall = Array.isArray(draft) && draft[0] === 48 && draft[1] === peer.requests + 1;
        const isRequest = (Array.isArray(draft) && draft[1] === 0) || isNextCall;
        const input = read(isRequest ? Array.from<unknown>(draft).with(1, peer.requests + 1) : draft);
        if (isRequest) peer.requests++;
        if (isRequest && !(input instanceof ProtocolError) && input.type === 'call') peer.open.add(input.request);
        const effects = observe(leaves ? router.disconnect(peer.connection) : router.receive(peer.connection, input));
        const ended =
          leaves || effects.some((effect) => effect.do === 'close' && effect.connection === peer.connection);
        const saidGoodbye = !(input instanceof ProtocolError) && input.type === 'goodbye';
        if (ended || saidGoodbye) hostile[who] = seat(`hostile${who}`);
      }

      const invocation = messagesTo(callee, call('org.good'))[0];
      if (invocation?.type !== 'invocation') throw new Error('the good callee was not called');
      observe(callee.send({ type: 'yield', request: invocation.request, options: {} }));

      if (stops) {
        const remaining = [caller, ...hostile].filter((peer) => !dismissed.has(peer));
        observe(router.stop());
        for (const { open } of remaining) expect(open).toEqual(new Set());
        return;
      }

      // When the others have left, nothing of theirs is left, and nobody waits for them.
      for (const peer of hostile) observe(router.disconnect(peer.connection));
      for (const procedure of ['com.a', 'com.b']) expect(errorOf(call(procedure))).toBe('wamp.error.no_such_procedure');
      expect(caller.open).toEqual(new Set());
    }),
    { numRuns: 400 },
  );
});
