/** What a player does with a Connect Four board: points at a column, drops a disc into it. */
import { winningLine, type connectFour } from '../../../protocol/games/connect-four.ts';
import type { View } from '../../../protocol/index.ts';
import type { Off } from '../../listeners.ts';
import { Prediction } from '../../match/prediction.ts';
import type { BoardControl, Cell, Mirror, Table } from '../../ui/game-screen.ts';

export type ConnectFour = (typeof connectFour)['types'];

export const boardRows = 6;
export const discs = ['red', 'yellow'] as const;

/** The canvas is a square of so many cells a side; the board stands at its bottom, the next disc hovers above it. */
export const cellsAcross = (columns: number): number => Math.max(columns, boardRows + 1);

export class ConnectFourControl implements BoardControl {
  readonly #prediction: Prediction<ConnectFour>;
  /** The column under the mouse, the finger or the focus. */
  pointed: number | null = null;

  constructor(table: Table<ConnectFour>) {
    this.#prediction = new Prediction(table.match, (move) => table.play(move));
  }

  /** What to draw: with one's own disc before it is confirmed. */
  get view(): View<ConnectFour> {
    return this.#prediction.view;
  }
  get isPending(): boolean {
    return this.#prediction.isPending;
  }
  /** The columns, counted from 0, that we may drop a disc into now. */
  get open(): ReadonlySet<number> {
    return new Set(this.#prediction.legal.flatMap((call) => (call.move === 'drop' ? [call.args.column] : [])));
  }
  get mirror(): Mirror {
    const { board, last } = this.view.state;
    const line = last === null ? null : winningLine(board, last);
    const inLine = (column: number, row: number) =>
      line?.some((cell) => cell.column === column && cell.row === row) ?? false;
    const { open } = this;
    const rows = Array.from({ length: boardRows }, (_, fromTop) => boardRows - 1 - fromTop);
    return {
      label: 'Connect Four board',
      rows: rows.map((row) => board.map((_, column) => this.#cell(column, row, open, inLine(column, row)))),
      top: 1 - boardRows / cellsAcross(board.length),
      side: (1 - board.length / cellsAcross(board.length)) / 2,
    };
  }

  press(cell: string): void {
    const column = columnOf(cell);
    if (this.open.has(column)) this.#prediction.play({ move: 'drop', args: { column } });
  }

  focus(cell: string | null): void {
    this.pointed = cell === null ? null : columnOf(cell);
  }

  onChange(listener: () => void): Off {
    return this.#prediction.onChange(listener);
  }

  dispose(): void {
    this.#prediction.dispose();
  }

  #cell(column: number, row: number, open: ReadonlySet<number>, inLine: boolean): Cell {
    const { board, last } = this.view.state;
    const stack = board[column]!;
    const seat = stack[row];
    const active = open.has(column);
    const words = [
      `column ${column + 1}, row ${row + 1}`,
      seat === undefined ? 'empty' : `${discs[seat]} disc`,
      inLine ? 'in the winning line' : column === last && row === stack.length - 1 && 'dropped last',
      active && row === stack.length && 'drop here',
    ];
    return { id: cellId(column, row), label: words.filter(Boolean).join(', '), active, selected: false };
  }
}

export const cellId = (column: number, row: number): string => `${column}:${row}`;
const columnOf = (cell: string): number => Number.parseInt(cell, 10);
