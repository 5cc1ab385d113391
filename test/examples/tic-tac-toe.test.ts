import { harness } from 'realmkit/protocol';
import { expect, it } from 'vitest';
import { ticTacToeRules } from './tic-tac-toe.ts';

it('three in a line win', () => {
  const match = harness(ticTacToeRules);
  for (const cell of [0, 3, 1, 4, 2]) match.mover.moves.mark({ cell });
  expect(match.view).toMatchObject({
    state: { board: [0, 0, 0, 1, 1, null, null, null, null] },
    result: { winner: 0, reason: 'three_in_line' },
  });
});

it('a full board without a line is a draw', () => {
  const match = harness(ticTacToeRules);
  for (const cell of [0, 1, 2, 4, 3, 5, 7, 6, 8]) match.mover.moves.mark({ cell });
  expect(match.view.result).toEqual({ draw: true, reason: 'board_full' });
});

it('a marked cell is refused, and so is a cell that there is not', () => {
  const match = harness(ticTacToeRules);
  match.mover.moves.mark({ cell: 4 });
  expect(match.mover.moves.mark({ cell: 4 })).toMatchObject({
    ok: false,
    error: { code: 'cell_taken', details: { cell: 4 } },
  });
  expect(match.mover.moves.mark({ cell: 9 })).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
});
