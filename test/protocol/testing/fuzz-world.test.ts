import { describe, expect, it } from 'vitest';
import { fuzzWorld, FuzzWorldFailure, t, world } from '../../../protocol/index.ts';

/** Everybody walks, and pays for it. */
const path = world('path', {
  tick: 20,
  shared: { steps: t.int(0) },
  player: { x: t.fixed(1 / 16), left: t.int(0, 1_000_000).owner(), luck: t.int().hidden() },
  entities: { stone: { x: t.fixed(1 / 16), weight: t.int(1, 9) } },
  input: { dx: t.int(-1, 1) },
  moves: { drop: { weight: t.int(1, 9) } },
  errors: { too_tired: {} },
});
type PathRules = Parameters<typeof path.rules>[0];
const sound: PathRules = {
  setup: () => ({ steps: 0 }),
  spawn: ({ random }) => ({ x: 0, left: 100, luck: random.int(1, 6) }),
  step(me, { dx }, { dt }) {
    me.x += dx * 20 * dt;
  },
  onTick({ players, shared, entities }) {
    for (const { x } of Object.values(players)) if (x !== 0) shared.steps += 1;
    if (entities.stone.size > 20) for (const [key] of entities.stone) entities.stone.remove(key);
  },
  moves: {
    drop({ me, entities, reject }, { weight }) {
      me.left -= weight;
      entities.stone.add({ x: me.x, weight });
      if (me.left < 50) reject('too_tired');
    },
  },
};

function found(rules: PathRules): FuzzWorldFailure | null {
  try {
    fuzzWorld(path.rules(rules), { seed: 1, worlds: 3 });
    return null;
  } catch (error) {
    if (error instanceof FuzzWorldFailure) return error;
    throw error;
  }
}

it('a sound world survives, and predicts each player to the tick', () => {
  const report = fuzzWorld(path.rules(sound), { worlds: 5 });
  console.log(`path: ${report.ticks} ticks, ${report.moves} moves, seed ${report.seed}`);
  expect(report.moves).toBeGreaterThan(20);
  expect(report.corrections).toBeLessThan(report.moves + 50);
});

describe('planted faults are found:', () => {
  it('rules that write what does not fit', () => {
    expect(found({ ...sound, onTick: ({ shared }) => void (shared.steps = -1) })?.message).toContain(
      'wrote what does not fit',
    );
  });

  it('rules that throw', () => {
    const failure = found({
      ...sound,
      step(me, input, context) {
        sound.step(me, input, context);
        if (me.x > 3) JSON.parse('no');
      },
    });
    expect(failure?.message).toMatch(/the rules threw.*in tick \d+; again with \{ seed: 1/);
    expect(failure?.cause).toBeInstanceOf(SyntaxError);
  });

  it('a rule that throws where nobody is called: where a player is', () => {
    const lost = world('lost', {
      tick: 20,
      player: { x: t.fixed(1 / 16) },
      input: { dx: t.int(-1, 1) },
      interest: { cell: 10, radius: 1 },
    }).rules({
      spawn: () => ({ x: 0 }),
      at(player) {
        if (player.x > 1) throw new Error('off the map');
        return [player.x, 0];
      },
      step: (me) => void (me.x += 0.25),
    });
    expect(() => fuzzWorld(lost, { seed: 1, worlds: 1 })).toThrow(/^the rules threw .*in tick \d+; again with/);
  });

  it('setup that throws', () => {
    const failure = found({
      ...sound,
      setup() {
        throw new Error('no map');
      },
    });
    expect(failure).toMatchObject({
      message: expect.stringContaining('setup threw (in tick 0'),
      cause: new Error('no map'),
    });
  });

  it.each<[string, PathRules]>([
    [
      'chance that is not the world’s',
      { ...sound, onTick: ({ shared }) => void (shared.steps = Math.floor(Math.random() * 999)) },
    ],
    [
      'state outside of the state',
      (() => {
        let count = 0;
        return { ...sound, step: (me) => void (me.x = ++count % 99) };
      })(),
    ],
  ])('%s', (_, rules) => {
    expect(found(rules)?.message).toContain('the same ticks give something else the second time');
  });

  it('a move that comes to something else where it is predicted', () => {
    let count = 0;
    const drop: PathRules['moves']['drop'] = ({ me }) => void (me.left = ++count % 99);
    expect(found({ ...sound, moves: { drop } })?.message).toContain('was predicted otherwise than it came');
  });

  it('nothing in a move that is refused after it has written: that is taken back, and chance too', () => {
    const rules: PathRules = {
      ...sound,
      moves: {
        drop({ me, random, entities, reject }, { weight }) {
          me.left = random.int(0, 9);
          entities.stone.add({ x: 0, weight });
          if (weight % 2) reject('too_tired');
        },
      },
    };
    expect(found(rules)).toBe(null);
  });
});
