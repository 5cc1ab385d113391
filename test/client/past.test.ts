import { describe, expect, it } from 'vitest';
import { Past } from '../../client/world/past.ts';
import { village } from '../protocol/world/village.ts';

function heard() {
  const past = new Past(village);
  let tick = 0;
  /** Views come so many ticks after their own, one after another. */
  const come = (late: readonly number[]) =>
    late.map((ticks) => {
      tick += 1;
      past.add({ version: tick, epoch: 1, tick, shared: {}, players: {}, entities: {}, me: null }, ticks);
      return past.delay;
    });
  return { past, come };
}
const times = (count: number, late: number) => Array.from({ length: count }, () => late);

describe('how far behind others are drawn', () => {
  it('follows the network up and down, so that nearly every view has come by then', () => {
    const { come } = heard();
    expect(come(times(100, 3)).at(-1)).toBeCloseTo(4);
    expect(come(times(300, 0.5)).at(-1)).toBeCloseTo(1.5);
  });

  it('never changes so quickly that what is drawn would go backwards', () => {
    const { come } = heard();
    const delays = come([...times(40, 1), ...times(40, 9), ...times(200, 0)]);
    const changes = delays.slice(1).map((delay, index) => delay - delays[index]!);
    expect(Math.max(...changes)).toBeLessThan(1);
    expect(Math.min(...changes)).toBeGreaterThan(-0.2);
  });

  it('is not led by one hiccup, and never more than half a second', () => {
    const { come } = heard();
    come(times(100, 1));
    expect(Math.max(...come([20, 19, ...times(100, 1)]))).toBeLessThan(2.1);
    expect(Math.max(...come(times(200, 60)))).toBeLessThanOrEqual(village.tick / 2);
  });
});
