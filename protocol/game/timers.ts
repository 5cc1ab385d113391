/** Moves that the authority makes when their time has come. They are data of the position, so snapshots and replay keep them. */

export interface Timer {
  /** Among those of its match. */
  readonly id: number;
  /** Match time when it is due, ms. */
  readonly at: number;
  /** A timer of the game, or a move of the seat. */
  readonly move: string;
  readonly args: object;
  /** Who makes the move; null for a timer of the game. */
  readonly seat: number | null;
}

/** Rules that set timers without end would fill the position. */
export const mostTimers = 100;

/** The one that is due first; of two at one time the one that was set first. */
export const firstTimer = (timers: readonly Timer[]): Timer | undefined =>
  timers.toSorted((a, b) => a.at - b.at || a.id - b.id)[0];

/** As if so much time had not passed. */
export const postponed = (timers: readonly Timer[], ms: number): readonly Timer[] =>
  timers.map((timer) => ({ ...timer, at: timer.at + ms }));
