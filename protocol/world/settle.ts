/**
 * What a rule has written, made the new state: checked along its schema, numbers rounded there and then, and what has not
 * changed shared with the state before. It does what parsing by the schema would, without a schema library in every tick.
 */
import { stepsOf, valueOfSteps, type Packing } from '../schema/packing.ts';
import type { AnyType, Shape } from '../schema/type.ts';
import { diff } from '../sync/delta.ts';

/**
 * @param live what the rule has written; numbers in it are rounded in place.
 * @param before the same as it was last; undefined when there was none.
 * @returns `before`, where nothing has changed, else a new value that is never written to.
 * @throws Error naming what does not fit, and where.
 */
export type Settle = (live: unknown, before: unknown, path: string) => unknown;

/** To be made once for a schema. @param of `view`: what a client has, without hidden fields. */
export function settler(type: AnyType, of: Side = 'state'): Settle {
  const inside = structureSettler(type, of);
  const { isNullable, isOptional } = type;
  if (!isNullable && !isOptional) return inside;
  return (live, before, path) => {
    if ((live === null && isNullable) || (live === undefined && isOptional)) return live;
    return inside(live, before ?? undefined, path);
  };
}

type Side = 'state' | 'view';

function structureSettler(type: AnyType, of: Side): Settle {
  const { structure } = type;
  switch (structure.kind) {
    case 'leaf':
      return leafSettler(type, structure.packing);
    case 'list':
      return listSettler(settler(structure.item, of), structure.max);
    case 'perSeat':
      return listSettler(settler(structure.item, of), mostSeats);
    case 'map':
      return mapSettler(settler(structure.item, of));
    case 'object':
      return objectSettler(structure.fields, of);
    case 'union':
      return parsed(type);
  }
}
const mostSeats = 16;

function leafSettler(type: AnyType, packing: Packing): Settle {
  switch (packing.as) {
    case 'int':
      return (live, _, path) => {
        if (Number.isInteger(live) && (live as number) >= packing.min && (live as number) <= packing.max)
          return (live as number) + 0;
        return unfit(path, `${String(live)} is not a whole number from ${packing.min} to ${packing.max}`);
      };
    case 'fixed':
    case 'angle':
      return (live, _, path) => {
        if (!Number.isFinite(live)) return unfit(path, `${String(live)} is not a finite number`);
        const rounded = valueOfSteps(packing, stepsOf(packing, live as number));
        if (packing.as === 'angle' || Math.abs(rounded - (live as number)) <= packing.step) return rounded;
        return unfit(
          path,
          `${String(live)} is not from ${packing.least * packing.step} to ${packing.most * packing.step}`,
        );
      };
    case 'bool':
      return (live, _, path) =>
        typeof live === 'boolean' ? live : unfit(path, `${String(live)} is neither true nor false`);
    default:
      return parsed(type);
  }
}

/** What is rare in what changes with every tick: texts, constants, unions, JSON. */
const parsed =
  ({ zod }: AnyType): Settle =>
  (live, before, path) => {
    if (live === before && (typeof live !== 'object' || live === null)) return live;
    if (before !== undefined && diff(before, live) === undefined) return before;
    const checked = zod.safeParse(live);
    return checked.success ? checked.data : unfit(path, checked.error.issues.map(({ message }) => message).join('; '));
  };

function objectSettler(shape: Shape, of: Side): Settle {
  const fields = Object.entries(shape)
    .filter(([, { who }]) => of === 'state' || who !== 'hidden')
    .map(([key, type]) => ({ key, settle: settler(type, of) }));
  return (live, before, path) => {
    if (!isDict(live)) return unfit(path, 'an object is missing');
    const old = isDict(before) ? before : undefined;
    let made: Record<string, unknown> | null = old ? null : {};
    let present = 0;
    for (const [index, { key, settle }] of fields.entries()) {
      const value = live[key];
      const after = settle(value, old?.[key], `${path}.${key}`);
      if (value !== undefined) present += 1;
      if (typeof after === 'number' && after !== value) live[key] = after;
      if (made === null && after !== old![key]) {
        made = {};
        for (const { key: earlier } of fields.slice(0, index))
          if (old![earlier] !== undefined) made[earlier] = old![earlier];
      }
      if (made !== null && after !== undefined) made[key] = after;
    }
    if (Object.keys(live).length > present) {
      const surplus = Object.keys(live).filter((key) => !Object.hasOwn(shape, key) || live[key] === undefined);
      if (surplus.some((key) => live[key] !== undefined)) return unfit(path, `there is no field ${surplus.join(', ')}`);
    }
    return made ?? old;
  };
}

function listSettler(settle: Settle, max: number): Settle {
  return (live, before, path) => {
    if (!Array.isArray(live)) return unfit(path, 'a list is missing');
    if (live.length > max) return unfit(path, `${live.length} elements are more than ${max}`);
    const old: readonly unknown[] = Array.isArray(before) ? before : [];
    const after = live.map((item, i) => settle(item, old[i], `${path}[${i}]`));
    for (const [i, item] of after.entries()) if (typeof item === 'number') live[i] = item;
    return Array.isArray(before) && before.length === after.length && after.every((item, i) => item === old[i])
      ? before
      : after;
  };
}

function mapSettler(settle: Settle): Settle {
  return (live, before, path) => {
    if (!isDict(live)) return unfit(path, 'a map is missing');
    const old = isDict(before) ? before : {};
    const keys = Object.keys(live);
    const after = Object.fromEntries(keys.map((key) => [key, settle(live[key], old[key], `${path}.${key}`)]));
    for (const key of keys) if (typeof after[key] === 'number') live[key] = after[key];
    const same =
      isDict(before) && keys.length === Object.keys(before).length && keys.every((key) => after[key] === old[key]);
    return same ? before : after;
  };
}

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);

function unfit(path: string, message: string): never {
  throw new Error(`${path} does not fit its schema: ${message}`);
}
