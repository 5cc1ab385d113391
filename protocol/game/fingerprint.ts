import type { StandardSchema } from '../schema/standard.ts';
import type { Schemas } from './schemas.ts';
import { viewType } from './view-type.ts';

/** Another number for each other way of packing the same schemas. */
const packing = 1;

/** What two sides must agree on, as 16 hexadecimal digits (FNV-1a, 64 bits): equal for equal schemas. */
export function fingerprint(declared: {
  name: string;
  seats: readonly number[];
  phases: readonly string[];
  schemas: Schemas;
}): string {
  const { moves, errors, events } = declared.schemas;
  const texts = (schemas: { readonly [key: string]: StandardSchema<unknown, unknown> }) =>
    Object.entries(schemas).map(([key, schema]) => [key, textOf(schema)]);
  const text = JSON.stringify([
    packing,
    declared.name,
    declared.seats,
    viewType(declared).text,
    texts(moves),
    texts(errors),
    texts(events),
  ]);
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Schemas of other libraries have no text of ours: their vendor stands for them. */
const textOf = (schema: StandardSchema<unknown, unknown>) =>
  'text' in schema ? String(schema.text) : schema['~standard'].vendor;
