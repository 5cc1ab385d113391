import { isAlone, type RunningMatch } from '../../protocol/index.ts';

/**
 * Whether a move was decided on an old view: since then somebody has made a move in turn. Of moves made at once, and at any
 * time, none overtakes another.
 * @param seen the version on which the move was decided. Who is not to act is told that instead.
 */
export function isStale(
  { rules, state }: RunningMatch,
  { seat, move, seen }: { readonly seat: number; readonly move: string; readonly seen: number },
): boolean {
  const { version, lastTurn, position } = state;
  const isInTurn = !rules.behaviour.anyTime?.includes(move) && isAlone(rules, position);
  return seen > version || (seen < lastTurn && isInTurn && position.toAct.includes(seat));
}
