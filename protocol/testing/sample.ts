/** Values of a schema, by chance: for what a test does not care about, and for what nobody would think of. */
import type { Random } from '../game/random.ts';
import { valueOfSteps } from '../schema/packing.ts';
import type { AnyType } from '../schema/type.ts';

/** Elements of a list, characters of a text, at most: enough to be different, few enough to be read. */
const most = 4;

/** One value that fits. Edges of a range come up more often than they would by themselves. */
export function sampleOf(type: AnyType, random: Random): unknown {
  if (type.isOptional && random.int(0, 2) === 0) return undefined;
  if (type.isNullable && random.int(0, 2) === 0) return null;
  const { structure } = type;
  switch (structure.kind) {
    case 'leaf':
      return leaf(structure.packing, random);
    case 'list':
      return Array.from({ length: random.int(0, Math.min(most, structure.max)) }, () =>
        sampleOf(structure.item, random),
      );
    case 'perSeat':
      return Array.from({ length: 2 }, () => sampleOf(structure.item, random));
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.int(0, most) }, (_, i) => [`key${i}`, sampleOf(structure.item, random)]),
      );
    case 'union':
      return sampleOf(random.pick(structure.of), random);
    case 'object':
      return Object.fromEntries(
        Object.entries(structure.fields)
          .map(([key, field]) => [key, sampleOf(field, random)] as const)
          .filter(([, value]) => value !== undefined),
      );
  }
}

function leaf(packing: (AnyType['structure'] & { kind: 'leaf' })['packing'], random: Random): unknown {
  switch (packing.as) {
    case 'int':
      return within(packing.min, packing.max, random);
    case 'fixed':
    case 'angle':
      return valueOfSteps(
        packing,
        within(Math.max(packing.least, -(2 ** 20)), Math.min(packing.most, 2 ** 20), random),
      );
    case 'bool':
      return random.int(0, 1) === 1;
    case 'oneOf':
      return random.pick(packing.values);
    case 'str':
      return Array.from({ length: random.int(0, Math.min(most, packing.max)) }, () => random.pick(characters)).join('');
    case 'json':
      return random.pick([null, true, 0, -1.5, '', 'x', [], [1, 'a'], {}, { a: [null] }]);
  }
}
const characters = ['a', 'Z', '0', ' ', 'é', '\u{1f600}', '"', '\\'];

function within(min: number, max: number, random: Random): number {
  const edge = random.int(0, 9);
  if (edge === 0) return min;
  if (edge === 1) return max;
  return random.int(min, Math.min(max, min + 2 ** 31));
}
