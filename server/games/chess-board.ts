/**
 * A chess board for search, some hundred times quicker than the referee, against which it is tested: 0x88 squares
 * (16 * rank + file; off the board where `square & 0x88`), moves packed into numbers, positions copied, never undone.
 */
import { keyWords, positionKey } from './position-key.ts';

/** What stands on a square: 0 nothing, positive white, negative black. */
export const [pawn, knight, bishop, rook, queen, king] = [1, 2, 3, 4, 5, 6] as const;
export type Side = 1 | -1;
/** From, to and, for a promotion, the new piece: 7 + 7 + 3 bits. */
export type PackedMove = number;

export const fromOf = (move: PackedMove): number => move & 0x7f;
export const toOf = (move: PackedMove): number => (move >> 7) & 0x7f;
export const promotionOf = (move: PackedMove): number => move >> 14;
export const squareName = (square: number): string => 'abcdefgh'[square & 7]! + ((square >> 4) + 1);
export const squareNumber = (name: string): number => name.charCodeAt(0) - 97 + 16 * (Number(name[1]) - 1);

const letters = ' pnbrqk';
const diagonals = [-17, -15, 15, 17];
const straights = [-16, -1, 1, 16];
const around = [...diagonals, ...straights];
const jumps = [-33, -31, -18, -14, 14, 18, 31, 33];
const directions = [[], [], jumps, diagonals, straights, around, around];
const promotions = [queen, knight, rook, bishop];

/** Castling rights, as bits. */
const rights: { readonly [letter: string]: number } = { K: 1, Q: 2, k: 4, q: 8 };
/** The rights that are gone once something has left or reached a square. */
const touched = new Uint8Array(128);
for (const [square, bits] of [
  ['e1', 3],
  ['h1', 1],
  ['a1', 2],
  ['e8', 12],
  ['h8', 4],
  ['a8', 8],
] as const)
  touched[squareNumber(square)] = bits;

/** Whether a queen could go from one square to another on an empty board; index: the difference + 128. */
const inLine = new Uint8Array(256);
for (const step of around) for (let i = 1; i < 8; i++) inLine[128 + step * i] = 1;

const words = keyWords(12 * 128 + 16 + 128 + 1);
const rightsWord = 12 * 128;
const passedWord = rightsWord + 16;
const turnWord = passedWord + 128;
const pieceWord = (piece: number, square: number) => (piece > 0 ? piece - 1 : 5 - piece) * 128 + square;

export class ChessBoard {
  readonly squares: Int8Array;
  readonly turn: Side;
  readonly #rights: number;
  /** The square that a pawn has just passed, where an enemy pawn stands ready to take it; else -1. */
  readonly #passed: number;
  /** Moves since the last capture or pawn move, both sides counted. */
  readonly quiet: number;
  readonly #high: number;
  readonly #low: number;
  #moves: readonly PackedMove[] | undefined;

  constructor(squares: Int8Array, turn: Side, castling: number, passed: number, quiet: number) {
    this.squares = squares;
    this.turn = turn;
    this.#rights = castling;
    this.#passed = passed;
    this.quiet = quiet;
    let [high, low] = [0, 0];
    const add = (word: number): void => {
      high ^= words.high[word]!;
      low ^= words.low[word]!;
    };
    for (let square = 0; square < 120; square++) if (squares[square] !== 0) add(pieceWord(squares[square]!, square));
    add(rightsWord + castling);
    if (passed >= 0) add(passedWord + passed);
    if (turn === 1) add(turnWord);
    this.#high = high;
    this.#low = low;
  }

  /** @param fen as the referee writes it: with an en passant square only where the capture is possible. */
  static of(fen: string): ChessBoard {
    const [placement = '', turn, castling = '', passed = '-', quiet] = fen.split(' ');
    const squares = new Int8Array(128);
    placement.split('/').forEach((line, index) => {
      let square = 16 * (7 - index);
      for (const letter of line) {
        if (letter >= '1' && letter <= '8') square += Number(letter);
        else squares[square++] = letters.indexOf(letter.toLowerCase()) * (letter < 'a' ? 1 : -1);
      }
    });
    const bits = Array.from(castling).reduce((sum, letter) => sum | (rights[letter] ?? 0), 0);
    return new ChessBoard(
      squares,
      turn === 'w' ? 1 : -1,
      bits,
      passed === '-' ? -1 : squareNumber(passed),
      Number(quiet),
    );
  }

  /** Equal for positions that count as one in a repetition. */
  get key(): number {
    return positionKey(this.#high, this.#low);
  }

  get check(): boolean {
    return this.attacked(this.#king(), -this.turn as Side);
  }

  /** The legal moves, in no particular order. */
  moves(): readonly PackedMove[] {
    return (this.#moves ??= this.#legal());
  }

  after(move: PackedMove): ChessBoard {
    const [from, to] = [fromOf(move), toOf(move)];
    const squares = this.squares.slice();
    const piece = squares[from]! * this.turn;
    const captures = squares[to] !== 0;
    squares[to] = promotionOf(move) ? promotionOf(move) * this.turn : squares[from]!;
    squares[from] = 0;
    if (piece === pawn && to === this.#passed) squares[to - 16 * this.turn] = 0;
    if (piece === king && Math.abs(to - from) === 2) {
      squares[(from + to) / 2] = rook * this.turn;
      squares[to > from ? to + 1 : to - 2] = 0;
    }
    const double = piece === pawn && Math.abs(to - from) === 32;
    const taker = -pawn * this.turn;
    const passed = double && (squares[to - 1] === taker || squares[to + 1] === taker) ? (from + to) / 2 : -1;
    const castling = this.#rights & ~(touched[from]! | touched[to]!);
    return new ChessBoard(
      squares,
      -this.turn as Side,
      castling,
      passed,
      captures || piece === pawn ? 0 : this.quiet + 1,
    );
  }

  /** Whether a side could capture on a square, if it were its turn. */
  attacked(target: number, by: Side): boolean {
    const { squares } = this;
    const near = target - 16 * by;
    if (squares[near - 1] === pawn * by || squares[near + 1] === pawn * by) return true;
    for (const jump of jumps) if (squares[target + jump] === knight * by) return true;
    for (const step of around) {
      const slider = step % 16 === 0 || step === 1 || step === -1 ? rook : bishop;
      for (let at = target + step, distance = 1; !(at & 0x88); at += step, distance++) {
        const piece = squares[at]! * by;
        if (piece === 0) continue;
        if (piece === slider || piece === queen || (piece === king && distance === 1)) return true;
        break;
      }
    }
    return false;
  }

  #king(): number {
    return this.squares.indexOf(king * this.turn);
  }

  #legal(): PackedMove[] {
    const home = this.#king();
    const check = this.attacked(home, -this.turn as Side);
    return this.#candidates(home, check).filter((move) => {
      const from = fromOf(move);
      const free = !check && from !== home && !inLine[128 + from - home]! && toOf(move) !== this.#passed;
      return free || this.#keepsKingSafe(move, home);
    });
  }

  #keepsKingSafe(move: PackedMove, home: number): boolean {
    const { squares, turn } = this;
    const [from, to] = [fromOf(move), toOf(move)];
    const [piece, target] = [squares[from]!, squares[to]!];
    const passedBy = to === this.#passed && piece === pawn * turn ? to - 16 * turn : -1;
    squares[to] = piece;
    squares[from] = 0;
    if (passedBy >= 0) squares[passedBy] = 0;
    const safe = !this.attacked(from === home ? to : home, -turn as Side);
    squares[from] = piece;
    squares[to] = target;
    if (passedBy >= 0) squares[passedBy] = -piece;
    return safe;
  }

  /** Every move that the pieces can make, without looking whether it leaves the king in check. */
  #candidates(home: number, check: boolean): PackedMove[] {
    const moves: PackedMove[] = [];
    for (let from = 0; from < 120; from++) {
      const piece = this.squares[from]! * this.turn;
      if (piece === pawn) this.#pawnMoves(from, moves);
      else if (piece > 0) this.#pieceMoves(from, piece, moves);
    }
    if (!check) this.#castlings(home, moves);
    return moves;
  }

  #pieceMoves(from: number, piece: number, moves: PackedMove[]): void {
    const slides = piece >= bishop && piece <= queen;
    for (const step of directions[piece]!) {
      for (let to = from + step; !(to & 0x88); to += step) {
        const target = this.squares[to]! * this.turn;
        if (target <= 0) moves.push(from | (to << 7));
        if (target !== 0 || !slides) break;
      }
    }
  }

  #pawnMoves(from: number, moves: PackedMove[]): void {
    const { squares, turn } = this;
    const ahead = 16 * turn;
    const start = turn === 1 ? 1 : 6;
    const add = (to: number): void => {
      const rank = to >> 4;
      if (rank > 0 && rank < 7) moves.push(from | (to << 7));
      else for (const piece of promotions) moves.push(from | (to << 7) | (piece << 14));
    };
    if (squares[from + ahead] === 0) {
      add(from + ahead);
      if (from >> 4 === start && squares[from + 2 * ahead] === 0) add(from + 2 * ahead);
    }
    for (const to of [from + ahead - 1, from + ahead + 1]) {
      if (!(to & 0x88) && (squares[to]! * turn < 0 || to === this.#passed)) add(to);
    }
  }

  #castlings(home: number, moves: PackedMove[]): void {
    const { squares, turn } = this;
    const [short, long] = turn === 1 ? [1, 2] : [4, 8];
    const enemy = -turn as Side;
    const free = (...steps: number[]) => steps.every((step) => squares[home + step] === 0);
    if (this.#rights & short && free(1, 2) && !this.attacked(home + 1, enemy)) moves.push(home | ((home + 2) << 7));
    if (this.#rights & long && free(-1, -2, -3) && !this.attacked(home - 1, enemy))
      moves.push(home | ((home - 2) << 7));
  }
}
