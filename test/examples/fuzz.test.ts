import { fuzz } from 'realmkit/protocol';
import { expect, it } from 'vitest';
import { ticTacToeRules } from './tic-tac-toe.ts';

it('by chance nothing goes wrong, and every match ends', () => {
  const { ended, seed } = fuzz(ticTacToeRules, { matches: 100 });
  console.log(`tic_tac_toe: seed ${seed}`);
  expect(ended).toBe(100);
});
