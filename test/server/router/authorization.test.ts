import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches, type MatchPolicy } from '../../../protocol/index.ts';
import { Authorization, covers, overlap, type Permission } from '../../../server/router/authorization.ts';
import { core, errorOf, errors, messagesTo, type Joined } from './core.ts';

/** As the game server grants them (design §5). */
const player: Permission[] = [
  { uri: 'game.', match: 'prefix', allow: { call: true, subscribe: true } },
  { uri: 'lobby.', match: 'prefix', allow: { call: true, subscribe: true } },
  { uri: 'player.', match: 'prefix', allow: { call: true, subscribe: true, publish: true } },
  { uri: 'player.{authid}.', match: 'prefix', allow: { call: true, subscribe: true, publish: true, register: true } },
];
const authority: Permission[] = [
  {
    uri: 'game.',
    match: 'prefix',
    policies: ['exact', 'prefix'],
    disclose: { publisher: false },
    allow: { call: true, register: true, publish: true, subscribe: true },
  },
];
const realm = {
  roles: [
    { name: 'player', permissions: player },
    { name: 'authority', permissions: authority },
  ],
};
const permissionsOf = (permissions: Permission[], authid = 'ada') =>
  new Authorization([{ name: 'role', permissions }]).permissions('role', authid)!;

describe('a player, as a client that is not ours would try', () => {
  const joined = (): Joined => core(realm).join('ada', 'player');
  test.each([
    [
      'register a match',
      { type: 'register', options: { match: 'prefix' }, procedure: 'game.chess.match.x1.' },
      'role "player" may not register "game.chess.match.x1." as a prefix',
    ],
    [
      'register a procedure below game.',
      { type: 'register', options: {}, procedure: 'game.chess.create' },
      'role "player" may not register "game.chess.create"',
    ],
    [
      'publish a state',
      { type: 'publish', options: { acknowledge: true }, topic: 'game.chess.match.x1.state.json' },
      'role "player" may not publish to "game.chess.match.x1.state.json"',
    ],
    [
      'publish in the lobby',
      { type: 'publish', options: { acknowledge: true }, topic: 'lobby.matches' },
      'role "player" may not publish to "lobby.matches"',
    ],
    [
      'listen to all matches by a prefix',
      { type: 'subscribe', options: { match: 'prefix' }, topic: 'game.' },
      'role "player" may not subscribe to "game." as a prefix',
    ],
    [
      'listen to one match by a prefix',
      { type: 'subscribe', options: { match: 'prefix' }, topic: 'game.chess.match.x1.' },
      'role "player" may not subscribe to "game.chess.match.x1." as a prefix',
    ],
    [
      'listen to all matches by a wildcard',
      { type: 'subscribe', options: { match: 'wildcard' }, topic: 'game.chess.match..state.json' },
      'role "player" may not subscribe to "game.chess.match..state.json" as a wildcard',
    ],
    [
      'listen to everything',
      { type: 'subscribe', options: { match: 'prefix' }, topic: '' },
      'role "player" may not subscribe to "" as a prefix',
    ],
    [
      'speak for another player',
      { type: 'register', options: {}, procedure: 'player.bob.hello' },
      'role "player" may not register "player.bob.hello"',
    ],
    [
      'hear who joins',
      { type: 'subscribe', options: {}, topic: 'wamp.session.on_join' },
      'role "player" may not subscribe to "wamp.session.on_join"',
    ],
    [
      'list the sessions',
      { type: 'call', options: {}, procedure: 'wamp.session.list' },
      'role "player" may not call "wamp.session.list"',
    ],
  ] as const)('may not %s', (_, message, words) => {
    const peer = joined();
    expect(messagesTo(peer, peer.send(message))).toMatchObject([
      { type: 'error', error: errors.notAuthorized, args: [words] },
    ]);
  });
  test('gets no answer to a refused publication that it does not want acknowledged, and nobody hears it', () => {
    const { join } = core(realm);
    const [ada, bob] = [join('ada', 'player'), join('bob', 'player')];
    bob.send({ type: 'subscribe', options: {}, topic: 'game.chess.match.x1.state.json' });
    expect(ada.send({ type: 'publish', options: {}, topic: 'game.chess.match.x1.state.json' })).toEqual([]);
  });
  test('may call and listen below game., and offer procedures under its own name', () => {
    const peer = joined();
    expect(errorOf(peer.send({ type: 'call', options: {}, procedure: 'game.chess.create' }))).toBe(
      errors.noSuchProcedure,
    );
    expect(
      errorOf(peer.send({ type: 'subscribe', options: {}, topic: 'game.chess.match.x1.state.json' })),
    ).toBeUndefined();
    expect(errorOf(peer.send({ type: 'register', options: {}, procedure: 'player.ada.hello' }))).toBeUndefined();
  });
});

test('an authority may register the prefix of a match', () => {
  const peer = core(realm).join('host', 'authority');
  expect(
    errorOf(peer.send({ type: 'register', options: { match: 'prefix' }, procedure: 'game.chess.match.x1.' })),
  ).toBeUndefined();
});

test('[Caller Identification] disclosure that the realm forbids is refused', () => {
  const peer = core(realm).join('host', 'authority');
  const message = { type: 'publish', options: { acknowledge: true, disclose_me: true }, topic: 'game.news' } as const;
  expect(errorOf(peer.send(message))).toBe(errors.discloseMeDisallowed);
});

test('a caller that the realm always discloses is disclosed to all callees', () => {
  const everything: Permission = {
    uri: '',
    match: 'prefix',
    allow: { call: true, register: true },
    disclose: { caller: true },
  };
  const { join } = core({ roles: [{ name: 'anonymous', permissions: [everything] }] });
  const [ada, bob] = [join('ada'), join('bob')];
  bob.send({ type: 'register', options: {}, procedure: 'com.who' });
  expect(messagesTo(bob, ada.send({ type: 'call', options: {}, procedure: 'com.who' }))).toMatchObject([
    { details: { caller_authid: 'ada' } },
  ]);
});

test('nothing is allowed by default', () => {
  expect(permissionsOf([]).allows('call', 'com.add')).toBe(false);
  expect(permissionsOf([{ uri: 'com.add', allow: {} }]).allows('call', 'com.add')).toBe(false);
});

test('the most specific permission decides, also against a wider one', () => {
  const permissions = permissionsOf([
    { uri: 'com.', match: 'prefix', allow: { call: true } },
    { uri: 'com.secret.', match: 'prefix', allow: {} },
    { uri: 'com.secret.hint', allow: { call: true } },
  ]);
  expect(['com.a', 'com.secret.a', 'com.secret.hint'].map((uri) => permissions.allows('call', uri))).toEqual([
    true,
    false,
    true,
  ]);
});

test('however many URIs are asked about, and however often, the same permission decides', () => {
  const permissions = permissionsOf([
    { uri: 'com.', match: 'prefix', allow: { call: true } },
    { uri: 'com.1.', match: 'prefix', allow: {} },
  ]);
  const uris = Array.from({ length: 1000 }, (_, i) => `com.${i % 7}.${i}`);
  for (const uri of [...uris, ...uris, 'x'.repeat(200)])
    expect([uri, permissions.allows('call', uri)]).toEqual([uri, /^com\.[^1]/.test(uri)]);
});

test('a pattern that would reach into what a more specific permission denies is refused', () => {
  const permissions = permissionsOf([
    { uri: 'com.', match: 'prefix', policies: ['exact', 'prefix', 'wildcard'], allow: { subscribe: true } },
    { uri: 'com.secret.', match: 'prefix', allow: {} },
  ]);
  expect(permissions.allowsPattern('subscribe', 'com.', 'prefix')).toBe(false);
  expect(permissions.allowsPattern('subscribe', 'com.sec', 'prefix')).toBe(false);
  expect(permissions.allowsPattern('subscribe', 'com..a', 'wildcard')).toBe(false);
  expect(permissions.allowsPattern('subscribe', 'com.open.', 'prefix')).toBe(true);
  expect(permissions.allowsPattern('subscribe', 'com.open.', 'wildcard')).toBe(true);
});

test('{authid} is only ever one component, so that nobody reaches further by a clever name', () => {
  const rule: Permission = { uri: 'player.{authid}.', match: 'prefix', allow: { register: true } };
  expect(permissionsOf([rule], 'ada').allows('register', 'player.ada.x')).toBe(true);
  for (const authid of ['', 'ada.x', 'a b', '#'])
    expect(permissionsOf([rule], authid).allows('register', `player.${authid}.x`)).toBe(false);
  expect(permissionsOf([rule], '$&').allows('register', 'player.$&.x')).toBe(true);
});

const component = fc.constantFrom('a', 'b', 'ab');
const uri = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const wildcard = fc
  .array(fc.oneof(component, fc.constant('')), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('.'));
const pattern = fc.oneof(
  fc.record({ uri, match: fc.constant<MatchPolicy>('exact') }),
  fc.record({
    uri: fc.oneof(
      uri,
      uri.map((text) => `${text}.`),
      fc.constant(''),
    ),
    match: fc.constant<MatchPolicy>('prefix'),
  }),
  fc.record({ uri: wildcard, match: fc.constant<MatchPolicy>('wildcard') }),
);

test('a pattern that is allowed matches no URI whose own permission says no', () => {
  const permission = fc.record({ pattern, subscribe: fc.boolean() });
  fc.assert(
    fc.property(fc.array(permission, { maxLength: 6 }), pattern, uri, (rules, wanted, reached) => {
      const permissions = permissionsOf(
        rules.map(({ pattern: of, subscribe }) => ({
          ...of,
          allow: { subscribe },
          policies: ['exact', 'prefix', 'wildcard'],
        })),
      );
      fc.pre(matches(wanted.uri, wanted.match, reached));
      if (permissions.allowsPattern('subscribe', wanted.uri, wanted.match))
        expect(permissions.allows('subscribe', reached)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('patterns that cover or overlap do so for every URI', () => {
  fc.assert(
    fc.property(pattern, pattern, uri, (a, b, reached) => {
      const [inA, inB] = [matches(a.uri, a.match, reached), matches(b.uri, b.match, reached)];
      if (inB && covers(a, b)) expect(inA).toBe(true);
      if (inA && inB) expect(overlap(a, b)).toBe(true);
      expect(overlap(a, b)).toBe(overlap(b, a));
    }),
    { numRuns: 2000 },
  );
});
