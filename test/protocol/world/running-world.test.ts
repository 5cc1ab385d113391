import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concealed, OptionsError, RunningWorld, t, world as declare, WorldSight } from '../../../protocol/index.ts';
import { village, villageDefinition, villageRules } from './village.ts';

/** 3.2 units a tick, rounded to sixteenths each time. */
const stride = 3.1875;
type Player = (typeof village)['types']['player'];

function started(options: object = {}, seed = 1) {
  const world = new RunningWorld(villageRules, { options, seed });
  return {
    world,
    player: (id: string) => world.players.get(id) as Player | undefined,
    steps(count: number) {
      for (let i = 0; i < count; i++) expect(world.step().failures).toEqual([]);
    },
  };
}

describe('players', () => {
  it('come by spawn and go', () => {
    const { world, player } = started();
    world.enter('ada');
    expect(player('ada')).toMatchObject({ x: 0, gold: 50, team: 'red', plan: '' });
    world.leave('ada');
    expect(world.players.size).toBe(0);
  });

  it('move by one input a tick, each once, however often it is sent', () => {
    const { world, player, steps } = started();
    world.enter('ada');
    const right = { dx: 1, dy: 0 };
    world.input('ada', 1, [right]);
    world.input('ada', 2, [right, right]);
    world.input('ada', 2, [right, right]);
    steps(5);
    expect(player('ada')!.x).toBe(2 * stride);
    expect(world.taken('ada')).toBe(2);
  });

  it('who are late catch up, and never get more steps than ticks', () => {
    const inputs = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 100 });
    fc.assert(
      fc.property(inputs, (arriving) => {
        const { world, player, steps } = started();
        world.enter('ada');
        let sent = 0;
        for (const [tick, count] of arriving.entries()) {
          sent += count;
          world.input(
            'ada',
            sent,
            Array.from({ length: count }, () => ({ dx: 1, dy: 0 })),
          );
          steps(1);
          expect(player('ada')!.x / stride).toBeLessThanOrEqual(tick + 1);
        }
      }),
    );
  });

  it('whose inputs come in bursts end where steady ones do', () => {
    const steady = started();
    const bursts = started();
    for (const { world } of [steady, bursts]) world.enter('ada');
    const right = { dx: 1, dy: 0 };
    for (let tick = 1; tick <= 40; tick++) {
      steady.world.input('ada', tick, [right]);
      if (tick % 4 === 0) bursts.world.input('ada', tick, [right, right, right, right]);
      steady.steps(1);
      bursts.steps(1);
    }
    bursts.steps(20);
    expect(bursts.player('ada')).toEqual(steady.player('ada'));
  });

  it('that say nonsense stand still, or are clamped', () => {
    const { world, player, steps } = started();
    world.enter('ada');
    world.input('ada', 5, [{ dx: NaN, dy: 'up' }, { dx: 900 }, null, [1], { dx: 1, dy: 0, dz: 9 }]);
    steps(5);
    expect(player('ada')).toMatchObject({ x: 2 * stride, y: 0 });
  });
});

describe('a move', () => {
  it('that is made shows at once, and its events with the next tick', () => {
    const { world, player } = started();
    world.enter('ada');
    expect(world.move('ada', 'buy', { item: 'rope', quantity: 2 })).toEqual({ ok: true });
    expect(player('ada')).toMatchObject({ gold: 44, bag: [{ name: 'rope', quantity: 2 }] });
    const [event] = world.step().events;
    expect(new WorldSight(world, 'ada').event(event!)).toEqual({ event: 'bought', data: { item: 'rope', price: 6 } });
    expect(new WorldSight(world, 'bob').event(event!).data).toEqual({ item: 'rope', price: concealed });
  });

  it.each([
    ['refused by the rules', 'buy', { item: 'rope', quantity: 9 }, 'too_poor', { need: 27 }],
    ['that fails', 'fail', {}, 'rule_failed', {}],
    [
      'that does not exist',
      'fly',
      {},
      'bad_arguments',
      { issues: [{ path: 'move', message: 'village has no move "fly"' }] },
    ],
  ])('%s changes nothing', (_, move, args, code, details) => {
    const { world } = started({ coins: 3 });
    world.enter('ada');
    world.move('ada', 'buy', { item: 'rope', quantity: 8 });
    world.step();
    const before = structuredClone(world.keep());
    expect(world.move('ada', move, args)).toMatchObject({ ok: false, error: { code, details } });
    expect(world.keep()).toEqual(before);
    expect(world.step().events).toEqual([]);
  });

  it('that is refused says no more than its player may know', () => {
    const dark = declare('dark', {
      tick: 20,
      player: { x: t.fixed(1).default(0) },
      input: { dx: t.int(-1, 1) },
      moves: { dig: {} },
      errors: { hollow: { depth: t.int().hidden(), tired: t.int().owner() } },
    }).rules({
      spawn: () => ({}),
      step() {},
      moves: { dig: ({ reject }) => reject('hollow', { depth: 7, tired: 1 }) },
    });
    const here = new RunningWorld(dark, { seed: 1 });
    here.enter('ada');
    expect(here.move('ada', 'dig', {})).toMatchObject({ error: { code: 'hollow' } });
    expect(here.move('ada', 'dig', {})).toHaveProperty('error.details', { tired: 1 });
  });

  it('of nobody who is here is refused', () => {
    expect(started().world.move('ada', 'plan', { text: 'x' })).toMatchObject({ ok: false, error: { code: 'no_seat' } });
  });
});

describe('a world', () => {
  it('refuses options that do not fit', () => {
    expect(() => started({ coins: 51 })).toThrow(OptionsError);
  });

  it('runs timers in the tick in which they are due', () => {
    const { world, steps } = started();
    world.enter('ada');
    steps(20 * 60 + 1);
    expect(world.shared).toEqual({ hour: 6 });
    steps(1);
    expect(world.shared).toEqual({ hour: 7 });
  });

  it('goes on where it was kept, chance and timers included', () => {
    const { world } = started({ coins: 30 }, 7);
    world.enter('ada');
    const drive = (one: RunningWorld, from: number) => {
      for (let i = 1; i <= 30; i++) {
        one.input('ada', from + i, [{ dx: i % 3 === 0 ? -1 : 1, dy: 0 }]);
        one.step();
      }
    };
    drive(world, 0);
    const again = new RunningWorld(villageRules, { options: { coins: 30 }, seed: 0 }, structuredClone(world.keep()));
    drive(world, 30);
    again.restart('ada');
    drive(again, 0);
    expect(again.keep()).toEqual(world.keep());
    world.enter('bob');
    again.enter('bob');
    expect(again.players.get('bob')).toEqual(world.players.get('bob'));
  });

  it('is kept part by part, each the same object where nothing has changed', () => {
    const { world, steps } = started();
    world.enter('ada');
    steps(1);
    const { shared, players, entities } = world.keep(); // the move that fails has written to all of them
    world.move('ada', 'fail', {});
    steps(1);
    expect(world.keep().shared).toBe(shared);
    expect(world.keep().players).toBe(players);
    expect(world.keep().entities).toEqual(entities);
    world.move('ada', 'buy', { item: 'rope', quantity: 1 });
    expect(world.keep().players).not.toBe(players);
    world.input('ada', 1, [{ dx: 1, dy: 0 }]);
    steps(1);
    expect(world.keep().players.things['ada']).toMatchObject({ x: stride, gold: 47 });
    expect(world.keep().entities['coin']).toBe(world.keep().entities['coin']);
  });

  it.each([
    ['a timer', { timers: [{ due: 9, timer: 'flood', args: {} }] }, 'village has no timer "flood"'],
    [
      'what a timer is given',
      { timers: [{ due: 9, timer: 'strike', args: { hour: 24 } }] },
      'of timer strike do not fit',
    ],
    ['a kind of entities', { entities: { gem: { nextKey: 2, things: { 1: {} } } } }, 'village has no entities "gem"'],
    ['an entity', { entities: { coin: { nextKey: 2, things: { 1: { x: 0 } } } } }, 'coin.1 does not fit its schema: y'],
    ['what is shared', { shared: { hour: 24 } }, 'shared does not fit its schema: hour'],
  ])('that was kept when %s was otherwise says so', (_, other, problem) => {
    const kept = { ...started().world.keep(), ...other };
    expect(() => new RunningWorld(villageRules, { seed: 1 }, kept)).toThrow(problem);
  });

  it('that was kept before it had a kind of entities goes on', () => {
    const { entities: _, ...kept } = started({ coins: 1 }).world.keep();
    const again = new RunningWorld(
      villageRules,
      { seed: 1 },
      { ...kept, entities: { gem: { nextKey: 1, things: {} } } },
    );
    expect(again.entities('coin').size).toBe(0);
  });

  it('is kept every second, as often as it says, or not at all', () => {
    const keptBy = (keep?: { everyMs: number } | false) =>
      declare('w', { tick: 20, player: {}, input: {}, ...(keep === undefined ? {} : { keep }) }).keep;
    expect([keptBy(), keptBy({ everyMs: 0 }), keptBy(false)]).toEqual([{ everyMs: 1_000 }, { everyMs: 0 }, null]);
    for (const everyMs of [-1, Number.NaN, 3_600_001])
      expect(() => keptBy({ everyMs })).toThrow('world w: keep wants everyMs from 0 to 3600000, or false');
  });

  it('whose rules write what does not fit puts that back, tells, and goes on', () => {
    const broken = village.rules({ ...villageDefinition, onTick: ({ players }) => void (players['ada']!.gold = 0.5) });
    const world = new RunningWorld(broken, { seed: 1 });
    world.enter('ada');
    world.input('ada', 1, [{ dx: 1, dy: 0 }]);
    const { failures } = world.step();
    expect(String(failures[0])).toContain('players.ada does not fit its schema: gold: ');
    expect(world.players.get('ada')).toMatchObject({ gold: 50 });
  });

  it('keeps what has not changed the same object', () => {
    const { world, steps } = started({ coins: 1 });
    world.enter('ada');
    steps(1);
    const before = [world.players.get('ada'), world.shared, ...world.entities('coin').values()];
    steps(1);
    expect(
      [world.players.get('ada'), world.shared, ...world.entities('coin').values()].map((one, i) => one === before[i]),
    ).toEqual([true, true, true]);
  });
});

it('a rewound move meets others where its player saw them', () => {
  const { world } = started();
  world.enter('ada');
  world.enter('bob');
  for (let tick = 1; tick <= 10; tick++) {
    world.input('bob', tick, [{ dx: 1, dy: 0 }]);
    world.input('ada', tick, [{ dx: 0, dy: 0 }], tick - 4);
    world.step();
  }
  world.move('ada', 'shoot', { x: 6 * stride });
  expect(world.step().events).toMatchObject([{ event: 'hit', data: { id: 'bob' } }]);
});

it('a move that is rewound at once in a world that was kept meets those who are there', () => {
  const before = new RunningWorld(villageRules, { seed: 1 });
  for (const id of ['ada', 'bob']) before.enter(id);
  before.step();
  const world = new RunningWorld(villageRules, { seed: 1 }, before.keep());
  world.move('ada', 'shoot', { x: 0 });
  expect(world.step().events).toMatchObject([{ event: 'hit', data: { id: 'bob' } }]);
});

it('a player sees its own secrets, its team its plans, others neither', () => {
  const { world } = started();
  for (const id of ['ada', 'bob', 'zoe']) world.enter(id);
  world.move('ada', 'plan', { text: 'north' });
  const ada = world.players.get('ada')!;
  const seenBy = (viewer: string | null) => new WorldSight(world, viewer).player('ada', ada);
  expect(seenBy('ada')).toMatchObject({ gold: 50, plan: 'north' });
  expect(seenBy('ada')).not.toHaveProperty('luck');
  expect(seenBy('bob')).toMatchObject({ gold: concealed, plan: 'north' });
  expect(seenBy('zoe')).toMatchObject({ gold: concealed, plan: concealed, x: 0 });
  expect(seenBy(null)).toMatchObject({ gold: concealed, plan: concealed });
});
