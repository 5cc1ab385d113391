/** The vocabulary in which games declare what crosses the wire. Each word wraps a zod 4 schema (`.zod`). */
import * as z from 'zod/mini';
import { _default as withDefault } from 'zod/mini';
import { angleGrid, fixedGrid, stepsOf, valueOfSteps, type Grid, type Packing } from './packing.ts';
import type { PerSeat, PerSeatView } from './seats.ts';
import type {
  AnyType,
  Audiences,
  ElementView,
  Frozen,
  InputOf,
  Shape,
  ShapeAudiences,
  ShapeInput,
  ShapeValue,
  ShapeView,
  Sight,
  Structure,
  Type,
  ValueOf,
} from './type.ts';

/** Anything lossless in JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Leaf<T> = Type<T, T, T, 'public', never>;
export type ObjectType<S extends Shape> = Type<ShapeValue<S>, ShapeView<S>, ShapeInput<S>, 'public', ShapeAudiences<S>>;

export interface Vocabulary {
  /** A whole number; without bounds from -2^31 to 2^31 - 1. */
  int(min?: number, max?: number): Leaf<number>;
  /**
   * A finite number, rounded to a multiple of `step` whenever the authority writes it, so that every copy is the same.
   * Without bounds up to 2^50 steps either way. It moves: clients draw it between two states.
   */
  fixed(step: number, min?: number, max?: number): Leaf<number>;
  /**
   * An angle in radians, from -π up to π: whole turns are taken off, and it is rounded to one of so many directions, 4,096
   * if not said. It moves, the shorter way round.
   */
  angle(directions?: number): Leaf<number>;
  bool(): Leaf<boolean>;
  /** @param max characters; 1,000 if not said. */
  str(max?: number): Leaf<string>;
  /** Any JSON value: for what has no better type. */
  json(): Type<Json, Frozen<Json>, Json, 'public', never>;
  /** One of these constants. */
  oneOf<const V extends readonly (string | number)[]>(...values: V): Leaf<V[number]>;
  /** @param max elements; 10,000 if not said. */
  list<A extends AnyType>(
    item: A,
    max?: number,
  ): Type<ValueOf<A>[], readonly ElementView<A>[], InputOf<A>[], 'public', Audiences<A>>;
  /** Values by a string key of at most 200 characters. */
  map<A extends AnyType>(
    value: A,
  ): Type<
    { [key: string]: ValueOf<A> },
    { readonly [key: string]: ElementView<A> },
    { [key: string]: InputOf<A> },
    'public',
    Audiences<A>
  >;
  /** Exactly these fields: others are refused. */
  object<S extends Shape>(shape: S): ObjectType<S>;
  /** The first of the types that fits. */
  union<const A extends readonly AnyType[]>(
    ...of: A
  ): Type<A[number]['of']['value'], ElementView<A[number]>, A[number]['of']['input'], 'public', Audiences<A[number]>>;
  /** One element a seat, each owned by its seat: `.owner()` inside means that seat. */
  perSeat<A extends AnyType>(
    item: A,
  ): Type<
    PerSeat<ValueOf<A>>,
    PerSeatView<ElementView<A>>,
    readonly InputOf<A>[],
    'public',
    Exclude<Audiences<A>, 'owner'>
  >;
}

/** Messages in English, unless the page has chosen a language for its schemas. */
if (!z.config().localeError) z.config(z.locales.en());

const none = '__proto__';
const always = { who: 'public', isNullable: false, isOptional: false };

function wrap(zod: z.ZodMiniType, text: string, structure: Structure, marks: Marks = always): AnyType {
  const seenOnlyBy = (who: Sight) => wrap(zod, `${text}.${who}`, structure, { ...marks, who });
  const type = {
    zod,
    structure,
    text,
    ...marks,
    secret: marks.who !== 'public' || parts(structure).some((part) => part.secret),
    '~standard': zod['~standard'],
    nullable: () => wrap(z.nullable(zod), `${text}?`, structure, { ...marks, isNullable: true }),
    optional: () => wrap(z.exactOptional(zod), `${text}~`, structure, { ...marks, isOptional: true }),
    default: (value: unknown) =>
      wrap(
        withDefault(zod, () => structuredClone(value)),
        `${text}=${JSON.stringify(value)}`,
        structure,
        marks,
      ),
    owner: () => seenOnlyBy('owner'),
    hidden: () => seenOnlyBy('hidden'),
    seenBy: (audience: Sight) => seenOnlyBy(audience),
  };
  return type as unknown as AnyType; // the one cast: `of` exists for the compiler only
}

type Marks = Pick<AnyType, 'who' | 'isNullable' | 'isOptional'>;

const leaf = (zod: z.ZodMiniType, text: string, packing: Packing) => wrap(zod, text, { kind: 'leaf', packing });
const onGrid = (zod: z.ZodMiniNumber, text: string, grid: Grid) =>
  leaf(zod.check(z.overwrite((value) => valueOfSteps(grid, stepsOf(grid, value)))), text, grid);

/** The schemas inside a schema. */
export function parts(structure: Structure): readonly AnyType[] {
  switch (structure.kind) {
    case 'leaf':
      return [];
    case 'object':
      return Object.values(structure.fields);
    case 'union':
      return structure.of;
    default:
      return [structure.item];
  }
}

const fieldsOf = <T>(shape: Shape, of: (type: AnyType) => T) =>
  Object.entries(shape).map(([key, type]) => [key, of(type)] as const);

const vocabulary = {
  int: (min = -(2 ** 31), max = 2 ** 31 - 1) =>
    leaf(z.int().check(z.minimum(min), z.maximum(max)), `int(${min},${max})`, { as: 'int', min, max }),
  fixed: (step: number, min?: number, max?: number) => {
    const grid = fixedGrid(step, min, max);
    const bounds = min === undefined && max === undefined ? [step] : [step, min, max];
    return onGrid(
      z.number().check(z.minimum(min ?? grid.least * step), z.maximum(max ?? grid.most * step)),
      `fixed(${bounds.join()})`,
      grid,
    );
  },
  angle: (directions = 4096) => onGrid(z.number(), `angle(${directions})`, angleGrid(directions)),
  bool: () => leaf(z.boolean(), 'bool', { as: 'bool' }),
  str: (max = 1000) => leaf(z.string().check(z.maxLength(max)), `str(${max})`, { as: 'str', max }),
  json: () => leaf(z.custom(isJson).check(z.overwrite(copyJson)), 'json', { as: 'json' }),
  oneOf: (...values: (string | number)[]) =>
    leaf(z.literal(values), `oneOf(${JSON.stringify(values)})`, { as: 'oneOf', values }),
  list: (item: AnyType, max = 10_000) =>
    wrap(z.array(item.zod).check(z.maxLength(max)), `list(${item.text},${max})`, { kind: 'list', item, max }),
  map: (item: AnyType) =>
    wrap(
      z.record(
        z.string().check(
          z.maxLength(200),
          z.refine((key) => key !== none, `${none} cannot be a key`),
        ),
        item.zod,
      ),
      `map(${item.text})`,
      { kind: 'map', item },
    ),
  object: (fields: Shape) =>
    wrap(
      z.strictObject(Object.fromEntries(fieldsOf(fields, (type) => type.zod))),
      `{${fieldsOf(fields, (type) => type.text)
        .map((entry) => entry.join(':'))
        .join(',')}}`,
      { kind: 'object', fields },
    ),
  union: (...of: AnyType[]) =>
    wrap(z.union(of.map((type) => type.zod)), `union(${of.map((type) => type.text).join('|')})`, { kind: 'union', of }),
  perSeat: (item: AnyType) =>
    wrap(z.array(item.zod).check(z.maxLength(16)), `perSeat(${item.text})`, { kind: 'perSeat', item }),
};

/** By hand: `z.json()` tries every alternative at every value, a quarter of a second for 64 KiB of empty lists. */
function isJson(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null)
    return value === null || ['string', 'boolean'].includes(typeof value);
  if (Array.isArray(value)) return value.every(isJson);
  const parent: unknown = Object.getPrototypeOf(value);
  return (parent === null || parent === Object.prototype) && Object.values(value).every(isJson);
}

/** As the other schemas do: whoever changes what was checked does not change what was given. */
function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyJson(item)]));
}

export const t = vocabulary as unknown as Vocabulary; // the types above say what the values below do: proved by test
