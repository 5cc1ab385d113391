/** `game()` declares what crosses the wire, so that every type is known; its `rules()` add behaviour. design.md §4. */
import { t } from '../schema/t.ts';
import type { SeatOf, Seating } from '../schema/seats.ts';
import type { StandardSchema } from '../schema/standard.ts';
import type { Audiences, Shape, ShapeAudiences, ShapeInput, ShapeValue, ShapeView } from '../schema/type.ts';
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

interface GameDefinition<
  N,
  O extends Shape,
  S extends Shape,
  M extends Arguments,
  E extends Shapes,
  V extends Shapes,
  P,
> {
  /** How many players: `2`, or `[2, 6]` for from two to six. */
  seats: N;
  /** What the creator of a match may choose; each with a default. */
  options?: O & WithDefaults<O>;
  state: S & OwnedOnlyPerSeat<S>;
  /** Moves by name, each with its arguments. */
  moves: M;
  /** What the rules may refuse, by code, each with its details. */
  errors?: E & NoFrameworkCodes<E>;
  /** What happens in a moment, for animation and sound; not state. */
  events?: V;
  /** In order; the first is where a match starts. */
  phases?: P;
}

/** A game's name and schemas: what clients and the authority agree on. */
export interface Game<G extends GameTypes> {
  readonly name: G['name'];
  /** For the compiler only; undefined at run time. */
  readonly types: G;
  /** Fewest and most seats. */
  readonly seats: readonly [number, number];
  readonly phases: readonly string[];
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
}

/** Any game, for lists. */
export type AnyGame = Pick<Game<GameTypes>, 'name' | 'seats' | 'phases' | 'fingerprint' | 'uris' | 'schemas'>;
/** Any rules, for lists: `satisfies Record<GameName, AnyRules>`. */
export interface AnyRules {
  readonly game: AnyGame;
  readonly behaviour: Behaviour;
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
>(
  name: Name,
  definition: GameDefinition<N, O, S, M, E, V, P>,
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
  errors: { [K in keyof E]: ShapeInput<E[K]> };
  errorViews: { [K in keyof E]: ShapeView<E[K]> };
  events: { [K in keyof V]: ShapeInput<V[K]> };
  eventViews: { [K in keyof V]: ShapeView<V[K]> };
  phase: P[number];
  audience: Exclude<ShapeAudiences<S> | ArgumentAudiences<M> | ArgumentAudiences<E> | ArgumentAudiences<V>, 'owner'>;
}>;
export function game(name: string, definition: Definition): unknown {
  const { seats, options = {}, state, moves, errors = {}, events = {}, phases = [] } = definition;
  const [fewest, most] = typeof seats === 'number' ? [seats, seats] : seats;
  checkName('game', name);
  if (name === 'error') throw new Error('"error" cannot name a game: game.error.… are the rejections of the framework');
  if (!(fewest >= 1 && fewest <= most && most <= 16))
    throw new Error(`game ${name}: seats ${fewest} to ${most} are not within 1 to 16`);
  for (const part of [moves, errors, events]) for (const key of Object.keys(part)) checkName(`game ${name}:`, key);
  for (const phase of phases) checkName(`game ${name}: phase`, phase);
  for (const code of Object.keys(errors)) {
    if (isFrameworkCode(code))
      throw new Error(`game ${name}: "${code}" is an error of the framework; choose another code`);
  }
  const schemas: Schemas = {
    options: t.object(options),
    state: t.object(state),
    moves: mapped(moves, (args) => ('~standard' in args ? args : t.object(args)) as StandardSchema<unknown, object>),
    errors: mapped(errors, t.object),
    events: mapped(events, t.object),
  };
  const declared = {
    name,
    seats: [fewest, most],
    phases,
    schemas,
    fingerprint: fingerprint([
      name,
      [fewest, most],
      viewType({ schemas, phases }),
      schemas.moves,
      schemas.errors,
      schemas.events,
    ]),
    uris: gameUris(name),
    rules(behaviour: Behaviour): AnyRules {
      checkWhole(name, schemas, phases, behaviour);
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
}

export const mapped = <A, B>(
  record: { readonly [key: string]: A },
  of: (value: A) => B,
): { readonly [key: string]: B } => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, of(value)]));

/** The compiler says so too, where there is one. */
function checkWhole(name: string, { moves }: Schemas, phases: readonly string[], behaviour: Behaviour): void {
  const missing = [
    ...Object.keys(moves)
      .filter((move) => typeof behaviour.moves?.[move] !== 'function')
      .map((move) => `move ${move}`),
    ...phases.filter((phase) => !behaviour.phases?.[phase]).map((phase) => `phase ${phase}`),
  ];
  if (missing.length > 0) throw new Error(`the rules of ${name} lack ${missing.join(', ')}`);
}

export function checkName(what: string, name: string): void {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`${what} "${name}": names are lower case letters, digits and _, a letter first`);
}
