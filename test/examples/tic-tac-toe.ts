import { game, t } from 'realmkit/protocol';

export const ticTacToe = game('tic_tac_toe', {
  seats: 2,
  state: { board: t.list(t.int(0, 1).nullable(), 9) }, // rows from the top; who has marked each cell
  moves: { mark: { cell: t.int(0, 8) } },
  errors: { cell_taken: { cell: t.int(0, 8) } },
  events: { marked: { cell: t.int(0, 8) } },
});

const lines = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];

export const ticTacToeRules = ticTacToe.rules({
  setup: () => ({ board: Array.from({ length: 9 }, () => null) }),
  moves: {
    mark({ state, seat, reject, emit, next, end }, { cell }) {
      if (state.board[cell] !== null) reject('cell_taken', { cell });
      state.board[cell] = seat;
      emit('marked', { cell });
      if (lines.some((line) => line.every((one) => state.board[one] === seat)))
        end({ winner: seat, reason: 'three_in_line' });
      else if (!state.board.includes(null)) end({ draw: true, reason: 'board_full' });
      else next();
    },
  },
  legal: {
    mark: ({ state }) => [...state.board.keys()].filter((cell) => state.board[cell] === null).map((cell) => ({ cell })),
  },
});
