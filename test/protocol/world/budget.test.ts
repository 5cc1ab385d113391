import { describe, expect, it } from 'vitest';
import { RunningWorld, t, world, WorldFollower, WorldPublisher, type AnyWorldRules } from '../../../protocol/index.ts';

const budget = 60;
const place = () => t.fixed(1 / 16, 0, 1000);
const swarm = world('swarm', {
  tick: 20,
  options: { bees: t.int(0, 1000).default(100) },
  player: { x: place().default(0), y: place().default(0), say: t.str().default('') },
  entities: { bee: { x: place(), y: place(), isQueen: t.bool() } },
  input: { dx: t.int(-1, 1) },
  budget,
});
type Definition = Parameters<typeof swarm.rules>[0];
/** Bees that fly about by chance: each comes otherwise than expected, in every tick. */
const definition: Definition = {
  setup({ options, entities, random }) {
    for (let i = 0; i < options.bees; i++)
      entities.bee.add({ x: random.int(0, 100), y: random.int(0, 100), isQueen: i < 5 });
    return {};
  },
  spawn: () => ({}),
  step(me, { dx }, { dt }) {
    me.x += dx * 40 * dt;
  },
  onTick({ entities, random }) {
    for (const [, bee] of entities.bee) {
      bee.x = random.int(0, 100);
      bee.y = random.int(0, 100);
    }
  },
};

/** A world with a reader for each player. */
function follow(
  rules: AnyWorldRules,
  { options = {}, players = ['ada'] }: { options?: object; players?: string[] } = {},
) {
  const running = new RunningWorld(rules, { options, seed: 1 });
  const publisher = new WorldPublisher(running);
  const readers = new Map<string, WorldFollower>();
  const join = (id: string) => {
    running.enter(id);
    const follower = new WorldFollower(rules.game);
    follower.reset(publisher.snapshot(id), id);
    readers.set(id, follower);
    return follower;
  };
  for (const id of players) join(id);
  return {
    running,
    publisher,
    readers,
    join,
    /** @returns bytes of the commit, and of what was for single players. */
    tick() {
      const sizes = { commit: 0, own: 0 };
      for (const { to, messages } of publisher.publish(running.step())) {
        for (const message of messages) {
          sizes[to ? 'own' : 'commit'] += message.length;
          for (const [id, reader] of readers)
            if (!to || to.includes(id)) expect(['lost', 'diverged']).not.toContain(reader.accept(message));
        }
      }
      return sizes;
    },
    bees: (id: string) => readers.get(id)!.view.entities['bee'] as { [key: string]: { x: number; isQueen: boolean } },
  };
}

describe('a budget', () => {
  it('is held by what is sent in each update', () => {
    const here = follow(swarm.rules(definition));
    const sizes = Array.from({ length: 100 }, () => here.tick().commit);
    const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(average).toBeLessThan(budget + 5); // and version, tick and hash
    expect(average).toBeGreaterThan(budget * 0.7);
    expect(Math.max(...sizes)).toBeLessThan(budget * 1.3);
  });

  it('lets all come in turn: nothing waits for ever', () => {
    const here = follow(swarm.rules(definition));
    const told = new Set<string>();
    let before = here.bees('ada');
    for (let tick = 0; tick < 60; tick++) {
      here.tick();
      const now = here.bees('ada');
      for (const key in now) if (now[key]!.x !== before[key]!.x) told.add(key);
      before = now;
    }
    expect(told.size).toBe(100);
  });

  it('gives what has priority its turn more often', () => {
    const exact = { queens: 0, others: 0 };
    const here = follow(swarm.rules({ ...definition, priority: { bee: ({ isQueen }) => (isQueen ? 10 : 1) } }));
    for (let tick = 0; tick < 100; tick++) {
      here.tick();
      const where = here.running.entities('bee') as ReadonlyMap<string, { x: number }>;
      for (const [key, { x, isQueen }] of Object.entries(here.bees('ada')))
        if (x === where.get(key)!.x) exact[isQueen ? 'queens' : 'others'] += 1;
    }
    expect(exact.queens / 5).toBeGreaterThan((exact.others / 95) * 3);
  });

  it('never delays what a client is told of its own player: state and inputs that were taken', () => {
    const ids = ['ada', 'bob', 'zoe'];
    const here = follow(swarm.rules(definition), { players: ids });
    for (let tick = 1; tick < 100; tick++) {
      for (const [i, id] of ids.entries()) here.running.input(id, tick, [{ dx: ((tick >> i) % 3) - 1 }]);
      here.tick();
      for (const id of ids) {
        const reader = here.readers.get(id)!;
        expect(reader.view.me).toEqual(here.publisher.view(id).me);
        expect(reader.taken(id).input).toBe(here.running.taken(id));
      }
    }
  });

  it('costs a client nothing of its own while everybody is told all', () => {
    const here = follow(swarm.rules(definition), { options: { bees: 0 }, players: ['ada', 'bob'] });
    here.tick();
    for (let tick = 1; tick < 20; tick++) {
      here.running.input('ada', tick, [{ dx: 1 }]);
      expect(here.tick().own).toBe(0);
    }
  });

  it('lets who comes while much waits see what the others see', () => {
    const here = follow(swarm.rules(definition));
    for (let tick = 0; tick < 20; tick++) here.tick();
    here.join('late');
    for (let tick = 0; tick < 40; tick++) {
      expect(here.bees('late')).toEqual(here.bees('ada'));
      here.tick();
    }
    expect(here.readers.get('late')!.view.me).not.toBe(null);
  });

  it('does not hide for a moment what crosses from one cell to another', () => {
    const grid = world('grid', {
      tick: 20,
      player: { x: place().default(50), y: place().default(50) },
      entities: { bee: { x: place(), y: place() } },
      input: {},
      interest: { cell: 10, radius: 10 },
      budget: 4,
    });
    const here = follow(
      grid.rules({
        setup({ entities }) {
          for (let i = 0; i < 50; i++) entities.bee.add({ x: i, y: 50 });
          return {};
        },
        spawn: () => ({}),
        at: ({ x, y }) => [x, y],
        entitiesAt: { bee: ({ x, y }) => [x, y] },
        step() {},
        onTick({ entities, random }) {
          for (const [, bee] of entities.bee) bee.x = random.int(0, 100);
        },
      }),
    );
    for (let tick = 0; tick < 50; tick++) {
      here.tick();
      expect(Object.keys(here.bees('ada'))).toHaveLength(50);
    }
  });

  it('goes on where its priority is none, and tells of it', () => {
    const fails = () => {
      throw new Error('no priority');
    };
    const here = follow(swarm.rules({ ...definition, priority: { bee: fails, players: () => Number.NaN } }));
    here.tick();
    expect(here.running.step().failures).toContainEqual(new Error('no priority'));
  });

  it('knows the kinds that there are, and what they hold', () => {
    swarm.rules({ ...definition, priority: { players: ({ say }) => say.length, bee: ({ x }) => x } });
    // @ts-expect-error: a bee says nothing
    swarm.rules({ ...definition, priority: { bee: ({ say }) => say.length } });
    // @ts-expect-error: there are no wasps
    swarm.rules({ ...definition, priority: { wasp: () => 1 } });
  });

  it('of nothing, or of parts of bytes, is refused', () => {
    for (const wrong of [0, -1, 1.5, Number.NaN])
      expect(() => world('poor', { tick: 20, player: {}, input: {}, budget: wrong })).toThrow(
        `world poor: a budget of ${wrong} bytes; a whole number from 1 is wanted`,
      );
  });
});
