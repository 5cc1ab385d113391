/** Lets a thinker decide, by chance that is seeded and to a depth instead of by time: the same move on every machine. */
import { SeededRandom, seeded, type AnyMove, type Position } from '../../../protocol/index.ts';
import { RulesNode } from '../../../server/services/rules-node.ts';
import { search, type Found } from '../../../server/services/search.ts';
import type { Thinker } from '../../../server/services/thinker.ts';

export function decide(
  thinker: Thinker,
  position: Position,
  depth: number,
  seed = 1,
): AnyMove & { readonly found: Found } {
  const root = thinker.node?.(position) ?? new RulesNode(thinker, position);
  const found = search(root, { ms: 1, depth, now: () => 0 }, thinker.margin ?? 0, new SeededRandom(seeded(seed)));
  return { ...root.described(found.move), found };
}
