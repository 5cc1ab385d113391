/** A world of moves: some that a client can foresee, and some that it cannot, each for a reason of its own. */
import { t, world } from '../../../protocol/index.ts';

export const market = world('market', {
  tick: 20,
  shared: { stock: t.int(0), prize: t.int().hidden() },
  player: { x: t.int(), gold: t.int(), luck: t.int().hidden(), mood: t.str().owner().default('') },
  entities: { stall: { price: t.int(0), secret: t.int().hidden().default(7) } },
  input: { dx: t.int(-1, 1) },
  moves: {
    buy: {},
    gift: { to: t.str() },
    cheer: { to: t.str() },
    price: { stall: t.str(), price: t.int() },
    open: {},
    close: { stall: t.str() },
    gamble: {},
    wait: {},
    count: {},
    guess: {},
    raid: {},
    later: {},
    shout: {},
  },
  timers: { rain: {} },
  errors: { sold_out: { left: t.int() }, too_poor: {} },
  events: { bought: { left: t.int() }, whispered: { word: t.str().owner() } },
});
export const marketRules = market.rules({
  setup: ({ entities }) => {
    for (const price of [3, 4]) entities.stall.add({ price });
    return { stock: 2, prize: 9 };
  },
  spawn: () => ({ x: 0, gold: 10, luck: 6 }),
  step(me, { dx }) {
    me.x += dx;
  },
  timers: { rain: ({ shared }) => void (shared.stock = 0) },
  moves: {
    buy({ me, shared, reject, emit }) {
      if (shared.stock === 0) reject('sold_out', { left: shared.stock });
      if (me.gold < 3) reject('too_poor');
      me.gold -= 3;
      shared.stock -= 1;
      emit('bought', { left: shared.stock });
    },
    gift({ me, players }, { to }) {
      const other = players[to];
      if (!other) return;
      me.gold -= 1;
      other.gold += 1;
    },
    cheer({ players }, { to }) {
      players[to]!.mood = 'glad';
    },
    price({ entities }, { stall, price }) {
      const found = entities.stall.get(stall);
      if (found) found.price = price;
    },
    open({ me, entities }) {
      me.gold -= entities.stall.size;
      entities.stall.add({ price: 1 });
    },
    close({ entities }, { stall }) {
      entities.stall.remove(stall);
    },
    gamble({ me, random }) {
      if (me.gold > 5) me.gold = random.int(0, 99);
    },
    wait({ me, now }) {
      if (now > 10) me.gold = 0;
    },
    count({ me, tick }) {
      me.gold = tick;
    },
    guess({ me }) {
      me.gold = me.luck > 3 ? 20 : 0;
    },
    raid({ me, entities }) {
      for (const [, stall] of entities.stall) me.gold += stall.secret;
    },
    later({ me, after }) {
      me.gold = 5;
      after(1_000, 'rain');
    },
    shout({ me, emit }) {
      me.gold -= 1;
      emit('whispered', { word: 'psst' });
    },
  },
});
