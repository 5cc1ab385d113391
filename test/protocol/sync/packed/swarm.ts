/** Movers in a square, straight on and bouncing, from a seed: what a world of many entities looks like. */
import { seeded, SeededRandom, t } from '../../../../protocol/index.ts';

export const mover = t.object({
  x: t.fixed(1 / 64, 0, 1000),
  y: t.fixed(1 / 64, 0, 1000),
  kind: t.int(0, 15),
  owner: t.int(0, 65_535),
});
interface Mover {
  x: number;
  y: number;
  kind: number;
  owner: number;
}

/** Units, updates per second. */
const side = 1000;
const rate = 20;

/** @param rounds whether positions are rounded to 1/64 as the authority writes them, or stay as they come out. */
export function swarm(count: number, { seed = 1, rounds = true } = {}) {
  const random = new SeededRandom(seeded(seed));
  const chance = () => random.int(0, 2 ** 32 - 1) / 2 ** 32;
  const entities = new Map<string, Mover>();
  const speeds: [key: string, dx: number, dy: number][] = [];
  for (let i = 0; i < count; i++) {
    const [angle, speed] = [chance() * 2 * Math.PI, (50 + chance() * 100) / rate];
    entities.set(`e${i}`, { x: chance() * side, y: chance() * side, kind: i % 16, owner: i });
    speeds.push([`e${i}`, Math.cos(angle) * speed, Math.sin(angle) * speed]);
  }
  const kept = (value: number) => (rounds ? Math.round(value * 64) / 64 : value);
  const step = () => {
    for (const moving of speeds) {
      const one = entities.get(moving[0])!;
      const x = kept(bounced(one.x + moving[1], () => (moving[1] *= -1)));
      const y = kept(bounced(one.y + moving[2], () => (moving[2] *= -1)));
      entities.set(moving[0], { ...one, x, y });
    }
  };
  return { entities, step };
}

function bounced(place: number, turn: () => void): number {
  if (place >= 0 && place <= side) return place;
  turn();
  return place < 0 ? -place : 2 * side - place;
}
