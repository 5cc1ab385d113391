import { describe, expect, it } from 'vitest';
import { harness } from '../../../protocol/index.ts';
import { connectFour, connectFourRules, winningLine } from '../../../protocol/games/connect-four.ts';
import { playRandomMatch, refusedLegalMoves } from './random-matches.ts';

/** A match after discs in these columns, dropped in turn. */
function dropped(...columns: number[]) {
  const match = harness(connectFourRules);
  for (const column of columns) expect(match.mover.moves.drop({ column })).toMatchObject({ ok: true });
  return match;
}

describe('a disc', () => {
  it('falls on those below, and the turn passes', () => {
    const match = dropped(3, 3);
    expect(match.view.state.board[3]).toEqual([0, 1]);
    expect(match.view).toMatchObject({ toAct: [0], state: { last: 3 } });
    expect(match.applied.at(-1)).toMatchObject({
      told: { json: { commit: { events: [{ event: 'landed', data: { column: 3, row: 1 } }] } } },
    });
  });

  it.each([
    ['into a full column', [0, 0, 0, 0, 0, 0], { column: 0 }, 'column_full'],
    ['beside the board', [], { column: 8 }, 'no_such_column'],
    ['into no column of any board', [], { column: 12 }, 'bad_arguments'],
  ])('%s is refused', (_, before, args, code) => {
    expect(dropped(...before).mover.moves.drop(args)).toMatchObject({ ok: false, error: { code } });
  });

  it('out of turn is refused', () => {
    expect(dropped().players[1].moves.drop({ column: 0 })).toMatchObject({
      ok: false,
      error: { code: 'not_your_turn', details: { toAct: [0] } },
    });
  });
});

describe('four in line', () => {
  it.each([
    ['across', [0, 0, 1, 1, 2, 2, 3]],
    ['upwards', [0, 1, 0, 1, 0, 1, 0]],
    ['rising', [0, 1, 1, 2, 2, 3, 2, 3, 3, 6, 3]],
    ['falling', [6, 5, 5, 4, 4, 3, 4, 3, 3, 0, 3]],
    ['closed in the middle', [0, 0, 1, 1, 3, 3, 2]],
  ])('%s wins', (_, columns) => {
    const match = dropped(...columns);
    expect(match.view.result).toEqual({ winner: 0, reason: 'four_in_line' });
    expect(winningLine(match.view.state.board, columns.at(-1)!)).toHaveLength(4);
  });

  it('has not come about yet with three', () => {
    expect(dropped(0, 0, 1, 1, 2).view.result).toBeNull();
  });
});

it('a full board is a draw', () => {
  const match = harness(connectFourRules, { options: { columns: 4 } });
  for (const column of [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 2, 3, 2, 3, 3, 2, 3, 2, 2, 3, 2, 3]) {
    if (match.view.result) break;
    match.mover.moves.drop({ column });
  }
  expect(match.view.result).toEqual({ draw: true, reason: 'board_full' });
});

it('either seat may resign at any time', () => {
  const match = dropped(1);
  match.players[0].moves.resign();
  expect(match.view.result).toEqual({ winner: 1, reason: 'resigned' });
});

it('the board is as wide as was asked for', () => {
  expect(harness(connectFourRules, { options: { columns: 10 } }).state.board).toHaveLength(10);
  expect(() => harness(connectFourRules, { options: { columns: 3 } })).toThrow('columns');
});

it('two hundred random matches end, replay to the same state, and reach every view by deltas', () => {
  for (let seed = 0; seed < 200; seed++) playRandomMatch(connectFourRules, seed);
});

it('every listed move is accepted', () => {
  for (let seed = 0; seed < 5; seed++) expect(refusedLegalMoves(connectFourRules, seed, 30)).toEqual([]);
});

it('the game declares what crosses the wire', () => {
  expect(connectFour).toMatchObject({ name: 'connect_four', seats: [2, 2] });
});
