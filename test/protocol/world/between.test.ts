import { expect, it } from 'vitest';
import { betweener, t } from '../../../protocol/index.ts';

const between = betweener(
  t.object({ x: t.fixed(1 / 16), turn: t.angle(), hp: t.int(), name: t.str(), far: t.fixed(1).nullable() }),
);
const a = { x: 10, turn: 3, hp: 5, name: 'a', far: 1 };
const b = { x: 20, turn: -3, hp: 3, name: 'b', far: null };

it('numbers that move are drawn between two states, the rest as in the earlier one', () => {
  const { turn, ...others } = between(a, b, 0.25) as typeof a;
  expect(others).toEqual({ x: 12.5, hp: 5, name: 'a', far: 1 });
  expect(turn).toBeCloseTo(3 + (2 * Math.PI - 6) / 4);
});

it('an angle goes the shorter way and stays within a turn', () => {
  const { turn } = between(a, b, 0.75) as typeof a;
  expect(turn).toBeCloseTo(-3 - (2 * Math.PI - 6) / 4);
});

it('past the later state motion goes on', () => {
  expect(between(a, b, 1.5)).toMatchObject({ x: 25, hp: 3, name: 'b', far: null });
});
