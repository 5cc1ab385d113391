/** Where squares are. */
import type { Square } from '../../../protocol/games/chess.ts';

const files = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const ranks = ['8', '7', '6', '5', '4', '3', '2', '1'] as const;
const fromWhite = ranks.map((rank) => files.map((file): Square => `${file}${rank}`));
const fromBlack = fromWhite.toReversed().map((row) => row.toReversed());

/** The squares as a seat sees them, from the far left corner: for White a8 first, for Black h1. */
export const squareRows = (perspective: 0 | 1): readonly (readonly Square[])[] => [fromWhite, fromBlack][perspective]!;

/** Column and row as a seat sees them, counted from the far left corner. */
export function whereIs(square: Square, perspective: 0 | 1): { readonly column: number; readonly row: number } {
  const column = files.findIndex((file) => file === square[0]);
  const row = ranks.findIndex((rank) => rank === square[1]);
  return perspective === 0 ? { column, row } : { column: 7 - column, row: 7 - row };
}

/** a1 is dark. */
export function isLight(square: Square): boolean {
  const { column, row } = whereIs(square, 0);
  return (column + row) % 2 === 0;
}

export const isSquare = (text: string): text is Square => /^[a-h][1-8]$/.test(text);
