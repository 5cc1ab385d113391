/** Which piece of one position is which piece of the next, so that on the screen it moves instead of being drawn anew. */
import type { Placed } from '../../../protocol/games/chess.ts';

export interface Pairing {
  /** Pieces that are in both positions; a promoted pawn is one of them. */
  readonly kept: readonly { readonly before: Placed; readonly after: Placed }[];
  readonly gone: readonly Placed[];
  readonly fresh: readonly Placed[];
}

/** Certain for one move, castling and promotion too; a good guess for several. */
export function pair(before: readonly Placed[], after: readonly Placed[]): Pairing {
  const gone = new Set(before);
  const fresh = new Set(after);
  const kept: { before: Placed; after: Placed }[] = [];
  for (const isSame of [stays, isAlike, promotes]) {
    for (const next of fresh) {
      const last = [...gone].find((one) => isSame(one, next));
      if (!last) continue;
      gone.delete(last);
      fresh.delete(next);
      kept.push({ before: last, after: next });
    }
  }
  return { kept, gone: [...gone], fresh: [...fresh] };
}

const isAlike = (a: Placed, b: Placed) => a.seat === b.seat && a.piece === b.piece;
const stays = (a: Placed, b: Placed) => a.square === b.square && isAlike(a, b);
const promotes = (a: Placed, b: Placed) => a.seat === b.seat && a.piece === 'pawn';
