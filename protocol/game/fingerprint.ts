import type { StandardSchema } from '../schema/standard.ts';

/** Another number for each other way of packing the same schemas. */
const packing = 1;

/** Schemas by name, in records and lists as they are declared. */
type Declared =
  | StandardSchema<unknown, unknown>
  | string
  | number
  | null
  | DeclaredList
  | { readonly [key: string]: Declared };
type DeclaredList = readonly Declared[];

/**
 * What two sides must agree on, as 16 hexadecimal digits (FNV-1a, 64 bits): equal for equal schemas in the same order.
 * @param declared name, numbers and schemas of a game or a world.
 */
export function fingerprint(declared: DeclaredList): string {
  const text = JSON.stringify([packing, ...declared.map(textOf)]);
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Schemas of other libraries have no text of ours: their vendor stands for them. */
function textOf(declared: Declared): unknown {
  if (typeof declared !== 'object' || declared === null) return declared;
  if (Array.isArray(declared)) return declared.map(textOf);
  if (isSchema(declared)) return 'text' in declared ? String(declared.text) : declared['~standard'].vendor;
  return Object.entries(declared).map(([key, part]) => [key, textOf(part)]);
}

const isSchema = (declared: object): declared is StandardSchema<unknown, unknown> => '~standard' in declared;
