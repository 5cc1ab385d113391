import type { StandardSchema } from '../schema/standard.ts';
import type { AnyType } from '../schema/type.ts';

/** A game's schemas without their types. */
export interface Schemas {
  readonly options: AnyType;
  readonly state: AnyType;
  readonly moves: { readonly [move: string]: StandardSchema<unknown, object> };
  readonly timers: { readonly [timer: string]: AnyType };
  readonly errors: { readonly [code: string]: AnyType };
  readonly events: { readonly [event: string]: AnyType };
}
