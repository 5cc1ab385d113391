/**
 * Milliseconds: the first wait, the longest, and how long a session must last to count as a good one, so that a server which
 * lets everybody in and fails at once is not stormed.
 */
export const backoff = { firstMs: 250, longestMs: 15_000, stableMs: 1_000 };

/**
 * How long to wait after so many failures in a row. Each doubles the wait; chance takes up to half of it away, so that
 * the players of a server that restarts do not all come back in the same moment.
 * @param random from 0 to 1.
 */
export function backoffMs(failures: number, random: () => number): number {
  const full = Math.min(backoff.longestMs, backoff.firstMs * 2 ** (failures - 1));
  return Math.round(full * (1 - random() / 2));
}
