/** What the others may make of a match whose player does not come back: end it, as they claim, or go on waiting. */
import type { SeatView } from './view.ts';

/** What a game may let them claim: that they win, or a draw. */
export const claims = ['win', 'draw'] as const;
export type Claim = (typeof claims)[number];

/** The seats that have been kept for long enough. @param now match time, ms. */
export const lostSeats = (seats: readonly SeatView[], now: number): readonly number[] =>
  [...seats.entries()].filter(([, { heldUntil = Infinity }]) => heldUntil <= now).map(([seat]) => seat);
