import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff, patch } from '../../../protocol/index.ts';

/** Whatever JSON can hold, with few keys so that two values have some in common, and concealed values among them. */
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1, 'a', ''),
    fc.integer(),
    fc.constant({ concealed: true }),
    fc.array(tie('json'), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'length', '0', 'constructor', 'concealed', ''), tie('json'), {
      maxKeys: 4,
    }),
  ),
}));
const copied = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a delta', () => {
  it('makes any value of any other', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const delta = diff(before, after);
        expect(delta === undefined ? before : patch(before, copied(delta) as typeof delta)).toEqual(after);
      }),
      { numRuns: 3000 },
    );
  });

  it('is nothing between equal values', () => {
    fc.assert(fc.property(json, (value) => diff(value, copied(value)) === undefined));
  });

  it('leaves the old value as it was, and shares what did not change', () => {
    const before = { a: { x: 1 }, b: [1, { y: 2 }] };
    const frozen = copied(before);
    const after = patch(before, diff(before, { a: { x: 1 }, b: [1, { y: 3 }, 4] })!) as typeof before;
    expect(before).toEqual(frozen);
    expect(after.a).toBe(before.a);
  });

  it.each([
    ['a new value', { a: 1 }, { a: 2 }, { a: [2] }],
    ['a new key', {}, { a: 1 }, { a: [1] }],
    ['a key that has gone', { a: 1, b: 2 }, { b: 2 }, { a: [] }],
    ['null', { a: 1 }, { a: null }, { a: [null] }],
    ['a change inside', { a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, { a: { b: [3] } }],
    ['a longer list', { l: [1, 2] }, { l: [1, 2, 7] }, { l: { '2': [7], length: 3 } }],
    ['a shorter list', { l: [1, 2, 3] }, { l: [1] }, { l: { length: 1 } }],
    ['an element', { l: [1, 2] }, { l: [1, 5] }, { l: { '1': [5] } }],
    ['a list for an object', { l: [] }, { l: {} }, { l: [{}] }],
    ['something revealed', { a: { concealed: true } }, { a: { b: 1 } }, { a: [{ b: 1 }] }],
    ['something concealed', { a: { b: 1 } }, { a: { concealed: true } }, { a: [{ concealed: true }] }],
  ])('writes %s as the design says', (_, before, after, delta) => {
    expect(diff(before, after)).toEqual(delta);
  });

  it.each([
    ['inside nothing', {}, { a: { b: [1] } }],
    ['inside a number', { a: 1 }, { a: { b: [1] } }],
    ['inside a concealed value', { a: { concealed: true } }, { a: { b: [1] } }],
    ['past the end of a list', { l: [] }, { l: { '1': [5], length: 2 } }],
    ['to a length that it does not reach', { l: [] }, { l: { length: 3 } }],
  ])('that goes %s does not fit', (_, before, delta) => {
    expect(() => patch(before, delta as never)).toThrow(RangeError);
  });
});
