/** Chess by the laws of FIDE, with chess.js as the referee. Seat 0 plays white. */
import { Chess, DEFAULT_POSITION, SQUARES, type Move, type Square } from 'chess.js';
import { game, t, type MatchResult, type StateOf } from '../index.ts';

const square = t.oneOf(...SQUARES);
const piece = t.oneOf('pawn', 'knight', 'bishop', 'rook', 'queen', 'king');
const promotions = ['queen', 'rook', 'bishop', 'knight'] as const;
const newPiece = t.oneOf(...promotions);
/** From where to where. A castling king goes two squares. */
const path = { from: square, to: square };

export const chess = game('chess', {
  seats: 2,
  /** Minutes for each player, and seconds for each move; without minutes there are no clocks. */
  options: { minutes: t.int(0, 180).default(0), increment: t.int(0, 60).default(0) },
  clock: ({ minutes, increment }) => (minutes === 0 ? null : { main: minutes * 60, increment }),
  agreements: ['draw', 'takeback'],
  claims: ['win', 'draw'],
  state: {
    /** The position in Forsyth-Edwards Notation. */
    fen: t.str(100),
    /** Every move so far in standard algebraic notation: `Nxf7+`. */
    moves: t.list(t.str(10), 12_000),
    last: t.object(path).nullable(),
    /** What each seat has captured, in order. */
    captured: t.perSeat(t.list(piece, 15)),
    /** The positions since the last capture or pawn move, the present one last: no earlier one can come again. */
    repeatable: t.list(t.str(90), 101),
  },
  moves: { move: { ...path, promotion: newPiece.optional() }, resign: {} },
  errors: {
    no_piece: { from: square },
    not_your_piece: { from: square },
    /** The mover is in check, and the move does not answer it. */
    in_check: path,
    illegal_move: path,
    /** A pawn reaches the last rank: into what does it turn? */
    promotion_missing: path,
    not_a_promotion: path,
  },
  events: {
    moved: {
      ...path,
      piece,
      promotion: newPiece.nullable(),
      /** Not on `to` when a pawn was taken en passant. */
      captured: t.object({ piece, square }).nullable(),
      /** The way of the rook. */
      castling: t.object(path).nullable(),
      check: t.bool(),
    },
  },
});

export const chessRules = chess.rules({
  setup: () => ({
    fen: DEFAULT_POSITION,
    moves: [],
    last: null,
    captured: [[], []],
    repeatable: [identity(DEFAULT_POSITION)],
  }),
  moves: {
    move({ state, seat, reject, emit, next, end }, { from, to, promotion }) {
      const referee = refereeOf(state);
      const { type, color } = referee.get(from) ?? reject('no_piece', { from });
      if (color !== colors[seat]) reject('not_your_piece', { from });
      const made = tried(referee, { from, to, ...(promotion ? { promotion } : {}) });
      if (!made) return reject(refusalOf(referee, { from, to }), { from, to });
      if (promotion && !made.promotion) reject('not_a_promotion', { from, to });

      const captured = made.captured
        ? { piece: names[made.captured], square: made.isEnPassant() ? squareAt(to, from) : to }
        : null;
      state.fen = made.after;
      state.moves.push(made.san);
      state.last = { from, to };
      if (captured) state.captured[seat].push(captured.piece);
      if (captured || type === 'p') state.repeatable = [];
      state.repeatable.push(identity(state.fen));
      const castling = rookPath(from, made.san);
      emit('moved', {
        from,
        to,
        piece: names[type],
        promotion: promotion ?? null,
        captured,
        castling,
        check: inCheck(state),
      });

      const result = verdict(referee, seat, state);
      if (result) end(result);
      else next();
    },
    resign({ seat, end }) {
      end({ winner: seat === 0 ? 1 : 0, reason: 'resigned' });
    },
  },
  anyTime: ['resign'],
  onTimeout({ state, seat }) {
    const winner = seat === 0 ? 1 : 0;
    const hasOnlyKing = piecesOf(state.fen).filter((placed) => placed.seat === winner).length === 1;
    return hasOnlyKing ? { draw: true, reason: 'time_without_mate' } : { winner, reason: 'time' };
  },
  legal: {
    move({ state }) {
      const referee = refereeOf(state);
      return SQUARES.flatMap((from) => (referee.get(from)?.color === referee.turn() ? movesFrom(referee, from) : []));
    },
  },
});

export type ChessState = StateOf<typeof chess>;
export type ChessPiece = keyof typeof letters;
export type ChessMove = (typeof chess)['types']['calls']['move'];
export type { Square };

/** A piece on the board. */
export interface Placed {
  readonly square: Square;
  readonly piece: ChessPiece;
  readonly seat: 0 | 1;
}

/** The pieces of a position, from a8 to h1. */
export const piecesOf = (fen: string): readonly Placed[] =>
  refereeOf({ fen })
    .board()
    .flat()
    .flatMap((at) => (at ? [{ square: at.square, piece: names[at.type], seat: at.color === 'w' ? 0 : 1 }] : []));

/** Whether the seat that is to act is in check; the notation of the last move says so. */
export const inCheck = ({ moves }: { readonly moves: readonly string[] }): boolean => /[+#]$/.test(moves.at(-1) ?? '');

const colors = ['w', 'b'] as const;
const names = { p: 'pawn', n: 'knight', b: 'bishop', r: 'rook', q: 'queen', k: 'king' } as const;
const letters = { pawn: 'p', knight: 'n', bishop: 'b', rook: 'r', queen: 'q', king: 'k' } as const;

/** Makes a move; null where it is illegal, or does not say into what a pawn turns. */
function tried(referee: Chess, { from, to, promotion }: ChessMove): Move | null {
  try {
    return referee.move({ from, to, ...(promotion ? { promotion: letters[promotion] } : {}) });
  } catch {
    return null;
  }
}

/** Why a move could not be made. */
function refusalOf(referee: Chess, { from, to }: ChessMove): 'promotion_missing' | 'in_check' | 'illegal_move' {
  if (movesFrom(referee, from).some((move) => move.to === to)) return 'promotion_missing';
  return referee.isCheck() ? 'in_check' : 'illegal_move';
}

/** At a position that chess.js has written, or this file: it need not be checked. */
const refereeOf = ({ fen }: { readonly fen: string }): Chess => new Chess(fen, { skipValidation: true });

/** How the move just made ends the match; null where play goes on. Draws need no claim. */
function verdict(referee: Chess, mover: 0 | 1, { moves, repeatable }: Played): MatchResult<0 | 1> | null {
  if (moves.at(-1)?.endsWith('#')) return { winner: mover, reason: 'checkmate' };
  if (!canMove(referee)) return { draw: true, reason: 'stalemate' };
  if (referee.isInsufficientMaterial()) return { draw: true, reason: 'insufficient_material' };
  if (referee.isDrawByFiftyMoves()) return { draw: true, reason: 'fifty_moves' };
  const times = repeatable.filter((position) => position === repeatable.at(-1)).length;
  return times >= 3 ? { draw: true, reason: 'threefold_repetition' } : null;
}

type Played = { readonly moves: readonly string[]; readonly repeatable: readonly string[] };

/** Whether who is to move can: the first piece that can says so, where chess.js would look for the moves of all. */
const canMove = (referee: Chess): boolean =>
  SQUARES.some((from) => referee.get(from)?.color === referee.turn() && referee.moves({ square: from }).length > 0);

/** What makes two positions the same: pieces, who is to move, castling, en passant (where it is possible). */
const identity = (fen: string): string => fen.split(' ').slice(0, 4).join(' ');

/** The legal moves of one piece, read from their notation: chess.js takes ten times as long to spell them out. */
const movesFrom = (referee: Chess, from: Square): ChessMove[] =>
  referee.moves({ square: from }).map((san) => {
    const rook = rookPath(from, san);
    if (rook) return { from, to: squareAt(rook.to > from ? 'g' : 'c', from) };
    const [, to, , letter] = /([a-h][1-8])(=([QRBN]))?[+#]?$/.exec(san) ?? [];
    const promotion = promotions.find((one) => letters[one] === letter?.toLowerCase());
    return { from, to: squareAt(to!, to!), ...(promotion ? { promotion } : {}) };
  });

/** Where the rook goes in a castling move; null for other moves. */
function rookPath(king: Square, san: string): { from: Square; to: Square } | null {
  if (!san.startsWith('O-O')) return null;
  const [from, to] = san.startsWith('O-O-O') ? (['a', 'd'] as const) : (['h', 'f'] as const);
  return { from: squareAt(from, king), to: squareAt(to, king) };
}

/** The square in the file of one square and the rank of another. */
const squareAt = (file: string, rank: string) => `${file[0]}${rank[1]}` as Square;
