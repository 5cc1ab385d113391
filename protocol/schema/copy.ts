/** A deep copy of a plain value. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(value)) made[key] = copyOf((value as Record<string, unknown>)[key]);
  return made as T;
}
