/**
 * What crossed the wire, as JSON text that gives back exactly the same. What JSON cannot say is a dict with one key:
 * `{"$bytes": base64}`, `{"$long": digits}`, `{"$number": "NaN"}`; keys of others that begin with `$` get one more.
 */
export const textOf = (value: unknown): string => JSON.stringify(isPlain(value) ? value : marked(value));

/** @throws SyntaxError for what `textOf` did not make. */
export function valueOf(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return text.includes('"$') ? unmarked(value) : value;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  if (value instanceof Uint8Array) return false;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([key, item]) => !key.startsWith('$') && isPlain(item));
}

function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return { $long: String(value) };
  if (typeof value === 'number' && !isPlain(value)) return { $number: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(marked);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.startsWith('$') ? `$${key}` : key, marked(item)]),
  );
}

function unmarked(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(unmarked);
  const entries = Object.entries(value);
  const [[key, item] = ['', null]] = entries;
  if (key === '$bytes') return new Uint8Array(Buffer.from(String(item), 'base64'));
  if (key === '$long') return BigInt(String(item));
  if (key === '$number') return Number(item);
  return Object.fromEntries(
    entries.map(([name, inner]) => [name.startsWith('$$') ? name.slice(1) : name, unmarked(inner)]),
  );
}
