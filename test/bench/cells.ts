/** Movers that wander, and players that stand still among them: who sees only the cell that it stands in, and who sees all. */
import { t, world, type Random } from '../../protocol/index.ts';
import { fly, side } from './flight.ts';
import { mover, scattered, turn } from './swarm.ts';

/** Units: 4 by 4 of them. */
const cell = 250;

const definition = {
  tick: 20,
  players: 1000,
  options: { size: t.int(1, 10_000).default(400) },
  player: { x: t.fixed(1 / 64, 0, side), y: t.fixed(1 / 64, 0, side) },
  entities: { mover },
  input: { go: t.bool() },
} as const;

const somewhere = ({ random }: { readonly random: Random }) => ({ x: random.int(0, side), y: random.int(0, side) });

export const cells = world('cells', { ...definition, interest: { cell, radius: 0 } });
export const cellsRules = cells.rules({
  setup: ({ options, random, entities }) => {
    for (const one of scattered(options.size, random)) entities.mover.add(one);
    return {};
  },
  spawn: somewhere,
  at: ({ x, y }) => [x, y],
  entitiesAt: { mover: ({ x, y }) => [x, y] },
  step() {},
  onTick: ({ entities, random }) => {
    for (const [, one] of entities.mover) wander(one, random);
  },
});

export const open = world('open', definition);
export const openRules = open.rules({
  setup: ({ options, random, entities }) => {
    for (const one of scattered(options.size, random)) entities.mover.add(one);
    return {};
  },
  spawn: somewhere,
  step() {},
  onTick: ({ entities, random }) => {
    for (const [, one] of entities.mover) wander(one, random);
  },
});

function wander(...[flight, random]: Parameters<typeof turn>): void {
  turn(flight, random);
  fly(flight);
}
