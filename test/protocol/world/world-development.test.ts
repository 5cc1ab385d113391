import { expect, it } from 'vitest';
import { RunningWorld, worldInDevelopment } from '../../../protocol/index.ts';
import { village, villageDefinition } from './village.ts';

/** What the first tick, in which ada is there, fails with. */
function failure(rules: Partial<typeof villageDefinition>): unknown {
  const watched = worldInDevelopment(village.rules({ ...villageDefinition, ...rules }));
  const world = new RunningWorld(watched, { seed: 1 });
  world.enter('ada');
  world.input('ada', 1, [{ dx: 1, dy: 0 }]);
  return world.step().failures[0];
}

it('rules of a world that are watched do as they did', () => {
  expect(failure({})).toBe(undefined);
});

it('time and chance of the host are caught in the rules of a world, with the rule and the line', () => {
  expect(failure({ step: (me) => void (me.x = Date.now() % 9) })).toMatchObject({
    message: expect.stringMatching(/village\.step.*Date[\s\S]*world-development\.test\.ts:\d+/),
  });
  expect(failure({ onTick: ({ shared }) => void (shared.hour = Math.floor(Math.random() * 9)) })).toMatchObject({
    message: expect.stringMatching(/village\.onTick.*Math\.random/),
  });
});

it('a move of a world that waits is caught', () => {
  const moves = { ...villageDefinition.moves, plan: (async () => {}) as never };
  const world = new RunningWorld(worldInDevelopment(village.rules({ ...villageDefinition, moves })), { seed: 1 });
  world.enter('ada');
  expect(world.move('ada', 'plan', { text: '' })).toMatchObject({
    ok: false,
    cause: { message: expect.stringContaining('village.moves.plan is async') },
  });
});

it('rules that are watched already stay as they are: they may be swapped', () => {
  const watched = worldInDevelopment(village.rules(villageDefinition));
  expect(worldInDevelopment(watched)).toBe(watched);
});
