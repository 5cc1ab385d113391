import { Chess } from 'chess.js';
import { describe, expect, it } from 'vitest';
import { SeededRandom, seeded } from '../../../protocol/index.ts';
import {
  ChessBoard,
  fromOf,
  promotionOf,
  squareName,
  toOf,
  type PackedMove,
} from '../../../server/games/chess-board.ts';

const letters = ['', '', 'n', 'b', 'r', 'q'];
const nameOf = (move: PackedMove) =>
  squareName(fromOf(move)) + squareName(toOf(move)) + (letters[promotionOf(move)] ?? '');
const written = (board: ChessBoard) =>
  board
    .moves()
    .map((move) => nameOf(move))
    .toSorted();
const lines = (board: ChessBoard, depth: number): number =>
  depth === 0 ? 1 : board.moves().reduce((sum, move) => sum + lines(board.after(move), depth - 1), 0);

describe('a chess board for search', () => {
  // Counts from the chessprogramming wiki, "Perft Results".
  it.each([
    ['the beginning', 'rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1', [20, 400, 8902]],
    ['castling and pins', 'r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1', [48, 2039, 97862]],
    ['en passant', '8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1', [14, 191, 2812, 43238]],
    ['promotions', 'r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1', [6, 264, 9467]],
    ['promotion with capture', 'rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8', [44, 1486, 62379]],
  ])('counts as many lines as there are: %s', (_, fen, counts) => {
    expect(counts.map((_count, index) => lines(ChessBoard.of(fen), index + 1))).toEqual(counts);
  });

  it('agrees with the referee, move by move, in random matches', () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new SeededRandom(seeded(seed));
      const referee = new Chess();
      let board = ChessBoard.of(referee.fen());
      for (let ply = 0; ply < 120 && !referee.isGameOver(); ply++) {
        const moves = written(board);
        expect(moves, `seed ${seed}: ${referee.fen()}`).toEqual(allMoves(referee));
        expect(board.check).toBe(referee.isCheck());
        const chosen = random.pick(moves);
        board = board.after(board.moves().find((move) => nameOf(move) === chosen)!);
        referee.move(chosen);
        expect(board.quiet).toBe(Number(referee.fen().split(' ')[4]));
      }
    }
  });

  it('gives one key to one position, however it came about', () => {
    const start = ChessBoard.of(new Chess().fen());
    const reached = (...moves: string[]) =>
      moves.reduce(
        (board, text) =>
          board.after(board.moves().find((move) => squareName(fromOf(move)) + squareName(toOf(move)) === text)!),
        start,
      );
    expect(reached('g1f3', 'g8f6', 'f3g1', 'f6g8').key).toBe(start.key);
    expect(reached('g1f3', 'g8f6', 'b1c3').key).toBe(reached('b1c3', 'g8f6', 'g1f3').key);
    expect(reached('g1f3').key).not.toBe(reached('b1c3').key);
    expect(reached('h2h3', 'h7h6', 'h1h2', 'h8h7', 'h2h1', 'h7h8').key).not.toBe(reached('h2h3', 'h7h6').key); // castling is lost
  });
});

const allMoves = (referee: Chess) =>
  referee
    .moves({ verbose: true })
    .map(({ lan }) => lan)
    .toSorted();
