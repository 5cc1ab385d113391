import { stepsOf, valueOfSteps, type Grid } from '../../schema/packing.ts';
import { malformed, widthOf, type BitReader, type BitWriter } from './bits.ts';
import { whole, type Codec } from './codec.ts';

/** Ranges up to this many bits are written as they are; wider ones by size, and their changes as differences. */
const narrow = 12;
/** Bits that a number of a wide range usually has, and a change of it. */
const usual = { value: 6, change: 4 };

/** Whole numbers between two bounds. */
export function intCodec(least: number, most: number): Codec {
  const [min, max] = [Math.ceil(least), Math.floor(most)];
  const width = widthOf(max - min + 1);
  const fits = (value: unknown): boolean =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  const within = (value: number): number => {
    if (value >= min && value <= max) return value;
    throw malformed(`${value} is not from ${min} to ${max}`);
  };
  if (width <= narrow) {
    return whole({
      write: (out, value) => out.bits((value as number) - min, width),
      read: (from) => within(from.bits(width) + min),
      fits,
    });
  }
  const base = min > 0 ? min : max < 0 ? max : 0;
  const write = (out: BitWriter, value: number): void =>
    base === min ? out.uint(value - base, usual.value) : out.int(value - base, usual.value);
  const read = (from: BitReader): number =>
    within(base + (base === min ? from.uint(usual.value) : from.int(usual.value)));
  return {
    write: (out, value) => write(out, value as number),
    read,
    writeChange(out, before, after) {
      const change = (after as number) - (before as number);
      const isNear = Math.abs(change) < 2 ** 31;
      out.bit(isNear);
      if (isNear) out.int(change, usual.change);
      else write(out, after as number);
    },
    readChange: (from, before) => (from.bit() ? within((before as number) + from.int(usual.change)) : read(from)),
    equal: Object.is,
    fits,
  };
}

/** Multiples of a step: as whole numbers of steps. */
export function gridCodec(grid: Grid): Codec {
  const ints = intCodec(grid.least, grid.most);
  const steps = (value: unknown) => stepsOf(grid, value as number);
  return {
    write: (out, value) => ints.write(out, steps(value)),
    read: (from) => valueOfSteps(grid, ints.read(from) as number),
    writeChange: (out, before, after) => ints.writeChange(out, steps(before), steps(after)),
    readChange: (from, before) => valueOfSteps(grid, ints.readChange(from, steps(before)) as number),
    equal: (a, b) => steps(a) === steps(b),
    fits: (value) => typeof value === 'number' && Object.is(value, valueOfSteps(grid, steps(value))),
  };
}

export const boolCodec: Codec = whole({
  write: (out, value) => out.bit(value as boolean),
  read: (from) => from.bit(),
  fits: (value) => typeof value === 'boolean',
});

/** One of these constants, as its index. */
export function oneOfCodec(values: readonly unknown[]): Codec {
  const width = widthOf(values.length);
  const indexes = new Map(values.map((value, index) => [value, index]));
  return whole({
    write: (out, value) => out.bits(indexes.get(value)!, width),
    read(from) {
      const index = from.bits(width);
      if (index < values.length) return values[index];
      throw malformed(`there are ${values.length} constants, and no number ${index}`);
    },
    fits: (value) => indexes.has(value),
  });
}
