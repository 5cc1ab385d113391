import { describe, expect, it } from 'vitest';
import { harness, legal, play, SeededRandom, seeded, start, type Position } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { connectFourThinker } from '../../../server/games/connect-four.ts';
import { decide } from './thinking.ts';

function after(columns: readonly number[]): Position {
  let position = start(connectFourRules, { seed: 1 });
  for (const column of columns) position = next(position, { move: 'drop', args: { column } });
  return position;
}
function next(position: Position, move: { move: string; args: object }): Position {
  const played = play(connectFourRules, position, position.toAct[0]!, move, 0);
  if (!played.ok) throw new Error(played.error.message);
  return played.position;
}

describe('the computer at connect four', () => {
  it.each([
    ['upwards', [0, 6, 0, 6, 0, 5], 0],
    ['across', [0, 0, 1, 1, 2, 2], 3],
    ['in the gap', [0, 0, 1, 1, 3, 3], 2],
    ['aslant', [0, 1, 1, 2, 2, 3, 2, 3, 3, 6], 3],
  ])('wins %s', (_, columns, column) => {
    for (const depth of [1, 4]) expect(decide(connectFourThinker, after(columns), depth).args).toEqual({ column });
  });

  it.each([
    ['upwards', [6, 0, 5, 0, 6, 0], 0],
    ['across, closed on one side', [6, 0, 6, 1, 5, 2], 3],
    ['in the gap', [6, 0, 6, 1, 5, 3], 2],
  ])('blocks four %s', (_, columns, column) => {
    for (const depth of [2, 5]) expect(decide(connectFourThinker, after(columns), depth).args).toEqual({ column });
  });

  it('stops three with both ends open before it is too late', () => {
    const { args } = decide(connectFourThinker, after([6, 2, 6, 3]), 4);
    expect([1, 4]).toContain('column' in args ? args.column : null);
  });

  it('beats chance, on any width', () => {
    for (const columns of [4, 7, 10]) {
      for (let seed = 0; seed < 4; seed++) {
        const random = new SeededRandom(seeded(seed));
        let position = start(connectFourRules, { seed, options: { columns } });
        const ours = seed % 2;
        while (!position.result) {
          const [seat = 0] = position.toAct;
          position = next(
            position,
            seat === ours
              ? decide(connectFourThinker, position, 4, seed)
              : random.pick(legal(connectFourRules, position, seat)),
          );
        }
        expect(position.result, `${columns} columns, seed ${seed}`).not.toMatchObject({ winner: 1 - ours });
      }
    }
  });

  it('looks eight moves ahead in the beginning', () => {
    expect(decide(connectFourThinker, start(connectFourRules, { seed: 1 }), 8).found.depth).toBe(8);
  });
});

it('the computer knows what the rules know: a won match has no move to find', () => {
  const match = harness(connectFourRules);
  match.players[0].moves.resign();
  expect(() =>
    decide(connectFourThinker, { ...start(connectFourRules, { seed: 1 }), result: { winner: 1 } }, 1),
  ).toThrow('no move');
});
