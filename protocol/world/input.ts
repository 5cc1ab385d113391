/** Inputs as they come from outside, made into what a world's `step` can rely on. */
import type { AnyType, Shape } from '../schema/type.ts';
import { diff } from '../sync/delta.ts';
import { fieldsOf } from './world-codecs.ts';
import type { AnyWorld } from './world.ts';

/**
 * What a player does who says nothing: 0, or the nearest to it; false; the first of several; or the field's default.
 * @throws Error naming a field of which none of these is known.
 */
export function idleInput(name: string, input: Shape): object {
  return Object.fromEntries(
    Object.entries(input).map(([key, type]) => [key, idleValue(type, `world ${name}: input.${key}`)]),
  );
}

function idleValue(type: AnyType, what: string): unknown {
  const range = rangeOf(type);
  const packing = type.structure.kind === 'leaf' ? type.structure.packing : null;
  const first = packing?.as === 'oneOf' ? packing.values[0] : undefined;
  for (const value of [undefined, range ? clamp(0, range) : 0, false, null, first]) {
    const checked = type.zod.safeParse(value);
    if (checked.success && checked.data !== undefined) return checked.data;
  }
  throw new Error(`${what} has no idle value: give it a default`);
}

/** Whether an input is that of a player who does nothing. */
export const isIdle = ({ schemas, idle }: Pick<AnyWorld, 'schemas' | 'idle'>, given: unknown): boolean =>
  diff(sanitized(fieldsOf(schemas.input), idle, given), idle) === undefined;

/** Numbers out of range are clamped, fields that make no sense are idle, unknown ones are left out. Never throws. */
export function sanitized(input: Shape, idle: object, given: unknown): object {
  const fields = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const made: Record<string, unknown> = {};
  for (const [key, type] of Object.entries(input)) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const checked = type.zod.safeParse(clamped(type, value));
    made[key] = checked.success && checked.data !== undefined ? checked.data : (idle as Record<string, unknown>)[key];
  }
  return made;
}

function clamped(type: AnyType, value: unknown): unknown {
  const range = rangeOf(type);
  if (!range || typeof value !== 'number' || !Number.isFinite(value)) return value;
  return clamp(range.whole ? Math.round(value) : value, range);
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

function rangeOf({ structure }: AnyType): Range | null {
  if (structure.kind !== 'leaf') return null;
  const { packing } = structure;
  if (packing.as === 'int') return { ...packing, whole: true };
  if (packing.as === 'fixed')
    return { min: packing.least * packing.step, max: packing.most * packing.step, whole: false };
  return null;
}

const clamp = (value: number, { min, max }: Range) => Math.min(Math.max(value, min), max);
