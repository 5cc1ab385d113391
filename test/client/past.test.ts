import { describe, expect, it } from 'vitest';
import { Past } from '../../client/world/past.ts';
import { village } from '../protocol/world/village.ts';

/** A player that goes one unit a tick. */
const view = (tick: number) => ({
  version: tick,
  epoch: 1,
  tick,
  shared: {},
  me: null,
  players: { ada: { x: tick, y: 0 } },
  entities: { coin: {} },
});

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

describe('the tick that is drawn', () => {
  it('lies the delay behind, and does not go back when the clock is set back a little', () => {
    const { past, come } = heard();
    come(times(60, 1));
    const shown = past.shownAt(60);
    expect(shown).toBeCloseTo(60 - past.delay);
    expect(past.shownAt(57)).toBe(shown);
    expect(past.shownAt(60.5)).toBeCloseTo(shown + 0.5);
  });

  it('follows a clock that was quite wrong', () => {
    const { past } = heard();
    past.shownAt(1_000);
    expect(past.shownAt(20)).toBeCloseTo(20 - past.delay);
  });
});

describe('what is drawn', () => {
  it('lies between two states that have come', () => {
    const past = new Past(village);
    for (const tick of [1, 2, 3]) past.add(view(tick), null);
    expect(past.at(1.5)).toMatchObject({ players: { ada: { x: 1.5 } } });
    expect(past.at(2.25)).toMatchObject({ players: { ada: { x: 2.25 } } });
  });

  it('is the first state there is, however early: nobody vanishes after a snapshot', () => {
    const past = new Past(village);
    expect(past.at(3)).toEqual({ players: {}, entities: { coin: {} } });
    past.add(view(10), null);
    for (const tick of [3, 10, 12]) expect(past.at(tick)).toMatchObject({ players: { ada: { x: 10 } } });
    past.add(view(11), null);
    expect(past.at(3)).toMatchObject({ players: { ada: { x: 10 } } });
  });
});
