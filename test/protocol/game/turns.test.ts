import { describe, expect, it } from 'vitest';
import { game, harness, lagQuota, replay, RunningMatch, t, timeLeft, type Entry } from '../../../protocol/index.ts';
import { auctionDefinition, auctionRules } from './auction.ts';

const table = (options: Parameters<typeof harness<(typeof auctionRules)['game']['types']>>[1] = {}) =>
  harness(auctionRules, { seats: 2, ...options });
const clocked = (seconds: number, more: object = {}) => table({ options: { seconds, ...more } });

describe('a timer', () => {
  it('runs when its time has come, and not before', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 500, what: 'gavel' });
    match.advance(499);
    expect(match.state.rung).toEqual([]);
    match.advance(1);
    expect(match.state.rung).toEqual(['gavel 500']);
    expect(match.log.at(-1)).toEqual({ type: 'timer', timer: 1, at: 500 });
    expect(match.replayed()).toEqual(match.state);
  });

  it('runs after those that are due before it, and of two at one time the one that was set first runs first', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 900, what: 'gavel' });
    match.advance(600);
    match.players[1].moves.wait({ ms: 300, what: 'gone' });
    match.players[0].moves.wait({ ms: 100, what: 'gavel' });
    match.advance(10_000);
    expect(match.state.rung).toEqual(['gavel 100', 'gavel 900', 'gone']);
  });

  it('cannot be called by a player', () => {
    expect(table().players[0].play({ move: 'gavel', args: { round: 1 } } as never)).toMatchObject({
      error: { code: 'bad_arguments', details: { issues: [{ path: 'move' }] } },
    });
  });

  it('makes a move for its seat if the seat may make it then, and else is over', () => {
    const match = table();
    match.players[0].moves.later({ ms: 100 });
    match.players[1].moves.pass();
    match.advance(100);
    expect(match.state.rung).toEqual(['later', 'later']);
    expect(match.view.toAct).toEqual([1]);
    match.advance(100);
    expect([match.state.rung, match.view.toAct]).toEqual([['later', 'later'], [1]]);
    expect(match.replayed()).toEqual(match.state);
  });

  it('ends the turn of all who are to act', () => {
    const match = table({ seats: 3 });
    match.players[0].moves.wait({ ms: 10, what: 'gone' });
    match.players[1].moves.pass();
    match.players[2].moves.pass();
    match.players[0].moves.seven();
    expect(match.view.toAct).toEqual([1, 2]);
    match.advance(10);
    expect([match.view.toAct, match.view.stage]).toEqual([[0], null]);
  });

  it('does nothing when the match has ended', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 10, what: 'gavel' });
    match.players[1].moves.settle();
    const { version } = match.view;
    match.advance(1_000);
    expect([match.view.version, match.state.rung]).toEqual([version, []]);
  });

  it('that fails changes nothing, is over, and says so', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 10, what: 'broken' });
    expect(() => match.advance(10)).toThrow('the gavel is broken');
    expect(match.state.rung).toEqual([]);
    match.advance(1_000);
    expect(match.replayed()).toEqual(match.state);
  });

  it('that a refused move had set is not set', () => {
    const late = game('late', { seats: 1, state: {}, moves: { go: {} }, timers: { ring: {} }, errors: { no: {} } });
    const match = harness(
      late.rules({
        setup: () => ({}),
        moves: {
          go({ after, reject }) {
            after(1, 'ring');
            reject('no');
          },
        },
        timers: { ring() {} },
      }),
    );
    match.players[0].moves.go();
    match.advance(10);
    expect(match.view.version).toBe(1);
  });

  it.each([
    [0, 'after(0, "gavel"): milliseconds wanted, 1 or more'],
    [Number.NaN, 'after(NaN'],
  ])('after %s ms is a mistake that is named', (ms, message) => {
    const match = harness(
      auctionRules.game.rules({
        ...auctionDefinition,
        moves: { ...auctionDefinition.moves, hush: ({ after }) => after(ms, 'gavel', { round: 1, loud: false }) },
      }),
      { seats: 2 },
    );
    expect(() => match.players[0].moves.hush()).toThrow(message);
  });

  it('is one of at most a hundred', () => {
    const match = table();
    for (let set = 0; set < 100; set++) match.mover.moves.wait({ ms: 1_000, what: 'gavel' });
    expect(() => match.mover.moves.wait({ ms: 1_000, what: 'gavel' })).toThrow('100 timers are set already');
  });

  it('shows no seat what an event has for its owner: nobody acts', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 10, what: 'gavel' });
    match.advance(10);
    const applied = match.applied.at(-1)!;
    if (!applied.ok) expect.fail('the timer was refused');
    const { commit, parts } = applied.told.json;
    expect(commit).toMatchObject({ events: [{ data: { secret: { concealed: true } } }] });
    expect(JSON.stringify([...parts.values()])).not.toContain('7');
  });
});

describe('a stage', () => {
  it('has its own moves, for all whom it concerns, and ends with the turn', () => {
    const match = table({ seats: 3 });
    match.players[0].moves.seven();
    expect([match.view.stage, match.view.toAct]).toEqual(['discarding', [1, 2]]);
    expect(match.players[1].moves.pass()).toMatchObject({
      error: { code: 'wrong_phase', details: { phase: null, stage: 'discarding' } },
    });
    match.players[2].moves.discard();
    expect([match.view.stage, match.view.toAct]).toEqual(['discarding', [1]]);
    match.players[1].moves.discard();
    expect([match.view.stage, match.view.toAct]).toEqual(['robbing', [0]]);
    match.players[0].moves.rob();
    expect([match.view.stage, match.view.toAct]).toEqual([null, [0]]);
  });

  it('leaves moves at any time', () => {
    const match = table({ seats: 3 });
    match.players[0].moves.seven();
    expect(match.players[0].moves.hush()).toMatchObject({ ok: true });
    expect(match.view.stage).toBe('discarding');
  });
});

it('a pass is a move that only ends the turn', () => {
  const match = table();
  const { state } = match;
  match.players[0].moves.pass();
  expect([match.view.toAct, match.state]).toEqual([[1], state]);
});

describe('a clock', () => {
  const left = (match: ReturnType<typeof table>) => match.view.clocks?.map((clock) => timeLeft(clock, match.now));

  it('is there when the options say so', () => {
    expect(table().view.clocks).toBeNull();
    expect(left(clocked(60))).toEqual([60_000, 60_000]);
  });

  it('runs while its seat is to act, and gains the increment with the move', () => {
    const match = clocked(60, { increment: 3 });
    match.advance(10_000);
    expect(left(match)).toEqual([50_000, 60_000]);
    match.players[0].moves.pass();
    match.advance(4_000);
    match.players[1].moves.pass();
    expect(left(match)).toEqual([53_000, 59_000]);
    expect(match.view.clocks).toEqual([
      { leftMs: 53_000, runningSince: 14_000 },
      { leftMs: 59_000, runningSince: null },
    ]);
  });

  it('stands for the delay at the start of each turn', () => {
    const match = clocked(60, { delay: 5 });
    match.advance(4_000);
    match.players[0].moves.pass();
    match.advance(7_000);
    match.players[1].moves.pass();
    expect(left(match)).toEqual([60_000, 58_000]);
  });

  it('of each seat runs when several are to act', () => {
    const match = harness(auctionRules, { seats: 3, options: { seconds: 60 } });
    match.players[0].moves.seven();
    match.advance(5_000);
    match.players[2].moves.discard();
    match.advance(5_000);
    expect(match.view.clocks?.map((clock) => timeLeft(clock, match.now))).toEqual([60_000, 50_000, 55_000]);
  });

  it('goes on through moves at any time', () => {
    const match = clocked(60, { increment: 3 });
    match.advance(1_000);
    match.players[0].moves.hush();
    match.players[1].moves.hush();
    match.advance(1_000);
    expect(left(match)).toEqual([58_000, 60_000]);
  });

  it('that is empty ends the match for the others, by an entry of the log', () => {
    const match = clocked(60);
    match.advance(59_999);
    expect(match.view.result).toBeNull();
    match.advance(1);
    expect(match.view.result).toEqual({ winners: [1], reason: 'time' });
    expect(match.log.at(-1)).toEqual({ type: 'flag', seat: 0, lag: 0, at: 60_000 });
    expect(left(match)).toEqual([0, 60_000]);
    expect(match.players[0].moves.pass()).toMatchObject({ error: { code: 'over' } });
  });

  it('that is empty ends the match as the rules say', () => {
    const match = clocked(60);
    match.players[0].moves.raise({ by: 99 });
    match.advance(60_000);
    expect(match.view.result).toEqual({ draw: true, reason: 'sold' });
  });

  it('stands when the match has ended', () => {
    const match = clocked(60);
    match.advance(1_000);
    match.players[0].moves.settle();
    match.advance(100_000);
    expect(match.view.clocks?.map(({ runningSince }) => runningSince)).toEqual([null, null]);
    expect(left(match)).toEqual([59_000, 60_000]);
  });

  it('that no match can be played with is refused', () => {
    expect(() => harness(auctionRules, { options: { seconds: 1e9 } })).toThrow('seconds');
    const endless = game('endless', { seats: 2, state: {}, moves: {}, clock: { main: 0, increment: 0 } });
    expect(() => harness(endless.rules({ setup: () => ({}), moves: {} }))).toThrow('not 0 of everything');
  });
});

describe('lag', () => {
  const setup = { seats: 2, seed: 1, options: { seconds: 60 } };
  const play = (...entries: readonly Entry[]) => {
    const log: Entry[] = [
      { type: 'sit', seat: 0, player: 'ada', at: 0 },
      { type: 'sit', seat: 1, player: 'bob', at: 0 },
      ...entries,
    ];
    return replay(auctionRules, setup, log);
  };
  const pass = (seat: number, at: number, lag: number): Entry => ({
    type: 'move',
    seat,
    move: 'pass',
    args: {},
    at,
    lag,
  });
  const leftOf = (match: RunningMatch) => match.view(null).clocks!.map(({ leftMs }) => leftMs);

  it('is given back to the mover', () => {
    expect(leftOf(play(pass(0, 5_000, 200)))).toEqual([55_200, 60_000]);
  });

  it('is never more than the turn took', () => {
    expect(leftOf(play(pass(0, 50, 200)))).toEqual([60_000, 60_000]);
  });

  it('is given back up to what the seat has saved, so that nobody gains by answering pings late', () => {
    const { gainMs, mostMs } = lagQuota;
    const entries = [0, 1, 2, 3].map((turn) => pass(turn % 2, (turn + 1) * 5_000, turn % 2 === 0 ? 3_000 : 0));
    expect(leftOf(play(...entries))).toEqual([60_000 - 10_000 + mostMs + gainMs, 50_000]);
  });

  it('lets the flag fall as much later', () => {
    const match = play();
    expect(match.due(() => 0)).toMatchObject({ type: 'flag', seat: 0, at: 60_000 });
    expect(match.due(() => 150)).toEqual({ type: 'flag', seat: 0, lag: 150, at: 60_150 });
    expect(match.apply({ type: 'flag', seat: 0, lag: 150, at: 60_100 })).toMatchObject({ error: { code: 'stale' } });
    expect(match.apply({ type: 'flag', seat: 0, lag: 150, at: 60_150 })).toMatchObject({ ok: true });
  });
});

describe('a match, before all its seats are taken', () => {
  it('has nothing due: its clocks, and what its first phase waits for, begin with it', () => {
    const rules = game('waiting', {
      seats: 1,
      state: { rung: t.int() },
      moves: {},
      phases: ['only'],
      timers: { ring: {} },
      clock: { main: 5, increment: 0 },
    }).rules({
      setup: () => ({ rung: 0 }),
      moves: {},
      phases: { only: { moves: [], enter: ({ after }) => after(1_000, 'ring') } },
      timers: { ring: ({ state }) => void (state.rung += 1) },
    });
    const match = new RunningMatch(rules, { seed: 1 });
    expect(match.due(() => 0)).toBeNull();
    match.apply({ type: 'sit', seat: 0, player: 'ada', at: 70_000 });
    expect(match.due(() => 0)).toEqual({ type: 'timer', timer: 1, at: 71_000 });
    match.apply({ type: 'timer', timer: 1, at: 71_000 });
    expect(match.due(() => 0)).toMatchObject({ type: 'flag', at: 75_000 });
  });
});

describe('an offered draw', () => {
  it('is in the view, and ends the match when all agree', () => {
    const match = table({ seats: 3 });
    match.players[1].offer('draw');
    expect(match.view.offers).toEqual([{ what: 'draw', wantedBy: [1] }]);
    match.players[0].offer('draw');
    expect(match.view.result).toBeNull();
    match.players[2].offer('draw');
    expect(match.view).toMatchObject({ result: { draw: true, reason: 'agreed' }, offers: [], toAct: [] });
    expect(match.replayed()).toEqual(match.state);
  });

  it('is declined by anybody, or by a move of somebody else', () => {
    const match = table();
    match.players[1].offer('draw');
    match.players[0].decline('draw');
    expect(match.view.offers).toEqual([]);
    match.players[1].offer('draw');
    match.players[0].moves.pass();
    expect(match.view.offers).toEqual([]);
  });

  it('stands while who offers it makes the move', () => {
    const match = table();
    match.players[0].offer('draw');
    match.players[0].moves.pass();
    expect(match.view.offers).toHaveLength(1);
    match.players[1].moves.pass();
    expect(match.view.offers).toEqual([]);
  });

  it('is over with the match, however that ends', () => {
    for (const end of ['settle', 'time'] as const) {
      const match = clocked(60);
      match.players[1].offer('draw');
      if (end === 'settle') match.players[0].moves.settle();
      else match.advance(60_000);
      expect([match.view.result !== null, match.view.offers]).toEqual([true, []]);
    }
  });

  it('is refused where the game has none, and after the end', () => {
    const match = table();
    match.players[0].moves.settle();
    expect(match.players[0].offer('draw')).toMatchObject({ error: { code: 'over' } });
    const plain = harness(game('plain', { seats: 2, state: {}, moves: {} }).rules({ setup: () => ({}), moves: {} }));
    expect(plain.players[0].offer('draw' as never)).toMatchObject({
      error: { code: 'bad_arguments', message: 'what: plain has no draw' },
    });
  });
});

describe('a move that is taken back', () => {
  it('leaves the position from before it, whoever has moved since', () => {
    const match = table();
    match.players[0].moves.raise({ by: 5 });
    match.players[1].moves.raise({ by: 6 });
    match.players[0].offer('takeback');
    expect(match.state.price).toBe(11);
    match.players[1].offer('takeback');
    expect([match.state.price, match.view.toAct, match.view.offers]).toEqual([0, [0], []]);
    expect(match.replayed()).toEqual(match.state);
  });

  it('goes two moves back, and no further', () => {
    const match = table();
    const undo = () => {
      const asked = match.players[0].offer('takeback');
      if (asked.ok) match.players[1].offer('takeback');
      return asked.ok;
    };
    for (let turn = 0; turn < 6; turn++) match.mover.moves.raise({ by: 1 });
    expect([undo(), match.state.price]).toEqual([true, 4]);
    expect([undo(), match.state.price]).toEqual([true, 2]);
    expect(undo()).toBe(false);
  });

  it('gives nobody a second look at chance', () => {
    const match = table();
    match.players[0].moves.roll();
    const { rolled } = match.state;
    for (const player of match.players) player.offer('takeback');
    match.players[0].moves.roll();
    expect(match.state.rolled).not.toBe(rolled);
  });

  it('leaves clocks as they are, and runs the one whose turn it is', () => {
    const match = clocked(60);
    match.advance(5_000);
    match.players[0].moves.pass();
    match.advance(2_000);
    for (const player of match.players) player.offer('takeback');
    expect(match.view.clocks).toEqual([
      { leftMs: 55_000, runningSince: 7_000 },
      { leftMs: 58_000, runningSince: null },
    ]);
  });

  it('leaves timers what they had left', () => {
    const match = table();
    match.players[0].moves.wait({ ms: 1_000, what: 'gone' });
    match.advance(400);
    match.players[1].moves.raise();
    match.advance(500);
    for (const seat of [1, 0] as const) match.players[seat].offer('takeback');
    match.advance(599);
    expect(match.state.rung).toEqual([]);
    match.advance(1);
    expect(match.state.rung).toEqual(['gone']);
  });

  it('must be there, and be one that the rules let go', () => {
    const match = table();
    expect(match.players[0].offer('takeback')).toMatchObject({
      error: { code: 'bad_arguments', message: 'what: there is no move of yours to take back' },
    });
    match.players[0].moves.raise({ by: 60 });
    expect(match.players[0].offer('takeback')).toMatchObject({
      error: { message: 'what: the rules do not let you take that move back' },
    });
  });

  it('is asked for anew after another move', () => {
    const match = table();
    match.players[0].moves.pass();
    match.players[0].offer('takeback');
    match.players[1].moves.pass();
    expect(match.view.offers).toEqual([]);
  });

  it('costs games without takebacks no memory', () => {
    const match = new RunningMatch(auctionRules, { seed: 1, seats: 2 });
    expect(match.state.past).toEqual([]);
  });
});

it('all of a match is plain data', () => {
  const match = new RunningMatch(auctionRules, { seed: 1, seats: 2, options: { seconds: 60 } });
  const log: Entry[] = [
    { type: 'sit', seat: 0, player: 'ada', at: 0 },
    { type: 'sit', seat: 1, player: 'bob', at: 0 },
    { type: 'move', seat: 0, move: 'wait', args: { ms: 9, what: 'gavel' }, at: 5, lag: 3 },
    { type: 'offer', seat: 0, what: 'draw', at: 6 },
    { type: 'connection', seat: 1, connected: false, heldUntil: 90, at: 7 },
  ];
  for (const entry of log) expect(match.apply(entry)).toMatchObject({ ok: true });
  expect(JSON.parse(JSON.stringify(match.state))).toEqual(match.state);
  expect(match.time).toBe(7);
});
