import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { t, type AnyType } from '../../../../protocol/index.ts';
import { viewOf, type Viewer } from '../../../../protocol/schema/view.ts';
import { BitReader, BitWriter } from '../../../../protocol/sync/packed/bits.ts';
import { codecOf } from '../../../../protocol/sync/packed/codec-of.ts';
import { schemaWithValues } from '../../schema/arbitrary-schema.ts';

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
});
void t;
