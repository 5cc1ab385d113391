import { expect, it } from 'vitest';
import * as z from 'zod';
import { game, liveRules, RunningMatch, RunningWorld, t, world } from '../../../protocol/index.ts';

const count = (by: number, state: { n: ReturnType<typeof t.int> } = { n: t.int() }) =>
  game('count', { seats: 1, state, moves: { go: {} } }).rules({
    setup: () => ({ n: 0 }),
    moves: {
      go({ state: draft, next }) {
        draft.n += by;
        next();
      },
    },
    legal: { go: () => true },
  });

it('a running match keeps its state and goes on by the new rules', () => {
  const live = liveRules(count(1));
  const match = new RunningMatch(live.rules, { seed: 1 });
  match.apply({ type: 'sit', seat: 0, player: 'ada', at: 0 });
  match.apply({ type: 'move', seat: 0, move: 'go', args: {}, at: 0 });
  expect(live.swap(count(10))).toEqual([]);
  expect(match.position.state).toEqual({ n: 1 });
  match.apply({ type: 'move', seat: 0, move: 'go', args: {}, at: 0 });
  expect(match.view(0)).toMatchObject({ version: 3, state: { n: 11 } });
  expect(match.legal(0)).toEqual([{ move: 'go', args: {} }]);
});

it('rules whose state does not fit stay out, and the field is named', () => {
  const live = liveRules(count(1));
  const match = new RunningMatch(live.rules, { seed: 1 });
  match.apply({ type: 'sit', seat: 0, player: 'ada', at: 0 });
  expect(live.swap(count(10, { n: t.int(0, 5) }))).toEqual([
    expect.stringMatching(/^state\.n: int.* became int\(0,5\)$/),
  ]);
  match.apply({ type: 'move', seat: 0, move: 'go', args: {}, at: 0 });
  expect(match.position.state).toEqual({ n: 1 });
});

it('a running world steps by the new rules', () => {
  const walk = (speed: number) =>
    world('walk', { tick: 10, player: { x: t.fixed(1 / 16) }, input: { dx: t.int(-1, 1) } }).rules({
      spawn: () => ({ x: 0 }),
      step: (me) => void (me.x += speed),
    });
  const live = liveRules(walk(1));
  const running = new RunningWorld(live.rules, { seed: 1 });
  running.enter('ada');
  running.input('ada', 1, [{ dx: 0 }]);
  running.step();
  live.swap(walk(5));
  running.input('ada', 2, [{ dx: 0 }]);
  running.step();
  expect(running.players.get('ada')).toEqual({ x: 6 });
});

it('says every field that is new, gone or another one, however deep', () => {
  const before = game('hands', {
    seats: 2,
    options: { held: t.int(1, 9).default(3) },
    state: { hands: t.perSeat(t.list(t.object({ suit: t.str(), rank: t.int(1, 13) }).owner())), trick: t.str() },
    moves: { play: { card: t.int(0) }, say: z.object({ what: z.string() }) },
    errors: { too_low: {} },
  });
  const after = game('hands', {
    seats: [2, 4],
    options: { held: t.int(1, 9).default(4) },
    state: { hands: t.perSeat(t.list(t.object({ suit: t.str(), rank: t.int(1, 14) }).owner())), trump: t.str() },
    moves: { play: { card: t.int(0), open: t.bool() }, say: z.object({ what: z.int() }) },
    events: { won: {} },
    phases: ['playing'],
  });
  const none = { setup: () => ({}), moves: { play() {}, say() {} }, phases: { playing: { moves: [] } } };
  const rulesOf = (one: { rules(rules: never): unknown }) => one.rules(none as never) as ReturnType<typeof count>;
  expect(liveRules(rulesOf(before)).swap(rulesOf(after))).toEqual([
    'seats: [2,2] became [2,4]',
    'phases: [] became ["playing"]',
    expect.stringMatching(/^options\.held: .*3 became .*4$/),
    expect.stringMatching(/^state\.hands\.rank: .*13\) became .*14\)$/),
    'state.trick is gone',
    'state.trump is new',
    'moves.play.open is new',
    'errors.too_low is gone',
    'events.won is new',
  ]); // what a schema of another library says inside, nobody can compare
});

it('tells fields in another order', () => {
  const sides = (state: { a: ReturnType<typeof t.int>; b: ReturnType<typeof t.int> }) =>
    game('sides', { seats: 1, state, moves: {} }).rules({ setup: () => ({ a: 0, b: 0 }), moves: {} });
  const live = liveRules(sides({ a: t.int(), b: t.int() }));
  expect(live.swap(sides({ b: t.int(), a: t.int() }))).toHaveLength(1);
});

it('is of one game for good', () => {
  const live = liveRules(count(1));
  const { game: before } = live.rules;
  live.swap(count(2));
  expect(live.rules.game).toBe(before);
});
