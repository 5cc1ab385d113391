import { describe, expect, test } from 'vitest';
import { t } from '../../../protocol/index.ts';
import { settler } from '../../../protocol/world/settle.ts';

const settle = settler(t.object({ x: t.fixed(0.5), name: t.str(10), target: t.int(0, 9).optional() }));

describe('what a rule has written to a thing', () => {
  test('is the state from before where nothing is new, and else a new one with numbers rounded', () => {
    const live = { x: 1, name: 'ada' };
    const before = settle(live, undefined, 'bee');
    expect(settle(live, before, 'bee')).toBe(before);
    live.x += 0.7;
    const after = settle(live, before, 'bee');
    expect(after).toEqual({ x: 1.5, name: 'ada' });
    expect(after).not.toBe(live);
    expect(live.x).toBe(1.5);
    expect(before).toEqual({ x: 1, name: 'ada' });
  });

  test('may stand in any order', () => {
    const before = settle({ x: 1, name: 'ada' }, undefined, 'bee');
    const live = { target: 3, name: 'ada', x: 1 };
    expect(settle(live, before, 'bee')).toEqual({ x: 1, name: 'ada', target: 3 });
    expect(settle({ name: 'ada', x: 1 }, before, 'bee')).toBe(before);
  });

  test.each([
    ['is not there', { x: 1, name: 'ada' }],
    ['is undefined', { x: 1, name: 'ada', target: undefined }],
  ])('is without an optional field that %s any more', (_, live) => {
    const before = settle({ x: 1, name: 'ada', target: 3 }, undefined, 'bee');
    const after = settle(live, before, 'bee');
    expect(Object.entries(after as object)).toEqual([
      ['x', 1],
      ['name', 'ada'],
    ]);
    expect(settle(live, after, 'bee')).toBe(after);
  });

  test.each([
    [
      'a field that the schema has not',
      { x: 1, name: 'ada', speed: 2 },
      'bee.7 does not fit its schema: Unrecognized key: "speed"',
    ],
    ['a field that is missing', { x: 1 }, 'bee.7 does not fit its schema: name: '],
    ['a field that is undefined', { x: undefined, name: 'ada' }, 'bee.7 does not fit its schema: x: '],
    ['a value that does not fit', { x: Number.NaN, name: 'ada' }, 'bee.7 does not fit its schema: x: '],
  ])('is refused with %s, by name', (_, live, place) => {
    const before = settle({ x: 1, name: 'ada' }, undefined, 'bee');
    expect(() => settle(live, before, 'bee', '7')).toThrow(place);
  });
});
