/** A crowd that never rests: entities that all move in every tick, straight on and bouncing. */
import { t, world } from '../../protocol/index.ts';

/** Units, and units a second. */
const side = 1000;
const speeds = { least: 50, most: 150 };
const place = () => t.fixed(1 / 64, 0, side);

export const swarm = world('swarm', {
  tick: 20,
  players: 10_000,
  options: { size: t.int(1, 10_000).default(1000) },
  player: { here: t.bool().default(true) },
  entities: {
    mover: {
      x: place(),
      y: place(),
      kind: t.int(0, 15),
      owner: t.int(0, 65_535),
      dx: t.fixed(1 / 1024).hidden(),
      dy: t.fixed(1 / 1024).hidden(),
    },
  },
  input: { go: t.bool() },
});

export const swarmRules = swarm.rules({
  setup({ options, random, entities }) {
    for (let i = 0; i < options.size; i++) {
      const angle = (random.int(0, 9999) / 10_000) * 2 * Math.PI;
      const speed = random.int(speeds.least, speeds.most) / swarm.tick;
      const [dx, dy] = [Math.cos(angle) * speed, Math.sin(angle) * speed];
      entities.mover.add({ x: random.int(0, side), y: random.int(0, side), kind: i % 16, owner: i, dx, dy });
    }
    return {};
  },
  spawn: () => ({}),
  step() {},
  onTick({ entities }) {
    for (const [, mover] of entities.mover) {
      mover.x += mover.dx;
      mover.y += mover.dy;
      if (mover.x < 0 || mover.x > side) {
        mover.dx = -mover.dx;
        mover.x = bounced(mover.x);
      }
      if (mover.y < 0 || mover.y > side) {
        mover.dy = -mover.dy;
        mover.y = bounced(mover.y);
      }
    }
  },
});

const bounced = (at: number) => (at < 0 ? -at : 2 * side - at);
