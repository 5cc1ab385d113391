import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectionCodec, hashOf, t, type AnyType } from '../../../../protocol/index.ts';
import { viewOf, type Viewer } from '../../../../protocol/schema/view.ts';
import { BitReader, BitWriter } from '../../../../protocol/sync/packed/bits.ts';
import { codecOf } from '../../../../protocol/sync/packed/codec-of.ts';
import { entitiesOf, schemaWithValues } from '../../schema/arbitrary-schema.ts';

const viewers: readonly Viewer[] = [
  { seat: null, belongs: () => false },
  { seat: 0, belongs: () => false },
  { seat: 1, belongs: (_, owner) => owner !== 2 },
];
/** As a root it is looked at from seat 0: the acting seat of an event, or an owner of the whole. */
const viewsOf = (type: AnyType, value: unknown) => viewers.map((viewer) => viewOf(type, value, viewer, 0));
const jsonCopy = (value: unknown): unknown => JSON.parse(JSON.stringify([value]))[0];

function written(type: AnyType, value: unknown): Uint8Array {
  const out = new BitWriter();
  codecOf(type).write(out, value);
  return out.bytes();
}
function read(type: AnyType, bytes: Uint8Array): unknown {
  const from = new BitReader(bytes);
  const value = codecOf(type).read(from);
  from.end();
  return value;
}
function change(type: AnyType, before: unknown, after: unknown): Uint8Array {
  const out = new BitWriter();
  codecOf(type).writeChange(out, before, after);
  return out.bytes();
}
function changed(type: AnyType, before: unknown, bytes: Uint8Array): unknown {
  const from = new BitReader(bytes);
  const value = codecOf(type).readChange(from, before);
  from.end();
  return value;
}

describe('a packed value', () => {
  it('reads as every view of every value of any schema', () => {
    fc.assert(
      fc.property(schemaWithValues(1), ({ type, values: [value] }) => {
        for (const view of viewsOf(type, value)) expect(read(type, written(type, view))).toEqual(view);
      }),
      { numRuns: 2000 },
    );
  });

  it('follows every change between views of any schema', () => {
    fc.assert(
      fc.property(schemaWithValues(2), ({ type, values: [one, two] }) => {
        const codec = codecOf(type);
        const [before, after] = [viewsOf(type, one), viewsOf(type, two)];
        for (const a of before) {
          for (const b of after) {
            if (codec.equal(a, b)) expect(jsonCopy(a)).toEqual(jsonCopy(b));
            else expect(changed(type, jsonCopy(a), change(type, a, b))).toEqual(b);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('has one hash for everybody, which tells different public values apart', () => {
    fc.assert(
      fc.property(schemaWithValues(2), ({ type, values: [one, two] }) => {
        const [open, ...others] = viewsOf(type, one);
        for (const other of others) expect(hashOf(type, other)).toBe(hashOf(type, open));
        const [openTwo] = viewsOf(type, two);
        const isEqual = codecOf(type).equal(open, openTwo);
        if (isEqual || !type.secret) expect(hashOf(type, open) === hashOf(type, openTwo)).toBe(isEqual);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hostile bytes', () => {
  const isRefused = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
  };
  const mutilated = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }), length: fc.nat() });
  const harmed = (bytes: Uint8Array, { at, bits, length }: { at: number; bits: number; length: number }) => {
    const copy = bytes.slice(0, length % 3 === 0 ? length % (bytes.length + 1) : bytes.length);
    if (copy.length > 0) copy[at % copy.length]! ^= bits;
    return copy;
  };

  it('read as something or throw a RangeError, whatever the schema', () => {
    fc.assert(
      fc.property(
        schemaWithValues(2),
        fc.uint8Array({ maxLength: 40 }),
        mutilated,
        ({ type, values: [one, two] }, noise, harm) => {
          const codec = codecOf(type);
          const [before] = viewsOf(type, one);
          const [after] = viewsOf(type, two);
          isRefused(() => codec.read(new BitReader(noise)));
          isRefused(() => codec.readChange(new BitReader(noise), before));
          isRefused(() => codec.read(new BitReader(harmed(written(type, before), harm))));
          if (!codec.equal(before, after))
            isRefused(() => codec.readChange(new BitReader(harmed(change(type, before, after), harm)), before));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('do the same to a collection', () => {
    fc.assert(
      fc.property(
        entitiesOf(2),
        fc.uint8Array({ maxLength: 40 }),
        mutilated,
        fc.boolean(),
        ({ type, values }, noise, harm, isNoise) => {
          const codec = collectionCodec(type);
          const [encoder, decoder] = [codec.encoder(), codec.decoder()];
          for (const [index, value] of values.entries()) {
            const out = new BitWriter();
            encoder.update(
              new Map([
                ['a', value as object],
                [`b${index}`, value as object],
              ]),
              out,
            );
            const bytes = out.bytes();
            if (index === 0) decoder.read(new BitReader(bytes));
            else isRefused(() => decoder.read(new BitReader(isNoise ? noise : harmed(bytes, harm))));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('make no more than a million things out of nothing', () => {
    const type = t.list(t.list(t.oneOf('only'), 10_000), 10_000);
    const out = new BitWriter();
    out.uint(10_000, 3);
    for (let i = 0; i < 10_000; i++) out.uint(10_000, 3);
    expect(() => codecOf(type).read(new BitReader(out.bytes()))).toThrow(RangeError);
  });

  it('cannot nest deeper than JSON may', () => {
    const out = new BitWriter();
    for (let i = 0; i < 100_000; i++) {
      out.bits(6, 3); // a list
      out.uint(1, 3);
    }
    // The type of `t.json()` is narrower than any.
    expect(() => codecOf(t.json() as unknown as AnyType).read(new BitReader(out.bytes()))).toThrow(RangeError);
  });
});
