/** The type of a schema: what a value is in rules, in a client's view and before defaults, and who may see it. */
import type * as z from 'zod/mini';
import type { Concealed } from './concealed.ts';
import type { Packing } from './packing.ts';
import type { PerSeat, PerSeatView } from './seats.ts';
import type { StandardSchema } from './standard.ts';

/** Forces the compiler to print members instead of an alias. */
export type Flat<T> = T extends unknown ? { [K in keyof T]: T[K] } : never;
/** Keys whose value may be undefined become optional keys: absent, never undefined. */
export type Loose<T> = Flat<
  { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
  }
>;
type ReadonlyLoose<T> = Flat<
  { readonly [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
    readonly [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
  }
>;
/** Deeply readonly. */
export type Frozen<T> = T extends (infer E)[]
  ? FrozenList<T, E>
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;
type FrozenList<T, E> = T extends PerSeat<E> ? PerSeatView<Frozen<E>> : readonly Frozen<E>[];

/** Who sees a value: 'public', 'owner', 'hidden', or the name of an audience whose rule `rules({ seenBy })` gives. */
export type Sight = string;
export type ReservedSight = 'public' | 'owner' | 'hidden';

/** What a schema is made of, for what must walk a value along its schema: views, fingerprints, packing. */
export type Structure =
  | { readonly kind: 'leaf'; readonly packing: Packing }
  | { readonly kind: 'list'; readonly item: AnyType; readonly max: number }
  | { readonly kind: 'map' | 'perSeat'; readonly item: AnyType }
  | { readonly kind: 'object'; readonly fields: Shape }
  | { readonly kind: 'union'; readonly of: readonly AnyType[] };

/**
 * A schema: checks by zod, and beside them what zod does not know. `Who` sees the value; `Inside` are the audiences
 * named within it.
 */
export interface Type<Value, View, Input, Who extends Sight, Inside extends string> extends StandardSchema<
  Input,
  Value
> {
  /** For the compiler only; undefined at run time. */
  readonly of: {
    readonly value: Value;
    readonly view: View;
    readonly input: Input;
    readonly who: Who;
    readonly inside: Inside;
  };
  readonly zod: z.ZodMiniType<Value, Input>;
  readonly who: Who;
  readonly structure: Structure;
  /** Whether null may stand in its place. */
  readonly isNullable: boolean;
  /** Whether its key may be absent. */
  readonly isOptional: boolean;
  /** Whether this value, or something inside it, is not for everybody. */
  readonly secret: boolean;
  /** The schema as text, for the fingerprint: `int(0,9)`. Two schemas with one text accept and hide the same. */
  readonly text: string;
  nullable(): Type<Value | null, View | null, Input | null, Who, Inside>;
  /** The key may be absent; it is never present with the value undefined. */
  optional(): Type<Value | undefined, View | undefined, Input | undefined, Who, Inside>;
  /** What `setup`, a move's caller or a match's creator may leave out. */
  default(value: Value): Type<Value, View, Input | undefined, Who, Inside>;
  /** Only for the seat that owns the nearest enclosing `t.perSeat`; in arguments, events and errors: the acting seat. */
  owner(this: Type<Value, View, Input, 'public', Inside>): Type<Value, View, Input, 'owner', Inside>;
  /** For nobody: clients' types do not have it. */
  hidden(this: Type<Value, View, Input, 'public', Inside>): Type<Value, View, Input, 'hidden', Inside>;
  /** For the seats that the audience's rule in `rules({ seenBy })` accepts. */
  seenBy<const N extends string>(
    this: Type<Value, View, Input, 'public', Inside>,
    audience: N extends ReservedSight ? never : N,
  ): Type<Value, View, Input, N, Inside>;
}

export type AnyType = Type<unknown, unknown, unknown, Sight, string>;
/** Fields by name, as `state`, `options`, arguments, errors and events are declared. */
export interface Shape {
  readonly [field: string]: AnyType;
}

export type ValueOf<A extends AnyType> = A['of']['value'];
export type InputOf<A extends AnyType> = A['of']['input'];
/** What a client may find where a value of the type stands. An element of a list keeps its place: concealed, not absent. */
export type ElementView<A extends AnyType> = A extends AnyType
  ? A['of']['who'] extends 'public'
    ? A['of']['view']
    : A['of']['who'] extends 'hidden'
      ? Concealed
      : A['of']['view'] | Concealed
  : never;
/** Audiences that a type names, itself or inside, with 'owner'. */
export type Audiences<A extends AnyType> = A['of']['inside'] | Exclude<A['of']['who'], 'public' | 'hidden'>;

export type ShapeValue<S extends Shape> = Loose<{ [K in keyof S]: S[K]['of']['value'] }>;
export type ShapeInput<S extends Shape> = Loose<{ [K in keyof S]: S[K]['of']['input'] }>;
/** A hidden field does not exist; an owner's or audience's field may be concealed. */
export type ShapeView<S extends Shape> = ReadonlyLoose<{
  [K in keyof S as S[K]['of']['who'] extends 'hidden' ? never : K]: ElementView<S[K]>;
}>;
export type ShapeAudiences<S extends Shape> = { [K in keyof S]: Audiences<S[K]> }[keyof S];
