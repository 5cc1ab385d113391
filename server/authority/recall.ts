import { RunningMatch, type AnyRules, type SeatView } from '../../protocol/index.ts';
import { matchAt } from '../store/match-at.ts';
import type { ClaimedMatch, MatchStore } from '../store/store.ts';
import type { AuthorityLimits } from './limits.ts';
import type { Log } from './log.ts';
import { frozen } from './published-match.ts';
import { refused } from './requests.ts';

/** A match taken up again from the store. */
export interface Recalled {
  readonly claimed: ClaimedMatch;
  readonly running: RunningMatch;
  /** How many entries had to be replayed. */
  readonly replayed: number;
}

export interface Recall {
  readonly id: string;
  readonly rules: AnyRules;
  readonly store: MatchStore;
  readonly log: Log;
  readonly limits: AuthorityLimits;
  /** As they were, where sessions have outlived its absence; null: nobody is there, and all are waited for anew. */
  readonly seats: readonly SeatView[] | null;
}

/**
 * Claims a match, and replays what no snapshot spares. null: the store has none of this game.
 * @throws CallError when the store fails; `outdated_match` where the log is of another form of the game.
 */
export async function recall({ id, rules, store, log, limits, seats }: Recall): Promise<Recalled | null> {
  const recent = limits.rememberedMoves * rules.game.seats[1];
  const claimed = await store.claim(id, recent).catch((cause: unknown) => {
    throw frozen(cause);
  });
  if (claimed?.record.game !== rules.game.name) return null;
  try {
    const kept = seats ? claimed : { ...claimed, connected: [] };
    const { snapshot, epoch } = claimed;
    const replayed = claimed.log.filter(({ version }) => version > (snapshot?.version ?? 0)).length;
    const running = matchAt(rules, kept, { snapshot, epoch, holdMs: seats ? 0 : limits.holdMs });
    return { claimed, running: seats ? heldAs(seats, running) : running, replayed };
  } catch (cause) {
    log(`match ${id} of ${rules.game.name} is kept, but cannot be taken up: it does not fit the game's rules`, cause);
    throw refused('outdated_match', {}, claimed.version);
  }
}

/** Seats are held for as long as they were: that is not in the log. */
function heldAs(before: readonly SeatView[], { rules, state, epoch }: RunningMatch): RunningMatch {
  const seats = state.seats.map((seat, index) => {
    const heldUntil = before[index]?.heldUntil;
    return seat.heldUntil === undefined || heldUntil === undefined ? seat : { ...seat, heldUntil };
  });
  return new RunningMatch(rules, { ...state, seats }, epoch);
}
