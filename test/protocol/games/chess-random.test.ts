import { expect, it } from 'vitest';
import { chessRules } from '../../../protocol/games/chess.ts';
import { playRandomMatch, refusedLegalMoves } from './random-matches.ts';

it(
  'two hundred random matches end, replay to the same state, and reach every view by deltas',
  { timeout: 300_000 },
  () => {
    const reasons = new Set<string | undefined>();
    for (let seed = 0; seed < 200; seed++) reasons.add(playRandomMatch(chessRules, seed).view.result?.reason);
    expect(reasons).toContain('checkmate');
    expect(reasons).toContain('insufficient_material');
  },
);

it('every listed move is accepted', () => {
  expect(refusedLegalMoves(chessRules, 11, 14)).toEqual([]);
});
