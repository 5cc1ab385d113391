/** What compiles and what does not: proved by the compiler, which reads this file with the others. */
import { expect, it } from 'vitest';
import {
  game,
  harness,
  seen,
  t,
  type AnyRules,
  type ClockView,
  type Concealed,
  type Context,
  type GameTypes,
  type Frozen,
  type Json,
  type Outcome,
  type PerSeatView,
  type StateOf,
  type View,
} from '../../../protocol/index.ts';
import { connectFour, connectFourRules } from '../../../protocol/games/connect-four.ts';
import { auction, auctionRules } from './auction.ts';
import { cards, cardsRules } from './cards.ts';

/** Equal types, both ways. */
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const holds = <_ extends true>(): void => {};
interface Card {
  readonly suit: 'hearts' | 'spades';
  readonly code: number;
}
declare function use(value: number | undefined): void;

it('the promises about types are kept by the compiler', () => {
  expect([
    views,
    outcomes,
    refusedCalls,
    refusedRules,
    refusedPhases,
    refusedTurns,
    clocksAndAgreements,
    refusedDefinitions,
    letThrough,
  ]).toHaveLength(9);
});

export function views(four: View<typeof connectFour.types>, table: View<typeof cards.types>): void {
  holds<Same<typeof four.state, { readonly board: readonly (readonly number[])[]; readonly last: number | null }>>();
  holds<Same<typeof four.phase, null>>();
  holds<Same<typeof four.options, { readonly columns: number }>>();
  holds<Same<typeof table.phase, 'bidding' | 'playing'>>();
  holds<Same<(typeof table.state.hands)[0], readonly Card[] | Concealed>>();
  holds<Same<(typeof table.state.pile)[number], Concealed>>();
  holds<Same<(typeof table.state.plans)[1], string | Concealed>>();
  holds<
    Same<
      (typeof table.state.tables)[1],
      { readonly bid: number | null; readonly note: string | null | Concealed; readonly chips: number }
    >
  >();
  holds<Same<typeof table.state.trump, 'hearts' | 'spades' | undefined>>();
  holds<Same<typeof table.state.names, { readonly [key: string]: string }>>();
  holds<Same<Parameters<typeof seen<readonly Card[]>>[0], readonly Card[] | Concealed>>();
  use(seen(table.state.hands[0])?.length);

  // @ts-expect-error a hidden field
  use(table.state.deck.length);
  // @ts-expect-error a hidden field inside a per-seat object
  use(table.state.tables[0].secret.length);
  // @ts-expect-error an owner's field, without asking whether it is concealed
  use(table.state.hands[0].length);
  // @ts-expect-error an audience's field, without asking
  use(table.state.plans[0].length);
  // @ts-expect-error a concealed element of a list
  use(table.state.pile[0]?.code);
  // @ts-expect-error writing to a view
  four.state.last = 3;
  // @ts-expect-error writing to a view, deep inside
  four.state.board.push([]);
  // @ts-expect-error an unknown phase
  if (table.phase === 'biding') use(1);
  // @ts-expect-error a seat that may be undefined
  use(table.state.tables[table.version].chips);
}

export function outcomes(outcome: Outcome<(typeof connectFour)['types']['errorViews']>): void {
  if (!outcome.ok && outcome.error.code === 'column_full') use(outcome.error.details.column);
  if (!outcome.ok) {
    switch (outcome.error.code) {
      case 'column_full':
      case 'no_such_column':
        return use(outcome.error.details.column);
      case 'rate_limited':
        return use(outcome.error.details.retryAfterMs);
      case 'bad_arguments':
        return use(outcome.error.details.issues.length);
      case 'not_your_turn':
      case 'wrong_phase':
      case 'no_seat':
      case 'over':
      case 'no_such_match':
      case 'full':
      case 'stale':
      case 'outdated_client':
      case 'outdated_match':
      case 'rule_failed':
        return;
      default:
        outcome.error satisfies never;
    }
  }
  // @ts-expect-error an unknown code
  if (!outcome.ok && outcome.error.code === 'colum_full') use(1);
  // @ts-expect-error details before the code is known
  if (!outcome.ok) use(outcome.error.details.column);
  // @ts-expect-error the error before `ok` is looked at
  use(outcome.error);
}

export function refusedCalls(): void {
  const four = harness(connectFourRules).players[0];
  const table = harness(cardsRules).players[0];
  four.moves.drop({ column: 3 });
  table.moves.bid({ value: 3 });
  table.moves.play({ card: 1 });
  table.moves.pass();
  // @ts-expect-error a wrong argument
  four.moves.drop({ column: '3' });
  // @ts-expect-error a missing argument
  four.moves.drop({});
  // @ts-expect-error no arguments at all
  four.moves.drop();
  // @ts-expect-error one argument too many
  four.moves.drop({ column: 3, row: 1 });
  // @ts-expect-error an unknown move
  four.moves.dorp({ column: 3 });
  // @ts-expect-error arguments for a move that has none
  table.moves.pass({ why: 'bored' });
  // @ts-expect-error a wrong argument of another library's schema
  table.moves.play({ card: 'ace' });
  // @ts-expect-error a move as data, with wrong arguments
  four.play({ move: 'drop', args: { column: 'x' } });
  // @ts-expect-error a move as data, unknown
  four.play({ move: 'dorp', args: { column: 1 } });
  // @ts-expect-error an unknown option
  harness(connectFourRules, { options: { colums: 5 } });
  // @ts-expect-error a wrong option
  harness(connectFourRules, { options: { columns: 'five' } });
  // @ts-expect-error a seat that the game does not have
  harness(connectFourRules).players[2].legal();
  // @ts-expect-error games are not confused with each other
  const wrong: typeof connectFour = cards;
  void wrong;
}

export function refusedRules(): void {
  const setup = () => ({ board: [], last: null });
  const moves = { drop() {}, resign() {} };
  // @ts-expect-error a missing move
  connectFour.rules({ setup, moves: { resign() {} } });
  // @ts-expect-error an unknown move
  connectFour.rules({ setup, moves: { ...moves, drip() {} } });
  connectFour.rules({
    setup,
    moves: {
      ...moves,
      drop({ state, reject, emit, end, next }, args) {
        // @ts-expect-error an unknown code
        if (args.column === 1) reject('colum_full', { column: 1 });
        // @ts-expect-error wrong details
        if (args.column === 2) reject('column_full', { column: 'a' });
        // @ts-expect-error no details
        if (args.column === 3) reject('column_full');
        // @ts-expect-error surplus details
        if (args.column === 4) reject('column_full', { column: 1, row: 2 });
        // @ts-expect-error an unknown event
        emit('fell', { column: 1 });
        // @ts-expect-error an event's data are missing
        emit('landed', { column: 1 });
        // @ts-expect-error an unknown field
        state.lost = 1;
        // @ts-expect-error a wrong value
        state.last = '1';
        // @ts-expect-error null where it cannot be
        state.board = null;
        // @ts-expect-error an index that was not checked
        state.board[args.column].push(1);
        // @ts-expect-error a seat that the game does not have
        end({ winner: 2 });
        // @ts-expect-error a phase in a game without phases
        next({ phase: 'bidding' });
        // @ts-expect-error an argument that the move does not have
        use(args.row);
      },
    },
  });
  // @ts-expect-error setup lacks a field
  connectFour.rules({ setup: () => ({ board: [] }), moves });
  // @ts-expect-error phases in a game that declares none
  connectFour.rules({ setup, moves, phases: { a: { moves: ['drop'] } } });
  // @ts-expect-error an audience that nothing names
  connectFour.rules({ setup, moves, seenBy: { team: () => true } });
  // @ts-expect-error legal for an unknown move
  connectFour.rules({ setup, moves, legal: { drip: () => [] } });
  // @ts-expect-error legal with wrong arguments
  connectFour.rules({ setup, moves, legal: { drop: () => [{ column: 'a' }] } });
  // @ts-expect-error a list for a move without arguments: true or false is asked
  connectFour.rules({ setup, moves, legal: { resign: () => [{}] } });
  // @ts-expect-error legal may not write
  connectFour.rules({ setup, moves, legal: { drop: ({ state }) => (state.board.push([]), []) } });
  // @ts-expect-error anyTime with an unknown move
  connectFour.rules({ setup, moves, anyTime: ['resing'] });
  // @ts-expect-error an async move
  connectFour.rules({ setup, moves: { ...moves, async drop() {} } });
  // @ts-expect-error a move that returns something
  connectFour.rules({ setup, moves: { ...moves, drop: () => 5 } });
  // @ts-expect-error an async setup
  connectFour.rules({ setup: async () => ({ board: [], last: null }), moves });
}

export function refusedPhases(good: Parameters<typeof cards.rules>[0]): void {
  // @ts-expect-error a missing phase
  cards.rules({ ...good, phases: { bidding: { moves: ['bid'] } } });
  // @ts-expect-error an unknown phase
  cards.rules({ ...good, phases: { bidding: { moves: [] }, playing: { moves: [] }, scoring: { moves: [] } } });
  // @ts-expect-error a phase with an unknown move
  cards.rules({ ...good, phases: { bidding: { moves: ['bidd'] }, playing: { moves: [] } } });
  // @ts-expect-error an audience without its rule
  cards.rules({ ...good, seenBy: {} });
  cards.rules({
    ...good,
    phases: {
      bidding: { moves: [] },
      playing: {
        moves: [],
        enter(context) {
          // @ts-expect-error nobody moves when a phase starts
          use(context.seat);
          // @ts-expect-error and there is nobody to reject
          context.reject('not_held');
        },
      },
    },
    moves: {
      ...good.moves,
      bid({ next, state, seat }) {
        const any: number = seat;
        state.tables[seat].chips += 1;
        // @ts-expect-error an unknown phase
        next({ phase: 'biding' });
        // @ts-expect-error per seat by any number: perhaps undefined
        use(state.hands[any].length);
        // @ts-expect-error undefined in an optional field: delete it
        state.trump = undefined;
      },
    },
  });
}

/** Views of games with a clock always, with one by option, and without. */
export function clocksAndAgreements(
  always: View<(typeof blitz)['types']>,
  perhaps: View<typeof auction.types>,
  never: View<typeof connectFour.types>,
): void {
  holds<Same<typeof always.clocks, PerSeatView<ClockView>>>();
  holds<Same<typeof perhaps.clocks, PerSeatView<ClockView> | null>>();
  holds<Same<typeof never.clocks, null>>();
  holds<Same<typeof perhaps.stage, 'discarding' | 'robbing' | null>>();
  holds<Same<typeof never.stage, null>>();
  holds<Same<(typeof perhaps.offers)[number]['what'], 'draw' | 'takeback'>>();
  use(always.clocks[0].leftMs);
  use(perhaps.clocks?.[1].leftMs);
  // @ts-expect-error clocks of a game that has none
  use(never.clocks[0].leftMs);
  // @ts-expect-error clocks that this match may not have
  use(perhaps.clocks[0].leftMs);
  // @ts-expect-error writing to a clock
  always.clocks[0].leftMs = 1;
  // @ts-expect-error an unknown stage
  if (perhaps.stage === 'discard') use(1);
  const player = harness(auctionRules).players[0];
  player.offer('takeback');
  // @ts-expect-error what this game does not agree on
  harness(connectFourRules).players[0].offer('draw');
  // @ts-expect-error a timer called by a player
  player.moves.gavel({ round: 1 });
  // @ts-expect-error a timer as a move given as data
  player.play({ move: 'gavel', args: { round: 1 } });
}
const blitz = game('blitz', { seats: 2, state: {}, moves: {}, clock: { main: 180, increment: 2 } });

export function refusedTurns(good: Parameters<typeof auction.rules>[0]): void {
  auction.rules({
    ...good,
    moves: {
      ...good.moves,
      hush({ after, next, stage }) {
        after(10, 'gavel', { round: 1, loud: true });
        after(10, 'gone');
        after(10, 'raise', { by: 3 });
        next({ seat: [1, 2], stage: 'discarding' });
        holds<Same<typeof stage, 'discarding' | 'robbing' | null>>();
        // @ts-expect-error an unknown timer
        after(10, 'hammer');
        // @ts-expect-error wrong arguments
        after(10, 'gavel', { round: 'one' });
        // @ts-expect-error missing arguments
        after(10, 'gavel');
        // @ts-expect-error an unknown stage
        next({ stage: 'discard' });
        // @ts-expect-error a phase in a game without phases
        next({ phase: 'discarding' });
      },
    },
    timers: {
      ...good.timers,
      gavel(context, args) {
        holds<Same<typeof args, { round: number; loud: boolean }>>();
        context.after(10, 'gone');
        // @ts-expect-error a timer has no seat that could make a move later
        context.after(10, 'pass');
        // @ts-expect-error nobody acts
        use(context.seat);
        // @ts-expect-error and there is nobody to reject
        context.reject('no');
      },
    },
  });
  // @ts-expect-error a missing timer
  auction.rules({ ...good, timers: { gone() {}, broken() {} } });
  // @ts-expect-error an unknown timer
  auction.rules({ ...good, timers: { ...good.timers, hammer() {} } });
  // @ts-expect-error an async timer
  auction.rules({ ...good, timers: { ...good.timers, async gone() {} } });
  // @ts-expect-error a missing stage
  auction.rules({ ...good, stages: { discarding: { moves: [] } } });
  // @ts-expect-error a stage with an unknown move
  auction.rules({ ...good, stages: { ...good.stages, robbing: { moves: ['robb'] } } });
  // @ts-expect-error a result with a seat that the game does not have
  auction.rules({ ...good, onTimeout: () => ({ winner: 7 }) });
  // @ts-expect-error undo says yes or no
  auction.rules({ ...good, undo: () => 'perhaps' });
  const setup = () => ({ board: [], last: null });
  const moves = { drop() {}, resign() {} };
  // @ts-expect-error timers in a game that declares none
  connectFour.rules({ setup, moves, timers: { ring() {} } });
  // @ts-expect-error stages in a game that declares none
  connectFour.rules({ setup, moves, stages: { a: { moves: ['drop'] } } });
  // @ts-expect-error a timeout in a game without clock
  connectFour.rules({ setup, moves, onTimeout: () => ({ winner: 0 }) });
  // @ts-expect-error undo in a game without takebacks
  connectFour.rules({ setup, moves, undo: () => true });
}

export function refusedDefinitions(): void {
  // @ts-expect-error a clock without increment
  game('g', { seats: 2, state: {}, moves: {}, clock: { main: 300 } });
  // @ts-expect-error a clock by an option that the game does not have
  game('g', { seats: 2, state: {}, moves: {}, clock: ({ minutes }) => ({ main: minutes, increment: 0 }) });
  // @ts-expect-error an agreement that there is not
  game('g', { seats: 2, state: {}, moves: {}, agreements: ['truce'] });
  // @ts-expect-error a claim that there is not
  game('g', { seats: 2, state: {}, moves: {}, claims: ['pot'] });
  // @ts-expect-error a timer with the name of a move
  game('g', { seats: 2, state: {}, moves: { ring: {} }, timers: { ring: {} } });
  // @ts-expect-error a misspelt section
  game('g', { seats: 2, state: {}, moves: {}, evnets: {} });
  // @ts-expect-error a code of the framework
  game('g', { seats: 2, state: {}, moves: {}, errors: { full: {} } });
  // @ts-expect-error owner without perSeat
  game('g', { seats: 2, state: { hand: t.int().owner() }, moves: {} });
  // @ts-expect-error owner without perSeat, deeper
  game('g', { seats: 2, state: { table: t.object({ hand: t.int().owner() }) }, moves: {} });
  // @ts-expect-error two answers to who sees it
  t.int().owner().hidden();
  // @ts-expect-error a reserved audience
  t.int().seenBy('owner');
  // @ts-expect-error a default of the wrong type
  t.int().default('7');
  // @ts-expect-error a scalar as the arguments of a move
  game('g', { seats: 2, state: {}, moves: { drop: t.int() } });
  // @ts-expect-error too many seats
  game('g', { seats: 99, state: {}, moves: {} });
  // @ts-expect-error an option without default
  game('g', { seats: 2, options: { rounds: t.int() }, state: {}, moves: {} });
  // @ts-expect-error something that is no schema
  game('g', { seats: 2, state: { a: 1 }, moves: {} });
  game('g', { seats: 2, state: {}, moves: { go: {} } }).rules({
    setup: () => ({}),
    moves: {
      go({ reject, emit, state }) {
        // @ts-expect-error an event in a game without events
        emit('x');
        // @ts-expect-error a field in a state without fields
        use(state.x);
        // @ts-expect-error a rejection in a game without errors
        reject('x');
      },
    },
  });
}

/** What the compiler lets through, kept here so that nobody believes otherwise: schemas are strict and refuse it at run time. */
export function letThrough(): void {
  connectFour.rules({
    setup: () => ({ board: [], last: null, lats: 1 }),
    moves: {
      resign() {},
      drop({ state, reject }, { column }) {
        const stack = state.board[column];
        if (!stack) return reject('column_full', { column });
        stack.push(1);
      },
    },
    legal: { drop: () => [{ column: 1, row: 2 }] },
  });
  connectFour.rules({
    setup: () => ({ board: [], last: null }),
    moves: {
      resign() {},
      drop({ state, reject }, { column }) {
        const stack = state.board[column];
        if (!stack) reject('column_full', { column });
        // @ts-expect-error a bare reject does not narrow: write `return reject(…)` or `?? reject(…)`
        stack.push(1);
      },
    },
  });
}

// Helpers can be written outside the rules, and lists of games can be made.
function helper(context: Context<typeof connectFour.types>, column: number): number {
  const stack = context.state.board[column];
  if (!stack) context.reject('column_full', { column }); // annotated, so this narrows
  return stack.length;
}
export const useHelper = connectFour.rules({
  setup: () => ({ board: [], last: null }),
  moves: { drop: (context, { column }) => void helper(context, column), resign() {} },
});
export const listed = { connect_four: connectFourRules, cards: cardsRules } satisfies Record<string, AnyRules>;

const wrappers = {
  a: t.int().hidden().default(1),
  b: t.int().default(1).hidden(),
  c: t.str().hidden().nullable().optional(),
  d: t.int().owner().optional(),
  e: t.str().seenBy('team').default(''),
  f: t.json(),
  g: t.list(t.object({ x: t.int().hidden(), y: t.int() })).nullable(),
};
export const wrapped = game('wrapped', { seats: 1, state: { all: t.perSeat(t.object(wrappers)) }, moves: {} });
holds<
  Same<
    (typeof wrapped.types.view.all)[0],
    {
      readonly e: string | Concealed;
      readonly f: Frozen<Json>;
      readonly g: readonly { readonly y: number }[] | null;
      readonly d?: number | Concealed;
    }
  >
>();
holds<
  Same<
    StateOf<typeof wrapped>['all'][0],
    { a: number; b: number; e: string; f: Json; g: { x: number; y: number }[] | null; c?: string | null; d?: number }
  >
>();
export type Everything = GameTypes;
