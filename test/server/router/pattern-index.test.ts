import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { matches, type MatchPolicy } from '../../../protocol/index.ts';
import { PatternIndex } from '../../../server/router/pattern-index.ts';

const component = fc.constantFrom('a', 'b', 'ab');
const uri = fc.array(component, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const wildcard = fc
  .array(fc.oneof(component, fc.constant('')), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('.'));
const pattern = fc.oneof(
  fc.tuple(uri, fc.constant<MatchPolicy>('exact')),
  fc.tuple(
    fc.tuple(uri, fc.nat(8)).map(([text, length]) => text.slice(0, length)),
    fc.constant<MatchPolicy>('prefix'),
  ),
  fc.tuple(wildcard, fc.constant<MatchPolicy>('wildcard')),
);
const key = ([text, match]: [string, MatchPolicy]) => `${match} ${text}`;

test('finds exactly the patterns that match, whatever was added and removed before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pattern, fc.boolean()), { maxLength: 40 }), uri, (changes, wanted) => {
      const index = new PatternIndex<string>();
      const model = new Map<string, [string, MatchPolicy]>();
      for (const [entry, add] of changes) {
        if (add) {
          index.set(...entry, key(entry));
          model.set(key(entry), entry);
        } else {
          index.delete(...entry);
          model.delete(key(entry));
        }
        expect(index.get(...entry)).toBe(add ? key(entry) : undefined);
      }
      const expected = [...model].filter(([, [text, match]]) => matches(text, match, wanted)).map(([name]) => name);
      expect(index.matching(wanted).toSorted()).toEqual(expected.toSorted());
      expect(index.best(wanted)).toBe(index.matching(wanted)[0]);
    }),
  );
});
