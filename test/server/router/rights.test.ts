/** What roles may do, tried against every URI of a small world, and compared with the rules as the documents say them. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MatchPolicy } from '../../../protocol/index.ts';
import type { Action, Effect, Permission } from '../../../server/router/index.ts';
import { core, errorOf, errors, messagesTo, type Joined } from './core.ts';

const parts = ['a', 'b', 'ab', 'ba'];
const ones = parts;
const twos = ones.flatMap((uri) => parts.map((part) => `${uri}.${part}`));
const threes = twos.flatMap((uri) => parts.map((part) => `${uri}.${part}`));
/** Every URI of up to three components. */
const world = [...ones, ...twos, ...threes];

const actions = ['call', 'register', 'publish', 'subscribe'] as const satisfies Action[];
const component = fc.constantFrom(...parts);
const uri = fc.array(component, { minLength: 1, maxLength: 3 }).map((of) => of.join('.'));
const pattern = fc.oneof(
  fc.record({ uri, match: fc.constant<MatchPolicy>('exact') }),
  fc.record({
    uri: fc.tuple(uri, fc.nat(5)).map(([whole, length]) => `${whole}.`.slice(0, length)),
    match: fc.constant<MatchPolicy>('prefix'),
  }),
  fc.record({
    uri: fc.array(fc.oneof(component, fc.constant('')), { minLength: 1, maxLength: 3 }).map((of) => of.join('.')),
    match: fc.constant<MatchPolicy>('wildcard'),
  }),
);
type Pattern = { readonly uri: string; readonly match: MatchPolicy };
/** Mostly yes, or hardly any pattern would be allowed. */
const yes = fc.integer({ min: 0, max: 4 }).map((n) => n > 0);
const permission = fc
  .record({
    pattern,
    allow: fc.record({ call: yes, register: yes, publish: yes, subscribe: yes }),
    policies: fc.option(fc.subarray<MatchPolicy>(['exact', 'prefix', 'wildcard']), { nil: undefined }),
  })
  .map(({ pattern: of, allow, policies }): Permission => ({ ...of, allow, ...(policies && { policies }) }));
const wide = fc.boolean().map((isWide): Permission[] => (isWide ? [everything] : []));
const table = fc.tuple(wide, fc.array(permission, { maxLength: 5 })).map((given) => given.flat());

const everything: Permission = {
  uri: '',
  match: 'prefix',
  policies: ['exact', 'prefix', 'wildcard'],
  allow: { call: true, register: true, publish: true, subscribe: true },
};

/** WAMP's three ways of matching, in the words of the specification. */
function reaches({ uri: wanted, match }: Pattern, topic: string): boolean {
  if (match === 'exact') return wanted === topic;
  if (match === 'prefix') return topic.startsWith(wanted);
  return new RegExp(
    `^${wanted
      .split('.')
      .map((of) => of || '[^.]+')
      .join('\\.')}$`,
  ).test(topic);
}

/** The permission that decides: an exact one, else the longest prefix, else the wildcard with a literal further left; the later of equals. */
function deciding(permissions: readonly Permission[], topic: string): Permission | undefined {
  const rank = ({ uri: of, match = 'exact' }: Permission): string =>
    ({
      exact: '2',
      prefix: `1${String(of.length).padStart(3, '0')}`,
      wildcard: `0${of
        .split('.')
        .map((part) => (part ? 1 : 0))
        .join('')}`,
    })[match];
  return permissions
    .filter((one) => reaches({ match: 'exact', ...one }, topic))
    .reduce<Permission | undefined>((best, one) => (best && rank(best) > rank(one) ? best : one), undefined);
}

const mayExactly = (permissions: readonly Permission[], action: Action, topic: string): boolean => {
  const rule = deciding(permissions, topic);
  if (rule?.allow[action] !== true) return false;
  return action === 'call' || action === 'publish' || (rule.policies ?? ['exact']).includes('exact');
};
/** For patterns only what may be done counts: with which policies is the pattern's own matter. */
const mayReach = (permissions: readonly Permission[], action: Action, topic: string): boolean =>
  deciding(permissions, topic)?.allow[action] === true;

function setUp(permissions: readonly Permission[]) {
  const { join } = core({
    roles: [
      { name: 'guest', permissions },
      { name: 'host', permissions: [everything] },
    ],
  });
  return { guest: join('ada', 'guest'), host: join('host', 'host') };
}
const request = (action: Action, to: string, match?: MatchPolicy) => {
  const options = match ? { match } : {};
  switch (action) {
    case 'call':
      return { type: 'call', options: {}, procedure: to } as const;
    case 'publish':
      return { type: 'publish', options: { acknowledge: true }, topic: to } as const;
    case 'register':
      return { type: 'register', options, procedure: to } as const;
    case 'subscribe':
      return { type: 'subscribe', options, topic: to } as const;
  }
};
const isGranted = (effects: readonly Effect[]) => errorOf(effects) !== errors.notAuthorized;
/** Where the guest can be reached after it was granted a pattern. */
const reached = (guest: Joined, host: Joined, action: 'register' | 'subscribe') =>
  world.filter((to) => {
    const effects = host.send(request(action === 'register' ? 'call' : 'publish', to));
    return messagesTo(guest, effects).some(({ type }) => type === 'invocation' || type === 'event');
  });

test('[Authorization] each of the four actions is allowed at each URI exactly where the deciding permission says so', () => {
  fc.assert(
    fc.property(table, (permissions) => {
      for (const action of actions) {
        const { guest } = setUp(permissions);
        const granted = world.filter((to) => isGranted(guest.send(request(action, to))));
        expect(granted).toEqual(world.filter((to) => mayExactly(permissions, action, to)));
      }
    }),
    { numRuns: 60 },
  );
});

test('[Authorization] no pattern subscription or registration reaches a URI that its role may not use', () => {
  let [granted, refused] = [0, 0];
  fc.assert(
    fc.property(
      table,
      pattern,
      fc.nat(9),
      fc.constantFrom('register', 'subscribe'),
      (permissions, other, n, action) => {
        const wanted: Pattern = { match: 'exact', ...(permissions[n] ?? other) }; // often a permission's own, which is the likeliest
        const { guest, host } = setUp(permissions);
        const isAllowed = isGranted(guest.send(request(action, wanted.uri, wanted.match)));
        const matching = world.filter((to) => reaches(wanted, to));
        if (isAllowed) {
          granted++;
          expect(reached(guest, host, action)).toEqual(matching);
          expect(matching.filter((to) => !mayReach(permissions, action, to))).toEqual([]);
        } else {
          refused++;
          expect(reached(guest, host, action)).toEqual([]);
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(Math.min(granted, refused)).toBeGreaterThan(200); // or it would prove nothing
});
