import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BitReader,
  BitWriter,
  collectionCodec,
  concealed,
  t,
  validate,
  type AnyType,
} from '../../../../protocol/index.ts';
import { viewOf } from '../../../../protocol/schema/view.ts';
import { entitiesOf } from '../../schema/arbitrary-schema.ts';
import { mover, swarm } from './swarm.ts';

/** What the schema makes of the entities, which is what a reader must have. */
const rounded = (type: AnyType, entities: ReadonlyMap<string, object>): Map<string, unknown> =>
  new Map(
    [...entities].map(([key, entity]) => {
      const checked = validate(type, entity);
      if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
      return [key, checked.value];
    }),
  );

/** An encoder with readers, which may come late. */
function stream(type: AnyType) {
  const codec = collectionCodec(type);
  const encoder = codec.encoder();
  const decoders = [codec.decoder()];
  const sent = (write: (out: BitWriter) => void): Uint8Array => {
    const out = new BitWriter();
    write(out);
    return out.bytes();
  };
  const read = (decoder: (typeof decoders)[number], bytes: Uint8Array) => {
    const from = new BitReader(bytes);
    const changes = decoder.read(from);
    from.end();
    return changes;
  };
  return {
    encoder,
    decoders,
    update(entities: ReadonlyMap<string, object>, leaves: readonly string[] = []) {
      encoder.look(entities);
      const pending = encoder.pending();
      for (const key of leaves) encoder.leave(key);
      const bytes = sent((out) => encoder.write(out));
      return { bytes: bytes.length, pending, changes: decoders.map((decoder) => read(decoder, bytes)) };
    },
    /** What is done to the encoder, as an update. */
    change(act: () => void) {
      act();
      const bytes = sent((out) => encoder.write(out));
      for (const decoder of decoders) read(decoder, bytes);
    },
    /** Every reader has what everybody may see of these, and the encoder's hash. */
    expectAllToHave(entities: ReadonlyMap<string, object>) {
      for (const decoder of decoders) {
        expect(decoder.entities).toEqual(publicViews(type, entities));
        expect(decoder.hash()).toBe(encoder.hash());
      }
    },
    join() {
      const decoder = codec.decoder();
      read(
        decoder,
        sent((out) => encoder.snapshot(out)),
      );
      decoders.push(decoder);
      return decoder;
    },
  };
}

describe('a collection of entities', () => {
  it.each([
    ['rounded when they move', true, 60],
    ['not rounded', false, 200],
  ])('follows a swarm that is %s, in few bytes', (_, rounds, most) => {
    const { entities, step } = swarm(1000, { rounds });
    const { update, decoders, encoder } = stream(mover);
    update(entities);
    let bytes = 0;
    for (let i = 1; i <= 300; i++) {
      step();
      const sent = update(entities).bytes;
      if (i > 100) bytes += sent;
      if (i % 50 === 0) {
        expect(decoders[0]!.entities).toEqual(rounded(mover, entities));
        expect(decoders[0]!.hash()).toBe(encoder.hash());
      }
    }
    expect(bytes / 200).toBeLessThan(most);
  });

  it('follows entities of any schema as they come, change and go, whenever a reader joins', () => {
    fc.assert(
      fc.property(entitiesOf(6), worlds, ({ type, values }, steps) => {
        const { update, join, decoders, expectAllToHave } = stream(type);
        for (const { present, joins } of steps) {
          const entities = new Map<string, object>(present.map(([key, value]) => [key, values[value]!]));
          const before = new Set(decoders[0]!.entities.keys());
          const { changes } = update(entities);
          expect(changes[0]!.added).toEqual([...entities.keys()].filter((key) => !before.has(key)));
          expect(new Set(changes[0]!.removed)).toEqual(new Set([...before].filter((key) => !entities.has(key))));
          if (joins) join();
          expectAllToHave(entities);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('follows the same where it is told only what has come, changed and gone', () => {
    fc.assert(
      fc.property(entitiesOf(6), worlds, ({ type, values }, steps) => {
        const { change, join, encoder, expectAllToHave } = stream(type);
        let before = new Map<string, object>();
        for (const { present, joins } of steps) {
          const entities = new Map<string, object>(present.map(([key, value]) => [key, values[value]!]));
          change(() => {
            for (const key of before.keys()) if (!entities.has(key)) encoder.remove(key);
            for (const [key, entity] of entities) if (before.get(key) !== entity) encoder.put(key, entity);
          });
          before = entities;
          if (joins) join();
          expectAllToHave(entities);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes back, before an update, what was put and removed', () => {
    const { change, decoders, encoder } = stream(mover);
    const [one, other] = [
      { x: 1, y: 1, kind: 1, owner: 1 },
      { x: 2, y: 2, kind: 2, owner: 2 },
    ];
    change(() => encoder.put('a', one));
    change(() => {
      encoder.remove('a');
      encoder.put('b', other);
      encoder.put('a', other);
      encoder.remove('b');
    });
    expect(decoders[0]!.entities).toEqual(new Map([['a', other]]));
  });

  it('is at rest when an update would tell nothing and nobody is expected to move', () => {
    const { change, encoder } = stream(mover);
    const at = (x: number) => change(() => encoder.put('a', { x, y: 0, kind: 1, owner: 1 }));
    expect(encoder.isAtRest).toBe(true);
    for (const x of [0, 10, 20, 30]) at(x);
    expect(encoder.isAtRest).toBe(false); // it is expected at 40
    encoder.put('a', { x: 30, y: 0, kind: 1, owner: 1 });
    change(() => {});
    change(() => {});
    expect(encoder.isAtRest).toBe(true);
    encoder.put('a', { x: 30, y: 0, kind: 2, owner: 1 });
    expect(encoder.isAtRest).toBe(false);
    change(() => {});
    expect(encoder.isAtRest).toBe(true);
    encoder.remove('a');
    expect(encoder.isAtRest).toBe(false);
  });

  it('follows movers of every kind without a gap, from a snapshot taken at any time', () => {
    const step = fc.oneof(fc.constantFrom(0, 1, 320, -320, 5), fc.integer({ min: -3000, max: 3000 }), fc.integer());
    const runs = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 6 });
    const type = t.object({ at: t.object({ x: t.fixed(1 / 64, -1e6, 1e6) }), turn: t.angle(), free: t.fixed(0.1) });
    fc.assert(
      fc.property(runs, fc.boolean(), fc.nat(40), (moves, isFine, joinAt) => {
        const { update, join, decoders } = stream(type);
        let [place, updates] = [0, 0];
        for (const [speed, times] of moves) {
          for (let i = 0; i < times; i++) {
            place += isFine ? speed / 100 : speed / 64;
            const entities = new Map([
              ['a', { at: { x: Math.max(-1e6, Math.min(place, 1e6)) }, turn: place, free: place * 1000 }],
            ]);
            update(entities);
            if (++updates === joinAt) join();
            for (const decoder of decoders) expect(decoder.entities).toEqual(rounded(type, entities));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('what stops and goes costs once for each step', () => {
    const { update } = stream(mover);
    const one = { x: 10, y: 10, kind: 1, owner: 1 };
    const at = (x: number) => update(new Map([['a', { ...one, x }]])).bytes;
    at(10);
    expect(at(10)).toBe(1);
    expect(at(20)).toBeGreaterThan(1);
    expect(at(20)).toBe(1); // no second step is expected
    at(30);
    expect(at(40)).toBeGreaterThan(1);
    expect(at(50)).toBe(1); // now it is
    expect(at(50)).toBeGreaterThan(1);
    expect(at(50)).toBe(1);
  });

  it('lets what is left for later go on as expected, and puts it right when it is told', () => {
    const { update, decoders } = stream(mover);
    const entities = (x: number) => new Map([['a', { x, y: 5, kind: 1, owner: 2 }]]);
    const xOf = () => (decoders[0]!.entities.get('a') as { x: number }).x;
    for (const x of [1, 2, 3]) update(entities(x));
    update(entities(100), ['a']);
    expect(xOf()).toBe(4);
    update(entities(101));
    expect(xOf()).toBe(101);
  });

  it('does not have what is new and left for later, until it is told', () => {
    const { update, join, decoders } = stream(mover);
    const entities = new Map(['a', 'b'].map((key) => [key, { x: 1, y: 5, kind: 1, owner: 2 }]));
    update(entities, ['b']);
    join();
    for (const decoder of decoders) expect([...decoder.entities.keys()]).toEqual(['a']);
    update(entities);
    for (const decoder of decoders) expect([...decoder.entities.keys()]).toEqual(['a', 'b']);
  });

  it('says what there is to tell, and about how much it is', () => {
    const { update } = stream(mover);
    const entities = (x: number, owner: number) =>
      new Map(
        Array.from({ length: 100 }, (_, i) => [`e${i}`, { x: x + i, y: 5, kind: 1, owner: i === 7 ? owner : 2 }]),
      );
    const first = update(entities(1, 2));
    expect(first.pending).toHaveLength(100);
    expect(update(entities(1, 2)).pending).toEqual([]);
    expect(update(entities(1, 3)).pending).toEqual([{ key: 'e7', bits: expect.any(Number) as number }]);
    const all = update(entities(9, 3));
    expect(all.pending).toHaveLength(100);
    for (const { bytes, pending } of [first, all]) {
      const expected = pending.reduce((sum, { bits }) => sum + bits / 8, 0);
      expect(bytes).toBeLessThan(expected * 1.1);
      expect(bytes).toBeGreaterThan(expected * 0.5);
    }
  });

  it('never looks at what is not for everybody', () => {
    const type = t.object({
      x: t.int(0, 9),
      gold: t.int().owner(),
      deck: t.list(t.int()).hidden(),
      bag: t.list(t.str().owner()),
    });
    const bytesOf = (gold: number, deck: number[], bag: string[]) => {
      const { encoder } = stream(type);
      const out = new BitWriter();
      encoder.update(new Map([['a', { x: 1, gold, deck, bag }]]), out);
      return out.bytes();
    };
    expect(bytesOf(1, [1], ['sword'])).toEqual(bytesOf(2_000_000, [7, 7], ['potion']));
    const { update, decoders } = stream(type);
    update(new Map([['a', { x: 1, gold: 5, deck: [], bag: ['sword'] }]]));
    expect(decoders[0]!.entities.get('a')).toEqual({ x: 1, gold: concealed, bag: [concealed] });
  });

  it('names the entity and the field that do not fit', () => {
    const { update } = stream(mover);
    const entities = new Map([['e7', { x: Number.NaN, y: 0, kind: 1, owner: 1 }]]);
    expect(() => update(entities)).toThrow('entity e7: x does not fit its schema');
  });

  it('does not keep what it was given: lists in it may be written to', () => {
    const type = t.object({ bag: t.list(t.str()) });
    const { update, decoders } = stream(type);
    const one = { bag: ['a'] };
    update(new Map([['e', one]]));
    one.bag.push('b');
    update(new Map([['e', { ...one }]]));
    expect(decoders[0]!.entities.get('e')).toEqual({ bag: ['a', 'b'] });
  });
});

/** Which entities there are after each update, with which values; and whether a reader joins then. */
const worlds = fc.array(
  fc.record({
    present: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'an entity with a long key'), fc.nat(5)), {
      selector: ([key]) => key,
    }),
    joins: fc.boolean(),
  }),
  { maxLength: 6 },
);
const publicViews = (type: AnyType, entities: ReadonlyMap<string, object>) =>
  new Map([...entities].map(([key, entity]) => [key, viewOf(type, entity, { seat: null, belongs: () => false })]));
