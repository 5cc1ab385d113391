/**
 * The clocks of a match: one a seat, running while the seat is to act. Pure data and match times; the authority says what
 * time it is. A mover gets back what the network took: see `lagQuota`.
 */

/** Seconds. */
export interface ClockSetting {
  /** What each seat has at the start. */
  readonly main: number;
  /** What a seat gets for a turn that it ends by a move. */
  readonly increment: number;
  /** How long a turn costs nothing. */
  readonly delay?: number;
}

/** What everybody sees of a clock. */
export interface ClockView {
  /** At the match time `runningSince`; while the clock stands, now. */
  readonly leftMs: number;
  /** Match time from which `leftMs` goes down; null while it stands. */
  readonly runningSince: number | null;
}

export interface SeatClock extends ClockView {
  /** Lag that may still be given back, ms. */
  readonly creditMs: number;
}

/**
 * A turn costs its mover one round trip: the news of it comes, and the move goes back. So much is given back, but no more
 * than the seat has saved: a peer that answers pings late on purpose gains a quarter of a second a turn, and no more.
 */
export const lagQuota = {
  /** Added each turn, ms. */
  gainMs: 250,
  /** What a seat starts with, and can save, ms. */
  mostMs: 1_000,
} as const;

export const newClocks = ({ main }: ClockSetting, seats: number): readonly SeatClock[] =>
  Array.from({ length: seats }, () => ({ leftMs: main * 1000, runningSince: null, creditMs: lagQuota.mostMs }));

/** What is left at a match time, ms. */
export const timeLeft = ({ leftMs, runningSince }: ClockView, now: number): number =>
  runningSince === null ? leftMs : Math.max(0, leftMs - Math.max(0, now - runningSince));

/** When the time is up, by match time, if the seat makes no move; null while the clock stands. */
export const flagFall = ({ leftMs, runningSince, creditMs }: SeatClock, lag: number): number | null =>
  runningSince === null ? null : runningSince + leftMs + Math.min(lag, creditMs);

/** The change of a turn, at a match time. */
export interface TurnChange {
  readonly at: number;
  /** Who is to act from now on. */
  readonly toAct: readonly number[];
  /** Who has made a move, and the measured round trip of who did, ms. */
  readonly mover?: { readonly seat: number; readonly lag: number };
}

/** Clocks of those who are to act run, the others stand. */
export function turnClocks(
  clocks: readonly SeatClock[],
  { increment, delay = 0 }: ClockSetting,
  { at, toAct, mover }: TurnChange,
): readonly SeatClock[] {
  return clocks.map((clock, seat) => {
    const runs = toAct.includes(seat);
    if (runs === (clock.runningSince !== null)) return clock;
    if (runs) return { ...clock, runningSince: at + delay * 1000 };
    return seat === mover?.seat ? moved(clock, at, mover.lag, increment) : stopped(clock, at);
  });
}

const stopped = (clock: SeatClock, at: number): SeatClock => ({
  ...clock,
  leftMs: timeLeft(clock, at),
  runningSince: null,
});

function moved(clock: SeatClock, at: number, lag: number, increment: number): SeatClock {
  const credit = Math.min(Math.max(0, lag), clock.creditMs);
  const { leftMs } = stopped(clock, at - credit);
  return {
    leftMs: leftMs + increment * 1000,
    runningSince: null,
    creditMs: Math.min(lagQuota.mostMs, clock.creditMs - credit + lagQuota.gainMs),
  };
}
