import { assert, property, array, integer } from 'fast-check';
import { expect, it } from 'vitest';
import { Rate } from '../../../server/authority/rate.ts';

it('a burst is allowed at once, then one action each time enough has passed', () => {
  const rate = new Rate({ perSecond: 10, burst: 2 }, 0);
  expect([rate.take(0), rate.take(0), rate.take(0)]).toEqual([0, 0, 100]);
  expect([rate.take(99), rate.take(100), rate.take(100)]).toEqual([1, 0, 100]);
  expect([rate.take(10_000), rate.take(10_000), rate.take(10_000)]).toEqual([0, 0, 100]);
});

it('whoever waits as long as was said may go ahead', () => {
  assert(
    property(array(integer({ min: 0, max: 300 })), integer({ min: 1, max: 50 }), (pauses, perSecond) => {
      const rate = new Rate({ perSecond, burst: 3 }, 0);
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        const wait = rate.take(now);
        if (wait > 0) expect(rate.take((now += wait))).toBe(0);
      }
    }),
  );
});
