/** The computer at chess. */
import type { AnyMove } from '../../protocol/index.ts';
import { chessRules, type ChessState } from '../../protocol/games/chess.ts';
import type { SearchNode, Thinker } from '../index.ts';
import {
  ChessBoard,
  bishop,
  fromOf,
  king,
  knight,
  pawn,
  promotionOf,
  queen,
  rook,
  squareName,
  toOf,
  type PackedMove,
} from './chess-board.ts';
import { evaluate, mirrored, placement, worth } from './chess-evaluation.ts';

export const chessThinker: Thinker = {
  rules: chessRules,
  margin: 12,
  node: ({ state }) => nodeOf(state as ChessState),
};

const names = {
  [pawn]: 'pawn',
  [knight]: 'knight',
  [bishop]: 'bishop',
  [rook]: 'rook',
  [queen]: 'queen',
  [king]: 'king',
} as const;
const fiftyMoves = 100;

export class ChessNode implements SearchNode {
  readonly mover: 0 | 1;
  readonly tense: boolean;
  readonly key: number;
  readonly #board: ChessBoard;
  readonly #before: ChessNode | null;
  #ordered: readonly PackedMove[] | undefined;

  constructor(board: ChessBoard, before: ChessNode | null) {
    this.mover = board.turn === 1 ? 0 : 1;
    this.tense = board.check;
    this.key = board.key;
    this.#board = board;
    this.#before = before;
  }

  get outcome(): -1 | 0 | null {
    if (this.moves().length === 0) return this.tense ? -1 : 0;
    return this.#board.quiet >= fiftyMoves || this.#repeats() ? 0 : null;
  }

  moves(): readonly PackedMove[] {
    return (this.#ordered ??= ordered(this.#board));
  }

  after(move: PackedMove): ChessNode {
    return new ChessNode(this.#board.after(move), this);
  }

  described(move: PackedMove): AnyMove {
    const promotion = names[promotionOf(move) as keyof typeof names];
    return {
      move: 'move',
      args: { from: squareName(fromOf(move)), to: squareName(toOf(move)), ...(promotion ? { promotion } : {}) },
    };
  }

  evaluate(): number {
    return evaluate(this.#board);
  }

  loud(move: PackedMove): boolean {
    return this.#board.squares[toOf(move)] !== 0 || promotionOf(move) === queen;
  }

  /** What has been once can be again: whoever stands better avoids it, so search takes the second time for the third. */
  #repeats(): boolean {
    let node = this.#before;
    for (let back = 1; node !== null && back <= this.#board.quiet; back++, node = node.#before) {
      if (node.key === this.key) return true;
    }
    return false;
  }
}

/** The present position, with those before it that could come again. */
function nodeOf({ fen, repeatable }: ChessState): ChessNode {
  let before: ChessNode | null = null;
  for (const earlier of repeatable.slice(0, -1)) before = new ChessNode(ChessBoard.of(`${earlier} 0 1`), before);
  return new ChessNode(ChessBoard.of(fen), before);
}

/** Likely good moves first: promotions, the most valuable captures by the cheapest pieces, then better squares. */
function ordered(board: ChessBoard): readonly PackedMove[] {
  const { squares, turn } = board;
  const promise = (move: PackedMove): number => {
    const [from, to] = [fromOf(move), toOf(move)];
    const piece = squares[from]! * turn;
    const target = Math.abs(squares[to]!);
    if (target || promotionOf(move)) return 10_000 + 10 * (worth[target]! + worth[promotionOf(move)]!) - worth[piece]!;
    return turn === 1
      ? placement(piece, to) - placement(piece, from)
      : placement(piece, mirrored(to)) - placement(piece, mirrored(from));
  };
  return board
    .moves()
    .map((move) => ({ move, promise: promise(move) }))
    .toSorted((a, b) => b.promise - a.promise)
    .map(({ move }) => move);
}
