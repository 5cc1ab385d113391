import * as fc from 'fast-check';

/** What programs get wrong. U+0000 is how JSON begins what is binary. */
const odd: readonly unknown[] = [0, -1, 1.5, 1e308, 2 ** 53, null, '', true, [], {}, '\u0000AAAA', '__proto__'];

/** Any JSON value, often an odd one. @param more that mean something where they are sent. */
export const oddValue = (
  more: readonly unknown[],
  { maxDepth }: { readonly maxDepth: number },
): fc.Arbitrary<unknown> => fc.oneof(fc.constantFrom(...odd, ...more), fc.jsonValue({ maxDepth }));
