import type { FrameworkCode } from '../../protocol/index.ts';

/** How a match handle stands. */
export type MatchStatus =
  | { readonly state: 'live' }
  /** The view may be behind: the connection is away, or changes were missed. Moves are kept and sent afterwards. */
  | { readonly state: 'catching_up' }
  | Gone;

/** How the handle of a world stands. */
export type WorldStatus =
  | MatchStatus
  /** Live, but another page of the same player steers it. Whoever steers here takes over: an `input` that is not idle does. */
  | { readonly state: 'steered_elsewhere' };

/** Nothing more will come of it. `message` is for people. */
export interface Gone<Reason = FrameworkCode | Parting> {
  readonly state: 'gone';
  /** What the authority answered, such as `no_such_match` after a restart; else what the page did. */
  readonly reason: Reason;
  readonly message: string;
}

/** How a page ends it: it gives its seat up, stops following, or closes its client. */
export type Parting = 'left' | 'detached' | 'closed';

/** A move that will get no answer: the page has left the match, or closed its client. */
export class MatchGoneError extends Error {
  override readonly name = 'MatchGoneError';
  readonly reason: Gone['reason'];

  constructor({ reason, message }: Gone) {
    super(message);
    this.reason = reason;
  }
}
