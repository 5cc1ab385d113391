import { assert, property, array, integer } from 'fast-check';
import { expect, it } from 'vitest';
import { Rate, Rates } from '../../server/rate.ts';

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

it('something larger than the burst needs all of it, and is paid off before the next', () => {
  const rate = new Rate({ perSecond: 10, burst: 2 }, 0);
  expect([rate.take(0, 5), rate.take(0)]).toEqual([0, 400]);
  expect([rate.take(400), rate.take(400)]).toEqual([0, 100]);
  expect([rate.take(600, 5), rate.take(700, 5)]).toEqual([0, 400]);
});

it('another limit holds at once, and gives nothing away', () => {
  const rate = new Rate({ perSecond: 10, burst: 2 }, 0);
  rate.take(0);
  rate.take(0);
  rate.change({ perSecond: 1000, burst: 100 }, 0);
  expect([rate.take(0), rate.take(1), rate.take(1)]).toEqual([1, 0, 1]);
  rate.change({ perSecond: 10, burst: 2 }, 1000);
  expect([rate.take(1000), rate.take(1000), rate.take(1000)]).toEqual([0, 0, 100]);
});

it('where there is no limit, all may go ahead at any time', () => {
  const rate = new Rate({ perSecond: Infinity, burst: Infinity }, 0);
  for (const now of [0, 0, 5, 4, 1e12]) expect(rate.take(now, 1e9)).toBe(0);
  rate.change({ perSecond: 10, burst: 1 }, 1e12);
  expect([rate.take(1e12), rate.take(1e12)]).toEqual([0, 100]);
});

it('a clock that is set back neither gives nor takes', () => {
  const rate = new Rate({ perSecond: 10, burst: 1 }, 1000);
  expect([rate.take(1000), rate.take(500), rate.take(600)]).toEqual([0, 100, 0]);
});

it('each of many has a limit of its own, and is forgotten when it has recovered', () => {
  const rates = new Rates({ perSecond: 1, burst: 1 });
  expect([rates.take('ada', 0), rates.take('bob', 0), rates.take('ada', 500)]).toEqual([0, 0, 500]);
  expect(rates.size).toBe(2);
  expect(rates.take('cyd', 1000)).toBe(0);
  expect(rates.size).toBe(1);
});
