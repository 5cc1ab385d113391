/** How many are in a world, in words. */
import type { MatchSummary } from '../../protocol/index.ts';

export const peopleIn = ({ seats }: MatchSummary): number => seats.filter(({ player }) => player !== null).length;

export function presentWords(count: number): string {
  if (count === 0) return 'Nobody is there right now.';
  return count === 1 ? 'One player is there.' : `${count} players are there.`;
}
