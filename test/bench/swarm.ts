/** A crowd that never rests: entities that all move in every tick, straight on and bouncing. */
import { t, world, type Random } from '../../protocol/index.ts';
import { fly, side, type Flight } from './flight.ts';

/** Units a second. */
const speeds = { least: 50, most: 150 };
const tick = 20;
const place = () => t.fixed(1 / 64, 0, side);

export const mover = {
  x: place(),
  y: place(),
  kind: t.int(0, 15),
  owner: t.int(0, 65_535),
  dx: t.fixed(1 / 1024).hidden(),
  dy: t.fixed(1 / 1024).hidden(),
};
export const swarm = world('swarm', {
  tick,
  players: 10_000,
  options: { size: t.int(1, 10_000).default(1000) },
  player: { here: t.bool().default(true) },
  entities: { mover },
  input: { go: t.bool() },
});

export const swarmRules = swarm.rules({
  setup({ options, random, entities }) {
    for (const one of scattered(options.size, random)) entities.mover.add(one);
    return {};
  },
  spawn: () => ({}),
  step() {},
  onTick({ entities }) {
    for (const [, one] of entities.mover) fly(one);
  },
});

/** So many movers, each with a way of its own. */
export function scattered(
  size: number,
  random: Random,
): (Flight & { readonly kind: number; readonly owner: number })[] {
  return Array.from({ length: size }, (_, i) => {
    const angle = (random.int(0, 9999) / 10_000) * 2 * Math.PI;
    const speed = random.int(speeds.least, speeds.most) / tick;
    const [dx, dy] = [Math.cos(angle) * speed, Math.sin(angle) * speed];
    return { x: random.int(0, side), y: random.int(0, side), kind: i % 16, owner: i, dx, dy };
  });
}

/** Turns one's way by up to 0.3 radians to either side: nobody can say where it will be. */
export function turn(flight: Flight, random: Random): void {
  const angle = random.int(-300, 300) / 1000;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const { dx, dy } = flight;
  flight.dx = dx * cos - dy * sin;
  flight.dy = dx * sin + dy * cos;
}
