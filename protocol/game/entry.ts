/** One change of a match, as its log keeps it: replaying the log gives the same match. */
import type { Agreement } from './agreements.ts';
import type { MatchResult } from './rules.ts';

export type Entry = {
  /** Match time, ms. It never goes back. */
  readonly at: number;
} & (
  | { readonly type: 'sit'; readonly seat: number; readonly player: string }
  /** A seat is given up before the match has begun. */
  | { readonly type: 'stand'; readonly seat: number }
  /** `heldUntil`: until when the seat of who has gone is kept, match time, ms. */
  | { readonly type: 'connection'; readonly seat: number; readonly connected: boolean; readonly heldUntil?: number }
  /**
   * `lag`: the measured round trip of the mover, ms, in matches with clocks. `id` of the attempt: sent again, it gets its
   * first answer.
   */
  | {
      readonly type: 'move';
      readonly seat: number;
      readonly move: string;
      readonly args: object;
      readonly lag?: number;
      readonly id?: string;
    }
  /** A timer of the position is due. */
  | { readonly type: 'timer'; readonly timer: number }
  /** A seat has no time left, what its round trip, ms, gives back included. */
  | { readonly type: 'flag'; readonly seat: number; readonly lag: number }
  /** The match ends by something else than its rules: somebody left. */
  | { readonly type: 'end'; readonly result: MatchResult }
  /** A seat offers, or agrees; a rematch only after the end. */
  | { readonly type: 'offer'; readonly seat: number; readonly what: Agreement | 'rematch' }
  /** A seat declines, or takes its own offer back: nobody's stands any more. */
  | { readonly type: 'decline'; readonly seat: number; readonly what: Agreement | 'rematch' }
  /** All want another match: this is its id. */
  | { readonly type: 'successor'; readonly match: string }
);

export type EntryOf<T extends Entry['type']> = Entry & { readonly type: T };
