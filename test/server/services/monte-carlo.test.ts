import { describe, expect, it } from 'vitest';
import {
  concealed,
  game,
  legal,
  play,
  SeededRandom,
  seeded,
  start,
  t,
  type AnyRules,
  type Position,
} from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { monteCarlo } from '../../../server/services/monte-carlo.ts';
import { checkThinker, looksAhead, type Thinker } from '../../../server/services/thinker.ts';
import { ticTacToeRules } from '../../examples/tic-tac-toe.ts';

const chance = (seed: number) => new SeededRandom(seeded(seed));
const decide = (thinker: Thinker, position: Position, playouts: number, seed = 1) =>
  monteCarlo(thinker, position, { ms: Infinity, playouts, now: () => 0 }, chance(seed));

function after(rules: AnyRules, position: Position, move: string, args: object): Position {
  const played = play(rules, position, position.toAct[0]!, { move, args }, 0);
  if (!played.ok) throw new Error(played.error.message, { cause: played.cause });
  return played.position;
}

/** How matches against chance end for the computer, which sits in either seat by turns. */
function againstChance(rules: AnyRules, matches: number, playouts: number) {
  const ends = { won: 0, drawn: 0, lost: 0 };
  for (let seed = 0; seed < matches; seed++) {
    const random = chance(seed);
    const ours = seed % 2;
    let position = start(rules, { seed });
    while (!position.result) {
      const seat = position.toAct[0]!;
      const { move, args } =
        seat === ours ? decide({ rules }, position, playouts, seed) : random.pick(legal(rules, position, seat));
      position = after(rules, position, move, args);
    }
    const { result } = position;
    ends['draw' in result ? 'drawn' : 'winner' in result && result.winner === ours ? 'won' : 'lost'] += 1;
  }
  return ends;
}

describe('by nothing but the rules', () => {
  it('it beats chance by far at tic-tac-toe, and never loses', () => {
    const ends = againstChance(ticTacToeRules, 12, 300);
    expect(ends.lost).toBe(0);
    expect(ends.won).toBeGreaterThanOrEqual(9);
  });

  it('it beats chance in every match at Connect Four', () => {
    expect(againstChance(connectFourRules, 6, 100)).toEqual({ won: 6, drawn: 0, lost: 0 });
  });

  it('it wins at once where it can, and blocks where it must', () => {
    const cells = (...marked: number[]) =>
      marked.reduce(
        (position, cell) => after(ticTacToeRules, position, 'mark', { cell }),
        start(ticTacToeRules, { seed: 1 }),
      );
    expect(decide({ rules: ticTacToeRules }, cells(0, 3, 1, 4), 400).args).toEqual({ cell: 2 });
    expect(decide({ rules: ticTacToeRules }, cells(0, 4, 1), 400).args).toEqual({ cell: 2 });
  });

  it('it makes the same choice by the same chance', () => {
    const position = start(connectFourRules, { seed: 1 });
    expect(decide({ rules: connectFourRules }, position, 50, 3)).toEqual(
      decide({ rules: connectFourRules }, position, 50, 3),
    );
  });
});

describe('the time', () => {
  it('ends the playouts', () => {
    let now = 0;
    const limits = { ms: 30, now: () => now++ };
    const { playouts } = monteCarlo({ rules: ticTacToeRules }, start(ticTacToeRules, { seed: 1 }), limits, chance(1));
    expect(playouts).toBe(30);
  });

  it('is enough for one playout, however short it is', () => {
    const limits = { ms: 0, now: () => 0 };
    const found = monteCarlo({ rules: ticTacToeRules }, start(ticTacToeRules, { seed: 1 }), limits, chance(1));
    expect(found).toMatchObject({ move: 'mark', playouts: 1 });
  });

  it('ends with a clear error where there is nothing to choose from', () => {
    const rules = { ...ticTacToeRules, behaviour: { ...ticTacToeRules.behaviour, legal: {} } };
    expect(() => decide({ rules }, start(rules, { seed: 1 }), 5)).toThrow('there is no move to choose from');
  });
});

it('rules that list a move and refuse it are told of', () => {
  const legalWrong = { mark: () => [{ cell: 77 }] };
  const rules = { ...ticTacToeRules, behaviour: { ...ticTacToeRules.behaviour, legal: legalWrong } };
  expect(() => decide({ rules }, start(rules, { seed: 1 }), 5)).toThrow('listed as legal');
});

/** A die is thrown for a stake: a sure point, or seven points for a six. The first to ten wins. */
const dice = game('dice', { seats: 2, state: { points: t.perSeat(t.int(0, 99)) }, moves: { sure: {}, dare: {} } });
const diceRules = dice.rules({
  setup: ({ seats }) => ({ points: seats.map(() => 0) }),
  moves: {
    sure({ state, seat, next, end }) {
      state.points[seat] += 4;
      if (state.points[seat] >= 10) end({ winner: seat });
      else next();
    },
    dare({ state, seat, random, next, end }) {
      if (random.int(1, 6) === 6) state.points[seat] += 7;
      if (state.points[seat] >= 10) end({ winner: seat });
      else next();
    },
  },
  legal: { sure: () => true, dare: () => true },
});

it('chance falls anew in each playout: it does not know the next throw', () => {
  for (let seed = 0; seed < 8; seed++)
    expect(decide({ rules: diceRules }, start(diceRules, { seed }), 400, seed).move).toBe('sure');
});

/** Both show a number at once; equal numbers are the second seat's, unequal ones the first's. */
const odd = game('odd', {
  seats: 2,
  state: { shown: t.perSeat(t.int(0, 3).nullable().hidden()) },
  moves: { show: { n: t.int(0, 3) } },
  phases: ['showing'],
});
const oddRules = odd.rules({
  setup: ({ seats }) => ({ shown: seats.map(() => null) }),
  phases: { showing: { moves: ['show'], toAct: 'everyone' } },
  moves: {
    show({ state, seat, toAct, next, end }, { n }) {
      state.shown[seat] = n;
      if (toAct.length > 1) next();
      else if (state.shown[0] === state.shown[1]) end({ winner: 1 });
      else end({ winner: 0 });
    },
  },
  legal: { show: () => [0, 1, 2, 3].map((n) => ({ n })) },
});

it('who acts at the same time does not know what the other does', () => {
  const thinker: Thinker = { rules: oddRules, imagine: () => ({ shown: [null, null] }) };
  const position = { ...start(oddRules, { seed: 1 }), state: { shown: [concealed, concealed] }, toAct: [1, 0] };
  const { value } = decide(thinker, position, 3_000); // who knew would win always; fair is one in four
  expect(value).toBeGreaterThan(0.1);
  expect(value).toBeLessThan(0.5);
});

/** Which of three cups has the ball? The one who guesses has seen one of them lifted. */
const cups = game('cups', {
  seats: 1,
  state: { ball: t.int(0, 2).hidden(), lifted: t.int(0, 2) },
  moves: { guess: { cup: t.int(0, 2) } },
});
const cupsRules = cups.rules({
  setup: ({ random }) => {
    const [ball = 0, lifted = 1] = random.shuffle([0, 1, 2]);
    return { ball, lifted };
  },
  moves: { guess: ({ state, seat, end }, { cup }) => end(state.ball === cup ? { winner: seat } : { draw: true }) },
  legal: { guess: () => [0, 1, 2].map((cup) => ({ cup })) },
});

describe('secrets', () => {
  const thinker: Thinker = {
    rules: cupsRules,
    imagine: ({ state }, _, random) => {
      const { lifted } = state as { lifted: number };
      return { lifted, ball: random.pick([0, 1, 2].filter((cup) => cup !== lifted)) };
    },
  };

  it('are imagined: it guesses one of those that could be', () => {
    for (let lifted = 0; lifted < 3; lifted++) {
      const position = { ...start(cupsRules, { seed: 1 }), state: { lifted } };
      expect(decide(thinker, position, 200).args).not.toEqual({ cup: lifted });
    }
  });

  it('must be imagined, or the game is not taken', () => {
    expect(() => checkThinker('cups', { rules: cupsRules })).toThrow(
      'the state of cups has secrets: its thinker needs',
    );
    checkThinker('cups', thinker);
    checkThinker('dice', { rules: diceRules });
  });
});

it('looks ahead only where it is told how a position stands', () => {
  expect(looksAhead({ rules: diceRules })).toBe(false);
  expect(looksAhead({ rules: ticTacToeRules, evaluate: () => 0 })).toBe(true);
  expect(looksAhead({ rules: cupsRules, evaluate: () => 0, imagine: () => ({}) })).toBe(false);
});
