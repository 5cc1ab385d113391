import { describe, expect, it } from 'vitest';
import { legal, play, SeededRandom, seeded, start, type Position } from '../../../protocol/index.ts';
import { RulesNode } from '../../../server/services/rules-node.ts';
import { decided, search } from '../../../server/services/search.ts';
import type { SearchNode, Thinker } from '../../../server/services/thinker.ts';
import { ticTacToeRules } from '../../examples/tic-tac-toe.ts';
import { decide } from '../games/thinking.ts';

const thinker: Thinker = { rules: ticTacToeRules };
const seat = (position: Position) => position.toAct[0]!;
function next(position: Position, move: { move: string; args: object }): Position {
  const played = play(ticTacToeRules, position, seat(position), move, 0);
  if (!played.ok) throw new Error(played.error.message);
  return played.position;
}
const after = (...cells: number[]) =>
  cells.reduce(
    (position, cell) => next(position, { move: 'mark', args: { cell } }),
    start(ticTacToeRules, { seed: 1 }),
  );

describe('search by nothing but the rules', () => {
  it('wins at once where it can', () => {
    expect(decide(thinker, after(0, 3, 1, 4), 9).args).toEqual({ cell: 2 });
  });

  it('blocks where it must', () => {
    expect(decide(thinker, after(0, 4, 1), 9).args).toEqual({ cell: 2 });
  });

  it('never loses to chance, and draws against itself', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new SeededRandom(seeded(seed));
      let position = start(ticTacToeRules, { seed });
      while (!position.result) {
        const isOurs = seat(position) === seed % 2;
        position = next(
          position,
          isOurs ? decide(thinker, position, 9, seed) : random.pick(legal(ticTacToeRules, position, seat(position))),
        );
      }
      expect(position.result, `seed ${seed}`).not.toMatchObject({ winner: 1 - (seed % 2) });
    }
    let position = start(ticTacToeRules, { seed: 1 });
    while (!position.result) position = next(position, decide(thinker, position, 9));
    expect(position.result).toMatchObject({ draw: true });
  });

  it('sees what is forced, and then looks no further', () => {
    const { found } = decide(thinker, after(0, 1, 4), 9); // black must stop 8; then 3 and 6 threaten
    expect(Math.abs(found.value)).toBeGreaterThan(decided);
  });

  it('makes the same choice by the same chance, and others by others', () => {
    const choices = Array.from({ length: 10 }, (_, seed) =>
      JSON.stringify(decide(thinker, start(ticTacToeRules, { seed: 1 }), 9, seed).args),
    );
    expect(choices).toEqual(
      Array.from({ length: 10 }, (_, seed) =>
        JSON.stringify(decide(thinker, start(ticTacToeRules, { seed: 1 }), 9, seed).args),
      ),
    );
    expect(new Set(choices).size).toBeGreaterThan(1);
  });
});

/** A game without end: two moves everywhere, all worth nothing. */
const endless: SearchNode = {
  mover: 0,
  outcome: null,
  moves: () => [0, 1],
  after: () => endless,
  described: () => ({ move: 'go', args: {} }),
  evaluate: () => 0,
  loud: () => false,
};

describe('the time', () => {
  it('ends the search; what was looked at in full counts', () => {
    let now = 0;
    const { depth, nodes } = search(endless, { ms: 50, now: () => now++ }, 0, new SeededRandom(seeded(1)));
    expect(depth).toBeGreaterThan(3);
    expect(nodes).toBeLessThan(52 * 256);
  });

  it('is enough for one move ahead, however short it is', () => {
    let now = 0;
    expect(search(endless, { ms: 0, now: () => now++ }, 0, new SeededRandom(seeded(1))).depth).toBeGreaterThanOrEqual(
      1,
    );
  });

  it('is not spent where there is only one move', () => {
    const { nodes } = search(
      { ...endless, moves: () => [5] },
      { ms: 50, now: () => 0 },
      0,
      new SeededRandom(seeded(1)),
    );
    expect(nodes).toBe(0);
  });
});

it('moves of one seat in a row are its own gain', () => {
  /** Seat 0 moves twice; the second time one move wins. */
  const twice = (left: number): SearchNode => ({
    ...endless,
    outcome: left === 0 ? 1 : null,
    moves: () => (left === 0 ? [] : [0, 1]),
    after: (move) => (move === 1 ? twice(left - 1) : { ...endless, outcome: -1 }),
  });
  expect(search(twice(2), { ms: 1, depth: 4, now: () => 0 }, 0, new SeededRandom(seeded(1)))).toMatchObject({
    move: 1,
  });
});

it('rules that list a move and refuse it are told of', () => {
  const broken: Thinker = {
    rules: {
      ...ticTacToeRules,
      behaviour: { ...ticTacToeRules.behaviour, legal: { mark: () => [{ cell: 0 }, { cell: 77 }] } },
    },
  };
  expect(() =>
    search(
      new RulesNode(broken, start(ticTacToeRules, { seed: 1 })),
      { ms: 1, depth: 1, now: () => 0 },
      0,
      new SeededRandom(seeded(1)),
    ),
  ).toThrow('listed as legal');
});
