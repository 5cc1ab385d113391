/** Schemas of every kind, each with values that it accepts: for properties that hold for all schemas. */
import fc from 'fast-check';
import { t, validate, type AnyType, type Json, type Shape, type Type } from '../../../protocol/index.ts';

/** A schema, and the values that fit it, as the schema itself leaves them: rounded, defaults filled in. */
export interface Sample {
  readonly type: AnyType;
  readonly values: fc.Arbitrary<unknown>;
}

/** @param type of `t`, whose words have types of their own for the compiler. */
const sample = (type: object, values: fc.Arbitrary<unknown>): Sample => ({ type: type as AnyType, values });

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom(
    'rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w',
    'rnbqkbnr/pppp1ppp/8/4p3/8/8/PPPPPPPP/RNBQKBNR b',
    '\ud800',
  ),
);
const json = fc
  .jsonValue({ maxDepth: 3, stringUnit: 'grapheme' })
  .filter(
    (value) => !JSON.stringify(value).includes('-0') && !JSON.stringify(value).includes('__proto__'),
  ) as fc.Arbitrary<Json>;

const range = fc
  .tuple(
    fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer(), fc.maxSafeInteger()),
    fc.oneof(fc.nat(3), fc.nat(5000), fc.nat()),
  )
  .map(([min, size]) => [min, Math.min(min + size, Number.MAX_SAFE_INTEGER)] as const);
const integers = ([min, max]: readonly [number, number]) =>
  fc
    .oneof(
      fc.constantFrom(min, max),
      fc.maxSafeInteger().map((n) => min + (Math.abs(n) % (max - min + 1))),
    )
    .filter((n) => n >= min && n <= max)
    .map((n) => n + 0);

const leaves: readonly fc.Arbitrary<Sample>[] = [
  range.map((bounds) => sample(t.int(...bounds), integers(bounds))),
  fc.constant(sample(t.int(), fc.integer())),
  fc.constant(
    sample(
      t.int(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
      fc.maxSafeInteger().map((n) => n + 0),
    ),
  ),
  fc
    .constantFrom(1 / 64, 0.1, 1, 3, 1e-6)
    .map((step) => sample(t.fixed(step), fc.double({ min: -1e6, max: 1e6, noNaN: true }))),
  fc
    .constantFrom(1 / 64, 0.1)
    .map((step) => sample(t.fixed(step, -10, 1000), fc.double({ min: -10, max: 1000, noNaN: true }))),
  fc.constantFrom(2, 3, 4096, 100_000).map((n) => sample(t.angle(n), fc.double({ min: -50, max: 50, noNaN: true }))),
  fc.constant(sample(t.bool(), fc.boolean())),
  fc.constant(
    sample(
      t.str(60),
      text.filter((value) => value.length <= 60),
    ),
  ),
  fc.constant(sample(t.json(), json)),
  fc
    .constantFrom(['only'], ['a', 'b', 7, 0], [...Array(70).keys()])
    .map((values) => sample(t.oneOf(...values), fc.constantFrom(...values))),
];

const marks = ['plain', 'nullable', 'optional', 'default', 'owner', 'hidden', 'team'] as const;
/** An optional or defaulted value may be left out where it is a field. */
function marked({ type, values }: Sample, mark: (typeof marks)[number]): Sample {
  switch (mark) {
    case 'plain':
      return { type, values };
    case 'nullable':
      return sample(type.nullable(), fc.option(values, { nil: null }));
    case 'optional':
      return sample(type.optional(), fc.option(values, { nil: undefined }));
    case 'default':
      return sample(type.nullable().default(null), fc.option(values, { nil: null }));
    case 'owner':
    case 'hidden':
    case 'team':
      return sample(secretly(type, mark), values);
  }
}
const secretly = (type: AnyType, mark: 'owner' | 'hidden' | 'team'): AnyType => {
  if (type.who !== 'public') return type;
  const open = type as Type<unknown, unknown, unknown, 'public', string>;
  return mark === 'team' ? open.seenBy('team') : mark === 'owner' ? open.owner() : open.hidden();
};
/** Where a value always stands: elements, map values, members of unions. */
const isOptionalMark = (mark: string) => mark === 'optional';

interface Samples {
  readonly sample: Sample;
  readonly inside: Sample;
}

const { sample: anySample } = fc.letrec<Samples>((tie: fc.LetrecTypedTie<Samples>) => ({
  inside: fc
    .tuple(tie('sample'), fc.constantFrom(...marks))
    .map(([one, mark]) => (isOptionalMark(mark) ? one : marked(one, mark))),
  sample: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    ...leaves.map((arbitrary) => ({ weight: 1, arbitrary })),
    {
      weight: 3,
      arbitrary: tie('inside').map((item) => sample(t.list(item.type, 20), fc.array(item.values, { maxLength: 6 }))),
    },
    {
      weight: 2,
      arbitrary: tie('inside').map((item) =>
        sample(t.perSeat(item.type), fc.array(item.values, { minLength: 3, maxLength: 3 })),
      ),
    },
    { weight: 2, arbitrary: tie('inside').map((item) => sample(t.map(item.type), entries(item.values))) },
    {
      weight: 2,
      arbitrary: fc
        .array(tie('inside'), { minLength: 1, maxLength: 3 })
        .map((of) => sample(t.union(...of.map(({ type }) => type)), fc.oneof(...of.map(({ values }) => values)))),
    },
    { weight: 4, arbitrary: objects(tie('sample')) },
  ),
}));

const entries = (values: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom('a', 'b', 'c', '0', '10', 'constructor', 'a much longer key'), values, { maxKeys: 4 });

function objects(of: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc
    .array(fc.tuple(of, fc.constantFrom(...marks)), { maxLength: 5 })
    .map((fields) => fields.map(([one, mark]) => marked(one, mark)))
    .map((fields) => {
      const named = fields.map((field, index) => [`f${index}`, field] as const);
      const shape: Shape = Object.fromEntries(named.map(([name, { type }]) => [name, type]));
      const values = fc
        .tuple(...named.map(([name, field]) => field.values.map((value) => [name, value] as const)))
        .map((made) => Object.fromEntries(made.filter(([, value]) => value !== undefined)));
      return sample(t.object(shape), values);
    });
}

/** As the schema leaves a value: the form in which a state holds it. */
export function fitted(type: AnyType, value: unknown): unknown {
  const checked = validate(type, value);
  if (!checked.ok) throw new Error(`${type.text} refuses ${JSON.stringify(value)}: ${JSON.stringify(checked.issues)}`);
  return checked.value;
}

/** A schema with `count` values that fit it. */
export const schemaWithValues = (count: number) => anySample.chain((one) => withValues(one, count));

/** The same, of schemas of objects. */
export const entitiesOf = (count: number) => objects(anySample).chain((one) => withValues(one, count));

const withValues = ({ type, values }: Sample, count: number) =>
  fc.array(values, { minLength: count, maxLength: count }).map((made) => ({
    type,
    values: made.map((value) => fitted(type, value)),
    [fc.toStringMethod]: () => `${type.text} with ${JSON.stringify(made)}`,
  }));
