/** `game()` declares what crosses the wire, so that every type is known; its `rules()` add behaviour. design.md §4. */
import { t } from '../schema/t.ts';
import type { PerSeatView, SeatOf, Seating } from '../schema/seats.ts';
import type { StandardSchema } from '../schema/standard.ts';
import type { Audiences, Shape, ShapeAudiences, ShapeInput, ShapeValue, ShapeView } from '../schema/type.ts';
import { agreements as permitted, type Agreement } from './agreements.ts';
import { claims as claimable, type Claim } from './claims.ts';
import type { ClockSetting, ClockView } from './clocks.ts';
import { fingerprint } from './fingerprint.ts';
import type { GameTypes } from './game-types.ts';
import { isFrameworkCode, type FrameworkErrors } from './rejection.ts';
import type { Behaviour, Context, RulesDefinition } from './rules.ts';
import type { Schemas } from './schemas.ts';
import { gameUris, type GameUris } from './uris.ts';
import { viewType } from './view-type.ts';

/** Arguments of a move: fields in the words of `t`, or any synchronous Standard Schema of an object. */
export type Arguments = { readonly [move: string]: Shape | StandardSchema<object, object> };
export type Shapes = { readonly [name: string]: Shape };
type AnyStandard = StandardSchema<unknown, unknown>;

export type ArgumentsValue<A> = A extends AnyStandard
  ? StandardSide<A, 'output'>
  : A extends Shape
    ? ShapeValue<A>
    : never;
export type ArgumentsInput<A> = A extends AnyStandard
  ? StandardSide<A, 'input'>
  : A extends Shape
    ? ShapeInput<A>
    : never;
type StandardSide<A extends AnyStandard, Side extends 'input' | 'output'> = NonNullable<
  A['~standard']['types']
>[Side] extends infer O extends object
  ? { [K in keyof O]: O[K] }
  : never;
export type ArgumentAudiences<A> = {
  [K in keyof A]: A[K] extends AnyStandard ? never : A[K] extends Shape ? ShapeAudiences<A[K]> : never;
}[keyof A];

/** A compile error that says what is wrong. */
interface Mistake<Message extends string> {
  readonly mistake: Message;
}
export type NoFrameworkCodes<E> = {
  [K in keyof E]: K extends keyof FrameworkErrors ? Mistake<`"${K}" is an error of the framework`> : E[K];
};
/** State is owned only inside perSeat: elsewhere nobody would be its owner. */
export type OwnedOnlyPerSeat<S extends Shape> = {
  [K in keyof S]: string extends Audiences<S[K]>
    ? S[K]
    : 'owner' extends Audiences<S[K]>
      ? Mistake<'.owner() needs an enclosing t.perSeat(…)'>
      : S[K];
};
/** So that quick match and `create` without options mean something. */
export type WithDefaults<O extends Shape> = {
  [K in keyof O]: undefined extends O[K]['of']['input'] ? O[K] : Mistake<'an option needs .default(…) or .optional()'>;
};
/** `after` must know which is meant. */
type NoMoves<W, M> = { [K in keyof W]: K extends keyof M ? Mistake<`"${K & string}" is a move already`> : W[K] };
type ClocksOf<C> = [C] extends [never] ? null : PerSeatView<ClockView> | Extract<C, null>;

interface GameDefinition<
  N,
  O extends Shape,
  S extends Shape,
  M extends Arguments,
  E extends Shapes,
  V extends Shapes,
  P,
  W,
  T,
  A,
  C,
  Q,
> {
  /** How many players: `2`, or `[2, 6]` for from two to six. */
  seats: N;
  /** What the creator of a match may choose; each with a default. */
  options?: O & WithDefaults<O>;
  state: S & OwnedOnlyPerSeat<S>;
  /** Moves by name, each with its arguments. */
  moves: M;
  /** What only the authority does, in its time, each with its arguments: no client can call it. */
  timers?: W & NoMoves<W, M>;
  /** What the rules may refuse, by code, each with its details. */
  errors?: E & NoFrameworkCodes<E>;
  /** What happens in a moment, for animation and sound; not state. */
  events?: V;
  /** In order; the first is where a match starts. */
  phases?: P;
  /** What a turn may be about: a stage has moves of its own. */
  stages?: T;
  /** What players may offer one another during a match. */
  agreements?: A;
  /** What the others may claim when a player does not come back in time. Without it they win then, and are not asked. */
  claims?: Q;
  /** Always so, or as the options of a match say; null: that match is played without. */
  clock?: C | ((options: ShapeValue<O>) => C);
}

/** A game's name and schemas: what clients and the authority agree on. */
export interface Game<G extends GameTypes> {
  readonly name: G['name'];
  /** For the compiler only; undefined at run time. */
  readonly types: G;
  /** Fewest and most seats. */
  readonly seats: readonly [number, number];
  readonly phases: readonly string[];
  readonly stages: readonly string[];
  readonly agreements: readonly Agreement[];
  readonly claims: readonly Claim[];
  /** The clock of a match with these options; null: it has none. */
  clock(options: unknown): ClockSetting | null;
  /** Changes whenever a schema does: two sides with one fingerprint understand each other. */
  readonly fingerprint: string;
  readonly uris: GameUris;
  /** For the framework. */
  readonly schemas: Schemas;
  /** Binds behaviour to the game. */
  rules(rules: RulesDefinition<G>): Rules<G>;
}

/** Rules bound to their game. */
export interface Rules<G extends GameTypes> {
  readonly game: Game<G>;
  /** For the framework. */
  readonly behaviour: Behaviour;
  /** See `inDevelopment`. */
  readonly watched?: 'once' | 'twice';
}

/** Any game, for lists. */
export type AnyGame = Pick<
  Game<GameTypes>,
  'name' | 'seats' | 'phases' | 'stages' | 'agreements' | 'claims' | 'clock' | 'fingerprint' | 'uris' | 'schemas'
>;
/** Any rules, for lists: `satisfies Record<GameName, AnyRules>`. */
export interface AnyRules {
  readonly game: AnyGame;
  readonly behaviour: Behaviour;
  readonly watched?: 'once' | 'twice';
}

/** The types of a game for helpers: `StateOf<typeof chess>`, `ContextOf<typeof chess>`. */
export type StateOf<X extends { readonly types: GameTypes }> = X['types']['state'];
export type ContextOf<X extends { readonly types: GameTypes }> = Context<X['types']>;

/**
 * Declares a game. Names are lower case with digits and `_`.
 * @throws Error naming what is wrong: a malformed name, a code of the framework, seats out of range.
 */
export function game<
  const Name extends string,
  const N extends Seating,
  S extends Shape,
  M extends Arguments,
  O extends Shape = {},
  E extends Shapes = {},
  V extends Shapes = {},
  const P extends readonly string[] = [],
  W extends Shapes = {},
  const T extends readonly string[] = [],
  const A extends readonly Agreement[] = [],
  const C extends ClockSetting | null = never,
  const Q extends readonly Claim[] = [],
>(
  name: Name,
  definition: GameDefinition<N, O, S, M, E, V, P, W, T, A, C, Q>,
): Game<{
  name: Name;
  seat: SeatOf<N>;
  options: ShapeValue<O>;
  optionsInput: ShapeInput<O>;
  state: ShapeValue<S>;
  setup: ShapeInput<S>;
  view: ShapeView<S>;
  moves: { [K in keyof M]: ArgumentsValue<M[K]> };
  calls: { [K in keyof M]: ArgumentsInput<M[K]> };
  timers: { [K in keyof W]: ShapeValue<W[K]> };
  errors: { [K in keyof E]: ShapeInput<E[K]> };
  errorViews: { [K in keyof E]: ShapeView<E[K]> };
  events: { [K in keyof V]: ShapeInput<V[K]> };
  eventViews: { [K in keyof V]: ShapeView<V[K]> };
  phase: P[number];
  stage: T[number];
  agreement: A[number];
  claim: Q[number];
  clocks: ClocksOf<C>;
  audience: Exclude<ShapeAudiences<S> | ArgumentAudiences<M> | ArgumentAudiences<E> | ArgumentAudiences<V>, 'owner'>;
}>;
export function game(name: string, definition: Definition): unknown {
  const { seats, options = {}, state, moves, timers = {}, errors = {}, events = {} } = definition;
  const { phases = [], stages = [], agreements = [], claims = [], clock = null } = definition;
  const [fewest, most] = typeof seats === 'number' ? [seats, seats] : seats;
  checkName('game', name);
  if (name === 'error') throw new Error('"error" cannot name a game: game.error.… are the rejections of the framework');
  if (!(fewest >= 1 && fewest <= most && most <= 16))
    throw new Error(`game ${name}: seats ${fewest} to ${most} are not within 1 to 16`);
  for (const part of [moves, timers, errors, events])
    for (const key of Object.keys(part)) checkName(`game ${name}:`, key);
  for (const phase of phases) checkName(`game ${name}: phase`, phase);
  for (const stage of stages) checkName(`game ${name}: stage`, stage);
  for (const timer of Object.keys(timers))
    if (Object.hasOwn(moves, timer)) throw new Error(`game ${name}: "${timer}" is a move and a timer`);
  for (const what of agreements)
    if (!permitted.includes(what))
      throw new Error(`game ${name}: players agree on ${permitted.join(', ')}, not on "${what}"`);
  for (const what of claims)
    if (!claimable.includes(what))
      throw new Error(`game ${name}: players claim ${claimable.join(', ')}, not "${what}"`);
  for (const code of Object.keys(errors)) {
    if (isFrameworkCode(code))
      throw new Error(`game ${name}: "${code}" is an error of the framework; choose another code`);
  }
  const schemas: Schemas = {
    options: t.object(options),
    state: t.object(state),
    moves: mapped(moves, (args) => ('~standard' in args ? args : t.object(args)) as StandardSchema<unknown, object>),
    timers: mapped(timers, t.object),
    errors: mapped(errors, t.object),
    events: mapped(events, t.object),
  };
  const declared = {
    name,
    seats: [fewest, most],
    phases,
    stages,
    agreements,
    claims,
    clock: (chosen: unknown) => checkedClock(name, typeof clock === 'function' ? clock(chosen as object) : clock),
    schemas,
    fingerprint: fingerprint([
      name,
      [fewest, most],
      phases,
      stages,
      agreements,
      viewType({ schemas, phases, stages }),
      schemas.moves,
      schemas.timers,
      schemas.errors,
      schemas.events,
    ]),
    uris: gameUris(name),
    rules(behaviour: Behaviour): AnyRules {
      checkWhole(declared, behaviour);
      return { game: declared as unknown as AnyGame, behaviour };
    },
  };
  return declared;
}

/** A definition without its types. */
interface Definition {
  seats: number | readonly [number, number];
  options?: Shape;
  state: Shape;
  moves: { readonly [move: string]: Shape | StandardSchema<object, object> };
  errors?: Shapes;
  events?: Shapes;
  phases?: readonly string[];
  timers?: Shapes;
  stages?: readonly string[];
  agreements?: readonly Agreement[];
  claims?: readonly Claim[];
  clock?: ClockSetting | null | ((options: object) => ClockSetting | null);
}

export const mapped = <A, B>(
  record: { readonly [key: string]: A },
  of: (value: A) => B,
): { readonly [key: string]: B } => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));

/** The compiler says so too, where there is one. */
function checkWhole(declared: Pick<AnyGame, 'name' | 'schemas' | 'phases' | 'stages'>, behaviour: Behaviour): void {
  const { name, schemas, phases, stages } = declared;
  const missing = [
    ...lacking('move', Object.keys(schemas.moves), behaviour.moves),
    ...lacking('timer', Object.keys(schemas.timers), behaviour.timers),
    ...lacking('phase', phases, behaviour.phases),
    ...lacking('stage', stages, behaviour.stages),
  ];
  if (missing.length > 0) throw new Error(`the rules of ${name} lack ${missing.join(', ')}`);
}

const lacking = (what: string, names: readonly string[], given: { readonly [name: string]: unknown } = {}): string[] =>
  names.filter((name) => !Object.hasOwn(given, name)).map((name) => `${what} ${name}`);

/** Options may make a clock that no match can be played with. */
function checkedClock(name: string, clock: ClockSetting | null): ClockSetting | null {
  if (!clock) return null;
  const { main, increment, delay = 0 } = clock;
  const fits = [main, increment, delay].every((seconds) => seconds >= 0 && seconds <= longestSeconds);
  if (!fits || main + increment + delay === 0)
    throw new Error(`game ${name}: a clock has from 0 to ${longestSeconds} s, and not 0 of everything`);
  return clock;
}
/** A week. */
const longestSeconds = 7 * 24 * 3600;

export function checkName(what: string, name: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`${what} "${name}": names are lower case letters, digits and _, a letter first`);
}
