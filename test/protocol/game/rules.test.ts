import { describe, expect, it } from 'vitest';
import {
  game,
  harness,
  OptionsError,
  play,
  SeededRandom,
  seeded,
  start,
  t,
  type AnyMove,
} from '../../../protocol/index.ts';
import { connectFour, connectFourRules } from '../../../protocol/games/connect-four.ts';
import { cardsRules, type cards } from './cards.ts';

const table = (options: Parameters<typeof harness<(typeof cards)['types']>>[1] = {}) =>
  harness(cardsRules, { seats: 3, ...options });
type Table = ReturnType<typeof table>;
const bidAll = (match: Table): Table => {
  for (const player of match.players) player.moves.bid({ value: 5 });
  return match;
};
const codeOf = (outcome: ReturnType<Table['players'][0]['moves']['pass']>) =>
  outcome.ok ? 'accepted' : outcome.error.code;

describe('a new match', () => {
  it('has as many seats as was said, else the most; others are refused', () => {
    expect(harness(cardsRules).players).toHaveLength(6);
    expect(table().players).toHaveLength(3);
    for (const seats of [1, 7, 2.5]) expect(() => harness(cardsRules, { seats })).toThrow(OptionsError);
  });

  it('fills in options, and refuses wrong ones by name', () => {
    expect(table().view.options).toEqual({ held: 3 });
    expect(table({ options: { held: 5, stake: 2 } }).view.options).toEqual({ held: 5, stake: 2 });
    expect(() => start(cardsRules, { options: { held: 99 }, seed: 1 })).toThrow('held');
    expect(() => start(cardsRules, { options: { hold: 3 }, seed: 1 })).toThrow(/hold/);
  });

  it('fills in what setup leaves to defaults', () => {
    expect(table().state.tables.map(({ chips }) => chips)).toEqual([10, 10, 10]);
  });

  it('is refused when setup gives what the state does not have', () => {
    const surplus = connectFour.rules({
      setup: () => ({ board: [], last: null, lats: 1 }),
      moves: { drop() {}, resign() {} },
    });
    expect(() => harness(surplus)).toThrow(/lats/);
  });

  it('is refused when a collection per seat has not one element a seat', () => {
    const uneven = game('uneven', {
      seats: 2,
      state: { deep: t.object({ hands: t.perSeat(t.int()) }) },
      moves: { go: {} },
    });
    expect(() => harness(uneven.rules({ setup: () => ({ deep: { hands: [1, 2, 3] } }), moves: { go() {} } }))).toThrow(
      'state.deep.hands has 3 elements for 2 seats',
    );
  });
});

describe('turns', () => {
  it('go round', () => {
    const match = bidAll(table());
    const order = [];
    for (let turn = 0; turn < 4; turn++) {
      order.push(...match.view.toAct);
      match.mover.moves.play({ card: 0 });
    }
    expect(order).toEqual([0, 1, 2, 0]);
  });

  it('of all at once end when the last has acted, in any order', () => {
    const match = table();
    expect(match.view).toMatchObject({ phase: 'bidding', toAct: [0, 1, 2] });
    match.players[1].moves.bid({ value: 3 });
    expect(match.view.toAct).toEqual([0, 2]);
    expect(codeOf(match.players[1].moves.bid({ value: 4 }))).toBe('not_your_turn');
    match.players[2].moves.bid({ value: 3 });
    match.players[0].moves.bid({ value: 3 });
    expect(match.view).toMatchObject({ phase: 'playing', toAct: [0] });
  });

  it('are not needed for moves at any time, nor ended by them', () => {
    const match = bidAll(table());
    expect(codeOf(match.players[2].moves.plan({ text: 'wait' }))).toBe('accepted');
    expect(match.view.toAct).toEqual([0]);
  });

  it('begin with what the new phase brings', () => {
    const match = bidAll(table());
    expect(match.applied.at(-1)).toMatchObject({
      told: { json: { commit: { events: [{ event: 'shuffled', data: {} }] } } },
    });
  });
});

describe('a refused move', () => {
  it.each([
    [
      'in a wrong phase',
      (match: Table) => match.players[0].moves.play({ card: 0 }),
      'wrong_phase',
      { phase: 'bidding' },
    ],
    [
      'with wrong arguments',
      (match: Table) => match.players[0].moves.bid({ value: 99 }),
      'bad_arguments',
      { issues: [{ path: 'value' }] },
    ],
    [
      'with surplus arguments',
      (match: Table) => match.players[0].play({ move: 'bid', args: { value: 1, extra: 1 } as { value: number } }),
      'bad_arguments',
      {},
    ],
    [
      'that the game does not have',
      (match: Table) => match.players[0].play({ move: 'toString' } as never),
      'bad_arguments',
      { issues: [{ path: 'move' }] },
    ],
  ])('%s says so', (_, make, code, details) => {
    expect(make(table())).toMatchObject({ ok: false, error: { code, details, version: 3 } });
  });

  it('is checked in the order: over, arguments, phase, turn, rules', () => {
    const match = harness(connectFourRules);
    const wrong = (args: object): string => codeOf(match.players[1].moves.drop(args as { column: number }) as never);
    expect(wrong({ column: 'x' })).toBe('bad_arguments');
    expect(wrong({ column: 9 })).toBe('not_your_turn');
    match.players[0].moves.resign();
    expect(wrong({ column: 'x' })).toBe('over');
  });

  it('changes nothing, even when the rules had begun to change the state', () => {
    const half = game('half', { seats: 2, state: { count: t.int() }, moves: { go: {} }, errors: { no: {} } });
    const match = harness(
      half.rules({
        setup: () => ({ count: 0 }),
        moves: {
          go({ state, reject, next }) {
            state.count = 7;
            next();
            reject('no');
          },
        },
      }),
    );
    const before = match.view;
    expect(match.players[0].moves.go()).toMatchObject({ ok: false, error: { code: 'no', message: 'No.' } });
    expect(match.view).toBe(before);
    expect(match.state).toEqual({ count: 0 });
  });

  it('does not use up chance', () => {
    const position = start(cardsRules, { seats: 2, seed: 5 });
    const frozen = JSON.stringify(position);
    play(cardsRules, position, 0, { move: 'bid', args: { value: 99 } }, 0);
    play(cardsRules, position, 0, { move: 'fail', args: { how: 'throw' } }, 0);
    expect(JSON.stringify(position)).toBe(frozen);
  });

  it('of another library’s schema says where and what', () => {
    expect(bidAll(table()).players[0].moves.play({ card: -1 })).toMatchObject({
      error: { code: 'bad_arguments', details: { issues: [{ path: 'card' }] } },
    });
  });
});

describe('rules that fail', () => {
  const position = start(cardsRules, { seats: 2, seed: 5 });
  it.each([
    ['throw', 'the rules are broken'],
    ['async', 'is async'],
    ['state', 'state does not fit its schema: tables[0].chips'],
    ['event', 'data of event dealt does not fit its schema: count'],
    ['seat', 'there is no seat 5'],
  ])('by %s change nothing; the caller learns that it was not his fault', (how, cause) => {
    const played = play(cardsRules, position, 0, { move: 'fail', args: { how } }, 0);
    expect(played).toMatchObject({
      ok: false,
      error: { code: 'rule_failed', message: 'The rules of this game failed. Nothing has changed.' },
    });
    expect(String(played.ok ? '' : played.cause)).toContain(cause);
    expect(position.state).toMatchObject({ names: {} });
  });

  it('throw in a harness, so that a test shows where', () => {
    expect(() => table().players[0].moves.fail({ how: 'throw' })).toThrow('the rules are broken');
  });
});

describe('chance and time', () => {
  const playThrough = (seed: number) => {
    const random = new SeededRandom(seeded(99));
    const match = table({ seed });
    while (!match.view.result) match.mover.play(random.pick(match.mover.legal()));
    return match;
  };

  it('are the same for the same seed, and others for another', () => {
    expect(playThrough(4).log).toEqual(playThrough(4).log);
    expect(table({ seed: 4 }).state).toEqual(table({ seed: 4 }).state);
    expect(table({ seed: 4 }).state.deck).not.toEqual(table({ seed: 5 }).state.deck);
  });

  it('give the same match again from its log', () => {
    for (let seed = 0; seed < 20; seed++) {
      const match = playThrough(seed);
      expect(match.replayed()).toEqual(match.state);
    }
  });

  it('of a match are what the log says', () => {
    const timed = game('timed', { seats: 2, state: { at: t.int() }, moves: { go: {} } });
    const match = harness(
      timed.rules({ setup: () => ({ at: 0 }), moves: { go: ({ state, now }) => void (state.at = now) } }),
    );
    match.advance(1500);
    match.players[0].moves.go();
    expect(match.state.at).toBe(1500);
    expect(match.replayed().at).toBe(1500);
  });

  it('random numbers are spread evenly, within their bounds', () => {
    const random = new SeededRandom(seeded(1));
    const counts = Array.from({ length: 6 }, () => 0);
    for (let roll = 0; roll < 6000; roll++) counts[random.int(1, 6) - 1]! += 1;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
    expect(random.shuffle([1, 2, 3, 4]).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    expect(() => random.int(3, 1)).toThrow(RangeError);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

it('legal moves are listed in the order of the declaration, and only what may be done now', () => {
  const match = table();
  expect(match.players[0].legal()).toEqual([1, 2, 3].map((value) => ({ move: 'bid', args: { value } })));
  match.players[0].moves.bid({ value: 1 });
  expect(match.players[0].legal()).toEqual([]);
  for (const player of match.players.slice(1)) player.moves.bid({ value: 1 });
  expect(match.players[0].legal().map(({ move }) => move)).toEqual(['play', 'play', 'play']);
});

it('a match that is over lists no moves, and refuses all', () => {
  const match = harness(connectFourRules);
  match.players[1].moves.resign();
  expect(match.players[0].legal()).toEqual([]);
  expect(() => match.mover).toThrow('over');
  expect(match.players[0].moves.resign()).toMatchObject({ error: { code: 'over' } });
});

describe('a declaration', () => {
  it('is told which moves and phases its rules lack, also where no compiler said so', () => {
    const rules = { setup: () => ({}), moves: { walk() {} }, phases: { day: { moves: ['walk'] } } };
    const nameless = game('night_watch', {
      seats: 1,
      state: {},
      moves: { walk: {}, rest: {} },
      phases: ['day', 'night'],
    });
    expect(() => nameless.rules(rules as never)).toThrow('the rules of night_watch lack move rest, phase night');
  });

  const declare =
    (name: string, more: object = {}) =>
    () =>
      game(name, { seats: 2, state: {}, moves: {}, ...more });
  it.each([
    ['a name in capitals', declare('Chess'), 'names are lower case'],
    ['the name of the framework’s errors', declare('error'), 'cannot name a game'],
    ['seats without end', declare('g', { seats: [2, 99] }), 'seats 2 to 99'],
    ['seats the wrong way round', declare('g', { seats: [4, 2] }), 'seats 4 to 2'],
    ['a move whose name is no URI', declare('g', { moves: { 'drop it': {} } }), 'drop it'],
    [
      'a timer that is a move',
      declare('g', { moves: { ring: {} }, timers: { ring: {} } }),
      '"ring" is a move and a timer',
    ],
    [
      'an unknown agreement',
      declare('g', { agreements: ['truce'] }),
      'players agree on draw, takeback, not on "truce"',
    ],
    ['an unknown claim', declare('g', { claims: ['pot'] }), 'players claim win, draw, not "pot"'],
    ['a code of the framework', declare('g', { errors: { stale: {} } }), '"stale" is an error of the framework'],
  ])('with %s is refused at once', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('has URIs of its own', () => {
    const { uris } = connectFour;
    expect(uris.create).toBe('game.connect_four.create');
    expect(uris.match('m1').move('drop')).toBe('game.connect_four.match.m1.move.drop');
    expect([uris.error('column_full'), uris.error('over')]).toEqual([
      'game.connect_four.error.column_full',
      'game.error.over',
    ]);
  });
});

it('moves as data are plain JSON', () => {
  const moves: readonly AnyMove[] = table().players[0].legal();
  expect(JSON.parse(JSON.stringify(moves))).toEqual(moves);
});
