import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unmask } from '../../../server/transports/unmask.ts';

const octets = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ max: 127, maxLength: 200 }));

test('wherever a payload lies, each octet is unmasked, none beside it is touched, and ASCII is told from other text', () => {
  const key = fc.uint8Array({ minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.nat(8), key, octets, fc.nat(5), (before, mask, plain, behind) => {
      const masked = plain.map((octet, i) => octet ^ mask[i % 4]!);
      const around = Buffer.alloc(before + 4 + plain.length + behind, 0xaa);
      const data = around.subarray(before);
      data.set(mask);
      data.set(masked, 4);
      expect(unmask(data, 4, 4 + plain.length)).toBe(plain.every((octet) => octet < 0x80));
      const all = [...Buffer.alloc(before, 0xaa), ...mask, ...plain, ...Buffer.alloc(behind, 0xaa)];
      expect([...around]).toEqual(all);
      unmask(data, 4, 4 + plain.length);
      expect([...data.subarray(4, 4 + plain.length)]).toEqual([...masked]);
    }),
    { numRuns: 1000 },
  );
});
