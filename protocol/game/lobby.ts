/** What the lobby tells of matches. Its URIs are in uris.ts. */
import type { SeatView } from './view.ts';

export interface MatchSummary {
  readonly id: string;
  readonly game: string;
  /** `open`: waiting for players. */
  readonly status: 'open' | 'playing' | 'over';
  /** Whether it stands in the public list; a match by invitation does not. */
  readonly listed: boolean;
  readonly seats: readonly SeatView[];
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly spectators: number;
}

/** What the topic `lobby.matches` carries: one of the two. */
export type LobbyChange = { readonly changed: MatchSummary } | { readonly removed: string };
