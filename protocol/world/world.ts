/** `world()` declares a real-time game: players that come and go, moved by inputs in fixed ticks. design.md §4. */
import {
  checkName,
  mapped,
  type ArgumentAudiences,
  type Arguments,
  type ArgumentsInput,
  type ArgumentsValue,
  type NoFrameworkCodes,
  type OwnedOnlyPerSeat,
  type Shapes,
  type WithDefaults,
} from '../game/game.ts';
import { fingerprint } from '../game/fingerprint.ts';
import { isFrameworkCode } from '../game/rejection.ts';
import { gameUris, type GameUris } from '../game/uris.ts';
import { t } from '../schema/t.ts';
import type { StandardSchema } from '../schema/standard.ts';
import type {
  AnyType,
  ElementView,
  Flat,
  Shape,
  ShapeAudiences,
  ShapeInput,
  ShapeValue,
  ShapeView,
} from '../schema/type.ts';
import { idleInput } from './input.ts';
import type { WorldBehaviour, WorldRulesDefinition } from './world-rules.ts';
import type { WorldTypes } from './world-types.ts';

/** What I see of myself: an owner's fields are there. */
type MyView<S extends Shape> = Flat<{
  readonly [K in keyof S as S[K]['of']['who'] extends 'hidden' ? never : K]: S[K]['of']['who'] extends 'owner'
    ? S[K]['of']['view']
    : ElementView<S[K]>;
}>;
/** The parts of a world that nobody owns. */
type OwnedByNobody<C extends Shapes> = { [K in keyof C]: OwnedOnlyPerSeat<C[K]> };

interface WorldDefinition<
  O extends Shape,
  H extends Shape,
  P extends Shape,
  C extends Shapes,
  I extends Shape,
  M extends Arguments,
  T extends Arguments,
  E extends Shapes,
  V extends Shapes,
> {
  /** Ticks a second, from 1 to 60. */
  tick: number;
  /** Most players at a time; 100 if not said. */
  players?: number;
  options?: O & WithDefaults<O>;
  /**
   * How often the server stores the world, in milliseconds: a crash takes it back by no more. 0 is every tick; `false`: it is
   * in memory only, and ends when nobody is there. If not said, every second.
   */
  keep?: { readonly everyMs: number } | false;
  /** What all players share. */
  shared?: H & OwnedOnlyPerSeat<H>;
  /** What each player has; `.owner()` is for that player alone. */
  player: P;
  /** Things that are no players, by kind: each a collection by key. */
  entities?: C & OwnedByNobody<C>;
  /** What a player holds down or points at in a tick. What is out of range is clamped; what makes no sense is idle. */
  input: I;
  /** Who sees how far: what is in cells of `cell` units, up to `radius` cells away. Absent: everybody sees all. */
  interest?: { readonly cell: number; readonly radius: number };
  moves?: M;
  timers?: T;
  errors?: E & NoFrameworkCodes<E>;
  events?: V;
}

/** A world's schemas without their types. */
export interface WorldSchemas {
  readonly options: AnyType;
  readonly shared: AnyType;
  readonly player: AnyType;
  readonly entities: { readonly [collection: string]: AnyType };
  readonly input: AnyType;
  readonly moves: { readonly [move: string]: StandardSchema<unknown, object> };
  readonly timers: { readonly [timer: string]: StandardSchema<unknown, object> };
  readonly errors: { readonly [code: string]: AnyType };
  readonly events: { readonly [event: string]: AnyType };
}

/** A world's name and schemas: what clients and the authority agree on. */
export interface World<W extends WorldTypes> {
  readonly name: W['name'];
  /** For the compiler only; undefined at run time. */
  readonly types: W;
  /** Ticks a second. */
  readonly tick: number;
  /** Fewest and most players at a time. */
  readonly seats: readonly [number, number];
  readonly interest: { readonly cell: number; readonly radius: number } | null;
  /** How often it is stored, ms; null: never. */
  readonly keep: { readonly everyMs: number } | null;
  /** What a player does who says nothing. */
  readonly idle: W['input'];
  /** Changes whenever a schema does: two sides with one fingerprint understand each other. */
  readonly fingerprint: string;
  readonly uris: GameUris;
  /** For the framework. */
  readonly schemas: WorldSchemas;
  /** Binds behaviour to the world. */
  rules(rules: WorldRulesDefinition<W>): WorldRules<W>;
}
export interface WorldRules<W extends WorldTypes> {
  readonly game: World<W>;
  /** For the framework. */
  readonly world: WorldBehaviour;
}

/** Any world, for lists. */
export type AnyWorld = Pick<
  World<WorldTypes>,
  'name' | 'tick' | 'seats' | 'interest' | 'keep' | 'idle' | 'fingerprint' | 'uris' | 'schemas'
>;
/** Any world's rules, for lists. */
export interface AnyWorldRules {
  readonly game: AnyWorld;
  readonly world: WorldBehaviour;
  /** See `worldInDevelopment`. */
  readonly watched?: true;
}

/**
 * Declares a world. Names are lower case with digits and `_`.
 * @throws Error naming what is wrong: a malformed name, a code of the framework, a tick rate, an interest or a cadence out of range,
 * a field of the input for which no idle value is known.
 */
export function world<
  const Name extends string,
  P extends Shape,
  I extends Shape,
  O extends Shape = {},
  H extends Shape = {},
  C extends Shapes = {},
  M extends Arguments = {},
  T extends Arguments = {},
  E extends Shapes = {},
  V extends Shapes = {},
>(
  name: Name,
  definition: WorldDefinition<O, H, P, C, I, M, T, E, V>,
): World<{
  name: Name;
  options: ShapeValue<O>;
  optionsInput: ShapeInput<O>;
  shared: ShapeValue<H>;
  setup: ShapeInput<H>;
  sharedView: ShapeView<H>;
  player: ShapeValue<P>;
  spawn: ShapeInput<P>;
  playerView: ShapeView<P>;
  me: MyView<P>;
  entities: { [K in keyof C]: ShapeValue<C[K]> };
  entityInputs: { [K in keyof C]: ShapeInput<C[K]> };
  entityViews: { [K in keyof C]: ShapeView<C[K]> };
  input: ShapeValue<I>;
  moves: { [K in keyof M]: ArgumentsValue<M[K]> };
  calls: { [K in keyof M]: ArgumentsInput<M[K]> };
  timers: { [K in keyof T]: ArgumentsValue<T[K]> };
  timerCalls: { [K in keyof T]: ArgumentsInput<T[K]> };
  errors: { [K in keyof E]: ShapeInput<E[K]> };
  errorViews: { [K in keyof E]: ShapeView<E[K]> };
  events: { [K in keyof V]: ShapeInput<V[K]> };
  eventViews: { [K in keyof V]: ShapeView<V[K]> };
  audience: Exclude<
    | ShapeAudiences<H>
    | ShapeAudiences<P>
    | { [K in keyof C]: ShapeAudiences<C[K]> }[keyof C]
    | ArgumentAudiences<M>
    | ArgumentAudiences<E>
    | ArgumentAudiences<V>,
    'owner'
  >;
}>;
export function world(name: string, definition: Definition): unknown {
  const { tick, players = 100, interest = null, keep = usualKeep } = definition;
  const { options = {}, shared = {}, player, entities = {}, input } = definition;
  const { moves = {}, timers = {}, errors = {}, events = {} } = definition;
  checkName('world', name);
  if (name === 'error')
    throw new Error('"error" cannot name a world: game.error.… are the rejections of the framework');
  if (!(tick >= 1 && tick <= 60)) throw new Error(`world ${name}: ${tick} ticks a second are not within 1 to 60`);
  if (!Number.isInteger(players) || players < 1)
    throw new Error(`world ${name}: ${players} players; a whole number from 1 is wanted`);
  if (interest && !(interest.cell > 0 && Number.isInteger(interest.radius) && interest.radius >= 0))
    throw new Error(`world ${name}: interest wants a cell of more than 0 units and a radius of 0, 1, 2, … cells`);
  if (keep && !(keep.everyMs >= 0 && keep.everyMs <= longestKeepMs))
    throw new Error(`world ${name}: keep wants everyMs from 0 to ${longestKeepMs}, or false`);
  for (const part of [entities, moves, timers, errors, events])
    for (const key of Object.keys(part)) checkName(`world ${name}:`, key);
  for (const code of Object.keys(errors))
    if (isFrameworkCode(code)) throw new Error(`world ${name}: "${code}" is an error of the framework; choose another`);
  const argumentsOf = (args: Shape | StandardSchema<object, object>) =>
    ('~standard' in args ? args : t.object(args)) as StandardSchema<unknown, object>;
  const schemas: WorldSchemas = {
    options: t.object(options),
    shared: t.object(shared),
    player: t.object(player),
    entities: mapped(entities, t.object),
    input: t.object(input),
    moves: mapped(moves, argumentsOf),
    timers: mapped(timers, argumentsOf),
    errors: mapped(errors, t.object),
    events: mapped(events, t.object),
  };
  const declared = {
    name,
    tick,
    seats: [1, players] as const,
    interest,
    keep: keep || null,
    idle: idleInput(name, input),
    schemas,
    fingerprint: fingerprint([name, tick, interest && [interest.cell, interest.radius], ...Object.values(schemas)]),
    uris: gameUris(name),
    rules(behaviour: WorldBehaviour): AnyWorldRules {
      checkWhole(name, declared, behaviour);
      return { game: declared, world: behaviour };
    },
  };
  return declared;
}

const usualKeep = { everyMs: 1_000 };
/** An hour. */
const longestKeepMs = 3_600_000;

/** A definition without its types. */
interface Definition {
  tick: number;
  players?: number;
  options?: Shape;
  shared?: Shape;
  player: Shape;
  entities?: Shapes;
  input: Shape;
  interest?: { readonly cell: number; readonly radius: number };
  keep?: { readonly everyMs: number } | false;
  moves?: Arguments;
  timers?: Arguments;
  errors?: Shapes;
  events?: Shapes;
}

/** The compiler says so too, where there is one. */
function checkWhole(
  name: string,
  { schemas, interest }: { schemas: WorldSchemas; interest: object | null },
  behaviour: WorldBehaviour,
): void {
  const missing = [
    ...(['spawn', 'step'] as const).filter((rule) => typeof behaviour[rule] !== 'function'),
    ...(interest && !behaviour.at ? ['at, which interest needs'] : []),
    ...Object.keys(schemas.moves)
      .filter((move) => typeof behaviour.moves?.[move] !== 'function')
      .map((move) => `move ${move}`),
    ...Object.keys(schemas.timers)
      .filter((timer) => typeof behaviour.timers?.[timer] !== 'function')
      .map((timer) => `timer ${timer}`),
  ];
  if (missing.length > 0) throw new Error(`the rules of ${name} lack ${missing.join(', ')}`);
}
