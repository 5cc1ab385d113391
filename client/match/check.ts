/** What the rules say here, on what this client sees, before the authority has been asked. */
import {
  legal,
  play,
  positionOf,
  refusal,
  type AnyMove,
  type AnyRules,
  type AnyView,
  type Outcome,
} from '../../protocol/index.ts';
import type { AnyOutcome } from './requests.ts';

/** What the local rules think; 'unknown' where they would need what this client cannot see, or know: secrets and chance. */
export type Verdict<V> = Outcome<V> | { readonly ok: 'unknown' };
export type AnyVerdict = AnyOutcome | { readonly ok: 'unknown' };

export interface Viewpoint {
  readonly view: AnyView;
  readonly seat: number | null;
}

export function checkMove(rules: AnyRules, { view, seat }: Viewpoint, move: AnyMove): AnyVerdict {
  const { version, result } = view;
  if (seat === null) return { ok: false, error: refusal('no_seat', {}, version) };
  if (!result && !hasBegun(view)) return { ok: false, error: refusal('not_your_turn', { toAct: [] }, version) };
  // The time of the match is not in the view; NaN makes it visible should a rule ask for it.
  const played = play(rules, positionOf(view), seat, move, NaN);
  if (played.ok) return { ok: true, version: version + 1 };
  return played.error.code === 'rule_failed' ? { ok: 'unknown' } : { ok: false, error: { ...played.error, version } };
}

export const legalMoves = (rules: AnyRules, { view, seat }: Viewpoint): readonly AnyMove[] =>
  seat === null || !hasBegun(view) ? [] : legal(rules, positionOf(view), seat);

/** Until every seat is taken nobody can move. */
const hasBegun = ({ seats }: AnyView): boolean => seats.every(({ player }) => player !== null);
