/** A world to be kept: players walk, dig for gold by chance and plant trees; a day dawns by a timer. */
import { t, world } from '../../../protocol/index.ts';

const definition = {
  tick: 10,
  shared: { days: t.int(0) },
  player: { x: t.fixed(1 / 16), gold: t.int(0).owner() },
  entities: { tree: { x: t.int() } },
  input: { dx: t.int(-1, 1) },
  moves: { dig: {}, plant: { x: t.int() }, sleep: { ms: t.int(0) } },
  timers: { dawn: {} },
};

const campOf = (keep: { everyMs: number } | false) => world('camp', { ...definition, keep });
type Camp = ReturnType<typeof campOf>;

const behaviour: Parameters<Camp['rules']>[0] = {
  setup: () => ({ days: 0 }),
  spawn: () => ({ x: 0, gold: 0 }),
  step(me, { dx }, { dt }) {
    me.x += dx * dt * 10;
  },
  moves: {
    dig({ me, random }) {
      me.gold += random.int(1, 1_000);
    },
    plant({ entities }, tree) {
      entities.tree.add(tree);
    },
    sleep({ after }, { ms }) {
      after(ms, 'dawn');
    },
  },
  timers: {
    dawn({ shared }) {
      shared.days += 1;
    },
  },
};

/** Ten ticks a second, stored every second. */
export const campRules = campOf({ everyMs: 1_000 }).rules(behaviour);
export const forgottenCampRules = campOf(false).rules(behaviour);

/** The same name with other schemas: the first has one more field, the second lacks what is there. */
const larger = world('camp', { ...definition, player: { ...definition.player, hats: t.int().default(3) } });
export const largerCampRules = larger.rules(behaviour);
const { shared, player, input, tick } = definition;
const bare = world('camp', { tick, shared, player, input });
export const bareCampRules = bare.rules({
  setup: () => ({ days: 0 }),
  spawn: () => ({ x: 0, gold: 0 }),
  step() {},
});
