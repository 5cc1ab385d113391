/** A world that shows what a crash takes: everybody walks, and leaves marks that are never removed. */
import { t, world } from '../../protocol/index.ts';

export const pasture = world('pasture', {
  tick: 20,
  keep: { everyMs: 200 },
  shared: { marks: t.list(t.str(), 1_000_000) },
  player: { x: t.fixed(1 / 16) },
  entities: { flower: { x: t.int() } },
  input: { dx: t.int(-1, 1) },
  moves: { mark: { name: t.str() } },
});

export const pastureRules = pasture.rules({
  setup: () => ({ marks: [] }),
  spawn: () => ({ x: 0 }),
  step(me, { dx }) {
    me.x += dx;
  },
  onTick({ tick, entities, random }) {
    if (tick % 20 === 0) entities.flower.add({ x: random.int(0, 1_000) });
  },
  moves: {
    mark({ shared }, { name }) {
      shared.marks.push(name);
    },
  },
});
