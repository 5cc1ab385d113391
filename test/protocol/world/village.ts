/** A world with everything in it: a shop, coins to pick up, a secret, a team, timers. */
import { t, world } from '../../../protocol/index.ts';

const itemName = t.oneOf('rope', 'bread', 'lantern');
const bagged = t.object({ name: itemName, quantity: t.int(1, 99) });

export const village = world('village', {
  tick: 20,
  options: { coins: t.int(0, 50).default(0) },
  shared: { hour: t.int(0, 23) },
  player: {
    x: t.fixed(1 / 16),
    y: t.fixed(1 / 16),
    gold: t.int().owner(),
    bag: t.list(bagged).owner(),
    luck: t.int().hidden(),
    team: t.oneOf('red', 'blue'),
    plan: t.str().seenBy('team').default(''),
  },
  entities: { coin: { x: t.fixed(1 / 16), y: t.fixed(1 / 16), worth: t.int(1, 9).default(1) } },
  input: { dx: t.int(-1, 1), dy: t.int(-1, 1) },
  interest: { cell: 256, radius: 1 },
  moves: {
    buy: { item: itemName, quantity: t.int(1, 9) },
    plan: { text: t.str() },
    shoot: { x: t.fixed(1 / 16) },
    fail: {},
  },
  timers: { strike: { hour: t.int(0, 23) } },
  errors: { too_far: {}, too_poor: { need: t.int() } },
  events: { bought: { item: itemName, price: t.int().owner() }, hit: { id: t.str() } },
});

const speed = 64; // units a second

export const villageDefinition: Parameters<typeof village.rules>[0] = {
  setup({ options, random, entities }) {
    for (let i = 0; i < options.coins; i++) entities.coin.add({ x: random.int(-100, 100), y: 0 });
    return { hour: 6 };
  },
  spawn: ({ random, id }) => ({
    x: 0,
    y: 0,
    gold: 50,
    bag: [],
    luck: random.int(1, 6),
    team: id < 'm' ? 'red' : 'blue',
  }),
  at: (player) => [player.x, player.y],
  entitiesAt: { coin: (coin) => [coin.x, coin.y] },
  step(me, { dx, dy }, { dt }) {
    me.x += dx * speed * dt;
    me.y += dy * speed * dt;
  },
  onTick({ players, entities, shared, now, after }) {
    for (const player of Object.values(players)) {
      for (const [key, coin] of entities.coin) {
        if (Math.hypot(player.x - coin.x, player.y - coin.y) >= 1) continue;
        player.gold += coin.worth;
        entities.coin.remove(key);
      }
    }
    if (now % 60_000 === 0) after(100, 'strike', { hour: (shared.hour + 1) % 24 });
  },
  seenBy: { team: ({ viewer, owner }) => viewer.team === owner?.team },
  timers: {
    strike({ shared }, { hour }) {
      shared.hour = hour;
    },
  },
  moves: {
    buy({ me, reject, emit }, { item, quantity }) {
      const price = quantity * 3;
      me.gold -= price;
      me.bag.push({ name: item, quantity });
      emit('bought', { item, price });
      if (Math.abs(me.x) > 100) reject('too_far');
      if (me.gold < 0) reject('too_poor', { need: price });
    },
    plan({ me }, { text }) {
      me.plan = text;
    },
    shoot({ id, rewind, emit }, { x }) {
      for (const [other, { x: at }] of Object.entries(rewind()))
        if (other !== id && at === x) emit('hit', { id: other });
    },
    fail({ me, shared, players, entities, random, after }) {
      random.int(1, 6);
      me.gold = 0;
      shared.hour = 0;
      entities.coin.add({ x: 1, y: 1 });
      for (const [key] of entities.coin) entities.coin.remove(key);
      for (const player of Object.values(players)) player.bag = [];
      after(0, 'strike', { hour: 1 });
      throw new Error('a bug');
    },
  },
};
export const villageRules = village.rules(villageDefinition);
