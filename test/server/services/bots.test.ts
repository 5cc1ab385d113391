import { describe, expect, it } from 'vitest';
import {
  botUri,
  CallError,
  errors,
  legal,
  positionOf,
  SeededRandom,
  seeded,
  type AnyMove,
} from '../../../protocol/index.ts';
import { chessRules } from '../../../protocol/games/chess.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { thinkers } from '../../../server/games/index.ts';
import { botWaits, searchBot } from '../../../server/services/bot.ts';
import { runBots } from '../../../server/services/bots.ts';
import type { Choose } from '../../../server/services/search-threads.ts';
import { quiet, refusalOf, secretRules, table, type Player } from '../authority/table.ts';
import { decide } from '../games/thinking.ts';

const games = [connectFourRules, chessRules];
const thought = botWaits.leastThinkingMs + botWaits.moreThinkingMs;
const searched: Choose = async ({ game, position, seed }) =>
  decide(thinkers.byGame[game as keyof typeof thinkers.byGame], position, 3, seed);

/** A table with a computer, and ada in a match against it. */
async function withComputer({
  choose = searched,
  game = 'connect_four',
  seat = 0,
}: { choose?: Choose; game?: string; seat?: number } = {}) {
  const at = await table({ games });
  const log: string[] = [];
  const session = await at.connect('computer', 'bot');
  await runBots(session, {
    games,
    thinkers,
    choose,
    clock: at.clock,
    random: () => 0.5,
    log: (message) => log.push(message),
  });
  const person = await at.connect('ada');
  const { args } = await person.call('lobby.create', [], { game, opponent: 'computer', seat });
  const match = (args[0] as { match: string }).match;
  const ada = await at.player('ada', game, match);
  await ada.join();
  const think = async () => {
    await at.clock.advance(thought);
    await quiet();
  };
  return { ...at, log, match, ada, computer: session, think };
}

/** Plays by chance until the end. */
async function finish(ada: Player, rules: typeof connectFourRules, think: () => Promise<void>): Promise<void> {
  const random = new SeededRandom(seeded(3));
  for (let view = await ada.view(); !view.result; view = await ada.view()) {
    const seat = view.seats.findIndex(({ player }) => player === 'ada');
    if (!view.toAct.includes(seat)) await think();
    else {
      const { move, args } = random.pick(legal(rules, positionOf(view), seat));
      await ada.move(move, args);
    }
  }
}

describe('the computer', () => {
  it('plays a whole match against a person who plays by chance, and wins', async () => {
    const { ada, think, log } = await withComputer();
    await finish(ada, connectFourRules, think);
    expect((await ada.view()).result).toEqual({ winner: 1, reason: 'four_in_line' });
    expect(log).toEqual([]);
  });

  it('begins when it sits in the first seat, after having thought for a moment', async () => {
    const { ada, clock } = await withComputer({ game: 'chess', seat: 1 });
    await clock.advance(botWaits.leastThinkingMs - 1);
    expect((await ada.view()).toAct).toEqual([0]);
    await clock.advance(botWaits.moreThinkingMs);
    expect(await ada.view()).toMatchObject({ toAct: [1], state: { moves: [expect.any(String)] } });
  });

  it('accepts a rematch, in the other seat', async () => {
    const { ada, player, think } = await withComputer();
    await ada.move('resign');
    await ada.offer();
    await quiet();
    const { match } = (await ada.view()).rematch;
    const again = await player('ada', 'connect_four', match!);
    const { seat, view } = await again.join();
    expect(seat).toBe(1);
    expect(view.seats[0]).toEqual({ player: 'computer', connected: true });
    await think();
    expect((await again.view()).toAct).toEqual([1]);
  });

  it('lets others take moves back, and plays on for the win', async () => {
    const { ada, think } = await withComputer({ game: 'chess', seat: 0 });
    await ada.move('move', { from: 'e2', to: 'e4' });
    await think();
    await ada.offer('draw');
    await quiet();
    expect(await ada.view()).toMatchObject({ result: null, offers: [] });
    await ada.offer('takeback');
    await quiet();
    expect(await ada.view()).toMatchObject({ state: { moves: [] }, toAct: [0], offers: [] });
  });

  it('moves by chance when it cannot think, and says so to the operator', async () => {
    const { ada, think, log } = await withComputer({ choose: () => Promise.reject(new Error('no thread')) });
    await ada.move('drop', { column: 0 });
    await think();
    expect((await ada.view()).toAct).toEqual([0]);
    expect(log).toEqual([expect.stringContaining('moves by chance')]);
  });

  it('looks again after a refusal, and then moves by chance', async () => {
    const wrong: AnyMove = { move: 'drop', args: { column: 9 } };
    const { ada, think } = await withComputer({ choose: async () => wrong });
    await ada.move('drop', { column: 0 });
    await think();
    await think();
    expect((await ada.view()).toAct).toEqual([0]);
  });

  it('keeps its place while a person reloads, and goes when nobody comes back', async () => {
    const { ada, computer, match, player, clock } = await withComputer();
    await ada.move('resign');
    await ada.drop();
    await clock.advance(botWaits.lingerMs / 6);
    const back = await player('ada', 'connect_four', match);
    expect((await back.join()).view.seats[1]).toEqual({ player: 'computer', connected: true });
    await back.drop();
    await clock.advance(botWaits.lingerMs);
    expect(computer.id).toBeGreaterThan(0);
    expect(clock.pending).toBe(0);
  });

  it('plays in several matches at once', async () => {
    const { ada, session, player, think } = await withComputer().then((all) => ({ ...all, session: all.ada.session }));
    const { args } = await session.call('lobby.create', [], { game: 'connect_four', opponent: 'computer' });
    const other = await player('ada', 'connect_four', (args[0] as { match: string }).match);
    await other.join();
    for (const one of [ada, other]) await one.move('drop', { column: 2 });
    await think();
    for (const one of [ada, other]) expect((await one.view()).toAct).toEqual([0]);
  });

  it('is sent by services only', async () => {
    const { ada, match } = await withComputer();
    await expect(ada.session.call(botUri('connect_four'), [], { match, seat: 1 })).rejects.toThrow(CallError);
  });

  it('says why it cannot sit down', async () => {
    const { service, match } = await withComputer();
    const sit = (kwargs: object) => refusalOf(service.call(botUri('connect_four'), [], { ...kwargs }));
    expect(await sit({ match, seat: 0 })).toMatchObject({ uri: 'game.error.bad_arguments' });
    expect(await sit({ match: 'none', seat: 0 })).toMatchObject({ uri: 'game.error.no_such_match' });
    expect(await sit({ seat: 'first' })).toMatchObject({
      uri: 'game.error.bad_arguments',
      details: { issues: [{ path: 'match' }, { path: 'seat' }] },
    });
  });

  it('is a bot for processes of one’s own too, and is told when nobody waits for its answer', async () => {
    const { connect, player, create, clock } = await table({ games });
    const match = await create();
    const signals: AbortSignal[] = [];
    const waiting: Choose = ({ signal }) => {
      signals.push(signal!);
      return new Promise(() => {});
    };
    const seated = await searchBot(connectFourRules, waiting).play(await connect('thinker'), { match, clock });
    const ada = await player('ada', 'connect_four', match);
    await ada.join();
    await quiet();
    expect([seated.seat, signals.map(({ aborted }) => aborted)]).toEqual([0, [false]]);
    await ada.move('resign');
    await quiet();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('does not take a game with secrets that it cannot imagine', async () => {
    const at = await table({ games: [secretRules] });
    const wanting = { module: '', byGame: { secret: { rules: secretRules } } };
    const bots = runBots(await at.connect('computer', 'bot'), {
      games: [secretRules],
      thinkers: wanting,
      choose: searched,
    });
    await expect(bots).rejects.toThrow('the state of secret has secrets: its thinker needs imagine');
  });

  it('is offered only where it knows the game', async () => {
    const { service } = await withComputer();
    expect(await refusalOf(service.call(botUri('ludo'), [], {}))).toMatchObject({ uri: errors.noSuchProcedure });
  });
});
