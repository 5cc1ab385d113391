/**
 * What changed between two views, as a tree shaped like the view (its json form, design.md §6):
 * `[value]` replaced or new · `[]` gone · `{ key: delta, … }` changed inside · for a list the keys are indexes, with
 * `length` where that changed: `{ "2": [7], "length": 3 }`.
 */
import { isConcealed } from '../schema/concealed.ts';

export type Delta = readonly [unknown] | readonly [] | { readonly [key: string]: Delta | number };

/** The delta that makes `after` of `before`; undefined where they are equal. Values are JSON's. */
export function diff(before: unknown, after: unknown): Delta | undefined {
  if (Object.is(before, after) || (isConcealed(before) && isConcealed(after))) return undefined;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) return [after];
  const changes: Record<string, Delta | number> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key) && !Array.isArray(after)) changes[key] = [];
  for (const key of Object.keys(after)) {
    const change = Object.hasOwn(before, key) ? diff(before[key], after[key]) : ([after[key]] as const);
    if (change) changes[key] = change;
  }
  if (Array.isArray(after) && before['length'] !== after.length) changes['length'] = after.length;
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/**
 * The value after a delta; what did not change is shared with the old value, which stays as it was.
 * @throws RangeError where the delta does not fit the value: a version was missed, so ask for a whole view.
 */
export function patch(before: unknown, delta: Delta): unknown {
  if (isReplaced(delta)) return delta[0];
  if (!isTree(before)) throw new RangeError('a delta reaches inside something that is not there');
  if (Array.isArray(before)) return patchList(before, delta as Changes);
  const after: Record<string, unknown> = { ...before };
  for (const [key, change] of Object.entries(delta as Changes)) {
    if (isGone(change)) delete after[key];
    else after[key] = patch(before[key], change as Delta);
  }
  return after;
}

function patchList(before: readonly unknown[], delta: Changes): unknown[] {
  const { length: given, ...changes } = delta;
  const length = typeof given === 'number' ? given : before.length;
  const after = before.slice(0, length);
  for (const [key, change] of Object.entries(changes)) {
    const index = Number(key);
    if (!(index <= after.length)) throw new RangeError(`a delta leaves a gap in a list before ${key}`);
    after[index] = patch(before[index], change as Delta);
  }
  if (after.length !== length)
    throw new RangeError(`a list has ${after.length} elements after its delta, not ${length}`);
  return after;
}

type Changes = { readonly [key: string]: Delta | number };
type Tree = { readonly [key: string]: unknown };

/** Lists, maps and objects; a concealed value is one piece. */
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !isConcealed(value);
const isReplaced = (delta: Delta): delta is readonly [unknown] => Array.isArray(delta) && delta.length === 1;
const isGone = (delta: Delta | number): boolean => Array.isArray(delta) && delta.length === 0;
