import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { game, isConcealed, seen, t, validate, type AnyType, type Shape } from '../../../protocol/index.ts';
import { motionOf } from '../../../protocol/schema/packing.ts';
import { viewOf } from '../../../protocol/schema/view.ts';

const paths = (schema: AnyType, value: unknown) => {
  const checked = validate(schema, value);
  return checked.ok ? [] : checked.issues.map(({ path }) => path);
};
const value = (schema: AnyType, given: unknown) => {
  const checked = validate(schema, given);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  return checked.value;
};

describe('a schema', () => {
  it.each<[string, AnyType, unknown[], unknown[]]>([
    ['int', t.int(0, 9), [0, 9], [-1, 10, 1.5, '1', null, NaN]],
    ['int without bounds', t.int(), [2 ** 31 - 1, -(2 ** 31)], [2 ** 31, Infinity]],
    ['fixed', t.fixed(0.25), [0.25, -3, 1e12], ['1', Infinity, NaN, 1e15]],
    ['fixed with bounds', t.fixed(0.3, -1, 1), [0, -1, 1, 0.95], [-1.1, 1.01]],
    ['angle', t.angle(), [0, -100, 7], ['1', Infinity, NaN]],
    ['bool', t.bool(), [true], [1, 'true', null]],
    ['str', t.str(3), ['', 'abc'], ['abcd', 1]],
    ['oneOf', t.oneOf('a', 1), ['a', 1], ['b', '1']],
    ['list', t.list(t.int(), 2), [[], [1, 2]], [[1, 2, 3], ['a'], {}]],
    ['map', t.map(t.int()), [{}, { any: 1 }], [{ a: 'b' }, [], { ['x'.repeat(201)]: 1 }]],
    ['object', t.object({ a: t.int() }), [{ a: 1 }], [{}, { a: 1, b: 2 }, null]],
    ['union', t.union(t.int(), t.str()), [1, 'a'], [true, null]],
    ['nullable', t.int().nullable(), [1, null], [undefined, 'a']],
    [
      'json',
      t.json(),
      [null, { a: [1, { b: 'c' }] }],
      [undefined, () => 1, NaN, 1n, [new Uint8Array(1)], { a: new Date(0) }, { a: undefined }],
    ],
  ])('%s accepts what fits, and nothing else', (_, schema, good, bad) => {
    for (const one of good) expect(paths(schema, one), JSON.stringify(one)).toEqual([]);
    for (const one of bad) expect(validate(schema, one).ok, String(one)).toBe(false);
  });

  it.each([
    ['fixed: to the nearest multiple', t.fixed(0.25), 0.4, 0.5],
    ['fixed with bounds: to one between them', t.fixed(0.3, -1, 1), 0.99, 0.3 * 3],
    ['angle: without whole turns', t.angle(8), Math.PI * 2.5, Math.PI / 2],
    ['angle: half a turn is -π', t.angle(8), Math.PI, -Math.PI],
    ['no negative zero', t.angle(8), -0.01, 0],
  ])('rounds %s', (_, schema, given, rounded) => {
    expect(validate(schema, given)).toEqual({ ok: true, value: rounded });
  });

  it('refuses bounds without a value between them', () => {
    expect(() => t.fixed(1, 0.2, 0.8)).toThrow('fixed(1, 0.2, 0.8)');
    expect(() => t.fixed(0)).toThrow('a step above 0');
    expect(() => t.angle(1)).toThrow('angle(1)');
  });

  it('knows how its values move', () => {
    const types = [t.fixed(1), t.angle(), t.int(), t.fixed(1).nullable(), t.object({ x: t.fixed(1) })];
    expect(types.map((type) => motionOf(type as AnyType))).toEqual(['linear', 'angle', 'step', 'step', 'step']);
  });

  it('tells of many and long mistakes in few words', () => {
    const schema = t.object({ list: t.list(t.int()), map: t.map(t.int()) });
    const surplus = Object.fromEntries(Array.from({ length: 5000 }, (_, key) => [`key${key}`, 0]));
    const wrong = { list: Array.from({ length: 5000 }, () => 'x'), map: { ['k'.repeat(60_000)]: 1 }, ...surplus };
    const checked = validate(schema, wrong);
    expect(checked).toMatchObject({ ok: false, issues: { length: 20, 0: { path: 'list[0]' } } });
    expect(JSON.stringify(checked).length).toBeLessThan(10_000);
    expect(JSON.stringify(validate(schema, { list: [], map: {}, ...surplus })).length).toBeLessThan(1000);
  });

  it('json is a copy, so that rules cannot change what they were given', () => {
    const given = { list: [{ a: 1 }] };
    const checked = value(t.json(), given) as typeof given;
    checked.list[0]!.a = 2;
    expect(given).toEqual({ list: [{ a: 1 }] });
  });

  it('says where something is wrong', () => {
    const deep = t.object({ hands: t.list(t.object({ cards: t.list(t.int()) })) });
    expect(paths(deep, { hands: [{ cards: [1] }, { cards: [1, 'x'] }] })).toEqual(['hands[1].cards[1]']);
    expect(paths(deep, 5)).toEqual(['']);
  });

  it('an optional field is absent, never undefined', () => {
    const schema = t.object({ a: t.int().optional() });
    expect(paths(schema, {})).toEqual([]);
    expect(paths(schema, { a: undefined })).toEqual(['a']);
  });

  it('does not take __proto__ for a key', () => {
    const checked = validate(t.map(t.int()), JSON.parse('{"__proto__": 1}'));
    expect(checked.ok && Object.keys(checked.value as object).length > 0).toBe(false);
    expect(validate(t.map(t.int()), JSON.parse('{"constructor": 1}')).ok).toBe(true);
  });

  it('a default is a fresh value each time', () => {
    const schema = t.object({ bag: t.list(t.int()).default([1]) });
    const [first, second] = [value(schema, {}), value(schema, {})] as { bag: number[] }[];
    first!.bag.push(2);
    expect(second!.bag).toEqual([1]);
    expect(value(schema, {})).toEqual({ bag: [1] });
  });

  it('fixed numbers are rounded to their step, and stay where they are then', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constantFrom(1 / 16, 0.01, 5), (number, step) => {
        const schema = t.fixed(step);
        const rounded = value(schema, number) as number;
        expect(Math.abs(rounded - number)).toBeLessThanOrEqual(step / 2 + 1e-9);
        expect(value(schema, rounded)).toBe(rounded);
        expect(Object.is(rounded, -0)).toBe(false);
      }),
    );
  });
});

describe('a view', () => {
  const viewer = (seat: number | null) => ({
    seat,
    belongs: (_: string, owner: number | null) => seat !== null && owner !== null && owner % 2 === seat % 2,
  });
  const look = (schema: AnyType, of: unknown, seat: number | null, owner: number | null = null) =>
    viewOf(schema, of, viewer(seat), owner);
  const concealed = { concealed: true };

  it('conceals null that is the value of a member of a union', () => {
    const schema = t.union(t.json().hidden(), t.int());
    expect(look(schema as AnyType, null, 0)).toEqual(concealed);
    expect(look(t.union(t.int().hidden(), t.str()).nullable(), null, 0)).toBeNull();
  });

  it('shows what is public, as it is', () => {
    const state = { a: [1, { b: 2 }] };
    expect(look(t.object({ a: t.json() }), state, null)).toBe(state);
  });

  it('has no hidden field; in a list, a map and per seat its place is kept', () => {
    const schema = t.object({
      a: t.int().hidden(),
      list: t.list(t.int().hidden()),
      map: t.map(t.int().hidden()),
      seats: t.perSeat(t.int().hidden()),
    });
    expect(look(schema, { a: 1, list: [1, 2], map: { x: 1 }, seats: [1, 2] }, 0)).toEqual({
      list: [concealed, concealed],
      map: { x: concealed },
      seats: [concealed, concealed],
    });
  });

  it('gives an owner what is its own, and spectators nothing', () => {
    const schema = t.object({ hands: t.perSeat(t.object({ cards: t.list(t.int()).owner(), count: t.int() })) });
    const state = {
      hands: [
        { cards: [7], count: 1 },
        { cards: [8], count: 1 },
      ],
    };
    expect(look(schema, state, 1)).toEqual({
      hands: [
        { cards: concealed, count: 1 },
        { cards: [8], count: 1 },
      ],
    });
    expect(look(schema, state, null)).toEqual({
      hands: [
        { cards: concealed, count: 1 },
        { cards: concealed, count: 1 },
      ],
    });
  });

  it('gives an audience what it may see', () => {
    const schema = t.object({ plans: t.perSeat(t.str().seenBy('team')) });
    expect(look(schema, { plans: ['a', 'b', 'c'] }, 2)).toEqual({ plans: ['a', concealed, 'c'] });
  });

  it('goes into the variant of a union that fits', () => {
    const schema = t.list(
      t.union(
        t.object({ kind: t.oneOf('open'), card: t.int() }),
        t.object({ kind: t.oneOf('down'), card: t.int().hidden() }),
      ),
    );
    expect(
      look(
        schema,
        [
          { kind: 'open', card: 5 },
          { kind: 'down', card: 6 },
        ],
        0,
      ),
    ).toEqual([{ kind: 'open', card: 5 }, { kind: 'down' }]);
  });

  it('conceals a whole variant', () => {
    const schema = t.perSeat(t.union(t.int(), t.str().owner()));
    expect(look(schema, [1, 'mine'], 0)).toEqual([1, concealed]);
    expect(look(schema, [1, 'mine'], 1)).toEqual([1, 'mine']);
  });

  it('does not tell by absence: an optional owner’s field is concealed there too', () => {
    const schema = t.object({ seats: t.perSeat(t.object({ trump: t.str().owner().optional() })) });
    expect(look(schema, { seats: [{}, { trump: 'x' }] }, null)).toEqual({
      seats: [{ trump: concealed }, { trump: concealed }],
    });
    expect(look(schema, { seats: [{}, { trump: 'x' }] }, 0)).toEqual({ seats: [{}, { trump: concealed }] });
  });

  it('of null inside something secret is null only for who may see it', () => {
    const schema = t.object({ notes: t.perSeat(t.object({ text: t.str().owner() }).nullable()) });
    expect(look(schema, { notes: [null, { text: 'x' }] }, 0)).toEqual({ notes: [null, { text: concealed }] });
  });

  it('keeps keys that objects know already', () => {
    const schema = t.map(t.object({ a: t.int(), b: t.int().hidden() }));
    expect(look(schema, { constructor: { a: 1, b: 2 } }, 0)).toEqual({ constructor: { a: 1 } });
  });

  it('concealed values are told from others', () => {
    expect(isConcealed({ concealed: true })).toBe(true);
    for (const other of [null, true, { concealed: false }, { concealed: true, more: 1 }])
      expect(isConcealed(other)).toBe(false);
    expect([seen({ concealed: true } as const), seen(5)]).toEqual([undefined, 5]);
  });
});

describe('a fingerprint', () => {
  const of = (state: Shape, more: object = {}) =>
    game('g', { seats: 2, state: state as {}, moves: {}, ...more }).fingerprint;

  it('is the same for the same schemas', () => {
    expect(of({ a: t.int(0, 9) })).toBe(of({ a: t.int(0, 9) }));
    expect(of({})).toMatch(/^[0-9a-f]{16}$/);
  });

  it('differs as soon as anything does', () => {
    const all = [
      of({}),
      of({ a: t.int() }),
      of({ a: t.int(0, 9) }),
      of({ b: t.int() }),
      of({ a: t.int().hidden() }),
      of({ a: t.int().seenBy('team') }),
      of({ a: t.int().nullable() }),
      of({ a: t.int().optional() }),
      of({ a: t.int().default(1) }),
      of({ a: t.int().default(2) }),
      of({ a: t.fixed(0.5) }),
      of({ a: t.fixed(0.5, 1) }),
      of({ a: t.fixed(0.5, undefined, 1) }),
      of({ a: t.angle() }),
      of({ a: t.angle(8) }),
      of({ a: t.list(t.int()) }),
      of({ a: t.list(t.int(), 5) }),
      of({ a: t.map(t.int()) }),
      of({ a: t.perSeat(t.int()) }),
      of({ a: t.oneOf('x') }),
      of({ a: t.oneOf('y') }),
      of({ a: t.union(t.int(), t.str()) }),
      of({ a: t.object({ b: t.int() }) }),
      of({}, { seats: 3 }),
      of({}, { phases: ['a'] }),
      of({}, { moves: { go: {} } }),
      of({}, { moves: { go: { a: t.int() } } }),
      of({}, { errors: { no: {} } }),
      of({}, { events: { done: {} } }),
      of({}, { options: { a: t.int().default(1) } }),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});
