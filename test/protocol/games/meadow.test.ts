import { describe, expect, it } from 'vitest';
import { RunningWorld, WorldSight, type WorldEvent } from '../../../protocol/index.ts';
import {
  distance,
  hem,
  lasts,
  type meadow,
  meadowRules,
  mostCarried,
  reach,
  side,
  stump,
} from '../../../protocol/games/meadow.ts';

type Hedgehog = (typeof meadow)['types']['player'];
type Fruit = (typeof meadow)['types']['entities']['fruit'];

function started({ fruits = 0, seed = 1 } = {}) {
  const world = new RunningWorld(meadowRules, { options: { fruits }, seed });
  const heard: WorldEvent[] = [];
  let sent = 0;
  const ticks = (count: number, inputs: { readonly [id: string]: object } = {}) => {
    for (let i = 0; i < count; i++) {
      sent += 1;
      for (const [id, input] of Object.entries(inputs)) world.input(id, sent, [input]);
      const { events, failures } = world.step();
      expect(failures).toEqual([]);
      heard.push(...events);
    }
  };
  const hedgehog = (id: string) => world.players.get(id) as Hedgehog;
  /** Runs until it is there, as somebody with a map would. */
  const walk = (id: string, to: { x: number; y: number }, near = 12) => {
    for (let i = 0; distance(hedgehog(id), to) > near; i++) {
      if (i > 400) throw new Error(`${id} does not arrive`);
      const { x, y } = hedgehog(id);
      const far = distance({ x, y }, to);
      ticks(1, { [id]: { dx: (to.x - x) / far, dy: (to.y - y) / far } });
    }
    ticks(1, { [id]: { dx: 0, dy: 0 } });
  };
  return {
    world,
    heard,
    ticks,
    walk,
    hedgehog,
    fruits: () => [...world.entities('fruit').values()] as Fruit[],
    shared: () => world.shared as (typeof meadow)['types']['shared'],
  };
}

/** A hedgehog beside the stump that carries as much as it can. */
function laden(seed = 1) {
  const game = started({ fruits: 200, seed });
  game.world.enter('ada');
  for (let i = 0; game.hedgehog('ada').basket < mostCarried; i++) {
    if (i > 100) throw new Error('there is too little to gather');
    const outside = game.fruits().filter((fruit) => distance(fruit, stump) > reach.stump + reach.gather + 20);
    const [next] = outside.toSorted((a, b) => distance(a, game.hedgehog('ada')) - distance(b, game.hedgehog('ada')));
    game.walk('ada', next!);
  }
  return game;
}

describe('a hedgehog', () => {
  it('runs no faster along a diagonal, and stays in the meadow', () => {
    const { world, ticks, hedgehog } = started();
    world.enter('ada');
    const from = hedgehog('ada');
    ticks(20, { ada: { dx: 1, dy: 1 } });
    expect(Math.abs(distance(from, hedgehog('ada')) - 200)).toBeLessThan(3); // each step is rounded
    ticks(400, { ada: { dx: 1, dy: 1 } });
    expect(hedgehog('ada')).toMatchObject({ x: side - hem, y: side - hem });
  });

  it('gathers until its basket is full, brings that to the stump, and what was gathered grows again', () => {
    const { walk, hedgehog, heard, ticks, fruits, shared } = laden();
    expect(fruits().length).toBeLessThan(200);
    walk('ada', stump);
    expect(hedgehog('ada').basket).toBe(0);
    const brought = heard
      .filter(({ event }) => event === 'brought')
      .map(({ data }) => (data as { count: number }).count);
    expect(brought).toContain(mostCarried);
    expect(shared().scores).toEqual({ ada: brought.reduce((sum, count) => sum + count) });
    ticks(140, { ada: { dx: 0, dy: 0 } });
    expect(fruits()).toHaveLength(200);
  });

  it('alone knows what it carries', () => {
    const { world, hedgehog } = laden();
    world.enter('bob');
    const basket = (viewer: string) =>
      (new WorldSight(world, viewer).player('ada', hedgehog('ada')) as Hedgehog).basket;
    expect(basket('ada')).toBe(mostCarried);
    expect(basket('bob')).toEqual({ concealed: true });
  });
});

describe('a cone', () => {
  function thrown(aim: (at: Hedgehog) => { x: number; y: number } = ({ x, y }) => ({ x, y })) {
    const game = laden();
    game.walk('ada', { x: stump.x + 200, y: stump.y });
    game.world.enter('bob');
    game.walk('bob', { x: stump.x, y: stump.y + 150 });
    return { ...game, played: game.world.move('bob', 'toss', aim(game.hedgehog('ada'))) };
  }

  it('makes who is hit dizzy for a while, and drop all it carries', () => {
    const { played, hedgehog, fruits, ticks, heard, ...game } = thrown();
    expect(played).toEqual({ ok: true });
    expect(hedgehog('ada').dizzy).toBe(lasts.dizzy);
    ticks(1);
    expect(hedgehog('ada').basket).toBe(0);
    const near = fruits().filter((fruit) => distance(fruit, hedgehog('ada')) < 150);
    expect(near.length).toBeGreaterThanOrEqual(mostCarried);
    const { x } = hedgehog('ada');
    ticks(lasts.dizzy - 2, { ada: { dx: 1, dy: 0 } });
    expect(hedgehog('ada').x).toBe(x);
    ticks(5, { ada: { dx: 1, dy: 0 } });
    expect(hedgehog('ada').x).toBeGreaterThan(x);
    expect(heard).toContainEqual(expect.objectContaining({ event: 'hit', data: { who: 'ada', by: 'bob' } }));
    expect(game.world.move('bob', 'toss', stump)).toMatchObject({ ok: false, error: { code: 'not_ready' } });
  });

  it('that falls beside everybody hits nobody', () => {
    const { played, hedgehog } = thrown(({ x, y }) => ({ x: x + reach.hit + 1, y }));
    expect(played).toEqual({ ok: true });
    expect(hedgehog('ada')).toMatchObject({ dizzy: 0 });
    expect(hedgehog('bob').rest).toBe(lasts.rest);
  });

  it('does not fly across the meadow', () => {
    const { played } = thrown(() => ({ x: 0, y: 0 }));
    expect(played).toMatchObject({ ok: false, error: { code: 'too_far' } });
  });

  it('hits who was there when it was tossed, as its thrower saw it', () => {
    const { world, ticks, walk, hedgehog } = started();
    world.enter('ada');
    world.enter('bob');
    walk('bob', { x: stump.x, y: stump.y + 300 });
    const seen = { tick: world.tick, x: hedgehog('ada').x, y: hedgehog('ada').y };
    ticks(6, { ada: { dx: 1, dy: 0 } }); // 60 units on
    world.input('bob', 10_000, [{}], seen.tick);
    expect(world.move('bob', 'toss', { x: seen.x, y: seen.y })).toEqual({ ok: true });
    expect(hedgehog('ada').dizzy).toBe(lasts.dizzy);
  });
});

describe('the evening', () => {
  it('names who has brought most, and a new day begins', () => {
    const { walk, ticks, heard, shared, world } = laden();
    walk('ada', stump);
    world.enter('bob');
    const score = shared().scores['ada'];
    ticks(lasts.day - world.tick, {});
    expect(heard.at(-1)).toMatchObject({ event: 'evening', data: { winner: 'ada', score } });
    expect(shared()).toEqual({ scores: { ada: 0, bob: 0 }, evening: 2 * lasts.day });
    ticks(lasts.day);
    expect(heard.at(-1)).toMatchObject({ event: 'evening', data: { winner: null, score: 0 } });
  });

  it('forgets who has gone', () => {
    const { world, shared } = started();
    world.enter('ada');
    world.leave('ada');
    expect(shared().scores).toEqual({});
  });
});
