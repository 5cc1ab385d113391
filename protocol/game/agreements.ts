/** What players offer and answer one another during a match: a draw, or taking moves back. A rematch comes after its end. */
import type { Position } from './position.ts';
import { postponed } from './timers.ts';

/** What a game may permit. */
export const agreements = ['draw', 'takeback'] as const;
export type Agreement = (typeof agreements)[number];

export interface Offer<What extends string = Agreement, Seat extends number = number> {
  readonly what: What;
  /** Who asked, then who has agreed. Once all seats have, it is done. */
  readonly wantedBy: readonly Seat[];
}

/** With one more seat that wants it. */
export const withOffer = (offers: readonly Offer[], what: Agreement, seat: number): readonly Offer[] => {
  const before = offers.find((offer) => offer.what === what)?.wantedBy ?? [];
  return [...without(offers, what), { what, wantedBy: [...before.filter((other) => other !== seat), seat] }];
};

export const without = (offers: readonly Offer[], what: Agreement): readonly Offer[] =>
  offers.filter((offer) => offer.what !== what);

/** A move in turn answers what others have offered; one's own offer of a draw waits for the answer. */
export const afterMove = (offers: readonly Offer[], mover: number): readonly Offer[] =>
  offers.filter(({ what, wantedBy: [asker] }) => what === 'draw' && asker === mover);

/** A position as a seat left it by a move in turn. */
export interface Past {
  readonly seat: number;
  /** Match time of the move, ms. */
  readonly at: number;
  readonly position: Position;
}

/** Moves of each seat that can be taken back, one after another. */
const depth = 2;

export const withPast = (past: readonly Past[], one: Past): readonly Past[] =>
  [...past, one].slice(-depth * one.position.seats);

/** Where a seat's last move is taken back to; null where there is none. */
export const lastPast = (past: readonly Past[], seat: number): number | null => {
  const index = past.findLastIndex((one) => one.seat === seat);
  return index < 0 ? null : index;
};

/**
 * The position again, now: what its timers had left they have left. Chance goes on where it is, so that nobody knows what
 * comes.
 */
export const takenBack = ({ position, at }: Past, present: Position, now: number): Position => ({
  ...position,
  timers: postponed(position.timers, now - at),
  random: present.random,
});
