import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { isId, maxId, randomId, sequence } from '../../../protocol/wamp/ids.ts';
import { isReserved, isUri, matches } from '../../../protocol/wamp/uris.ts';

describe('ids', () => {
  afterEach(() => vi.restoreAllMocks());

  test('[IDs] a random id takes 53 bits as they come, from 1 to 2^53', async () => {
    vi.resetModules(); // none are drawn yet
    const fresh = await import('../../../protocol/wamp/ids.ts');
    vi.spyOn(crypto, 'getRandomValues').mockImplementation((into) => {
      if (into instanceof Uint32Array) into.set([0, 0, 0xffffffff, 0xffffffff, 0xffe00001, 41]);
      return into;
    });
    expect([fresh.randomId(), fresh.randomId(), fresh.randomId()]).toEqual([1, maxId, 2 ** 32 + 42]);
  });

  test('[IDs] random ids are drawn anew when those at hand are used up', () => {
    expect(new Set(Array.from({ length: 1000 }, randomId)).size).toBe(1000);
  });

  test('[IDs] a sequence begins with 1', () => {
    const next = sequence();
    expect([next(), next(), next()]).toEqual([1, 2, 3]);
  });

  test('[IDs] integers from 1 to 2^53 are ids, and nothing else', () => {
    expect([1, maxId].every(isId)).toBe(true);
    expect([0, -1, 1.5, maxId + 2, Number.NaN, '1', 1n, null, undefined].some(isId)).toBe(false);
  });
});

describe('URIs', () => {
  test.each([
    ['a.b.c', true, true],
    ['A-b.ä', true, false],
    ['', false, false],
    ['a..b', false, false],
    ['.a', false, false],
    ['a.', false, false],
    ['a b', false, false],
    ['a#b', false, false],
    ['a\n', false, false],
  ])('[URIs] %j: loose %j, strict %j', (uri, loose, strict) => {
    expect(isUri(uri)).toBe(loose);
    expect(isUri(uri, 'exact', 'strict')).toBe(strict);
  });

  test('[Pattern-based Subscriptions] a prefix may end in a dot or be empty, a wildcard has empty components', () => {
    expect(['', 'a', 'a.', 'a.b.'].every((uri) => isUri(uri, 'prefix', 'strict'))).toBe(true);
    expect(['.', 'a..', '.a'].some((uri) => isUri(uri, 'prefix'))).toBe(false);
    expect(['', '.', 'a..b', '..', '.a'].every((uri) => isUri(uri, 'wildcard', 'strict'))).toBe(true);
  });

  test('a URI of megabytes is refused, whatever it is used for', () => {
    for (const match of ['exact', 'prefix', 'wildcard'] as const)
      expect(isUri('a.'.repeat(8_000_000) + 'a', match)).toBe(false);
  });

  test('[URIs] below wamp. only the router may register and publish', () => {
    expect(['wamp', 'wamp.session.count'].every(isReserved)).toBe(true);
    expect(['wampum', 'com.wamp.x'].some(isReserved)).toBe(false);
  });

  test.each([
    ['a.b', 'exact', 'a.b', true],
    ['a.b', 'exact', 'a.b.c', false],
    ['a.b', 'prefix', 'a.b', true],
    ['a.b', 'prefix', 'a.bc', true],
    ['a.b.', 'prefix', 'a.bc', false],
    ['', 'prefix', 'a', true],
    ['a..c', 'wildcard', 'a.b.c', true],
    ['a..c', 'wildcard', 'a.b.x', false],
    ['a..c', 'wildcard', 'a.b.x.c', false],
    ['game.arena..score', 'wildcard', 'game.arena.r7.score', true],
  ] as const)('[Pattern-based Subscriptions] %j as %s and %j: %j', (pattern, match, uri, expected) => {
    expect(matches(pattern, match, uri)).toBe(expected);
  });

  test('[Pattern-based Subscriptions] every URI matches itself under every policy', () => {
    const uri = fc
      .array(fc.stringMatching(/^[a-z0-9_]+$/), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(uri, fc.constantFrom('exact', 'prefix', 'wildcard'), (own, match) => matches(own, match, own)),
    );
  });
});
