import { describe, expect, it } from 'vitest';
import type { AnyView } from '../../../protocol/index.ts';
import { clockText, countdownOf } from '../../../client/ui/clock-face.ts';

const view = (changes: Partial<AnyView>): AnyView => ({
  version: 4,
  epoch: 1,
  state: {},
  seats: [
    { player: 'ada', connected: true },
    { player: 'bob', connected: false, heldUntil: 120_000 },
  ],
  toAct: [0],
  phase: null,
  stage: null,
  clocks: [
    { leftMs: 30_000, runningSince: 5_000 },
    { leftMs: 60_000, runningSince: null },
  ],
  options: {},
  result: null,
  offers: [],
  rematch: { wantedBy: [], match: null },
  ...changes,
});

it.each([
  [3_900_000, '1:05:00'],
  [299_001, '5:00'],
  [299_000, '4:59'],
  [20_000, '0:20'],
  [19_999, '0:20.0'],
  [9_210, '0:09.3'],
  [1, '0:00.1'],
  [0, '0:00.0'],
])('%i ms are shown as %s: zero only when the time is up', (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

describe('a countdown', () => {
  it('runs with match time for who is to act, and looks urgent when little is left', () => {
    expect(countdownOf(view({}), 0, 14_000).clock).toEqual({ text: '0:21', isLow: false });
    expect(countdownOf(view({}), 0, 25_000).clock).toEqual({ text: '0:10.0', isLow: true });
    expect(countdownOf(view({}), 1, 25_000).clock).toEqual({ text: '1:00', isLow: false });
  });

  it('says how long the seat of who is away is kept', () => {
    expect(countdownOf(view({}), 1, 7_500).held).toBe('· away, 1:53 to return');
    expect(countdownOf(view({}), 1, 200_000).held).toBe('· away');
    expect(countdownOf(view({ result: { winner: 0 } }), 1, 7_500).held).toBeNull();
  });

  it('is not there in a match without clocks, where everybody is', () => {
    expect(countdownOf(view({ clocks: null }), 0, 5)).toEqual({ clock: null, held: null });
  });
});
