import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BitReader, BitWriter } from '../../../../protocol/sync/packed/bits.ts';
import { readKey, writeKey } from '../../../../protocol/sync/packed/entity-keys.ts';

function written(keys: readonly string[]): Uint8Array {
  const out = new BitWriter();
  for (const key of keys) writeKey(out, key);
  return out.bytes();
}

const numbers = fc.oneof(fc.nat(2000), fc.nat(999_999_999_999_999));
const others = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('', '00', '-1', '1e3', '١'));

test('any keys come back as they were, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(numbers.map(String), others)), (keys) => {
      const from = new BitReader(written(keys));
      expect(keys.map(() => readKey(from))).toEqual(keys);
      from.end();
    }),
  );
});

test('keys that count up take five bits each, whatever they have come to', () => {
  const keys = Array.from({ length: 800 }, (_, i) => `${123_456_789 + i}`);
  expect(written(keys).length).toBeLessThan(800 * (5 / 8) + 10);
});

test('a number that no key can be is refused', () => {
  for (const number of [-1, 10 ** 15]) {
    const out = new BitWriter();
    out.bit(true);
    out.int(number, 2);
    expect(() => readKey(new BitReader(out.bytes()))).toThrow('no entity has the number');
  }
});
