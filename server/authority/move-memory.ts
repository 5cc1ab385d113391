import type { RunningMatch } from '../../protocol/index.ts';
import type { Logged } from '../store/store.ts';
import { Attempts } from './attempts.ts';
import type { AuthorityLimits } from './limits.ts';

/** Which answers the latest moves and offers got: resent ones get them again. */
export class MoveMemory {
  /** By seat; somebody else in the seat starts anew. */
  readonly #attempts = new Map<number, { readonly player: string; readonly attempts: Attempts }>();
  readonly #limits: AuthorityLimits;

  /** @param log the latest entries: whoever made a move in them, and asks again, gets the answer that it had. */
  constructor(
    running: RunningMatch,
    { log, limits, now }: { log: readonly Logged[]; limits: AuthorityLimits; now: number },
  ) {
    this.#limits = limits;
    for (const { version, entry } of log) {
      if (entry.type !== 'move' || entry.id === undefined) continue;
      const player = running.seats[entry.seat]?.player;
      if (player) this.attemptsOf(entry.seat, player, now).remember(entry.id, { ok: true, version });
    }
  }

  attemptsOf(seat: number, player: string, now: number): Attempts {
    const known = this.#attempts.get(seat);
    if (known?.player === player) return known.attempts;
    const attempts = new Attempts(this.#limits, now);
    this.#attempts.set(seat, { player, attempts });
    return attempts;
  }
}
