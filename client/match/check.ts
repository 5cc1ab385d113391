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
  type Played,
} from '../../protocol/index.ts';
import type { AnyOutcome } from './requests.ts';

/** What the local rules think; 'unknown' where they would need what this client cannot see, or know: secrets and chance. */
export type Verdict<V> = Outcome<V> | { readonly ok: 'unknown' };
export type AnyVerdict = AnyOutcome | { readonly ok: 'unknown' };

export interface Viewpoint {
  readonly view: AnyView;
  readonly seat: number | null;
}

export function checkMove(rules: AnyRules, from: Viewpoint, move: AnyMove): AnyVerdict {
  const { version } = from.view;
  const played = playHere(rules, from, move);
  if (played.ok) return { ok: true, version: version + 1 };
  return played.error.code === 'rule_failed' ? { ok: 'unknown' } : { ok: false, error: { ...played.error, version } };
}

/** The view as a move would leave it; null where the rules refuse the move or would need what this client cannot see. */
export function predictedView(rules: AnyRules, from: Viewpoint, move: AnyMove): AnyView | null {
  const played = playHere(rules, from, move);
  if (!played.ok) return null;
  const { state, toAct, phase, stage, result } = played.position;
  return { ...from.view, state, toAct, phase, stage, result };
}

export const legalMoves = (rules: AnyRules, { view, seat }: Viewpoint): readonly AnyMove[] =>
  seat === null || !hasBegun(view) ? [] : legal(rules, positionOf(view), seat);

/** The time of the match is not in the view; NaN makes it visible should a rule ask for it. */
function playHere(rules: AnyRules, { view, seat }: Viewpoint, move: AnyMove): Played {
  if (seat === null) return { ok: false, error: refusal('no_seat', {}) };
  if (!view.result && !hasBegun(view)) return { ok: false, error: refusal('not_your_turn', { toAct: [] }) };
  return play(rules, positionOf(view), seat, move, NaN);
}

/** Until every seat is taken nobody can move. */
export const hasBegun = ({ seats }: Pick<AnyView, 'seats'>): boolean => seats.every(({ player }) => player !== null);
