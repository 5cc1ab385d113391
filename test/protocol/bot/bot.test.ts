import { describe, expect, it } from 'vitest';
import { bot, game, t, type Think } from '../../../protocol/index.ts';
import { type connectFour, connectFourRules } from '../../../protocol/games/connect-four.ts';
import { hostGames } from '../../../server/authority/index.ts';
import { quiet, table } from '../../server/authority/table.ts';

type Turn = Parameters<Think<typeof connectFour.types>>[0];

/** A table where a bot sits in seat 0, and ada in seat 1. */
async function against(think: Think<typeof connectFour.types>, how: { rematch?: boolean; lingerMs?: number } = {}) {
  const at = await table();
  const match = await at.create();
  const session = await at.connect('robot');
  const reports: string[] = [];
  const report = (what: string, cause: unknown) => reports.push(`${what}: ${(cause as Error).message}`);
  const place = { match, seed: 1, clock: at.clock, report, ...how };
  const seated = await bot(connectFourRules, think).play(session, place);
  const ada = await at.player('ada', 'connect_four', match);
  await ada.join();
  await quiet();
  return { ...at, match, session, seated, ada, reports };
}
const drop = (column: number) => ({ move: 'drop', args: { column } }) as const;

describe('a bot', () => {
  it('is asked when it is to act, and moves as it answers', async () => {
    const asked: Turn[] = [];
    const { ada, seated } = await against((turn) => {
      asked.push(turn);
      return drop(5);
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ seat: 0, view: { toAct: [0] } });
    expect(asked[0]!.legal).toContainEqual(drop(3));
    expect((await ada.view()).state).toMatchObject({ last: 5 });
    expect(seated.view.toAct).toEqual([1]);
  });

  it('plays to the end, and says how it ended', async () => {
    const { ada, seated, clock } = await against(() => drop(2));
    for (let move = 0; move < 3; move++) {
      await ada.move('drop', { column: 3 });
      await quiet();
    }
    expect(await seated.done).toEqual({ winner: 0, reason: 'four_in_line' });
    await quiet();
    expect((await ada.view()).seats[0]).toMatchObject({ connected: false }); // it has left
    expect(clock.pending).toBeLessThanOrEqual(1); // the authority's
  });

  it('goes on when the authority has come back under its session', async () => {
    const { ada, authority, clock, connect, reports, store } = await against(() => drop(6));
    await authority.leave();
    await quiet();
    await hostGames(await connect('authority', 'authority'), { games: [connectFourRules], store, clock });
    await quiet();
    await ada.move('drop', { column: 3 });
    await quiet();
    expect((await ada.view()).state).toMatchObject({ last: 6 });
    expect(reports).toEqual([]);
  });

  it('moves by chance where thinking fails, and says so', async () => {
    const { ada, reports } = await against(() => {
      throw new Error('out of ideas');
    });
    expect((await ada.view()).toAct).toEqual([1]);
    expect(reports).toEqual([expect.stringMatching(/^bot in match match1 of connect_four: .*chance: out of ideas$/)]);
  });

  it('moves by chance where its move is refused, and goes on thinking afterwards', async () => {
    const columns = [9, 4];
    const { ada, reports } = await against(() => drop(columns.shift()!));
    expect((await ada.view()).toAct).toEqual([1]);
    expect(reports).toEqual([expect.stringContaining('its move drop was refused')]);
    await ada.move('drop', { column: 0 });
    await quiet();
    expect((await ada.view()).state).toMatchObject({ last: 4 });
  });

  it('moves by chance where it answers something else than a move', async () => {
    const { ada, reports } = await against(() => undefined as never);
    expect((await ada.view()).toAct).toEqual([1]);
    expect(reports).toEqual([expect.stringContaining('a bot answers { move, args }, not undefined')]);
  });

  it('that does not answer is cancelled, and moves by chance', async () => {
    let signal!: AbortSignal;
    const { ada, clock, reports } = await against((turn) => {
      ({ signal } = turn);
      return new Promise(() => {});
    });
    await clock.advance(29_999);
    expect([signal.aborted, (await ada.view()).toAct]).toEqual([false, [0]]);
    await clock.advance(1);
    expect([signal.aborted, (await ada.view()).toAct]).toEqual([true, [1]]);
    expect(reports).toEqual([expect.stringContaining('there was no answer within 30000 ms')]);
  });

  it('is cancelled when the match ends meanwhile, and when its session does', async () => {
    const signals: AbortSignal[] = [];
    const think: Think<typeof connectFour.types> = ({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const first = await against(think);
    await first.ada.move('resign');
    await quiet();
    expect(await first.seated.done).toEqual({ winner: 0, reason: 'resigned' });
    const second = await against(think);
    await second.session.leave();
    expect(await second.seated.done).toBe(null);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect([...first.reports, ...second.reports]).toEqual([]);
  });

  it('comes to a rematch if it was told to', async () => {
    const { ada, player } = await against(() => drop(0), { rematch: true });
    await ada.move('resign');
    await ada.offer();
    await quiet();
    const again = await player('ada', 'connect_four', (await ada.view()).rematch.match!);
    const { seat, view } = await again.join();
    expect(seat).toBe(0);
    expect(view.seats[1]).toEqual({ player: 'robot', connected: true });
  });

  it('leaves when it has been alone for as long as it was told', async () => {
    const { ada, seated, clock } = await against(() => new Promise(() => {}), { lingerMs: 5_000 });
    await ada.drop();
    await clock.advance(5_000);
    expect(await seated.done).toBe(null);
  });

  it('sits again in a later session of the same player, and goes on', async () => {
    const { ada, match, session, connect, clock } = await against(() => drop(6));
    await session.leave();
    await ada.move('drop', { column: 0 });
    const back = await bot(connectFourRules, () => drop(5)).play(await connect('robot'), { match, clock });
    await quiet();
    expect(back.seat).toBe(0);
    expect((await ada.view()).state).toMatchObject({ last: 5 });
  });

  it('is told when it does not get a seat', async () => {
    const { match, connect } = await against(() => drop(0));
    const late = bot(connectFourRules, () => drop(0)).play(await connect('late'), { match });
    await expect(late).rejects.toMatchObject({ uri: 'game.error.full' });
  });

  it('gives its seat up where the rules list nothing and thinking fails: nobody waits', async () => {
    const mute = { ...connectFourRules, behaviour: { ...connectFourRules.behaviour, legal: {} } };
    const at = await table();
    const match = await at.create();
    const reports: string[] = [];
    const failing = bot(mute, () => {
      throw new Error('out of ideas');
    });
    await failing.play(await at.connect('robot'), { match, report: (what) => reports.push(what) });
    const ada = await at.player('ada', 'connect_four', match);
    await ada.join();
    await quiet();
    expect((await ada.view()).result).toEqual({ winner: 1, reason: 'left' });
    expect(reports.at(-1)).toContain('it gives up seat 0');
  });
});

/** First a word, then a number. */
const phased = game('phased', {
  seats: 1,
  state: { said: t.int() },
  moves: { word: {}, number: {} },
  phases: ['words', 'numbers'],
});
const phasedRules = phased.rules({
  setup: () => ({ said: 0 }),
  phases: { words: { moves: ['word'] }, numbers: { moves: ['number'] } },
  moves: { word: ({ next }) => next({ phase: 'numbers', seat: 0 }), number: ({ end }) => end({ draw: true }) },
  legal: { word: () => true, number: () => true },
});

it('a bot that makes a move of another phase is helped on by chance, and keeps its seat', async () => {
  const at = await table({ games: [phasedRules] });
  const match = await at.create('phased');
  const reports: string[] = [];
  const stubborn = bot(phasedRules, () => ({ move: 'number', args: {} }));
  const seated = await stubborn.play(await at.connect('robot'), { match, report: (what) => reports.push(what) });
  expect(await seated.done).toEqual({ draw: true });
  expect(reports).toEqual([expect.stringContaining('its move number was refused')]);
});

/** Each draws a card that only they see. */
const cards = game('one_card', {
  seats: 2,
  state: { deck: t.list(t.int()).hidden(), hands: t.perSeat(t.int().owner()) },
  moves: { bet: { more: t.int(0, 5) }, fold: {} },
});
const cardsRules = cards.rules({
  setup: () => ({ deck: [7], hands: [1000, 1001] }),
  moves: { bet: ({ next }) => next(), fold: ({ seat, end }) => end({ winner: seat === 0 ? 1 : 0 }) },
  legal: { bet: () => [{ more: 1 }], fold: () => true },
});

it('a bot sees what its seat sees, and nothing else', async () => {
  const at = await table({ games: [cardsRules] });
  const match = await at.create('one_card');
  const seen: unknown[] = [];
  const honest = bot(cardsRules, ({ view }) => {
    seen.push(view.state);
    return { move: 'fold', args: {} };
  });
  await honest.play(await at.connect('robot'), { match });
  await (await at.player('ada', 'one_card', match)).join();
  await quiet();
  expect(seen).toEqual([{ hands: [1000, { concealed: true }] }]);
});

/** Compiled, never run: each expected error is a test. */
export const promises = () => [
  bot(connectFourRules, ({ legal, random }) => random.pick(legal)),
  bot(connectFourRules, async ({ view, seat, legal }) => (view.toAct.includes(seat) ? legal[0]! : drop(1))),
  // @ts-expect-error there is no such move
  bot(connectFourRules, () => ({ move: 'dorp', args: { column: 1 } })),
  // @ts-expect-error the argument is a number
  bot(connectFourRules, () => ({ move: 'drop', args: { column: 'x' } })),
  // @ts-expect-error an argument is missing
  bot(connectFourRules, () => ({ move: 'drop', args: {} })),
  // @ts-expect-error a bot answers a move, always
  bot(connectFourRules, () => {}),
  // @ts-expect-error the deck is hidden
  bot(cardsRules, ({ view, legal }) => legal[view.state.deck.length]!),
  // @ts-expect-error another hand may be concealed
  bot(cardsRules, ({ view }) => ({ move: 'bet', args: { more: view.state.hands[1] } })),
  // @ts-expect-error there are two seats
  bot(cardsRules, ({ seat }) => ({ move: seat === 2 ? 'fold' : 'fold', args: {} })),
  // @ts-expect-error seats are 0 and 1
  bot(cardsRules, ({ legal }) => legal[0]!).play(null!, { match: 'x', seat: 2 }),
];
