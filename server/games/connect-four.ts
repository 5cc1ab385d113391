/** The computer at Connect Four: searches by the rules themselves, and likes lines of four that are still open. */
import type { AnyMove } from '../../protocol/index.ts';
import { connectFourRules, rows, type ConnectFourState } from '../../protocol/games/connect-four.ts';
import type { Thinker } from '../index.ts';

export const connectFourThinker: Thinker = {
  rules: connectFourRules,
  margin: 2,
  evaluate: ({ state }, seat) => openLines((state as ConnectFourState).board) * (seat === 0 ? 1 : -1),
  promise: (move, { state }) => -Math.abs(columnOf(move) - ((state as ConnectFourState).board.length - 1) / 2),
};

/** What a line of four is worth to who alone has discs in it, by their number. */
const worth = [0, 1, 4, 16, 0];

/** For seat 0. */
function openLines(board: ConnectFourState['board']): number {
  let value = 0;
  for (const line of linesOf(board.length)) {
    const discs = [0, 0];
    for (const { column, row } of line) {
      const seat = board[column]![row];
      if (seat !== undefined) discs[seat]! += 1;
    }
    const [first = 0, second = 0] = discs;
    if (second === 0) value += worth[first]!;
    else if (first === 0) value -= worth[second]!;
  }
  return value;
}

const columnOf = ({ args }: AnyMove): number => ('column' in args && typeof args.column === 'number' ? args.column : 0);

type Line = readonly { readonly column: number; readonly row: number }[];
const known = new Map<number, readonly Line[]>();

/** Every line of four on a board of so many columns. */
function linesOf(columns: number): readonly Line[] {
  const before = known.get(columns);
  if (before) return before;
  const lines: Line[] = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      for (const [dx, dy] of [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, -1],
      ] as const) {
        const [x, y] = [column + 3 * dx, row + 3 * dy];
        if (x < columns && y >= 0 && y < rows)
          lines.push([0, 1, 2, 3].map((i) => ({ column: column + i * dx, row: row + i * dy })));
      }
    }
  }
  known.set(columns, lines);
  return lines;
}
