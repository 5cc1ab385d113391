/** Where two plain values differ first, and what they have there; null: nowhere. */
export function firstDifference(one: unknown, other: unknown, path: readonly string[] = []): Difference | null {
  if (Object.is(one, other)) return null;
  if (!isTree(one) || !isTree(other)) return { path: path.join('.'), one: textOf(one), other: textOf(other) };
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = firstDifference(one[key], other[key], [...path, key]);
    if (difference !== null) return difference;
  }
  return null;
}

/** Values as JSON. */
export interface Difference {
  readonly path: string;
  readonly one: string;
  readonly other: string;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? 'nothing';
const isTree = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null;
