/** A meadow: hedgehogs gather what grows and carry it to the stump. A cone well tossed makes another drop what it carries. */
import { t, world, type Random } from '../index.ts';

/** Units. The stump stands in the middle. */
export const side = 1536;
/** How near one comes to the edge: beyond it begins the next cell of interest. */
export const hem = 24;
export const stump = { x: side / 2, y: side / 2 };
export const reach = { gather: 40, stump: 96, toss: 400, hit: 48 };
export const mostCarried = 6;
export const fruits = ['berry', 'apple', 'mushroom'] as const;
/** Units a second. */
const pace = 200;
/** Ticks. */
export const lasts = { dizzy: 30, rest: 40, day: 2400 };
const regrowsMs = 6_000;

const coordinate = () => t.fixed(1 / 16, 0, side);
const place = { x: coordinate(), y: coordinate() };

export const meadow = world('meadow', {
  tick: 20,
  players: 50,
  options: { fruits: t.int(0, 300).default(90) },
  /** What everybody has brought home today, and the tick in which the day ends. */
  shared: { scores: t.map(t.int(0)), evening: t.int(0) },
  player: {
    ...place,
    /** Ticks until it can run again, and toss again. */
    dizzy: t.int(0, lasts.dizzy).default(0),
    rest: t.int(0, lasts.rest).owner().default(0),
    /** Whether a cone is worth it only its victim knows. */
    basket: t.int(0, mostCarried).owner().default(0),
  },
  entities: { fruit: { ...place, kind: t.oneOf(...fruits) } },
  input: { dx: t.fixed(1 / 64, -1, 1), dy: t.fixed(1 / 64, -1, 1) },
  interest: { cell: 512, radius: 1 },
  moves: { toss: place },
  timers: { grow: {} },
  errors: { not_ready: {}, too_far: {} },
  events: {
    tossed: { by: t.str(), ...place },
    hit: { who: t.str(), by: t.str() },
    brought: { who: t.str(), count: t.int(1, mostCarried) },
    evening: { winner: t.str().nullable(), score: t.int(0) },
  },
});

export const meadowRules = meadow.rules({
  setup({ options, entities, random }) {
    for (let i = 0; i < options.fruits; i++) entities.fruit.add(fruitNear(stump, side / 2, random));
    return { scores: {}, evening: lasts.day };
  },
  spawn: ({ random }) => ({ x: stump.x + random.int(-200, 200), y: stump.y + random.int(100, 200) }),
  onEnter({ shared, id }) {
    shared.scores[id] = 0;
  },
  onLeave({ shared, id }) {
    delete shared.scores[id];
  },
  at: ({ x, y }) => [x, y],
  entitiesAt: { fruit: ({ x, y }) => [x, y] },
  step(me, { dx, dy }, { dt }) {
    me.rest = Math.max(0, me.rest - 1);
    me.dizzy = Math.max(0, me.dizzy - 1);
    if (me.dizzy > 0) return;
    const stride = (pace * dt) / Math.max(1, Math.sqrt(dx * dx + dy * dy)); // no faster along a diagonal
    me.x = within(me.x + dx * stride);
    me.y = within(me.y + dy * stride);
  },
  onTick({ players, entities, shared, random, tick, emit, emitAt, after }) {
    for (const [id, player] of Object.entries(players)) {
      if (player.dizzy > 0) {
        for (; player.basket > 0; player.basket -= 1) entities.fruit.add(fruitNear(player, 90, random));
        continue;
      }
      for (const [key, fruit] of entities.fruit) {
        if (player.basket === mostCarried || distance(player, fruit) > reach.gather) continue;
        entities.fruit.remove(key);
        player.basket += 1;
        after(regrowsMs, 'grow');
      }
      if (player.basket === 0 || distance(player, stump) > reach.stump) continue;
      shared.scores[id] = (shared.scores[id] ?? 0) + player.basket;
      emitAt([player.x, player.y], 'brought', { who: id, count: player.basket });
      player.basket = 0;
    }
    if (tick < shared.evening) return;
    const [best] = Object.entries(shared.scores).toSorted(([, a], [, b]) => b - a);
    emit('evening', { winner: best && best[1] > 0 ? best[0] : null, score: best?.[1] ?? 0 });
    for (const id of Object.keys(shared.scores)) shared.scores[id] = 0;
    shared.evening = tick + lasts.day;
  },
  timers: {
    grow({ entities, options, random }) {
      if (entities.fruit.size < options.fruits) entities.fruit.add(fruitNear(stump, side / 2, random)); // what was dropped grows no more
    },
  },
  moves: {
    toss({ id, me, players, rewind, reject, emit }, aim) {
      if (me.rest > 0 || me.dizzy > 0) reject('not_ready');
      if (distance(me, aim) > reach.toss) reject('too_far');
      me.rest = lasts.rest;
      emit('tossed', { by: id, ...aim });
      for (const [who, seen] of Object.entries(rewind())) {
        const victim = players[who];
        if (who === id || !victim || distance(seen, aim) > reach.hit) continue;
        victim.dizzy = lasts.dizzy; // and drops all in `onTick`: what it carries, its thrower cannot know
        emit('hit', { who, by: id });
      }
    },
  },
});

interface Place {
  readonly x: number;
  readonly y: number;
}

export const distance = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);
const within = (at: number) => Math.min(Math.max(at, hem), side - hem);
/** Something to gather, within so many units of a place. */
const fruitNear = ({ x, y }: Place, far: number, random: Random) => ({
  x: within(x + random.int(-far, far)),
  y: within(y + random.int(-far, far)),
  kind: random.pick(fruits),
});
