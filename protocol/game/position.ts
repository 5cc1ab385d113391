/** A match at one version, as its rules see it. */
import type { RandomState } from './random.ts';
import type { MatchResult } from './rules.ts';
import type { Timer } from './timers.ts';

export interface Position {
  readonly state: unknown;
  readonly options: unknown;
  /** How many seats the match has. */
  readonly seats: number;
  readonly phase: string | null;
  /** What those who are to act may do in this turn; null: what the phase says. */
  readonly stage: string | null;
  readonly toAct: readonly number[];
  readonly result: MatchResult | null;
  /** Null where chance cannot be known: in what a client makes of its view. */
  readonly random: RandomState | null;
  /** Not in what a client sees. */
  readonly timers: readonly Timer[];
}

/** An event as the rules emitted it; `by` is the acting seat; null where a timer acts. */
export interface Emitted {
  readonly event: string;
  readonly data: object;
  readonly by: number | null;
}

/** A move with its arguments, as data. */
export interface AnyMove {
  readonly move: string;
  readonly args: object;
}

/** The numbers of so many seats: 0, 1, … */
export const seatNumbers = (count: number): number[] => Array.from({ length: count }, (_, seat) => seat);
