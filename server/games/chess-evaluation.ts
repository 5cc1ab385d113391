/** How a chess position stands, in hundredths of a pawn, for the side that is to act. */
import { bishop, king, knight, pawn, queen, rook, type ChessBoard } from './chess-board.ts';

/** What a piece is worth, by its number. */
export const worth = [0, 100, 320, 330, 500, 900, 0] as const;
/** How much a piece counts for the middlegame; 24 are all. */
const weights = [0, 0, 1, 1, 2, 4, 0];
const allWeight = 24;

const advanced = [0, 0, 5, 15, 30, 60, 110, 0];
const castled = [20, 30, 5, 0, 0, 5, 30, 20];

/** What a white piece gains by standing where it stands, in the middlegame and in the endgame. */
function placed(piece: number, file: number, rank: number): readonly [middle: number, end: number] {
  const central = Math.min(file, 7 - file) + Math.min(rank, 7 - rank); // 0 in the corner, 6 in the middle
  const same = (value: number) => [value, value] as const;
  switch (piece) {
    case pawn: {
      const inner = file === 3 || file === 4;
      const opening = inner ? [0, -15, 5, 25, 20, 25, 50, 0][rank]! : advanced[rank]! / 3;
      return [opening, advanced[rank]!];
    }
    case knight:
      return same(central * 8 - 30);
    case bishop:
      return same(central * 4 - 12);
    case rook:
      return [Math.min(file, 7 - file) * 3 + (rank === 6 ? 15 : 0), rank === 6 ? 15 : 0];
    case queen:
      return [central - 3, central * 4 - 12];
    case king:
      return [rank === 0 ? castled[file]! : -20 * rank, central * 10 - 30];
    default:
      return same(0);
  }
}

const middle = new Int16Array(7 * 128);
const end = new Int16Array(7 * 128);
for (let piece = pawn as number; piece <= king; piece++) {
  for (let square = 0; square < 120; square++) {
    if (square & 0x88) continue;
    const [inMiddle, atEnd] = placed(piece, square & 7, square >> 4);
    middle[piece * 128 + square] = worth[piece]! + inMiddle;
    end[piece * 128 + square] = worth[piece]! + atEnd;
  }
}

/** The gain of placing a piece there, for ordering moves. @param square as white sees it. */
export const placement = (piece: number, square: number): number => middle[piece * 128 + square]!;
/** A square as the other side sees it. */
export const mirrored = (square: number): number => square ^ 0x70;

export function evaluate({ squares, turn }: ChessBoard): number {
  const side = { white: census(), black: census() };
  for (let square = 0; square < 120; square++) {
    const piece = squares[square]!;
    if (piece > 0) count(side.white, piece, square);
    else if (piece < 0) count(side.black, -piece, mirrored(square));
  }
  const { white, black } = side;
  const left = Math.min(white.weight + black.weight, allWeight);
  const even = ((white.middle - black.middle) * left + (white.end - black.end) * (allWeight - left)) / allWeight;
  const value = even + pair(white) - pair(black) + chase(white, black) - chase(black, white);
  const deserved = canWin(value > 0 ? white : black) ? value : value / 16;
  return Math.round(deserved * turn);
}

interface Census {
  middle: number;
  end: number;
  weight: number;
  pawns: number;
  bishops: number;
  /** Where the king stands, as its own side sees it. */
  king: number;
}
const census = (): Census => ({ middle: 0, end: 0, weight: 0, pawns: 0, bishops: 0, king: 0 });

function count(side: Census, piece: number, square: number): void {
  side.middle += middle[piece * 128 + square]!;
  side.end += end[piece * 128 + square]!;
  side.weight += weights[piece]!;
  if (piece === pawn) side.pawns += 1;
  else if (piece === bishop) side.bishops += 1;
  else if (piece === king) side.king = square;
}

const pair = ({ bishops }: Census): number => (bishops >= 2 ? 30 : 0);

/** A bare king is mated at the edge, with the other king's help. */
function chase(hunter: Census, hunted: Census): number {
  if (hunted.weight > 0 || hunted.pawns > 0 || hunter.weight < 2) return 0;
  const [a, b] = [hunter.king, mirrored(hunted.king)];
  const apart = Math.max(Math.abs((a & 7) - (b & 7)), Math.abs((a >> 4) - (b >> 4)));
  const [file, rank] = [b & 7, b >> 4];
  return 20 * (6 - Math.min(file, 7 - file) - Math.min(rank, 7 - rank)) + 10 * (7 - apart);
}

/** One knight or bishop alone mates nobody. */
const canWin = ({ pawns, weight }: Census): boolean => pawns > 0 || weight >= 2;
