import { describe, expect, it } from 'vitest';
import { harness, legal, play, start, type Position } from '../../../protocol/index.ts';
import { chess, chessRules, inCheck, piecesOf, type ChessState } from '../../../protocol/games/chess.ts';

/** A position given in Forsyth-Edwards Notation. */
function at(fen: string): Position {
  const [placement, turn, castling, passed] = fen.split(' ');
  const repeatable = [[placement, turn, castling, passed].join(' ')];
  const position = beginning();
  return { ...position, state: { ...(position.state as ChessState), fen, repeatable }, toAct: [turn === 'w' ? 0 : 1] };
}

interface Tried {
  readonly state: ChessState;
  readonly position: Position;
  readonly moved: unknown;
}

/** Plays moves written as `e2e4` or `e7e8=queen`. @throws Error with the code of a refusal. */
function after(position: Position, ...moves: string[]): Tried {
  let moved: unknown;
  for (const text of moves) {
    const played = attempt(position, text);
    if (!played.ok) throw new Error(played.error.code, { cause: played.cause });
    position = played.position;
    moved = played.events[0]?.data;
  }
  return { state: position.state as ChessState, position, moved };
}
function attempt(position: Position, text: string, seat = position.toAct[0] ?? 0) {
  const [path = '', promotion] = text.split('=');
  const args = { from: path.slice(0, 2), to: path.slice(2), ...(promotion ? { promotion } : {}) };
  return play(chessRules, position, seat, { move: 'move', args }, 0);
}
const refusal = (position: Position, text: string, seat?: number) => {
  const played = attempt(position, text, seat);
  return played.ok ? 'accepted' : played.error.code;
};
const beginning = () => start(chessRules, { seed: 1 });
const listed = (position: Position) =>
  legal(chessRules, position, position.toAct[0]!).map(({ args }) => Object.values(args).join(' '));

describe('moves', () => {
  it('change the position, and are noted', () => {
    const { state, moved } = after(beginning(), 'e2e4', 'd7d5', 'e4d5');
    expect(state).toMatchObject({
      fen: 'rnbqkbnr/ppp1pppp/8/3P4/8/8/PPPP1PPP/RNBQKBNR b KQkq - 0 2',
      moves: ['e4', 'd5', 'exd5'],
      last: { from: 'e4', to: 'd5' },
      captured: [['pawn'], []],
    });
    expect(moved).toEqual({
      from: 'e4',
      to: 'd5',
      piece: 'pawn',
      promotion: null,
      captured: { piece: 'pawn', square: 'd5' },
      castling: null,
      check: false,
    });
  });

  it.each([
    [
      'short, white',
      'r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1',
      'e1g1',
      { from: 'h1', to: 'f1' },
      'r3k2r/8/8/8/8/8/8/R4RK1',
    ],
    [
      'long, white',
      'r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1',
      'e1c1',
      { from: 'a1', to: 'd1' },
      'r3k2r/8/8/8/8/8/8/2KR3R',
    ],
    [
      'short, black',
      'r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1',
      'e8g8',
      { from: 'h8', to: 'f8' },
      'r4rk1/8/8/8/8/8/8/R3K2R',
    ],
    [
      'long, black',
      'r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1',
      'e8c8',
      { from: 'a8', to: 'd8' },
      '2kr3r/8/8/8/8/8/8/R3K2R',
    ],
  ])('castling %s moves the rook too', (_, fen, move, castling, placement) => {
    const { state, moved } = after(at(fen), move);
    expect(state.fen).toContain(`${placement} `);
    expect(moved).toMatchObject({ piece: 'king', castling });
  });

  it('en passant takes the pawn beside', () => {
    const { state, moved } = after(beginning(), 'e2e4', 'a7a6', 'e4e5', 'd7d5', 'e5d6');
    expect(piecesOf(state.fen).find(({ square }) => square === 'd5')).toBeUndefined();
    expect(moved).toMatchObject({ to: 'd6', captured: { piece: 'pawn', square: 'd5' } });
  });

  it.each(['queen', 'rook', 'bishop', 'knight'])('a pawn on the last rank becomes a %s', (promotion) => {
    const { state, moved } = after(at('7k/P7/8/8/8/8/8/K7 w - - 0 1'), `a7a8=${promotion}`);
    expect(piecesOf(state.fen)).toContainEqual({ square: 'a8', piece: promotion, seat: 0 });
    expect(moved).toMatchObject({ piece: 'pawn', promotion });
  });

  it('tell of check', () => {
    const { state, moved } = after(at('4k3/8/8/8/8/8/8/R3K3 w - - 0 1'), 'a1a8');
    expect(moved).toMatchObject({ check: true });
    expect(inCheck(state)).toBe(true);
    expect(inCheck(after(beginning(), 'e2e4').state)).toBe(false);
  });
});

describe('refusals', () => {
  const pinned = '4r2k/8/8/8/8/8/4B3/4K3 w - - 0 1';
  const checked = '4r2k/8/8/8/8/8/8/B3K3 w - - 0 1';
  it.each([
    ['an empty square', undefined, 'e4e5', 'no_piece'],
    ["the opponent's piece", undefined, 'e7e5', 'not_your_piece'],
    ['a move that the piece cannot make', undefined, 'e2e5', 'illegal_move'],
    ['a capture of one’s own piece', undefined, 'a1a2', 'illegal_move'],
    ['a way through other pieces', undefined, 'a1a3', 'illegal_move'],
    ['a pinned piece leaving its line', pinned, 'e2d3', 'illegal_move'],
    ['a king stepping into check', '3r3k/8/8/8/8/8/8/4K3 w - - 0 1', 'e1d1', 'illegal_move'],
    ['a king next to the other', '8/8/8/8/8/4k3/8/4K3 w - - 0 1', 'e1e2', 'illegal_move'],
    ['a move that leaves the king in check', checked, 'a1b2', 'in_check'],
    ['castling out of check', '4r2k/8/8/8/8/8/8/R3K3 w Q - 0 1', 'e1c1', 'in_check'],
    ['castling through check', '3r3k/8/8/8/8/8/8/R3K3 w Q - 0 1', 'e1c1', 'illegal_move'],
    ['castling into check', '2r4k/8/8/8/8/8/8/R3K3 w Q - 0 1', 'e1c1', 'illegal_move'],
    ['castling over a piece', 'r3k2r/8/8/8/8/8/8/RN2K2R w KQ - 0 1', 'e1c1', 'illegal_move'],
    ['castling once the right is lost', 'r3k2r/8/8/8/8/8/8/R3K2R w - - 0 1', 'e1g1', 'illegal_move'],
    ['a promotion to nothing', '7k/P7/8/8/8/8/8/K7 w - - 0 1', 'a7a8', 'promotion_missing'],
    ['a promotion to a king', '7k/P7/8/8/8/8/8/K7 w - - 0 1', 'a7a8=king', 'bad_arguments'],
    ['a promotion before the last rank', '7k/8/P7/8/8/8/8/K7 w - - 0 1', 'a6a7=queen', 'not_a_promotion'],
    ['a square that is none', undefined, 'e2e9', 'bad_arguments'],
  ])('%s', (_, fen, move, code) => {
    expect(refusal(fen ? at(fen) : beginning(), move)).toBe(code);
  });

  it('en passant is possible at once or never', () => {
    const waited = after(beginning(), 'e2e4', 'a7a6', 'e4e5', 'd7d5', 'h2h3', 'h7h6').position;
    expect(refusal(waited, 'e5d6')).toBe('illegal_move');
  });

  it('whoever is not to act, and everybody after the end', () => {
    expect(refusal(beginning(), 'e7e5', 1)).toBe('not_your_turn');
    const mated = after(beginning(), 'f2f3', 'e7e5', 'g2g4', 'd8h4').position;
    expect(refusal(mated, 'a2a3', 0)).toBe('over');
  });

  it('change nothing, and say why in words', () => {
    const position = beginning();
    const before = structuredClone(position);
    const played = attempt(position, 'e2e5');
    expect(played).toMatchObject({
      ok: false,
      error: { code: 'illegal_move', details: { from: 'e2', to: 'e5' }, message: 'Illegal move.' },
    });
    expect(position).toEqual(before);
  });
});

describe('the end', () => {
  it.each([
    ['checkmate', '6k1/5ppp/8/8/8/8/8/R3K3 w - - 0 1', ['a1a8'], { winner: 0, reason: 'checkmate' }],
    ['checkmate by black', 'r3k3/8/8/8/8/8/5PPP/6K1 b - - 0 1', ['a8a1'], { winner: 1, reason: 'checkmate' }],
    ['stalemate', '7k/8/5KQ1/8/8/8/8/8 w - - 0 1', ['g6f7'], { draw: true, reason: 'stalemate' }],
    ['bare kings', '7k/8/8/8/8/8/1p6/K7 w - - 0 1', ['a1b2'], { draw: true, reason: 'insufficient_material' }],
    ['king and knight', '7k/8/8/8/8/8/1p6/K6N w - - 0 1', ['a1b2'], { draw: true, reason: 'insufficient_material' }],
    [
      'bishops on one colour',
      '5b1k/8/8/8/8/8/1p6/K1B5 w - - 0 1',
      ['a1b2'],
      { draw: true, reason: 'insufficient_material' },
    ],
    [
      'fifty moves without capture or pawn move',
      '7k/8/8/8/8/8/8/KR6 w - - 99 80',
      ['b1b2'],
      { draw: true, reason: 'fifty_moves' },
    ],
  ])('%s', (_, fen, moves, result) => {
    expect(after(at(fen), ...moves).position).toMatchObject({ result, toAct: [] });
  });

  it('mate on the last of fifty moves wins', () => {
    expect(after(at('6k1/5ppp/8/8/8/8/8/R3K3 w - - 99 80'), 'a1a8').position.result).toEqual({
      winner: 0,
      reason: 'checkmate',
    });
  });

  it('the same position for the third time is a draw', () => {
    const back = ['g1f3', 'g8f6', 'f3g1', 'f6g8'];
    expect(after(beginning(), ...back).position.result).toBeNull();
    expect(after(beginning(), ...back, ...back).position.result).toEqual({
      draw: true,
      reason: 'threefold_repetition',
    });
  });

  it('positions that differ in a castling right are not the same', () => {
    const rooks = ['a1b1', 'a8b8', 'b1a1', 'b8a8'];
    const position = at('r3k3/8/8/8/8/8/8/R3K3 w Qq - 0 1');
    expect(after(position, ...rooks, ...rooks).position.result).toBeNull();
    expect(after(position, ...rooks, ...rooks, 'a1b1', 'a8b8').position.result).toEqual({
      draw: true,
      reason: 'threefold_repetition',
    });
  });

  it('only the positions since the last capture or pawn move are kept', () => {
    expect(after(beginning(), 'g1f3', 'g8f6', 'e2e4').state.repeatable).toHaveLength(1);
  });

  it.each([
    [0, 1],
    [1, 0],
  ] as const)('seat %i may resign whoever is to act, and seat %i wins', (loser, winner) => {
    const match = harness(chessRules);
    match.players[loser].moves.resign();
    expect(match.view.result).toEqual({ winner, reason: 'resigned' });
  });
});

describe('legal moves', () => {
  it.each([
    ['the beginning', undefined, 20],
    ['castling, captures, pins', 'r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1', 48],
    ['promotions', 'n1n5/PPPk4/8/8/8/8/4Kppp/5N1N w - - 0 1', 24],
    ['en passant into a pin', '8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1', 14],
  ])('of %s are all listed, once', (_, fen, count) => {
    const moves = listed(fen ? at(fen) : beginning());
    expect(new Set(moves).size).toBe(count);
    expect(moves).toHaveLength(count);
  });

  it('name each promotion', () => {
    expect(
      listed(at('7k/P7/8/8/8/8/8/K7 w - - 0 1'))
        .filter((move) => move.startsWith('a7'))
        .toSorted(),
    ).toEqual(['a7 a8 bishop', 'a7 a8 knight', 'a7 a8 queen', 'a7 a8 rook']);
  });

  it('are listed for the seat that is to act only', () => {
    expect(legal(chessRules, beginning(), 1)).toEqual([]);
  });

  it('and no others are accepted', () => {
    for (const fen of [undefined, 'r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1']) {
      const position = fen ? at(fen) : beginning();
      const moves = listed(position);
      const squares = Array.from('abcdefgh').flatMap((file) => Array.from('12345678').map((rank) => file + rank));
      for (const from of squares) {
        for (const to of squares) {
          const isListed = moves.includes(`${from} ${to}`);
          expect(refusal(position, from + to) === 'accepted', `${from}${to}`).toBe(isListed);
        }
      }
    }
  });
});

it('a board can be drawn from the position alone', () => {
  const pieces = piecesOf((beginning().state as ChessState).fen);
  expect(pieces).toHaveLength(32);
  expect(pieces).toContainEqual({ square: 'e1', piece: 'king', seat: 0 });
  expect(pieces).toContainEqual({ square: 'd8', piece: 'queen', seat: 1 });
});

it('the game declares two seats and no phases', () => {
  expect(chess).toMatchObject({ name: 'chess', seats: [2, 2], phases: [] });
});

describe('time', () => {
  it('is for whom the options give it', () => {
    expect(harness(chessRules).view.clocks).toBeNull();
    const timed = harness(chessRules, { options: { minutes: 3, increment: 2 } });
    expect(timed.view.clocks).toEqual([
      { leftMs: 180_000, runningSince: 0 },
      { leftMs: 180_000, runningSince: null },
    ]);
    timed.advance(180_000);
    expect(timed.view.result).toEqual({ winner: 1, reason: 'time' });
  });

  it.each([
    ['8/8/8/4k3/8/8/4P3/4K3 w - - 0 1', 0, { draw: true, reason: 'time_without_mate' }],
    ['8/8/8/4k3/8/8/4P3/4K3 b - - 0 1', 1, { winner: 0, reason: 'time' }],
  ])('that is up in %s for seat %i ends the match: a king alone does not win', (fen, seat, result) => {
    expect(chessRules.behaviour.onTimeout?.({ state: { fen }, seat })).toEqual(result);
  });
});

it('a move that is taken back was never made', () => {
  const match = harness(chessRules);
  const { state } = match;
  match.players[0].moves.move({ from: 'e2', to: 'e4' });
  match.players[0].offer('takeback');
  match.players[1].offer('takeback');
  expect(match.state).toEqual(state);
});
