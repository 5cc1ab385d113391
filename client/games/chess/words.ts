/** Chess in words: what the last move was, why one was refused, why a match has ended, what has been captured. */
import { piecesOf, type ChessPiece } from '../../../protocol/games/chess.ts';
import type { GameScreen, Refusals } from '../../ui/game-screen.ts';
import type { Chess } from './control.ts';

const pieces: { readonly [letter: string]: ChessPiece } = {
  K: 'king',
  Q: 'queen',
  R: 'rook',
  B: 'bishop',
  N: 'knight',
};
const values = { queen: 9, rook: 5, bishop: 3, knight: 3, pawn: 1, king: 0 } as const;
const byValue = ['queen', 'rook', 'bishop', 'knight', 'pawn'] as const;

export const reasons: GameScreen<Chess>['reasons'] = {
  resigned: 'by resignation',
  checkmate: 'by checkmate',
  stalemate: 'by stalemate',
  insufficient_material: 'because neither side can mate',
  fifty_moves: 'by the fifty-move rule',
  threefold_repetition: 'by threefold repetition',
  time_without_mate: 'on time: a king alone cannot win',
};

export const refusals = {
  no_piece: ({ from }) => `There is no piece on ${from}.`,
  not_your_piece: ({ from }) => `The piece on ${from} is not yours.`,
  in_check: 'Your king is in check, and that move would leave it there.',
  illegal_move: ({ from, to }) => `The piece on ${from} cannot go to ${to}.`,
  promotion_missing: ({ to }) => `Choose what the pawn becomes on ${to}.`,
  not_a_promotion: 'Only a pawn that reaches the last rank becomes another piece.',
} satisfies Refusals<Chess>;

/** @param moves in standard algebraic notation. @returns `Black captured on e5 with the knight, check.` */
export function lastMoveInWords(moves: readonly string[]): string {
  const san = moves.at(-1);
  if (san === undefined) return '';
  const end = san.endsWith('#') ? ', checkmate' : san.endsWith('+') ? ', check' : '';
  return `${moves.length % 2 === 1 ? 'White' : 'Black'} ${moveInWords(san)}${end}.`;
}

function moveInWords(san: string): string {
  if (san.startsWith('O-O-O')) return 'castled on the queen’s side';
  if (san.startsWith('O-O')) return 'castled';
  const [, letter, takes, to, promotion] = /^([KQRBN])?[a-h]?[1-8]?(x)?([a-h][1-8])(?:=([QRBN]))?/.exec(san) ?? [];
  const piece = letter === undefined ? 'a pawn' : `the ${pieces[letter]}`;
  const moved = takes === undefined ? `moved ${piece} to ${to}` : `captured on ${to} with ${piece}`;
  return promotion === undefined ? moved : `${moved} and made it a ${pieces[promotion]}`;
}

/** What a seat has taken, the best first, and by how much its pieces on the board are worth more. */
export function capturedBy({ captured, fen }: Pick<Chess['view'], 'captured' | 'fen'>, seat: 0 | 1) {
  const taken = byValue.flatMap((piece) => captured[seat].filter((one) => one === piece));
  const counts = byValue.flatMap((piece) => {
    const count = taken.filter((one) => one === piece).length;
    return count === 0 ? [] : [count === 1 ? piece : `${count} ${piece}s`];
  });
  return { taken, label: `Captured: ${counts.join(', ') || 'nothing'}`, lead: Math.max(0, lead(fen, seat)) };
}

const lead = (fen: string, of: 0 | 1): number =>
  piecesOf(fen).reduce((sum, { piece, seat }) => sum + (seat === of ? values[piece] : -values[piece]), 0);
