import { describe, expect, it } from 'vitest';
import { fuzz, FuzzFailure, game, t } from '../../../protocol/index.ts';
import { games } from '../../../protocol/games/index.ts';
import { cardsRules } from '../game/cards.ts';

/** What fuzzing finds; null: nothing. */
function found(rules: Parameters<typeof fuzz>[0], options: Parameters<typeof fuzz>[1] = {}): FuzzFailure | null {
  try {
    fuzz(rules, { matches: 20, seed: 1, ...options });
    return null;
  } catch (error) {
    if (error instanceof FuzzFailure) return error;
    throw error;
  }
}

describe('the sample games', () => {
  it.each(Object.entries(games))('%s survives', (name, rules) => {
    const report = fuzz(rules, { matches: name === 'chess' ? 4 : 30, moves: 60 });
    console.log(`${name}: ${report.moves} moves, ${report.refusals} refusals, seed ${report.seed}`);
    expect(report.moves).toBeGreaterThan(40);
  });
});

/** Draw cards from a hidden deck into one's own hand until it is empty; the higher sum wins. */
const draw = game('draw', {
  seats: 2,
  state: {
    deck: t.list(t.int(1, 99)).hidden(),
    hands: t.perSeat(t.list(t.int(1, 99)).owner()),
    left: t.int(0, 99),
    shown: t.int(0, 99),
    ratio: t.fixed(1),
  },
  moves: { draw: {}, say: { what: t.int(0, 9) } },
  errors: { no: { why: t.int() } },
});
type DrawRules = Parameters<typeof draw.rules>[0];
const fair: DrawRules = {
  setup: ({ random, seats }) => ({
    deck: random.shuffle(Array.from({ length: 12 }, (_, i) => i + 1)),
    hands: seats.map(() => []),
    left: 12,
    shown: 0,
    ratio: 0,
  }),
  moves: {
    draw({ state, seat, end, next }) {
      state.hands[seat].push(state.deck.pop()!);
      state.left -= 1;
      if (state.left === 0) end({ draw: true });
      else next();
    },
    say() {},
  },
  legal: { draw: () => true },
  anyTime: ['say'],
};
const drawing = (planted: DrawRules['moves']['draw']): Parameters<typeof fuzz>[0] =>
  draw.rules({
    ...fair,
    moves: {
      ...fair.moves,
      draw(context, args) {
        fair.moves.draw(context, args);
        planted(context, args);
      },
    },
  });

describe('planted faults are found:', () => {
  it('nothing in a fair game', () => {
    expect(found(draw.rules(fair))).toBe(null);
    const { fail: _, ...moves } = cardsRules.game.schemas.moves;
    const whole = { ...cardsRules, game: { ...cardsRules.game, schemas: { ...cardsRules.game.schemas, moves } } };
    expect(found(whole, { loose: ['bid'], matches: 4, moves: 40 })).toBe(null);
  });

  it('a field that leaks what nobody should know', () => {
    const leaking = drawing(({ state, seat }) => void (state.shown = state.hands[seat].at(-1)!));
    expect(found(leaking)?.message).toContain(
      'is told of draw depends on what was concealed from it and from the mover',
    );
    expect(found(leaking, { reveals: ['draw'] })).toBe(null);
  });

  it('a refusal that tells what is hidden', () => {
    const telling = draw.rules({
      ...fair,
      moves: { ...fair.moves, say: ({ state, reject }) => reject('no', { why: state.deck[0] ?? 0 }) },
    });
    expect(found(telling)?.message).toContain('is told of say depends on what was concealed');
  });

  it('chance that is not the match’s', () => {
    const wild = drawing(({ state }) => void (state.shown = Math.floor(Math.random() * 99)));
    expect(found(wild)?.message).toContain('gives something else the second time');
  });

  it('state outside of the state', () => {
    let count = 0;
    const counting = drawing(({ state }) => void (state.shown = ++count % 99));
    expect(found(counting)?.message).toContain('gives something else the second time');
  });

  it('rules that throw', () => {
    const throwing = drawing(({ state }) => {
      if (state.left === 3) throw new Error('three is wrong');
    });
    expect(found(throwing)).toMatchObject({
      message: expect.stringContaining('the rules threw'),
      cause: new Error('three is wrong'),
    });
  });

  it('a legal move that is refused, and an illegal one that is not', () => {
    const eager = draw.rules({ ...fair, legal: { draw: () => true, say: () => [{ what: 1 }] } });
    expect(found(eager)?.message).toContain('it was accepted, but legal does not list it');
    const picky = draw.rules({
      ...fair,
      moves: {
        ...fair.moves,
        draw(context, args) {
          if (context.state.left < 5) context.reject('no', { why: 1 });
          fair.moves.draw(context, args);
        },
      },
    });
    expect(found(picky)?.message).toContain('legal lists it, but: No.');
  });

  it('says how to see it again', () => {
    const throwing = drawing(({ state }) => {
      if (state.left === 3) throw new Error('three is wrong');
    });
    const failure = found(throwing)!;
    expect(failure.message).toContain(`again with { seed: ${failure.seed}, matches: 1 }`);
    expect(found(throwing, { seed: failure.seed, matches: 1 })?.moves).toEqual(failure.moves);
  });
});
