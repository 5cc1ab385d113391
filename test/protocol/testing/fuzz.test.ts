import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { fuzz, FuzzFailure, fuzzWorld, game, t, type AnyRules, type AnyWorldRules } from '../../../protocol/index.ts';
import { games } from '../../../protocol/games/index.ts';
import { ticTacToeRules } from '../../examples/tic-tac-toe.ts';
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

/** Secrets that show in what their owners do: who gathers no more has a full basket. */
const shown: { readonly [world: string]: readonly string[] } = { meadow: ['players.basket'] };

/** `npm run fuzz:games` plays 500 of each. */
const long = process.env['FUZZ_MATCHES'];

describe('the sample games', () => {
  const all: (AnyRules | AnyWorldRules)[] = [...Object.values(games), ticTacToeRules];
  const turnBased = all.flatMap((rules) => ('behaviour' in rules ? [[rules.game.name, rules] as const] : []));
  const worlds = all.flatMap((rules) => ('world' in rules ? [[rules.game.name, rules] as const] : []));
  const patienceMs = long ? 3_600_000 : undefined;

  it.each(turnBased)(
    '%s survives',
    (name, one) => {
      const matches = long ? Number(long) : name === 'chess' ? 2 : 20;
      const report = fuzz(one, { matches, ...(long ? {} : { moves: 40 }) });
      const { moves, refusals, ended, seed } = report;
      console.log(
        `${name}: ${matches} matches, ${ended} to the end, ${moves} moves, ${refusals} refusals, seed ${seed}`,
      );
      expect(report.moves).toBeGreaterThan(matches);
    },
    patienceMs,
  );

  it.each(worlds)(
    '%s survives',
    (name, one) => {
      const report = fuzzWorld(one, { worlds: long ? Number(long) : 3, reveals: shown[name] ?? [] });
      const { ticks, moves, corrections, compared, seed } = report;
      console.log(
        `${name}: ${ticks} ticks, ${moves} moves, ${corrections} corrections, ${compared} pairs, seed ${seed}`,
      );
      expect(ticks).toBeGreaterThan(500);
    },
    patienceMs,
  );
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
    expect(found(whole, { loose: ['bid'], matches: 3, moves: 25 })).toBe(null);
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

  it('the time of the machine', () => {
    let now = 0; // stands for Date.now(): the same within a move, another one at the replay
    const timed = drawing(({ state }) => void (state.shown = Math.floor(now++ / 50) % 99));
    expect(found(timed)?.message).toMatch(/second time|replaying the log gives another match/);
  });

  it('a field that does not survive JSON', () => {
    const dated = game('dated', { seats: 1, state: { n: t.int() }, moves: { at: z.object({ when: z.date() }) } });
    const lossy = dated.rules({
      setup: () => ({ n: 0 }),
      moves: { at: ({ state, next }) => (void (state.n += 1), next()) },
      legal: { at: () => [{ when: new Date(0) }] },
    });
    expect(found(lossy)?.message).toContain('its arguments do not survive JSON: when: a Date');
    const grouped = game('grouped', {
      seats: 1,
      state: { n: t.int() },
      moves: { all: z.object({ of: z.set(z.int()) }) },
    });
    const unordered = grouped.rules({
      setup: () => ({ n: 0 }),
      moves: { all: ({ next }) => next() },
      legal: { all: () => [{ of: new Set([1]) }] },
    });
    expect(found(unordered)?.message).toContain('its arguments do not survive JSON: of: a Set');
  });

  it('a secret that is alone of its kind, and shows', () => {
    const guessing = game('guessing', {
      seats: 1,
      state: { wanted: t.int(1, 9).hidden(), hint: t.int(0, 9) },
      moves: { guess: { n: t.int(1, 9) } },
    });
    const telling = (hint: (wanted: number) => number): AnyRules =>
      guessing.rules({
        setup: ({ random }) => ({ wanted: random.int(1, 9), hint: 0 }),
        moves: {
          guess({ state, next }) {
            state.hint = hint(state.wanted);
            next();
          },
        },
        legal: { guess: () => [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ n })) },
      });
    expect(
      found(
        telling((wanted) => wanted % 3),
        { moves: 20 },
      )?.message,
    ).toContain('is told of guess depends on');
    expect(
      found(
        telling(() => 4),
        { moves: 20 },
      ),
    ).toBe(null);
  });

  it('a secret inside of a union, and shows', () => {
    const handed = game('handed', {
      seats: 2,
      state: {
        table: t.union(
          t.object({ kind: t.oneOf('dealt'), cards: t.list(t.int(1, 99)).hidden() }),
          t.object({ kind: t.oneOf('bare') }),
        ),
        top: t.int(0, 99),
      },
      moves: { peek: {} },
    });
    const peeking = handed.rules({
      setup: ({ random }) => ({ table: { kind: 'dealt', cards: random.shuffle([1, 2, 3, 4, 5]) }, top: 0 }),
      moves: {
        peek({ state, next }) {
          if (state.table.kind === 'dealt') state.top = state.table.cards[0]!;
          next();
        },
      },
      legal: { peek: () => true },
    });
    expect(found(peeking, { moves: 20 })?.message).toContain('is told of peek depends on what was concealed');
  });

  it('a match in which nobody can go on', () => {
    const tired = draw.rules({
      ...fair,
      moves: {
        ...fair.moves,
        draw(context, args) {
          if (context.state.left <= 3) context.reject('no', { why: 3 });
          fair.moves.draw(context, args);
        },
      },
      legal: { draw: ({ state }) => state.left > 3 },
    });
    expect(found(tired)?.message).toContain('is to act, and legal lists nothing');
    const lost = drawing(({ state, next }) => void (state.left === 5 && next({ seat: [] })));
    expect(found(lost)?.message).toContain('the match goes on, nobody is to act');
  });

  it('what goes wrong when a timer rings, and not that one was waited for', () => {
    const gong = game('gong', { seats: 1, state: { left: t.int(0, 9) }, moves: { strike: {} }, timers: { rest: {} } });
    const struck = (left: number) =>
      gong.rules({
        setup: () => ({ left: 9 }),
        moves: {
          strike({ after, next }) {
            after(60_000, 'rest');
            next({ seat: [] });
          },
        },
        timers: {
          rest({ state, next, end }) {
            state.left -= left;
            if (state.left === 0) end({ draw: true });
            else next({ seat: 0 });
          },
        },
        legal: { strike: () => true },
      });
    expect(found(struck(3))).toBeNull();
    expect(found(struck(2))?.message).toContain('the rules threw');
  });

  it('setup that fails, for some of the options', () => {
    const sized = game('sized', {
      seats: [2, 4],
      options: { size: t.int(1, 9).default(5) },
      state: { n: t.int() },
      moves: { go: {} },
    });
    const picky = sized.rules({
      setup({ options, seats }) {
        if (options.size < seats.length) throw new Error('too small');
        return { n: 0 };
      },
      moves: { go: ({ end }) => end({ draw: true }) },
      legal: { go: () => true },
    });
    expect(found(picky)).toMatchObject({
      message: expect.stringMatching(/^setup threw \(at the start; again with \{ seed: \d+, matches: 1/),
      cause: new Error('too small'),
    });
    expect(found(picky, { options: { size: 9 } })).toBe(null);
  });

  it('nothing where a caller may leave out what has a default', () => {
    const lax = game('lax', {
      seats: 1,
      state: { n: t.int() },
      moves: { go: { by: t.int(1, 2).default(1) } },
      errors: { too_far: {} },
    });
    const going = lax.rules({
      setup: () => ({ n: 0 }),
      moves: {
        go({ state, next, reject }, { by }) {
          if (by !== 1) reject('too_far');
          state.n += by;
          next();
        },
      },
      legal: { go: () => [{}] }, // { by: 1 } is the same
    });
    expect(found(going, { moves: 20 })).toBe(null);
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

  it('legal that throws', () => {
    const cause = new Error('no list');
    const throwing = draw.rules({
      ...fair,
      legal: {
        draw({ state }) {
          if (state.left === 3) throw cause;
          return true;
        },
      },
    });
    expect(found(throwing)).toMatchObject({ message: expect.stringMatching(/^the rules threw .*again with/), cause });
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
