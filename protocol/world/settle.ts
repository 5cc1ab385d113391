/**
 * What a rule has written, made the new state: checked along its schema, numbers rounded there and then, and what has not
 * changed shared with the state before. It does what parsing by the schema would, without a schema library in every tick.
 */
import { fitting } from '../game/fit.ts';
import { stepsOf, valueOfSteps, type Grid } from '../schema/packing.ts';
import type { AnyType, Shape } from '../schema/type.ts';
import { diff } from '../sync/delta.ts';

/**
 * @param live what the rule has written; numbers in it are rounded in place.
 * @param before the same as it was last; undefined when there was none.
 * @returns `before`, where nothing has changed, else a new value that is never written to.
 * @throws Error naming what does not fit, and where. @param what names the value in it. @param key of `what`: which of them.
 */
export type Settle = (live: unknown, before: unknown, what: string, key?: string) => unknown;

/** To be made once for a schema. */
export function settler(type: AnyType): Settle {
  const step = stepOf(type);
  return (live, before, what, key) => {
    const after = step(live, before);
    if (after !== unfit) return after;
    const name = key === undefined ? what : `${what}.${key}`;
    fitting(type, live, name); // says where, and why
    throw new Error(`${name} does not fit its schema`);
  };
}

/** As Settle, but `unfit` where the value does not fit. */
type Step = (live: unknown, before: unknown) => unknown;
const unfit = Symbol('unfit');

function stepOf(type: AnyType): Step {
  const inside = structureStep(type);
  const { isNullable, isOptional } = type;
  if (!isNullable && !isOptional) return inside;
  return (live, before) =>
    (live === null && isNullable) || (live === undefined && isOptional) ? live : inside(live, before ?? undefined);
}

function structureStep(type: AnyType): Step {
  const { structure } = type;
  switch (structure.kind) {
    case 'leaf': {
      const { packing } = structure;
      if (packing.as === 'int') return intStep(packing);
      if (packing.as === 'fixed' || packing.as === 'angle') return gridStep(packing);
      return parsed(type);
    }
    case 'list':
      return listStep(stepOf(structure.item), structure.max);
    case 'perSeat':
      return listStep(stepOf(structure.item), mostSeats);
    case 'map':
      return mapStep(stepOf(structure.item));
    case 'object':
      return objectStep(structure.fields);
    case 'union':
      return parsed(type);
  }
}
const mostSeats = 16;

const intStep =
  ({ min, max }: { readonly min: number; readonly max: number }): Step =>
  (live) =>
    typeof live === 'number' && Number.isInteger(live) && live >= min && live <= max ? live + 0 : unfit;

const gridStep =
  (grid: Grid): Step =>
  (live) => {
    if (typeof live !== 'number' || !Number.isFinite(live)) return unfit;
    const rounded = valueOfSteps(grid, stepsOf(grid, live));
    return grid.as === 'angle' || Math.abs(rounded - live) <= grid.step ? rounded : unfit;
  };

/** What is rare in what changes with every tick: texts, constants, unions, JSON. */
const parsed =
  ({ zod }: AnyType): Step =>
  (live, before) => {
    if (live === before && live !== undefined && (typeof live !== 'object' || live === null)) return live;
    if (before !== undefined && diff(before, live) === undefined) return before;
    const checked = zod.safeParse(live);
    return checked.success ? checked.data : unfit;
  };

function objectStep(shape: Shape): Step {
  const keys = Object.keys(shape);
  const steps = Object.values(shape).map(stepOf);
  return (live, before) => {
    if (!isDict(live)) return unfit;
    const old = before as Dict | undefined;
    let isSame = old !== undefined;
    let inside: Dict | null = null;
    let next = 0;
    let present = 0;
    // As they stand in it, which is nearly always as in the schema: the engine then looks none up by its name.
    for (const key in live) {
      const i = keys[next] === key ? next : keys.indexOf(key);
      if (i < 0) return unfit;
      next = i + 1;
      present += 1;
      const value = live[key];
      const was = old?.[key];
      if (Object.is(value, was) && typeof value !== 'object' && value !== undefined) continue; // it fitted then
      const after = steps[i]!(value, was);
      if (after === unfit) return unfit;
      if (after !== was) isSame = false;
      if (after === undefined) present -= Number(delete live[key]);
      else if (Object.is(after, value)) continue;
      else if (typeof after === 'number') live[key] = after;
      else (inside ??= {})[key] = after;
    }
    if (present < keys.length) {
      for (const [i, key] of keys.entries()) {
        if (key in live) continue;
        const after = steps[i]!(undefined, undefined);
        if (after === unfit) return unfit;
        if (after !== old?.[key]) isSame = false;
        if (after !== undefined) (inside ??= {})[key] = after; // a default
      }
    }
    // Copied whole: what ticks make has one shape, and costs no look-up for each field.
    if (isSame) return old;
    return inside ? { ...live, ...inside } : { ...live };
  };
}

const listStep =
  (step: Step, max: number): Step =>
  (live, before) => {
    if (!Array.isArray(live) || live.length > max) return unfit;
    const old: readonly unknown[] = Array.isArray(before) ? before : [];
    let isSame = Array.isArray(before) && before.length === live.length;
    const after: unknown[] = [];
    for (let i = 0; i < live.length; i++) {
      const item = step(live[i], old[i]);
      if (item === unfit) return unfit;
      if (typeof item === 'number') live[i] = item;
      if (item !== old[i]) isSame = false;
      after.push(item);
    }
    return isSame ? before : after;
  };

const mapStep =
  (step: Step): Step =>
  (live, before) => {
    if (!isDict(live)) return unfit;
    const old = isDict(before) ? before : {};
    const keys = Object.keys(live);
    let isSame = isDict(before) && Object.keys(before).length === keys.length;
    const after: Dict = {};
    for (const key of keys) {
      const item = step(live[key], old[key]);
      if (item === unfit) return unfit;
      if (typeof item === 'number') live[key] = item;
      if (item !== old[key]) isSame = false;
      after[key] = item;
    }
    return isSame ? before : after;
  };

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);
