import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdTable } from '../../../server/router/id-table.ts';

/** Close together, far apart, and such as share a place. */
const ids = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 40 }).map((n) => n * 2 ** 20),
  fc.integer({ min: 2 ** 53 - 40, max: 2 ** 53 - 1 }),
);

test('holds what a Map would hold, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ id: ids, isAdded: fc.boolean() }), { maxLength: 300 }), (steps) => {
      const table = new IdTable<string>();
      const map = new Map<number, string>();
      for (const { id, isAdded } of steps) {
        if (isAdded && !map.has(id)) {
          map.set(id, `value of ${id}`);
          table.add(id, `value of ${id}`);
        } else if (!isAdded) {
          map.delete(id);
          table.delete(id);
        }
        expect(table.size).toBe(map.size);
        expect(table.get(id)).toBe(map.get(id));
      }
      expect(table.values()).toEqual([...map].toSorted(([a], [b]) => a - b).map(([, value]) => value));
      for (const { id } of steps) expect(table.get(id)).toBe(map.get(id));
    }),
  );
});
