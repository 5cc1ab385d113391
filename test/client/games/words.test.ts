import { describe, expect, it } from 'vitest';
import { capturedBy, lastMoveInWords, refusals } from '../../../client/games/chess/words.ts';
import { lastDropInWords, refusals as connectFourRefusals } from '../../../client/games/connect-four/words.ts';
import { pair } from '../../../client/games/chess/pairing.ts';
import { chessRules, piecesOf } from '../../../protocol/games/chess.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { harness } from '../../../protocol/index.ts';

describe('a chess move in words', () => {
  it.each([
    [[], ''],
    [['e4'], 'White moved a pawn to e4.'],
    [['e4', 'Nbd7+'], 'Black moved the knight to d7, check.'],
    [['e4', 'N6xe5+'], 'Black captured on e5 with the knight, check.'],
    [['exd5'], 'White captured on d5 with a pawn.'],
    [['O-O'], 'White castled.'],
    [['e4', 'O-O-O#'], 'Black castled on the queen’s side, checkmate.'],
    [['a8=Q'], 'White moved a pawn to a8 and made it a queen.'],
    [['bxa8=N+'], 'White captured on a8 with a pawn and made it a knight, check.'],
  ])('%j: %s', (moves, words) => expect(lastMoveInWords(moves)).toBe(words));
});

describe('captured pieces', () => {
  it('come the best first, with the lead on the board', () => {
    const fen = 'rnb1kbnr/ppp1pp1p/8/8/8/8/PPPP1PPP/RNBQKBNR w KQkq - 0 5';
    const captured = [['pawn', 'queen', 'pawn'], ['pawn']] as unknown as Parameters<typeof capturedBy>[0]['captured'];
    expect(capturedBy({ fen, captured }, 0)).toEqual({
      taken: ['queen', 'pawn', 'pawn'],
      label: 'Captured: queen, 2 pawns',
      lead: 10,
    });
    expect(capturedBy({ fen, captured }, 1)).toEqual({ taken: ['pawn'], label: 'Captured: pawn', lead: 0 });
  });
});

describe('pairing the pieces of two positions', () => {
  const after = (...moves: readonly { from: string; to: string; promotion?: string }[]) => {
    const match = harness(chessRules);
    const positions = [match.state.fen];
    for (const move of moves) {
      expect(match.mover.play({ move: 'move', args: move as never })).toMatchObject({ ok: true });
      positions.push(match.state.fen);
    }
    return pair(piecesOf(positions.at(-2)!), piecesOf(positions.at(-1)!));
  };
  const moved = ({ kept }: ReturnType<typeof pair>) =>
    kept
      .filter(({ before, after: to }) => before.square !== to.square)
      .map(({ before, after: to }) => `${before.piece} ${before.square} ${to.piece} ${to.square}`);
  const path = (text: string) => ({ from: text.slice(0, 2), to: text.slice(2, 4) });

  it('a capture moves one piece and removes another', () => {
    const change = after(path('e2e4'), path('d7d5'), path('e4d5'));
    expect(moved(change)).toEqual(['pawn e4 pawn d5']);
    expect(change.gone).toEqual([{ square: 'd5', piece: 'pawn', seat: 1 }]);
    expect(change.fresh).toEqual([]);
  });

  it('castling moves king and rook', () => {
    const change = after(...['e2e4', 'e7e5', 'g1f3', 'b8c6', 'f1c4', 'f8c5', 'e1g1'].map(path));
    expect(moved(change).toSorted()).toEqual(['king e1 king g1', 'rook h1 rook f1']);
  });

  it('a promoted pawn is the same piece', () => {
    const change = after(...['a2a4', 'b7b5', 'a4b5', 'a7a6', 'b5a6', 'b8c6', 'a6a7', 'a8b8'].map(path), {
      from: 'a7',
      to: 'a8',
      promotion: 'queen',
    });
    expect(moved(change)).toEqual(['pawn a7 queen a8']);
    expect([change.gone, change.fresh]).toEqual([[], []]);
  });
});

describe('a Connect Four match in words', () => {
  it('says who dropped where', () => {
    const match = harness(connectFourRules);
    expect(lastDropInWords(match.view.state)).toBe('');
    match.mover.moves.drop({ column: 3 });
    expect(lastDropInWords(match.view.state)).toBe('Red dropped into column 4.');
    match.mover.moves.drop({ column: 3 });
    expect(lastDropInWords(match.view.state)).toBe('Yellow dropped into column 4.');
  });
});

describe('a refused move in words', () => {
  it('chess names the squares', () => {
    expect(refusals.not_your_piece({ from: 'e7' })).toBe('The piece on e7 is not yours.');
    expect(refusals.illegal_move({ from: 'e2', to: 'e5' })).toBe('The piece on e2 cannot go to e5.');
  });

  it('Connect Four counts columns from 1', () => {
    expect(connectFourRefusals.column_full({ column: 2 })).toBe('Column 3 is full.');
  });
});
