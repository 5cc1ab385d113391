/** How a game behaves: what `game(…).rules({ … })` takes, and what the rules of a move are given. design.md §4. */
import type { Frozen } from '../schema/type.ts';
import type { GameTypes } from './game-types.ts';
import type { Random } from './random.ts';

/** Nothing to say where the schema is `{}`, else exactly that. */
export type Given<D> = {} extends D ? (keyof D extends never ? [] : [given?: D]) : [given: D];

/** How a match ended. `reason` is a short word for people and statistics: `checkmate`, `left`. */
export type MatchResult<S extends number = number> =
  | { readonly winner: S; readonly reason?: string }
  | { readonly winners: readonly S[]; readonly reason?: string }
  | { readonly draw: true; readonly reason?: string };

/** Context of a move: fields to read, verbs to use. */
export interface Context<G extends GameTypes> {
  /** A draft: write to it. A rejected or throwing move changes nothing. */
  readonly state: G['state'];
  /** Who moves. */
  readonly seat: G['seat'];
  /** All seats of this match. */
  readonly seats: readonly G['seat'][];
  /** The seats that are to act, the moving one still among them. */
  readonly toAct: readonly G['seat'][];
  readonly options: Frozen<G['options']>;
  readonly phase: PhaseOf<G>;
  readonly stage: StageOf<G>;
  readonly random: Random;
  /** Match time: milliseconds since the match was created. */
  readonly now: number;
  /** Refuses the move; never returns. To narrow a value write `?? reject(…)` or `return reject(…)`. */
  reject<K extends keyof G['errors']>(code: K, ...details: Given<G['errors'][K]>): never;
  /** Something that happened, for animation and sound; it is not state. */
  emit<K extends keyof G['events']>(event: K, ...data: Given<G['events'][K]>): void;
  /**
   * Ends the mover's turn; a move that does only this is a pass. Without arguments the next seat is to act; where several
   * were to act at once, the others still are; after the last of them the next seat is, or in a phase for `everyone` all
   * are again. `seat` names who is next, `phase` moves on to that phase, `stage` to that stage of the turn. A timer ends
   * the turn of all who are to act.
   */
  next(to?: {
    readonly seat?: G['seat'] | readonly G['seat'][];
    readonly phase?: G['phase'];
    readonly stage?: G['stage'];
  }): void;
  /** Ends the match. */
  end(result: MatchResult<G['seat']>): void;
  /**
   * After so many milliseconds of match time, at least one, a timer of the game runs, or the mover's seat makes a move, if
   * it then may. At most 100 wait at a time.
   */
  after<K extends keyof G['timers'] | keyof G['calls']>(
    ms: number,
    move: K,
    ...args: Given<(G['timers'] & G['calls'])[K]>
  ): void;
}
type PhaseOf<G extends GameTypes> = [G['phase']] extends [never] ? null : G['phase'];
type StageOf<G extends GameTypes> = [G['stage']] extends [never] ? null : G['stage'] | null;
/** What a phase's `enter` and timers are given: nobody moves, so there is no seat, and nobody to reject. */
export interface EnterContext<G extends GameTypes> extends Omit<Context<G>, 'seat' | 'reject' | 'after'> {
  after<K extends keyof G['timers']>(ms: number, timer: K, ...args: Given<G['timers'][K]>): void;
}

export interface SetupContext<G extends GameTypes> {
  readonly options: Frozen<G['options']>;
  readonly seats: readonly G['seat'][];
  readonly random: Random;
}
export interface LegalContext<G extends GameTypes> {
  readonly state: Frozen<G['state']>;
  readonly seat: G['seat'];
  readonly seats: readonly G['seat'][];
  readonly options: Frozen<G['options']>;
  readonly phase: PhaseOf<G>;
  readonly stage: StageOf<G>;
}
type Legal<Arguments> = keyof Arguments extends never ? boolean : readonly Arguments[];

/** What a rule returns. `void` alone would let an async function through. */
type Nothing = void | undefined;

interface PhaseRules<G extends GameTypes> {
  /** The moves that can be made in it, beside `anyTime`. */
  readonly moves: readonly (keyof G['moves'])[];
  /** Who is to act when it starts: the next seat (`in_turn`, if not said) or all at once. */
  readonly toAct?: 'in_turn' | 'everyone';
  /** Runs when the phase starts. */
  enter?(context: EnterContext<G>): Nothing;
}
interface RulesBase<G extends GameTypes> {
  /** The state at the start. Chance is allowed. */
  setup(context: SetupContext<G>): G['setup'];
  /** One procedure a move. Who is to act, the phase and the arguments' schema have been checked before. */
  readonly moves: { readonly [K in keyof G['moves']]: (context: Context<G>, args: G['moves'][K]) => Nothing };
  /** The moves a seat could make now: what bots choose from, keyboards and screen readers offer, and hints show. */
  readonly legal?: { readonly [K in keyof G['moves']]?: (context: LegalContext<G>) => Legal<G['calls'][K]> };
  /** Moves that any seated player may make, whoever's turn and whatever phase it is: `resign`. */
  readonly anyTime?: readonly (keyof G['moves'])[];
}
type StagePart<G extends GameTypes> = [G['stage']] extends [never]
  ? { readonly stages?: never }
  : {
      /** The moves that can be made in each stage, beside `anyTime` and instead of the phase's. */
      readonly stages: { readonly [S in G['stage']]: { readonly moves: readonly (keyof G['moves'])[] } };
    };
type TimerPart<G extends GameTypes> = [keyof G['timers']] extends [never]
  ? { readonly timers?: never }
  : {
      /** What happens by itself when its time has come: `after`. */
      readonly timers: {
        readonly [K in keyof G['timers']]: (context: EnterContext<G>, args: G['timers'][K]) => Nothing;
      };
    };
type ClockPart<G extends GameTypes> = [G['clocks']] extends [null]
  ? { readonly onTimeout?: never }
  : {
      /** How the match ends when the time of `seat` is up; without this the others win, and the reason is `time`. */
      onTimeout?(context: LegalContext<G>): MatchResult<G['seat']>;
    };
type UndoPart<G extends GameTypes> = 'takeback' extends G['agreement']
  ? {
      /** Whether a seat may ask to take its last move back now; without this it may. */
      undo?(context: LegalContext<G>): boolean;
    }
  : { readonly undo?: never };
type PhasePart<G extends GameTypes> = [G['phase']] extends [never]
  ? { readonly phases?: never }
  : { readonly phases: { readonly [P in G['phase']]: PhaseRules<G> } };
type AudiencePart<G extends GameTypes> = [G['audience']] extends [never]
  ? { readonly seenBy?: never }
  : {
      /** Who belongs to each audience that the schemas name. */
      readonly seenBy: {
        readonly [A in G['audience']]: (who: {
          readonly state: Frozen<G['state']>;
          readonly viewer: G['seat'];
          readonly owner: G['seat'] | null;
        }) => boolean;
      };
    };
export type RulesDefinition<G extends GameTypes> = RulesBase<G> &
  PhasePart<G> &
  StagePart<G> &
  TimerPart<G> &
  ClockPart<G> &
  UndoPart<G> &
  AudiencePart<G>;

/** Rules without their types, as the framework runs them: states and arguments have passed their schemas. */
export interface Behaviour {
  setup(context: object): unknown;
  readonly moves: { readonly [move: string]: (context: object, args: object) => unknown };
  readonly legal?: { readonly [move: string]: ((context: object) => boolean | readonly object[]) | undefined };
  readonly anyTime?: readonly string[];
  readonly phases?: {
    readonly [phase: string]: {
      readonly moves: readonly string[];
      readonly toAct?: 'in_turn' | 'everyone';
      enter?(context: object): unknown;
    };
  };
  readonly stages?: { readonly [stage: string]: { readonly moves: readonly string[] } };
  readonly timers?: { readonly [timer: string]: (context: object, args: object) => unknown };
  onTimeout?(context: object): MatchResult;
  undo?(context: object): boolean;
  readonly seenBy?: { readonly [audience: string]: (who: object) => boolean };
}
