/** What a leaf's schema says of its values for the packed form: their range, their grid, and how they move. */
import type { AnyType } from './type.ts';

export type Packing =
  | { readonly as: 'int'; readonly min: number; readonly max: number }
  | Grid
  | { readonly as: 'bool' }
  | { readonly as: 'str'; readonly max: number }
  | { readonly as: 'oneOf'; readonly values: readonly (string | number)[] }
  | { readonly as: 'json' };

/** Numbers that are multiples of a step: they pack as whole numbers of steps, between `least` and `most` of them. */
export interface Grid {
  readonly as: 'fixed' | 'angle';
  readonly step: number;
  readonly least: number;
  readonly most: number;
}

/** Steps without bounds: up to here a double divided by its step and rounded is the number of steps again. */
const mostSteps = 2 ** 50;

/** @throws Error when no multiple of the step lies between the bounds. */
export function fixedGrid(step: number, min?: number, max?: number): Grid {
  const least = min === undefined ? -mostSteps : Math.ceil(min / step);
  const most = max === undefined ? mostSteps : Math.floor(max / step);
  if (!(step > 0 && least <= most && -mostSteps <= least && most <= mostSteps))
    throw new Error(`fixed(${step}, ${min}, ${max}): a step above 0, and a multiple of it between the bounds`);
  return { as: 'fixed', step, least, most };
}

/** A turn in so many directions, the middle one 0. */
export function angleGrid(directions: number): Grid {
  if (!(Number.isInteger(directions) && directions >= 2 && directions <= 2 ** 24))
    throw new Error(`angle(${directions}): from 2 to ${2 ** 24} directions in a turn`);
  const least = -Math.floor(directions / 2);
  return { as: 'angle', step: (2 * Math.PI) / directions, least, most: least + directions - 1 };
}

/** The number of steps nearest to a value; of an angle, after whole turns. */
export function stepsOf(grid: Grid, value: number): number {
  const steps = Math.round(value / grid.step);
  return grid.as === 'angle' ? wrapped(grid, steps) : Math.min(Math.max(steps, grid.least), grid.most);
}

/** As many steps, as a value: no negative zero, which wires lose. */
export const valueOfSteps = (grid: Grid, steps: number): number => steps * grid.step + 0;

/** Steps of an angle without whole turns. */
export function wrapped({ least, most }: Grid, steps: number): number {
  const turn = most - least + 1;
  return steps - Math.floor((steps - least) / turn) * turn;
}

/** How a value goes from one state to the next: `linear` and `angle` pass through what lies between, others step. */
export type Motion = 'linear' | 'angle' | 'step';

export function motionOf({ structure, isNullable, isOptional }: AnyType): Motion {
  if (structure.kind !== 'leaf' || isNullable || isOptional) return 'step';
  const { as } = structure.packing;
  return as === 'fixed' ? 'linear' : as === 'angle' ? 'angle' : 'step';
}
