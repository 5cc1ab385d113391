/** Where a value would not come back from JSON as it was: `at: a Date`. null: it would. */
export function firstLoss(value: unknown, path = ''): string | null {
  const lost = lostAs(value);
  if (lost !== null) return path === '' ? lost : `${path}: ${lost}`;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const inside = firstLoss(part, path === '' ? key : `${path}.${key}`);
    if (inside !== null) return inside;
  }
  return null;
}

function lostAs(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? null : Object.is(value, -0) ? '-0' : String(value);
    case 'object': {
      if (value === null || Array.isArray(value)) return null;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype === null || prototype === Object.prototype) return null;
      return `a ${value.constructor.name}`;
    }
    default:
      return value === undefined ? 'undefined' : `a ${typeof value}`;
  }
}
