import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prediction, RunningWorld, t, world, WorldSight } from '../../../protocol/index.ts';
import { village, villageDefinition, villageRules } from './village.ts';

const options = { coins: 0 };

/** A client and its authority, `late` ticks apart each way; each arrival may be late by some more, and keeps the order. */
function apart(rules: typeof villageRules, late: () => number) {
  const authority = new RunningWorld(rules, { seed: 1 });
  const prediction = new Prediction(village, rules.world, options);
  authority.enter('ada');
  const mine = () => new WorldSight(authority, 'ada').player('ada', authority.players.get('ada')!) as object;
  prediction.confirm(mine(), 0, authority.shared);
  const up = new Line<() => void>();
  const down = new Line<() => void>();
  return {
    authority,
    prediction,
    mine,
    tick(now: number, input: object) {
      prediction.input(input);
      const { last, pending } = prediction;
      up.send(now + late(), () => authority.input('ada', last, pending));
      for (const arrive of up.due(now)) arrive();
      const { failures } = authority.step();
      expect(failures).toEqual([]);
      const [me, taken, shared] = [mine(), authority.taken('ada'), authority.shared];
      down.send(now + late(), () => prediction.confirm(me, taken, shared));
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
    const prediction = new Prediction(lucky, rules.world, {});
    prediction.confirm({ x: 0 }, 0, {});
    prediction.input({ go: false });
    expect(prediction.me).toEqual({ x: 0 });
    prediction.input({ go: true });
    expect(prediction.me).toEqual({ x: 0 });
    expect(prediction.confirm({ x: 3 }, 2, {})).toBe(false);
    expect(prediction.me).toEqual({ x: 3 });
  });
});
