/** What decoders of the binary serializers make, put into the values of WAMP: see `values.ts`. */

/** Integers up to 2^53 as numbers; what is absent out of dicts, and null in lists, where places count. */
export function tidy(value: unknown, isMessage = false): unknown {
  if (typeof value === 'bigint') return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
  if (!Array.isArray(value)) return mapItems(value, (item) => tidy(item));
  return value.map((item) => (item === undefined && !isMessage ? null : tidy(item)));
}

/** Maps what is in a list or dict; what is absent in a dict is left out, and keys become well formed. */
export function mapItems(value: unknown, map: (item: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => map(item));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key.toWellFormed(), map(item)]])),
  );
}
