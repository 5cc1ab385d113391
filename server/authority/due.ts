/** What happens in a match by itself: timers that are due, clocks that are empty, seats that are held no longer. */
import type { HostedMatch } from './hosted-match.ts';

/** Applies everything that is due by now; to be called before whatever else is done. */
export async function runDue(match: HostedMatch): Promise<void> {
  if (match.isOver) return;
  const { record, host } = match;
  const lag = (seat: number) => match.lagOf(seat);
  for (let due = match.running.due(lag); due && due.at <= match.now; due = match.running.due(lag)) {
    if (match.version >= host.limits.changes) return;
    const applied = await match.apply(due);
    if (!applied.ok) throw new Error(`what is due (${due.type}) was refused: ${applied.error.code}`);
    if (applied.failure) host.log(`match ${record.id} of ${record.game}: a ${due.type} failed`, applied.failure.cause);
  }
}

/** Match time at which to look again though nobody asks; null: never. */
export function nextLook(match: HostedMatch): number | null {
  if (match.isOver) return null;
  const { now } = match;
  const times = match.running.seats.flatMap(({ heldUntil = 0 }) => (heldUntil > now ? [heldUntil] : []));
  const due = match.running.due((seat) => match.lagOf(seat));
  if (due) times.push(due.at);
  return times.length > 0 ? Math.min(...times) : null;
}
