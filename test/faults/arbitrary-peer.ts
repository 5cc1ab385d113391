/** Peers that say anything, for properties: sensible requests, almost sensible ones, other messages, broken bytes. */
import * as fc from 'fast-check';
import { format } from '../../protocol/index.ts';
import { messageOfEveryType } from '../protocol/wamp/arbitrary-message.ts';
import { oddValue } from './odd-values.ts';
import { transports, type TransportName } from './wire.ts';

/** What a peer says. A request is its code and what follows its id: ids are counted when it is said. */
export type Said =
  | { readonly request: readonly [code: number, ...rest: unknown[]] }
  | { readonly wire: unknown }
  | { readonly broken: readonly [code: number, ...rest: unknown[]]; readonly how: Break }
  | { readonly bytes: Uint8Array };

/** One thing that happens to bytes on their way; places are shares of their length. */
export type Break =
  | { readonly cutAt: number }
  | { readonly flip: number; readonly at: number }
  | { readonly insert: Uint8Array; readonly at: number }
  | { readonly twice: true };

export interface ArbitraryPeer {
  readonly transport: TransportName;
  /** Which serializer, of all that there are. */
  readonly serializer: number;
  readonly batches: boolean;
  /** What it does with an invocation. */
  readonly answers: 'yield' | 'error' | 'progress' | 'never';
  readonly says: readonly Said[];
}

/** In args, where the id of a session among the peers goes. */
export const somebody = '{session}';

const topics = [
  'com.fuzz',
  'com.fuzz.a',
  'com.fuzz.b',
  'com.fuzz.a.b',
  'com.plain.a',
  'com.closed.a',
  'com.fuzz.__proto__',
];
const patterns = ['com.fuzz.', 'com.fuzz..b', 'com.', 'com..', '', '.', '...', 'com.fuzz'];
const metaProcedures = [
  'wamp.session.count',
  'wamp.session.list',
  'wamp.session.get',
  'wamp.session.kill',
  'wamp.session.add_testament',
  'wamp.session.flush_testaments',
  'wamp.registration.list',
  'wamp.registration.lookup',
  'wamp.registration.match',
  'wamp.registration.list_callees',
  'wamp.subscription.list',
  'wamp.subscription.match',
  'wamp.subscription.get_events',
  'wamp.reflection.define',
  'wamp.session.constructor',
];
const uri = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...topics) },
  { weight: 2, arbitrary: fc.constantFrom(...patterns) },
  { weight: 1, arbitrary: fc.string({ maxLength: 40 }) },
);
const value = oddValue(['com.fuzz', somebody], { maxDepth: 4 });
const dict = fc.dictionary(fc.constantFrom('a', 'reason', 'scope', 'message', 'limit', 'constructor', 'x'), value, {
  maxKeys: 3,
});
const args = fc.array(value, { maxLength: 3 });
const flag = fc.boolean();
const options = {
  publish: fc.record(
    {
      acknowledge: flag,
      exclude_me: flag,
      disclose_me: flag,
      retain: flag,
      rkey: fc.string({ maxLength: 3 }),
      eligible: fc.array(
        fc.maxSafeInteger().map((id) => Math.abs(id) + 1),
        { maxLength: 2 },
      ),
      exclude_authrole: fc.array(fc.constantFrom('anonymous', 'x'), { maxLength: 2 }),
      ppt_scheme: fc.constant('x_fuzz'),
    },
    { requiredKeys: [] },
  ),
  subscribe: fc.record(
    { match: fc.constantFrom('exact', 'prefix', 'wildcard'), get_retained: flag, nkey: fc.string({ maxLength: 2 }) },
    { requiredKeys: [] },
  ),
  register: fc.record(
    {
      match: fc.constantFrom('exact', 'prefix', 'wildcard'),
      invoke: fc.constantFrom('single', 'first', 'last', 'roundrobin', 'random'),
      concurrency: fc.integer({ min: 1, max: 3 }),
      disclose_caller: flag,
      forward_timeout: flag,
      force_reregister: flag,
    },
    { requiredKeys: [] },
  ),
  call: fc.record(
    {
      receive_progress: flag,
      timeout: fc.nat(50),
      disclose_me: flag,
      rkey: fc.string({ maxLength: 3 }),
      ppt_scheme: fc.constant('x_fuzz'),
    },
    { requiredKeys: [] },
  ),
};
const id = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(2 ** 53));

type Request = readonly [code: number, ...rest: unknown[]];
const tupled = (code: number, ...rest: fc.Arbitrary<unknown>[]): fc.Arbitrary<Request> =>
  fc.tuple(...rest).map((parts) => [code, ...parts]);
/** What no session ends of. */
const request = fc.oneof(
  { weight: 6, arbitrary: tupled(48, options.call, uri, args, dict) },
  { weight: 2, arbitrary: tupled(48, fc.constant({}), fc.constantFrom(...metaProcedures), args, dict) },
  { weight: 4, arbitrary: tupled(16, options.publish, uri, args, dict) },
  { weight: 3, arbitrary: tupled(32, options.subscribe, uri) },
  { weight: 3, arbitrary: tupled(64, options.register, uri) },
  { weight: 1, arbitrary: tupled(34, id) },
  { weight: 1, arbitrary: tupled(66, id) },
);
/** One part of it is something else. */
const almost = fc.tuple(request, fc.nat(), value).map(([[code, ...rest], place, other]): Request => {
  const parts = [...rest];
  parts[place % (parts.length + 1)] = other;
  return [code, ...parts];
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
const how: fc.Arbitrary<Break> = fc.oneof(
  fc.record({ cutAt: share }),
  fc.record({ flip: fc.nat(7), at: share }),
  fc.record({ insert: fc.uint8Array({ minLength: 1, maxLength: 8 }), at: share }),
  fc.constant({ twice: true } as const),
);
const anyMessage = fc.oneof(...messageOfEveryType.map(({ arbitrary }) => arbitrary)).map((message) => format(message));
const cancel = fc.tuple(fc.constant(49), id, fc.record({ mode: fc.constantFrom('skip', 'kill', 'killnowait') }));

const polite: fc.Arbitrary<Said> = fc.oneof(
  { weight: 12, arbitrary: request.map((of) => ({ request: of })) },
  { weight: 1, arbitrary: cancel.map((wire) => ({ wire })) },
);
const rude: fc.Arbitrary<Said> = fc.oneof(
  { weight: 3, arbitrary: almost.map((of) => ({ request: of })) },
  { weight: 2, arbitrary: anyMessage.map((wire) => ({ wire })) },
  { weight: 2, arbitrary: fc.record({ broken: request, how }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ bytes })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Said>(
      { wire: [6, {}, 'wamp.close.close_realm'] },
      { wire: [70, 1, {}] },
      { wire: [3, {}, 'com.e'] },
    ),
  },
);

/** Those who only say what no session ends of are `polite`: they can count on answers. */
export const arbitraryPeer = (manners: 'polite' | 'rude'): fc.Arbitrary<ArbitraryPeer> =>
  fc.record({
    transport: fc.constantFrom(...(Object.keys(transports) as TransportName[])),
    serializer: fc.nat(2),
    batches: fc.boolean(),
    answers: fc.constantFrom('yield', 'error', 'progress', 'never'),
    says:
      manners === 'polite'
        ? fc.array(polite, { minLength: 10, maxLength: 60, size: 'max' })
        : fc.array(fc.oneof({ weight: 6, arbitrary: polite }, { weight: 1, arbitrary: rude }), {
            minLength: 1,
            maxLength: 40,
            size: 'max',
          }),
  });

export function broken(bytes: Uint8Array, what: Break): Uint8Array {
  const place = (at: number) => Math.min(bytes.length - 1, Math.floor(at * bytes.length));
  if ('cutAt' in what) return bytes.subarray(0, place(what.cutAt));
  if ('twice' in what) return Buffer.concat([bytes, bytes]);
  const at = place(what.at);
  if ('insert' in what) return Buffer.concat([bytes.subarray(0, at), what.insert, bytes.subarray(at)]);
  const flipped = Uint8Array.from(bytes);
  flipped[at]! ^= 1 << what.flip;
  return flipped;
}

/** What is done to a stream of frames, handshake included. */
export const arbitraryBreaks = fc.array(how, { minLength: 1, maxLength: 4 });
export const arbitraryRequests = fc.array(request, { minLength: 1, maxLength: 20 });
