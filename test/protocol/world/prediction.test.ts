import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Prediction,
  RunningWorld,
  t,
  world,
  WorldSight,
  type AnyMove,
  type AnyWorldRules,
  type SeenWorld,
} from '../../../protocol/index.ts';
import { marketRules } from './market.ts';
import { village, villageDefinition, villageRules } from './village.ts';

const options = { coins: 0 };

/** All of a world, as one of its players sees it. */
function seenBy(authority: RunningWorld, id: string): SeenWorld {
  const sight = new WorldSight(authority, id);
  const all = <T>(things: ReadonlyMap<string, T>, see: (key: string, thing: T) => unknown) =>
    Object.fromEntries([...things].map(([key, thing]) => [key, see(key, thing) as object]));
  const kinds = Object.keys(authority.rules.game.schemas.entities);
  const players = all(authority.players, (key, player) => sight.player(key, player));
  return {
    id,
    me: players[id]!,
    shared: sight.shared as object,
    players,
    entities: Object.fromEntries(
      kinds.map((kind) => [kind, all(authority.entities(kind), (_, thing) => sight.entity(kind, thing))]),
    ),
  };
}

/** A client and its authority, `late` ticks apart each way; each arrival may be late by some more, and keeps the order. */
function apart(rules: typeof villageRules, late: () => number) {
  const authority = new RunningWorld(rules, { seed: 1 });
  const prediction = new Prediction(village, rules, options);
  authority.enter('ada');
  const mine = () => seenBy(authority, 'ada').me;
  prediction.confirm(seenBy(authority, 'ada'), { input: 0, move: 0 });
  const up = new Line<() => void>();
  const down = new Line<() => void>();
  let moves = 0;
  return {
    authority,
    prediction,
    mine,
    tick(now: number, input: object, call?: AnyMove) {
      if (call) {
        const number = (moves += 1);
        prediction.move(number, call);
        up.send(now + late(), () => authority.move('ada', call.move, call.args, number));
      }
      prediction.input(input);
      const { last, pending } = prediction;
      up.send(now + late(), () => authority.input('ada', last, pending));
      for (const arrive of up.due(now)) arrive();
      const { failures } = authority.step();
      expect(failures).toEqual([]);
      const seen = seenBy(authority, 'ada');
      const taken = { input: authority.taken('ada'), move: authority.moved('ada') };
      down.send(now + late(), () => prediction.confirm(seen, taken));
      for (const arrive of down.due(now)) arrive();
    },
  };
}
class Line<T> {
  #waiting: { at: number; what: T }[] = [];
  send(at: number, what: T) {
    this.#waiting.push({ at: Math.max(at, this.#waiting.at(-1)?.at ?? 0), what });
  }
  due(now: number): T[] {
    const due = this.#waiting.filter(({ at }) => at <= now).map(({ what }) => what);
    this.#waiting = this.#waiting.filter(({ at }) => at > now);
    return due;
  }
}
const direction = fc.integer({ min: -1, max: 1 });
const inputs = fc.array(fc.record({ dx: direction, dy: direction }), { minLength: 20, maxLength: 120 });

describe('one’s own player', () => {
  it('is where the authority will have it, whatever the network does, without a correction', () => {
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.integer({ min: 2, max: 5 })), (played, delays) => {
        const client = apart(villageRules, () => delays.next().value as number);
        const predicted: unknown[] = [];
        for (const [now, input] of played.entries()) {
          client.tick(now, input);
          predicted.push(client.prediction.me);
        }
        expect(client.prediction.corrections).toBe(0);
        expect(predicted).toContainEqual(client.mine());
      }),
    );
  });

  it('moves at once', () => {
    const client = apart(villageRules, () => 3);
    client.tick(0, { dx: 1, dy: 0 });
    expect(client.prediction.me).toMatchObject({ x: 3.1875 });
    expect(client.mine()).toMatchObject({ x: 0 });
  });

  it('is corrected once when others push it, and agrees again', () => {
    const pushed = village.rules({
      ...villageDefinition,
      onTick: ({ tick, players }) => void (tick === 10 && (players['ada']!.y += 40)),
    });
    const client = apart(pushed, () => 3);
    for (let now = 0; now < 40; now++) client.tick(now, { dx: 1, dy: 0 });
    expect(client.prediction.corrections).toBe(1);
    for (let now = 40; now < 50; now++) client.tick(now, { dx: 0, dy: 0 });
    expect(client.prediction.me).toEqual(client.mine());
  });

  it('stands as confirmed where its step wants what is hidden', () => {
    const lucky = world('lucky', { tick: 20, player: { x: t.int(), luck: t.int().hidden() }, input: { go: t.bool() } });
    const rules = lucky.rules({
      spawn: () => ({ x: 0, luck: 3 }),
      step(me, { go }) {
        if (go) me.x += me.luck;
      },
    });
    const prediction = new Prediction(lucky, rules, {});
    const at = (x: number) => ({ id: 'ada', me: { x }, shared: {}, players: {}, entities: {} });
    prediction.confirm(at(0), { input: 0, move: 0 });
    prediction.input({ go: false });
    expect(prediction.me).toEqual({ x: 0 });
    prediction.input({ go: true });
    expect(prediction.me).toEqual({ x: 0 });
    expect(prediction.confirm(at(3), { input: 2, move: 0 })).toBe(false);
    expect(prediction.me).toEqual({ x: 3 });
  });
});

describe('a move', () => {
  function opened(rules: AnyWorldRules = marketRules) {
    const authority = new RunningWorld(rules, { seed: 1 });
    for (const id of ['ada', 'bob']) authority.enter(id);
    const prediction = new Prediction(rules.game, rules, {});
    const confirm = () => {
      authority.step();
      return prediction.confirm(seenBy(authority, 'ada'), {
        input: authority.taken('ada'),
        move: authority.moved('ada'),
      });
    };
    confirm();
    const gold = () => (prediction.me as { gold: number }).gold;
    const make = (number: number, move: string, args: object = {}) => prediction.move(number, { move, args });
    return { authority, prediction, confirm, gold, make };
  }

  it('shows at once on the player and on what is shared, with its event', () => {
    const { make, prediction } = opened();
    expect(make(1, 'buy')).toMatchObject({ ok: true, events: [{ event: 'bought', data: { left: 1 } }] });
    expect(prediction.seen).toMatchObject({ me: { gold: 7 }, shared: { stock: 1 } });
  });

  it('is applied once, at once and for good, however late inputs, moves and states are', () => {
    const price = 3;
    const made = fc.record({ dx: direction, dy: direction, buys: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(made, { maxLength: 60 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 6 })),
        (all, delays) => {
          const client = apart(villageRules, () => delays.next().value as number);
          let gold = 50;
          for (const [now, { buys, ...input }] of all.entries()) {
            const isRich = gold >= price;
            if (buys && isRich) gold -= price;
            const call = { move: 'buy', args: { item: 'rope', quantity: 1 } };
            client.tick(now, input, buys && isRich ? call : undefined);
            expect(client.prediction.me).toMatchObject({ gold });
          }
          for (let now = all.length; now < all.length + 20; now++) client.tick(now, village.idle);
          expect(client.prediction).toMatchObject({ me: client.mine(), moves: [], corrections: 0 });
        },
      ),
    );
  });

  it('is applied once, whether the answer or the state comes first', () => {
    for (const isAnsweredFirst of [true, false]) {
      const { authority, make, prediction, confirm, gold } = opened();
      make(1, 'buy');
      confirm(); // a state without it
      expect(gold()).toBe(7);
      authority.move('ada', 'buy', {}, 1);
      if (!isAnsweredFirst) confirm();
      expect(gold()).toBe(7);
      if (isAnsweredFirst) confirm();
      prediction.answered(1);
      expect(gold()).toBe(7);
      expect(prediction).toMatchObject({ moves: [], corrections: 0 });
    }
  });

  it('is taken back when it is refused', () => {
    const { authority, make, prediction, confirm, gold } = opened();
    for (const number of [1, 2]) authority.move('bob', 'buy', {}, number);
    make(1, 'buy');
    expect(gold()).toBe(7);
    expect(authority.move('ada', 'buy', {}, 1)).toMatchObject({ ok: false });
    expect(prediction.answered(1)).toBe(true);
    expect(gold()).toBe(10);
    confirm();
    expect(gold()).toBe(10);
  });

  it('is run again on what the authority confirms, and left out where that refuses it', () => {
    const { authority, make, prediction, confirm, gold } = opened();
    make(1, 'buy');
    authority.move('bob', 'gift', { to: 'ada' });
    confirm();
    expect(prediction.seen).toMatchObject({ me: { gold: 8 }, shared: { stock: 1 } });
    for (const number of [1, 2]) authority.move('bob', 'buy', {}, number);
    confirm();
    expect(gold()).toBe(11);
    expect(make(2, 'buy')).toMatchObject({ ok: false, error: { code: 'sold_out', details: { left: 0 } } });
  });

  it('keeps the order in which moves and inputs were made', () => {
    const { make, prediction } = opened();
    prediction.input({ dx: 1 });
    make(1, 'buy');
    prediction.input({ dx: 1 });
    make(2, 'buy');
    expect(prediction.seen).toMatchObject({ me: { x: 2, gold: 4 }, shared: { stock: 0 } });
    expect(make(3, 'buy')).toMatchObject({ ok: false });
  });

  it('says what it does to others and to entities', () => {
    const { make, prediction } = opened();
    make(1, 'gift', { to: 'bob' });
    make(2, 'price', { stall: '1', price: 8 });
    make(3, 'open');
    make(4, 'close', { stall: '2' });
    expect(prediction.moves.map(({ changes }) => changes)).toMatchObject([
      [{ kind: 'players', key: 'bob', after: { gold: 11 } }],
      [{ kind: 'stall', key: '1', before: { price: 3 }, after: { price: 8 } }],
      [{ kind: 'stall', before: undefined, after: { price: 1 } }],
      [{ kind: 'stall', key: '2', before: { price: 4 }, after: undefined }],
    ]);
    expect(JSON.stringify(prediction.moves)).not.toContain('secret');
  });

  it.each([
    ['chance', 'gamble'],
    ['the time', 'wait'],
    ['the tick', 'count'],
    ['what is hidden of oneself', 'guess'],
    ['what is hidden of entities', 'raid'],
    ['what is concealed of others', 'cheer', { to: 'bob' }],
  ])('that goes by %s is not predicted: it waits', (_, move, args: object = {}) => {
    const { authority, make, prediction, confirm } = opened();
    const before = prediction.seen;
    expect(make(1, move, args)).toEqual({ ok: 'unknown' });
    expect(prediction.seen).toBe(before);
    expect(authority.move('ada', move, args, 1)).toEqual({ ok: true });
    confirm();
    expect(prediction.me).toEqual(seenBy(authority, 'ada').me);
  });

  it('is predicted where chance has no part in it this time', () => {
    const { make, gold } = opened();
    make(1, 'later');
    expect(make(2, 'gamble').ok).toBe(true);
    expect(gold()).toBe(5);
  });

  it('leaves to the authority what comes later, and what is told as a secret', () => {
    const { make, gold } = opened();
    expect(make(1, 'later')).toMatchObject({ ok: true, events: [] });
    expect(gold()).toBe(5);
    expect(make(2, 'shout')).toMatchObject({ ok: true, events: [] });
    expect(gold()).toBe(4);
  });

  it.each([
    ['where all are in sight', undefined, { touch: 1, search: 2, count: 2, look: 3 }],
    ['not where others may be out of sight', { cell: 10, radius: 1 }, { touch: 1, search: 0, count: 0, look: 0 }],
  ])('that looks for others is predicted %s', (_, interest, comesTo) => {
    const rules = scattered(interest);
    for (const [move, x] of Object.entries(comesTo)) {
      const { make, prediction } = opened(rules);
      expect(make(1, move).ok).toBe(x === 0 ? 'unknown' : true);
      expect(prediction.me).toEqual({ x });
    }
  });
});

/** Two players side by side; what each move comes to shows how many of them it has found. */
function scattered(interest: { cell: number; radius: number } | undefined) {
  const game = world('scattered', {
    tick: 20,
    player: { x: t.int() },
    input: { dx: t.int(-1, 1) },
    moves: { touch: {}, search: {}, count: {}, look: {} },
    ...(interest && { interest }),
  });
  return game.rules({
    spawn: () => ({ x: 0 }),
    at: ({ x }) => [x, 0],
    step: (me, { dx }) => void (me.x += dx),
    moves: {
      touch: ({ me, players }) => void (me.x = players['bob'] ? 1 : 0),
      search({ me, players }) {
        for (const one of Object.values(players)) if (one.x === 0 || one === me) me.x += 1;
      },
      count: ({ me, players }) => void (me.x = Object.keys(players).length),
      look: ({ me, players }) => void (me.x = players['nobody'] ? 0 : 3),
    },
  });
}
