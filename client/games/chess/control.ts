/** What a player does with a chess board: selects a piece, then a square it may go to. */
import {
  inCheck,
  piecesOf,
  type chess,
  type ChessMove,
  type ChessPiece,
  type Placed,
  type Square,
} from '../../../protocol/games/chess.ts';
import type { View } from '../../../protocol/index.ts';
import { Listeners, type Off } from '../../listeners.ts';
import { Prediction } from '../../match/prediction.ts';
import type { BoardControl, Cell, Mirror, Table } from '../../ui/game-screen.ts';
import { isSquare, squareRows } from './squares.ts';

export type Chess = (typeof chess)['types'];

/** A square that the selected piece may go to. */
export interface Target {
  readonly square: Square;
  readonly captures: boolean;
}

const promotions = ['queen', 'rook', 'bishop', 'knight'] as const;
export const sides = ['white', 'black'] as const;
export const pieceImage = (seat: 0 | 1, piece: ChessPiece) => `./chess/${sides[seat]}-${piece}.svg`;

export class ChessControl implements BoardControl {
  readonly #table: Table<Chess>;
  readonly #prediction: Prediction<Chess>;
  readonly #changes = new Listeners<[]>('a board listener');
  readonly #offs: readonly Off[];
  #fen = '';
  #pieces: ReadonlyMap<Square, Placed> = new Map();
  #moves: readonly ChessMove[] = [];
  #selected: Square | null = null;

  constructor(table: Table<Chess>) {
    this.#table = table;
    this.#prediction = new Prediction(table.match, (move) => table.play(move));
    this.#offs = [this.#prediction.onChange(() => this.#follow()), table.onFlip(() => this.#changes.tell())];
    this.#follow();
  }

  /** What to draw: with one's own move before it is confirmed. */
  get view(): View<Chess> {
    return this.#prediction.view;
  }
  get isPending(): boolean {
    return this.#prediction.isPending;
  }
  get selected(): Square | null {
    return this.#selected;
  }
  get targets(): readonly Target[] {
    const ways = this.#ways(this.#selected);
    const squares = [...new Set(ways.map(({ to }) => to))];
    return squares.map((square) => ({ square, captures: this.#pieces.has(square) || this.#takesEnPassant(square) }));
  }
  get mirror(): Mirror {
    const { perspective } = this.#table;
    const targets = new Map(this.targets.map((target) => [target.square, target]));
    const rows = squareRows(perspective).map((row) => row.map((square) => this.#cell(square, targets.get(square))));
    return { label: `Chess board, seen by ${sides[perspective]}`, rows, top: 0 };
  }

  canMove(square: Square): boolean {
    return this.#ways(square).length > 0;
  }
  canGo(square: Square): boolean {
    return this.#ways(this.#selected, square).length > 0;
  }

  press(cell: string): void {
    if (!isSquare(cell)) return;
    if (this.canGo(cell)) void this.#go(this.#ways(this.#selected, cell));
    else this.#select(cell !== this.#selected && this.canMove(cell) ? cell : null);
  }

  onChange(listener: () => void): Off {
    return this.#changes.add(listener);
  }

  dispose(): void {
    for (const off of this.#offs) off();
    this.#prediction.dispose();
  }

  /** A new view. What is selected stays so only while the position is the same: the other's connection may have changed. */
  #follow(): void {
    const { fen } = this.view.state;
    if (fen !== this.#fen) this.#pieces = new Map(piecesOf(fen).map((placed) => [placed.square, placed]));
    this.#moves = this.#prediction.legal.flatMap((call) => (call.move === 'move' ? [call.args] : []));
    if (fen !== this.#fen || !this.#ways(this.#selected).length) this.#selected = null;
    this.#fen = fen;
    this.#changes.tell();
  }

  #select(square: Square | null): void {
    if (square === this.#selected) return;
    this.#selected = square;
    this.#changes.tell();
  }

  /** @param ways the same path once, or once for each piece that a pawn may become. */
  async #go(ways: readonly ChessMove[]): Promise<void> {
    const from = this.#selected;
    const way = ways.length > 1 ? await this.#promote(ways) : ways[0];
    if (this.#selected !== from) return; // the match went on while the player was choosing
    if (way) this.#prediction.play({ move: 'move', args: way });
    else this.#select(null);
  }

  async #promote(ways: readonly ChessMove[]): Promise<ChessMove | undefined> {
    const seat = this.#pieces.get(ways[0]!.from)!.seat;
    const choices = promotions.map((piece) => ({
      value: piece,
      label: capital(piece),
      image: pieceImage(seat, piece),
    }));
    const chosen = await this.#table.ask({ title: 'Promote the pawn to', choices });
    return ways.find(({ promotion }) => promotion === chosen);
  }

  #ways(from: Square | null, to?: Square): readonly ChessMove[] {
    return this.#moves.filter((move) => move.from === from && (to === undefined || move.to === to));
  }

  /** A pawn that leaves its file captures. */
  #takesEnPassant(to: Square): boolean {
    const from = this.#selected;
    return from !== null && this.#pieces.get(from)?.piece === 'pawn' && from[0] !== to[0];
  }

  #cell(square: Square, target: Target | undefined): Cell {
    const placed = this.#pieces.get(square);
    const selected = square === this.#selected;
    const canMove = this.canMove(square);
    const words = [
      square,
      placed ? `${sides[placed.seat]} ${placed.piece}` : 'empty',
      placed && this.#isChecked(placed) && 'in check',
      selected && 'selected',
      canMove && !selected && 'can move',
      target && (placed ? 'can be captured' : target.captures ? 'capture en passant' : 'move here'),
    ];
    return { id: square, label: words.filter(Boolean).join(', '), active: canMove || target !== undefined, selected };
  }

  #isChecked({ seat, piece }: Placed): boolean {
    const { state } = this.view;
    return piece === 'king' && seat === state.moves.length % 2 && inCheck(state);
  }
}

const capital = (word: string) => word.replace(/^./, (first) => first.toUpperCase());
