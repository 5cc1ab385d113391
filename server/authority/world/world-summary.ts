import type { MatchSummary, RunningWorld } from '../../../protocol/index.ts';
import type { MatchRecord } from '../../store/store.ts';

/** How many seats the lobby is told of as free, at most. */
const shownFree = 16;

/** What the lobby tells of a world. */
export function worldSummaryOf(
  { id, listed, created }: MatchRecord,
  { players, rules }: RunningWorld,
  { isHere, spectators }: { readonly isHere: (player: string) => boolean; readonly spectators: number },
): MatchSummary {
  const { name, seats } = rules.game;
  const free = Math.min(seats[1] - players.size, shownFree);
  return {
    id,
    game: name,
    status: free > 0 ? 'open' : 'playing',
    listed,
    seats: [
      ...Array.from(players.keys(), (player) => ({ player, connected: isHere(player) })),
      ...Array.from({ length: free }, () => ({ player: null, connected: false })),
    ],
    created: new Date(created).toISOString(),
    spectators,
  };
}
