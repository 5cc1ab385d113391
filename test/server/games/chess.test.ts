import { Chess } from 'chess.js';
import { describe, expect, it } from 'vitest';
import { legal, play, SeededRandom, seeded, start, type Position } from '../../../protocol/index.ts';
import { chessRules, type ChessState } from '../../../protocol/games/chess.ts';
import { chessThinker } from '../../../server/games/chess.ts';
import { evaluate } from '../../../server/games/chess-evaluation.ts';
import { ChessBoard } from '../../../server/games/chess-board.ts';
import { decide } from './thinking.ts';

function at(fen: string): Position {
  const position = start(chessRules, { seed: 1 });
  const repeatable = [fen.split(' ').slice(0, 4).join(' ')];
  return {
    ...position,
    state: { ...(position.state as ChessState), fen, repeatable },
    toAct: [fen.split(' ')[1] === 'w' ? 0 : 1],
  };
}
/** The position after the computer's move. */
function answered(fen: string, depth: number, seed: number): Chess {
  const { args } = decide(chessThinker, at(fen), depth, seed);
  const { from, to, promotion = '' } = args as { from: string; to: string; promotion?: string };
  const chess = new Chess(fen);
  chess.move({ from, to, promotion: promotion === 'knight' ? 'n' : promotion.slice(0, 1) });
  return chess;
}

describe('the computer mates in one', () => {
  it.each([
    ['on the back rank', '6k1/5ppp/8/8/8/8/8/R3K3 w - - 0 1'],
    ['as black', 'r3k3/8/8/8/8/8/5PPP/6K1 b - - 0 1'],
    ['like the fool', 'rnbqkbnr/pppp1ppp/8/4p3/6P1/5P2/PPPPP2P/RNBQKBNR b KQkq - 0 2'],
    ['like the scholar', 'r1bqkb1r/pppp1ppp/2n2n2/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR w KQkq - 4 4'],
    ['by a smothering knight', '6rk/6pp/8/6N1/8/8/8/K7 w - - 0 1'],
    ['by two rooks', '7k/1R6/R7/8/8/8/8/K7 w - - 0 1'],
    ['by queen and king', '7k/8/6K1/8/8/8/8/Q7 w - - 0 1'],
    ['by rook and king', '3k4/R7/3K4/8/8/8/8/8 w - - 0 1'],
    ['by a promotion', '7k/R2P4/8/8/8/8/8/K7 w - - 0 1'],
    ['by a promotion, as black', '8/8/8/8/8/5k2/3p4/5K1R b - - 0 1'],
    ['by a pawn', '4k3/4P3/3PK3/8/8/8/8/8 w - - 0 1'],
    ['between its own rooks', '3rkr2/8/8/8/8/8/8/K3Q3 w - - 0 1'],
    ['in the corner', 'k7/8/KB6/8/8/8/8/7R w - - 0 1'],
    ['in the opening', 'rnbqkbnr/ppppp2p/5p2/6p1/3PP3/8/PPP2PPP/RNBQKBNR w KQkq - 0 3'],
  ])('%s', (_, fen) => {
    for (const depth of [1, 3]) {
      for (let seed = 0; seed < 3; seed++)
        expect(answered(fen, depth, seed).isCheckmate(), `depth ${depth}, seed ${seed}`).toBe(true);
    }
  });
});

const worth = { p: 1, n: 3, b: 3, r: 5, q: 9, k: 0 };

/** What the opponent wins by taking the queen that has just been left, in pawns; what can be taken in return is counted. */
function queenLoss(chess: Chess): number {
  const gained = worth[chess.history({ verbose: true }).at(-1)?.captured ?? 'k'];
  const takes = chess.moves({ verbose: true }).filter(({ captured }) => captured === 'q');
  const losses = takes.map((take) => {
    chess.move(take);
    const returned = Math.max(0, ...chess.moves({ verbose: true }).map(({ captured }) => worth[captured ?? 'k']));
    chess.undo();
    return worth.q - gained - returned;
  });
  return Math.max(0, ...losses);
}

describe('the computer does not leave its queen hanging', () => {
  it.each([
    ['attacked by a pawn', 'rnbqkbnr/ppp1pppp/8/3p4/4Q3/8/PPPPPPPP/RNB1KBNR w KQkq - 0 1'],
    ['attacked by a knight', 'r1bqkb1r/pppppppp/2n2n2/8/3QP3/8/PPP2PPP/RNB1KBNR w KQkq - 0 1'],
    ['before a guarded pawn', 'rnbqkbnr/ppp2ppp/3p4/4p2Q/4P3/8/PPPP1PPP/RNB1KBNR w KQkq - 0 1'],
    ['pinned to the king', 'rnb1k1nr/pppp1ppp/8/8/1b6/3Q4/PPP2PPP/RNB1KBNR w KQkq - 0 1'],
    ['as black', 'rnb1kbnr/pppp1ppp/8/4p1q1/4P3/5N2/PPPP1PPP/RNBQKB1R b KQkq - 0 1'],
    ['with a poisoned pawn in reach', 'rnb1kb1r/1p3ppp/p2ppn2/6B1/3NPP2/q1N5/P1PQ2PP/1R2KB1R b Kkq - 1 10'],
    ['with a rook behind the pawn', '3r2k1/3p1ppp/8/8/8/3Q4/5PPP/6K1 w - - 0 1'],
    ['in an open file', '3rr1k1/5ppp/8/8/8/8/3Q1PPP/3R2K1 w - - 0 1'],
  ])('%s', (_, fen) => {
    for (const depth of [2, 4]) {
      for (let seed = 0; seed < 3; seed++)
        expect(queenLoss(answered(fen, depth, seed)), `depth ${depth}, seed ${seed}`).toBeLessThanOrEqual(1);
    }
  });

  it('wherever chance has led the match, if there is a way', () => {
    let tried = 0;
    for (let seed = 0; seed < 40; seed++) {
      const random = new SeededRandom(seeded(seed));
      const chess = new Chess();
      for (let ply = 0; ply < 20 + seed && !chess.isGameOver(); ply++) chess.move(random.pick(chess.moves()));
      if (chess.isGameOver() || !chess.moves().some((san) => queenLoss(moved(chess.fen(), san)) === 0)) continue;
      tried += 1;
      expect(queenLoss(answered(chess.fen(), 3, seed)), chess.fen()).toBeLessThanOrEqual(1);
    }
    expect(tried).toBeGreaterThan(25);
  });
});

function moved(fen: string, san: string): Chess {
  const chess = new Chess(fen);
  chess.move(san);
  return chess;
}

describe('the computer', () => {
  it('takes a piece that is given away, and leaves one that is guarded', () => {
    expect(decide(chessThinker, at('4k3/8/8/3q4/4P3/8/8/4K3 w - - 0 1'), 3)).toMatchObject({
      args: { from: 'e4', to: 'd5' },
    });
    expect(decide(chessThinker, at('4k3/2p5/3p4/8/8/8/3R4/4K3 w - - 0 1'), 3).args).not.toMatchObject({ to: 'd6' });
  });

  it('avoids the third repetition when it stands better', () => {
    let position = at('7k/8/8/8/8/8/8/KQ6 w - - 0 1');
    for (let ply = 0; ply < 60 && !position.result; ply++) {
      const seat = position.toAct[0]!;
      const { move, args } = seat === 0 ? decide(chessThinker, position, 5) : legal(chessRules, position, seat)[0]!;
      const played = play(chessRules, position, seat, { move, args }, 0);
      if (!played.ok) throw new Error(played.error.message);
      position = played.position;
    }
    expect(position.result).toEqual({ winner: 0, reason: 'checkmate' });
  });

  it('does not always open in the same way', () => {
    const openings = new Set(
      Array.from({ length: 12 }, (_, seed) =>
        JSON.stringify(decide(chessThinker, at(new Chess().fen()), 2, seed).args),
      ),
    );
    expect(openings.size).toBeGreaterThan(1);
  });

  it('judges a position as it would the same with colours exchanged', () => {
    const fen = 'r1bqkb1r/pp3ppp/2n1pn2/3p4/2PPP3/2N2N2/PP2BPPP/R1BQ1RK1';
    const exchanged = fen
      .split('/')
      .toReversed()
      .join('/')
      .replaceAll(/[a-z]/gi, (piece) => (piece === piece.toLowerCase() ? piece.toUpperCase() : piece.toLowerCase()));
    expect(evaluate(ChessBoard.of(`${fen} w - - 0 1`))).not.toBe(0);
    expect(evaluate(ChessBoard.of(`${fen} w - - 0 1`))).toBe(evaluate(ChessBoard.of(`${exchanged} b - - 0 1`)));
  });
});
