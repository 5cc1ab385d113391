import { t, world } from 'realmkit/protocol';

const [side, speed, reach] = [640, 180, 24]; // units, units a second, units

export const tag = world('tag', {
  tick: 20, // a second
  shared: { it: t.str().nullable() }, // who chases the others
  player: { x: t.fixed(1 / 16, 0, side), y: t.fixed(1 / 16, 0, side), caught: t.int(0).default(0) },
  input: { dx: t.int(-1, 1), dy: t.int(-1, 1) }, // what a player holds down in a tick
  events: { caught: { who: t.str() } },
});

export const tagRules = tag.rules({
  setup: () => ({ it: null }),
  spawn: ({ random }) => ({ x: random.int(0, side), y: random.int(0, side) }),
  step(me, { dx, dy }, { dt }) {
    me.x = Math.min(Math.max(me.x + dx * speed * dt, 0), side);
    me.y = Math.min(Math.max(me.y + dy * speed * dt, 0), side);
  },
  onTick({ players, shared, emit }) {
    const chaser = players[shared.it ?? ''];
    if (!chaser) return void (shared.it = Object.keys(players)[0] ?? null);
    for (const [who, player] of Object.entries(players)) {
      if (who === shared.it || Math.hypot(player.x - chaser.x, player.y - chaser.y) > reach) continue;
      player.caught += 1;
      [player.x, player.y] = [side - player.x, side - player.y]; // away from who was it
      emit('caught', { who });
      return void (shared.it = who);
    }
  },
});
