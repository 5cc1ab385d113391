import { describe, expect, it } from 'vitest';
import {
  bot,
  isConcealed,
  t,
  world,
  worldBot,
  type Session,
  type Steer,
  type WorldBotPlace,
} from '../../../protocol/index.ts';
import { connectFour } from '../../../protocol/games/connect-four.ts';
import { quiet, table } from '../../server/authority/table.ts';
import { village, villageRules } from '../world/village.ts';

type Village = (typeof village)['types'];
type Turn = Parameters<Steer<Village>>[0];

/** A village with a bot in it; time stands still. */
async function inVillage(steer: Steer<Village>, how: Partial<WorldBotPlace> = {}) {
  const at = await table({ games: [villageRules], limits: { worldHoldMs: 15_000 } });
  const match = await at.create('village');
  const reports: string[] = [];
  const place = { match, seed: 1, clock: at.clock, report: (what: string) => reports.push(what), ...how };
  const session = await at.connect('robot');
  /** Its sessions, one after the other: the next one is there when somebody connects it. */
  let connected = Promise.resolve(session);
  const reconnect = () => (connected = at.connect('robot'));
  const entered = await worldBot(village, steer).enter(() => connected, place);
  const ticks = (count: number) => at.clock.advance(count * 50);
  return { ...at, match, session, entered, reports, reconnect, ticks };
}
const east = { dx: 1, dy: 0 };
const still = { dx: 0, dy: 0 };

/** What it is asked with, while it goes on doing what it does. */
function listener(): { asked: Turn[]; steer: Steer<Village> } {
  const asked: Turn[] = [];
  return {
    asked,
    steer(turn) {
      asked.push(turn);
      return null;
    },
  };
}

describe('a bot in a world', () => {
  it('is asked in every tick, and its player does what it answers in each', async () => {
    const { entered, ticks } = await inVillage(({ view }) => (view.tick < 10 ? east : still));
    await ticks(40);
    expect(entered.player).toBe('robot');
    expect(entered.view.tick).toBe(40);
    expect(entered.view.me).toMatchObject({ x: 9 * 3.1875, y: 0 }); // 64 units a second, in sixteenths
  });

  it('is asked as often as it wants, and what it holds goes on meanwhile', async () => {
    const ticksAsked: number[] = [];
    const { entered, ticks } = await inVillage(
      ({ view }) => {
        ticksAsked.push(view.tick);
        return ticksAsked.length === 1 ? east : null;
      },
      { every: 10 },
    );
    await ticks(25);
    expect(ticksAsked).toEqual([1, 11, 21]);
    expect(entered.view.me!.x).toBeGreaterThan(20 * 3);
  });

  it('sees what its player may see, and nothing else', async () => {
    const { asked, steer } = listener();
    const { connect, match, ticks } = await inVillage(steer);
    await (await connect('ada')).call(village.uris.match(match).join, [], { form: 'json' });
    await ticks(2);
    const { view, me, player } = asked.at(-1)!;
    expect([player, me.gold]).toEqual(['robot', 50]);
    expect(Object.keys(view.players)).toEqual(['robot', 'ada']);
    expect(isConcealed(view.players['ada']!.gold)).toBe(true);
    expect(view.players['ada']).not.toHaveProperty('luck');
  });

  it('makes moves, and learns what became of each when its view shows it', async () => {
    const heard: unknown[] = [];
    const steer: Steer<Village> = ({ events }) => {
      heard.push(...events);
      return still;
    };
    const { entered, ticks } = await inVillage(steer);
    const bought = entered.moves.buy({ item: 'rope', quantity: 9 });
    await ticks(2);
    expect(await bought).toMatchObject({ ok: true });
    expect(entered.view.me).toMatchObject({ gold: 23, bag: [{ name: 'rope', quantity: 9 }] });
    const refused = await entered.moves.buy({ item: 'rope', quantity: 9 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'too_poor', details: { need: 27 } } });
    expect(heard).toEqual([{ event: 'bought', data: { item: 'rope', price: 27 } }]);
  });

  it('thinks as long as it wants, and nobody waits: it is asked again when it has answered', async () => {
    const answers: ((input: typeof east) => void)[] = [];
    const { entered, ticks } = await inVillage(() => new Promise((resolve) => answers.push(resolve)));
    await ticks(10);
    expect([answers.length, entered.view.tick, entered.view.me!.x]).toEqual([1, 10, 0]);
    answers[0]!(east);
    await quiet();
    await ticks(10);
    expect(answers).toHaveLength(2);
    expect(entered.view.me!.x).toBeGreaterThan(20);
  });

  it('that does not answer is cancelled, told of, stands still, and is asked again', async () => {
    const { asked, steer } = listener();
    const { entered, reports, ticks } = await inVillage((turn) => {
      void steer(turn);
      return asked.length === 1 ? east : new Promise(() => {});
    });
    await ticks(103);
    expect(asked.map(({ signal }) => signal.aborted).slice(0, 2)).toEqual([false, true]);
    await ticks(10);
    const { x } = entered.view.me!;
    await ticks(10);
    expect(entered.view.me).toMatchObject({ x });
    expect(asked.length).toBeGreaterThan(2);
    expect(reports).toEqual(['bot in world match1 of village: it stands still']);
  });

  it.each<[string, Steer<Village>]>([
    [
      'throws',
      () => {
        throw new Error('out of ideas');
      },
    ],
    ['rejects', () => Promise.reject(new Error('out of ideas'))],
    ['answers something else than an input', () => undefined as never],
  ])('that %s stands still, and says so once', async (_, steer) => {
    let isWell = true;
    const { entered, reports, ticks } = await inVillage((turn) => (isWell ? east : steer(turn)));
    await ticks(10);
    isWell = false;
    await ticks(20);
    const { x } = entered.view.me!;
    await ticks(20);
    expect(entered.view.me).toMatchObject({ x });
    expect(reports).toEqual(['bot in world match1 of village: it stands still']);
  });

  it('comes back to its player when its session is replaced', async () => {
    const { asked, steer } = listener();
    const { entered, session, reports, reconnect, ticks } = await inVillage((turn) => {
      void steer(turn);
      return turn.view.tick < 10 ? east : still;
    });
    await ticks(15);
    const { x } = entered.view.me!;
    const next = reconnect();
    await session.leave();
    await next;
    await quiet();
    await ticks(5);
    expect(asked.at(-1)).toMatchObject({ view: { tick: 20 }, me: { x } });
    const bought = entered.moves.buy({ item: 'rope', quantity: 1 });
    await ticks(2);
    expect(await bought).toMatchObject({ ok: true });
    expect(reports).toEqual([]);
  });

  it('has left when its session is gone, and there is no other', async () => {
    const signals: AbortSignal[] = [];
    const { entered, session, reports, clock, ticks } = await inVillage(({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await ticks(1);
    await session.leave();
    expect(await entered.done).toBe('offline');
    await expect(entered.moves.buy({ item: 'rope', quantity: 1 })).rejects.toThrow('the bot is not in the world');
    await ticks(20_000);
    expect([signals.map(({ aborted }) => aborted), reports, clock.pending]).toEqual([[true], [], 0]);
  });

  it('leaves at once when told to, and its player with it', async () => {
    const { asked, steer } = listener();
    const { entered, find, match, ticks } = await inVillage(steer);
    await ticks(1);
    await entered.leave();
    expect(await entered.done).toBe('left');
    const questions = asked.length;
    await ticks(5);
    expect(asked).toHaveLength(questions);
    expect((await find(match))['seats']).not.toContainEqual(expect.objectContaining({ player: 'robot' }));
    await entered.leave();
  });

  it.each([
    ['mends a gap by entering', new Uint8Array([0, 255, 3])],
    ['enters, when the world was taken up,', { type: 'resumed', epoch: 2 }],
  ])('%s again, and goes on', async (_, message) => {
    const { authority, entered, match, reports, ticks } = await inVillage(() => east);
    await ticks(3);
    await authority.publish(village.uris.match(match).state.packed, [message]);
    await quiet();
    await ticks(10);
    expect(entered.view.tick).toBe(13);
    expect(entered.view.me!.x).toBeGreaterThan(30);
    expect(reports).toEqual([]);
  });

  it('is told when it is not let in', async () => {
    const { connect } = await inVillage(() => still);
    const strange = worldBot(village, () => still).enter(await connect('late'), { match: 'nowhere' });
    await expect(strange).rejects.toMatchObject({ uri: 'game.error.no_such_match' });
  });

  it('is gone when its world is', async () => {
    const { entered, match, reports, service, ticks } = await inVillage(() => still);
    await ticks(5);
    await service.call(village.uris.match(match).close);
    await ticks(200);
    expect(await entered.done).toBe('gone');
    expect(reports).toEqual([]);
  });

  it('is gone when another session steers its player, also if it has been there for but a moment', async () => {
    const { connect, entered, match, reports, ticks } = await inVillage(() => still);
    await ticks(5);
    await (await connect('robot')).call(village.uris.match(match).join, [], { form: 'json' });
    await quiet();
    expect(await Promise.race([entered.done, Promise.resolve('still here')])).toBe('gone');
    expect(reports).toEqual([]);
  });

  it('is gone when another session has taken its player out', async () => {
    const { connect, entered, match, ticks } = await inVillage(() => still);
    await ticks(5);
    const other = await connect('robot');
    await other.call(village.uris.match(match).sync, [], { form: 'json' });
    await other.call(village.uris.match(match).leave);
    await ticks(300);
    expect(await entered.done).toBe('gone');
  });

  it('stays where nobody disturbs it', async () => {
    const { asked, steer } = listener();
    const { ticks } = await inVillage(steer);
    await ticks(500);
    expect(asked).toHaveLength(500);
  });
});

/** Everybody sees all. */
const plain = world('plain', {
  tick: 20,
  shared: { ends: t.int(0).default(0) },
  player: { x: t.fixed(1 / 16).default(0), luck: t.int().hidden(), purse: t.int().owner() },
  input: { dx: t.int(-1, 1) },
  moves: { jump: { far: t.int(1, 9) }, rest: {} },
  errors: { too_far: { most: t.int() } },
  events: { jumped: { far: t.int() }, rested: { purse: t.int().owner() } },
});
const plainRules = plain.rules({
  spawn: () => ({ luck: 1, purse: 2 }),
  step: (me, { dx }) => void (me.x += dx),
  moves: { jump: ({ me }, { far }) => void (me.x += far), rest() {} },
});

it('a bot whose player is taken out by another session of the same player is gone', async () => {
  const { connect, create, clock } = await table({ games: [plainRules] });
  const match = await create('plain');
  const entered = await worldBot(plain, () => ({ dx: 1 })).enter(await connect('robot'), { match, clock });
  const { join, leave } = plain.uris.match(match);
  const other = await connect('robot');
  await (await connect('ada')).call(join, [], { form: 'json' });
  await other.call(join, [], { form: 'json' });
  await clock.advance(100);
  await other.call(leave);
  await clock.advance(100);
  expect(await entered.done).toBe('gone');
});

/** Compiled, never run: each expected error is a test. */
export const promises = (session: Session) => [
  worldBot(plain, () => ({ dx: 1 })),
  worldBot(plain, async ({ me, view }) => (me.purse > 2 && view.shared.ends === 0 ? { dx: -1 } : null)),
  worldBot(plain, ({ events, moves, random }) => {
    for (const heard of events) if (heard.event === 'jumped') void moves.jump({ far: heard.data.far });
    return random.pick([{ dx: 1 }, { dx: -1 }]);
  }),
  worldBot(plain, async ({ moves }) => {
    const outcome = await moves.jump({ far: 3 });
    const most: number = !outcome.ok && outcome.error.code === 'too_far' ? outcome.error.details.most : 0;
    return { dx: most };
  }),
  // @ts-expect-error there is no such field in the input
  worldBot(plain, () => ({ dy: 1 })),
  // @ts-expect-error the field is a number
  worldBot(plain, () => ({ dx: 'left' })),
  // @ts-expect-error a bot answers, if only null
  worldBot(plain, () => {}),
  // @ts-expect-error what it answers later is an input, too
  worldBot(plain, async () => 1),
  // @ts-expect-error its luck is hidden, from itself too
  worldBot(plain, ({ me }) => ({ dx: me.luck })),
  // @ts-expect-error what others have may be concealed
  worldBot(plain, ({ view }) => ({ dx: view.players['ada']!.purse })),
  // @ts-expect-error it may not be there: with interest it is perhaps too far away
  worldBot(plain, ({ view }) => ({ dx: view.players['ada'].x })),
  // @ts-expect-error a view is read
  worldBot(plain, ({ me }) => ({ dx: (me.x = 1) })),
  worldBot(plain, ({ moves }) => {
    // @ts-expect-error there is no such move
    void moves.fly();
    // @ts-expect-error an argument is missing
    void moves.jump({});
    return null;
  }),
  // @ts-expect-error there is no such event
  worldBot(plain, ({ events }) => (events[0]?.event === 'fallen' ? null : { dx: 1 })),
  // @ts-expect-error the data are of another event
  worldBot(plain, ({ events: [heard] }) => (heard?.event === 'rested' ? { dx: heard.data.far } : null)),
  worldBot(plain, async ({ moves }) => {
    const outcome = await moves.rest();
    // @ts-expect-error there is no such error
    return !outcome.ok && outcome.error.code === 'too_lazy' ? null : { dx: 1 };
  }),
  // @ts-expect-error a bot goes to a world
  worldBot(plain, () => null).enter(session, {}),
  // @ts-expect-error worlds are no games with turns
  bot(plainRules, ({ legal }) => legal[0]!),
  // @ts-expect-error nor the other way round
  worldBot(connectFour, () => null),
];
