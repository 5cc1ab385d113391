import type { StandardSchema } from '../schema/standard.ts';
import type { Schemas } from './schemas.ts';

/** What two sides must agree on, as 16 hexadecimal digits (FNV-1a, 64 bits): equal for equal schemas. */
export function fingerprint(declared: {
  name: string;
  seats: readonly number[];
  phases: readonly string[];
  stages: readonly string[];
  agreements: readonly string[];
  schemas: Schemas;
}): string {
  const { options, state, moves, timers, errors, events } = declared.schemas;
  const texts = (schemas: { readonly [key: string]: StandardSchema<unknown, unknown> }) =>
    Object.entries(schemas).map(([key, schema]) => [key, textOf(schema)]);
  const text = JSON.stringify([
    declared.name,
    declared.seats,
    declared.phases,
    declared.stages,
    declared.agreements,
    options.text,
    state.text,
    texts(moves),
    texts(timers),
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
