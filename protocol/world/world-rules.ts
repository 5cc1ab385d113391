/** How a world behaves: what `world(…).rules({ … })` takes, and what its rules are given. design.md §4. */
import type { Random } from '../game/random.ts';
import type { Given } from '../game/rules.ts';
import type { Frozen } from '../schema/type.ts';
import type { WorldTypes } from './world-types.ts';

/** What a rule returns. `void` alone would let an async function through. */
type Nothing = void | undefined;
/** In the world's own units. */
export type Place = readonly [x: number, y: number];

/** The entities of one kind, by key. Those got from it are written to. */
export interface Collection<E, Added = E> extends Iterable<readonly [key: string, entity: E]> {
  readonly size: number;
  get(key: string): E | undefined;
  /** @returns its key, which no entity of the collection has had before. */
  add(entity: Added): string;
  /** Whether it was there. */
  remove(key: string): boolean;
}

/** What every rule of a world may read and do. */
export interface WorldContext<W extends WorldTypes> {
  readonly options: Frozen<W['options']>;
  /** To be written to, as are the players and the entities. */
  readonly shared: W['shared'];
  readonly players: { readonly [id: string]: W['player'] };
  readonly entities: { readonly [K in keyof W['entities']]: Collection<W['entities'][K], EntityInput<W, K>> };
  readonly random: Random;
  /** The tick under way; from 1. */
  readonly tick: number;
  /** Match time in milliseconds: of the tick under way, not of the wall. */
  readonly now: number;
  /**
   * Something that happened, for animation and sound; it is not state. Where there is `interest`, that of a move is noticed
   * by those who are near its player, other events by everybody.
   */
  emit<K extends keyof W['events']>(event: K, ...data: Given<W['events'][K]>): void;
  /** The same, for those who are near a place. */
  emitAt<K extends keyof W['events']>(at: Place, event: K, ...data: Given<W['events'][K]>): void;
  /** Runs a timer of the rules in the first tick that is `ms` away or more. */
  after<K extends keyof W['timers']>(ms: number, timer: K, ...args: Given<TimerInput<W, K>>): void;
}
type EntityInput<W extends WorldTypes, K> = K extends keyof W['entityInputs'] ? W['entityInputs'][K] : never;
type TimerInput<W extends WorldTypes, K> = K extends keyof W['timerCalls'] ? W['timerCalls'][K] : never;

/** What a move is given. A rejected or throwing move changes nothing. */
export interface WorldMoveContext<W extends WorldTypes> extends WorldContext<W> {
  readonly me: W['player'];
  /** The id of who moves. */
  readonly id: string;
  /** Refuses the move; never returns. To narrow a value write `?? reject(…)` or `return reject(…)`. */
  reject<K extends keyof W['errors']>(code: K, ...details: Given<W['errors'][K]>): never;
  /** The players as the mover saw them when moving: at most `maxRewindMs` ago. For hits that should count as aimed. */
  rewind(): { readonly [id: string]: Frozen<W['player']> };
}
export interface StepContext<W extends WorldTypes> {
  /** Seconds of one tick. */
  readonly dt: number;
  readonly options: Frozen<W['options']>;
  readonly shared: Frozen<W['shared']>;
}

interface WorldRulesBase<W extends WorldTypes> {
  /** The start of a player. Chance is allowed. */
  spawn(context: {
    readonly id: string;
    readonly options: Frozen<W['options']>;
    readonly shared: Frozen<W['shared']>;
    readonly random: Random;
  }): W['spawn'];
  /**
   * One tick of one player by its input: pure, and the same on both sides, so that a player's own movement is seen at
   * once. What it cannot see from a client (others, chance) it is not given.
   */
  step(me: W['player'], input: Readonly<W['input']>, context: StepContext<W>): Nothing;
  /** After all players have stepped: everything else that goes on. */
  onTick?(context: WorldContext<W> & { readonly dt: number }): Nothing;
  /** A player comes, after `spawn`, or goes, while still there. */
  onEnter?(context: WorldContext<W> & { readonly id: string; readonly me: W['player'] }): Nothing;
  onLeave?(context: WorldContext<W> & { readonly id: string; readonly me: W['player'] }): Nothing;
}
type SetupPart<W extends WorldTypes> = {} extends W['setup']
  ? { setup?(context: SetupContext<W>): W['setup'] }
  : { /** What all share, at the start. */ setup(context: SetupContext<W>): W['setup'] };
interface SetupContext<W extends WorldTypes> {
  readonly options: Frozen<W['options']>;
  readonly random: Random;
  readonly entities: WorldContext<W>['entities'];
}
type MovesPart<W extends WorldTypes> = [keyof W['moves']] extends [never]
  ? { readonly moves?: never }
  : {
      readonly moves: {
        readonly [K in keyof W['moves']]: (context: WorldMoveContext<W>, args: W['moves'][K]) => Nothing;
      };
    };
type TimersPart<W extends WorldTypes> = [keyof W['timers']] extends [never]
  ? { readonly timers?: never }
  : {
      readonly timers: {
        readonly [K in keyof W['timers']]: (context: WorldContext<W>, args: W['timers'][K]) => Nothing;
      };
    };
type AudiencePart<W extends WorldTypes> = [W['audience']] extends [never]
  ? { readonly seenBy?: never }
  : {
      /** Who belongs to each audience that the schemas name. `owner` is null outside `player`. */
      readonly seenBy: {
        readonly [A in W['audience']]: (who: {
          readonly viewer: Frozen<W['player']>;
          readonly owner: Frozen<W['player']> | null;
          readonly shared: Frozen<W['shared']>;
        }) => boolean;
      };
    };
/** Where players, and entities of each kind, are; who has no place is everywhere. Needed where there is `interest`. */
interface PlacePart<W extends WorldTypes> {
  at?(player: Frozen<W['player']>): Place;
  readonly entitiesAt?: { readonly [K in keyof W['entities']]?: (entity: Frozen<W['entities'][K]>) => Place };
}

/** What goes first where there is a `budget`. */
interface PriorityPart<W extends WorldTypes> {
  /**
   * How urgent things are beside others that have waited as long, by kind: 1 if not said, twice as often at 2. Nothing waits
   * for ever; 0 and less count as very little. Clients can guess from the order what it goes by: let that be nothing secret.
   */
  readonly priority?: { readonly players?: (player: Frozen<W['player']>) => number } & {
    readonly [K in keyof W['entities']]?: (entity: Frozen<W['entities'][K]>) => number;
  };
}

/** What spectators see where there is `interest`. */
interface SpectatorPart<W extends WorldTypes> {
  /**
   * Where spectators look from: they see what is near, as everybody may. `follow` is the player whom one has chosen to
   * follow; null where that is nobody, or not there. From null they see nothing but what is shared, as without this rule.
   */
  spectator?(from: { readonly follow: Frozen<W['player']> | null; readonly shared: Frozen<W['shared']> }): Place | null;
}

export type WorldRulesDefinition<W extends WorldTypes> = WorldRulesBase<W> &
  SetupPart<W> &
  MovesPart<W> &
  TimersPart<W> &
  AudiencePart<W> &
  PlacePart<W> &
  PriorityPart<W> &
  SpectatorPart<W>;

/** World rules without their types, as the framework runs them. */
export interface WorldBehaviour {
  setup?(context: object): unknown;
  spawn(context: object): unknown;
  step(me: object, input: object, context: object): unknown;
  onTick?(context: object): unknown;
  onEnter?(context: object): unknown;
  onLeave?(context: object): unknown;
  readonly moves?: { readonly [move: string]: (context: object, args: object) => unknown };
  readonly timers?: { readonly [timer: string]: (context: object, args: object) => unknown };
  readonly seenBy?: { readonly [audience: string]: (who: object) => boolean };
  at?(player: object): Place;
  readonly entitiesAt?: { readonly [collection: string]: ((entity: object) => Place) | undefined };
  spectator?(from: object): Place | null;
  readonly priority?: { readonly [kind: string]: ((thing: object) => number) | undefined };
}
