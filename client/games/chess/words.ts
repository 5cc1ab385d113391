/** Chess in words: what the last move was, why a match has ended, what has been captured. */
import { piecesOf, type ChessPiece } from '../../../protocol/games/chess.ts';
import { commonReasons } from '../reasons.ts';
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

const reasons: { readonly [reason: string]: string } = {
  ...commonReasons,
  checkmate: 'by checkmate',
  stalemate: 'by stalemate',
  insufficient_material: 'because neither side can mate',
  fifty_moves: 'by the fifty-move rule',
  threefold_repetition: 'by threefold repetition',
};
export const reasonInWords = (reason: string): string => reasons[reason] ?? '';

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
