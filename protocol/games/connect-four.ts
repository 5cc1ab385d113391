/** Connect Four: drop discs into columns; four in a line wins. */
import { game, t, type StateOf } from '../index.ts';

export const rows = 6;

export const connectFour = game('connect_four', {
  seats: 2,
  options: { columns: t.int(4, 10).default(7) },
  /** Columns from left to right, each from the bottom up: the seats whose discs lie there. */
  state: { board: t.list(t.list(t.int(0, 1), rows), 10), last: t.int(0, 9).nullable() },
  moves: { drop: { column: t.int(0, 9) }, resign: {} },
  errors: { column_full: { column: t.int(0, 9) }, no_such_column: { column: t.int(0, 9) } },
  events: { landed: { column: t.int(0, 9), row: t.int(0, 5) } },
});

export const connectFourRules = connectFour.rules({
  setup: ({ options }) => ({ board: Array.from({ length: options.columns }, () => []), last: null }),
  moves: {
    drop({ state, seat, reject, emit, next, end }, { column }) {
      const stack = state.board[column] ?? reject('no_such_column', { column });
      if (stack.length === rows) reject('column_full', { column });
      stack.push(seat);
      state.last = column;
      emit('landed', { column, row: stack.length - 1 });
      if (winningLine(state.board, column)) end({ winner: seat, reason: 'four_in_line' });
      else if (state.board.every(({ length }) => length === rows)) end({ draw: true, reason: 'board_full' });
      else next();
    },
    resign({ seat, end }) {
      end({ winner: seat === 0 ? 1 : 0, reason: 'resigned' });
    },
  },
  anyTime: ['resign'],
  legal: {
    drop: ({ state }) => state.board.flatMap((stack, column) => (stack.length < rows ? [{ column }] : [])),
  },
});

type Board = readonly (readonly number[])[];
export interface Cell {
  readonly column: number;
  readonly row: number;
}

/** Across, upwards, rising, falling. */
const directions = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;

/** The four or more cells in line through the top disc of a column; null where there are none. */
export function winningLine(board: Board, column: number): readonly Cell[] | null {
  const stack = board[column] ?? [];
  const top = { column, row: stack.length - 1 };
  const seat = stack[top.row];
  if (seat === undefined) return null;
  const run = (dx: number, dy: number): Cell[] => {
    const cells: Cell[] = [];
    const at = { column: column + dx, row: top.row + dy };
    while (board[at.column]?.[at.row] === seat) {
      cells.push({ ...at });
      at.column += dx;
      at.row += dy;
    }
    return cells;
  };
  const lines = directions.map(([dx, dy]) => [...run(-dx, -dy).toReversed(), top, ...run(dx, dy)]);
  return lines.find(({ length }) => length >= 4) ?? null;
}

export type ConnectFourState = StateOf<typeof connectFour>;
