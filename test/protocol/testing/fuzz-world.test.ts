import { describe, expect, it } from 'vitest';
import { fuzzWorld, FuzzWorldFailure, t, world, type FuzzWorldOptions } from '../../../protocol/index.ts';

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

  /** As rules do that ask whether there is a page. */
  const isForeseen = () => new Error().stack?.includes('foresight.ts') === true;

  it('a move that comes to something else where it is predicted', () => {
    const drop: PathRules['moves']['drop'] = ({ me }) => void (me.left = isForeseen() ? 1 : 2);
    expect(found({ ...sound, moves: { drop } })?.message).toContain('was predicted otherwise than it came');
  });

  it('a step that comes to something else where it is predicted', () => {
    const step: PathRules['step'] = (me, { dx }) => void (me.x += isForeseen() ? dx : 2 * dx);
    expect(found({ ...sound, step })?.message).toMatch(
      /^by \{"dx":-?1\} a client that predicts player_\d+ shows something else: \{"x":.* \(in tick \d+; again with/,
    );
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

/** Players with secrets of every kind, who see what is near; traps that nobody sees. */
const veil = world('veil', {
  tick: 20,
  shared: { hint: t.int(), answer: t.int().hidden() },
  player: {
    x: t.fixed(1 / 16),
    team: t.oneOf('red', 'blue'),
    gold: t.int(0, 999).owner(),
    luck: t.int(0, 999).hidden(),
    plan: t.int(0, 999).seenBy('team'),
  },
  entities: { trap: { x: t.fixed(1 / 16), armed: t.bool().hidden() } },
  input: { dx: t.int(-1, 1) },
  interest: { cell: 8, radius: 1 },
  moves: { think: { of: t.int(0, 999) }, guess: {} },
  errors: { wrong: { by: t.int() } },
  events: { heard: { what: t.int(), secretly: t.int().hidden() } },
});
type VeilRules = Parameters<typeof veil.rules>[0];
const closed: VeilRules = {
  setup({ entities, random }) {
    for (let i = 0; i < 9; i++) entities.trap.add({ x: random.int(-40, 40), armed: random.int(0, 1) === 1 });
    return { hint: 0, answer: random.int(0, 999) };
  },
  spawn: ({ random }) => ({
    x: random.int(-20, 20),
    team: random.pick(['red', 'blue']),
    gold: random.int(0, 9),
    luck: random.int(0, 9),
    plan: random.int(0, 9),
  }),
  at: ({ x }) => [x, 0],
  entitiesAt: { trap: ({ x }) => [x, 0] },
  seenBy: { team: ({ viewer, owner }) => viewer.team === owner?.team },
  step(me, { dx }) {
    me.x += dx;
    me.gold += dx === 0 ? 0 : 1;
    if (me.gold > 900) me.gold = 0;
  },
  onTick({ players, tick, emitAt, random }) {
    for (const player of Object.values(players)) {
      player.luck = random.int(0, 999); // chance of its own for what is hidden
      if (tick % 3 === 0) emitAt([player.x, 0], 'heard', { what: tick, secretly: player.luck });
    }
  },
  moves: {
    think: ({ me }, { of }) => void (me.plan = of),
    guess({ me, reject }) {
      if (me.gold % 2 === 0) reject('wrong', { by: me.gold }); // it knows its own gold
      me.x += 1;
    },
  },
};
/** Of who came first; 0 where nobody is. */
const firstOf = (players: object, field: 'gold' | 'luck' | 'plan'): number =>
  Object.values(players as { readonly [id: string]: Readonly<Record<typeof field, number>> })[0]?.[field] ?? 0;
const leaksOf = (rules: Partial<VeilRules>, { reveals = [], worlds = 20 }: FuzzWorldOptions = {}) => {
  try {
    fuzzWorld(veil.rules({ ...closed, ...rules }), { seed: 1, worlds, reveals });
    return null;
  } catch (error) {
    if (error instanceof FuzzWorldFailure) return error.message;
    throw error;
  }
};

describe('what nobody may know', () => {
  it('is nowhere to be seen in a world that keeps its secrets', () => {
    const report = fuzzWorld(veil.rules(closed), { worlds: 5 });
    console.log(`veil: ${report.compared} pairs, ${report.moves} moves, seed ${report.seed}`);
    expect(report.compared).toBeGreaterThan(50);
  });

  it.each<[string, Partial<VeilRules>, RegExp]>([
    [
      'that becomes public',
      { onTick: ({ players, shared }) => void (shared.hint = firstOf(players, 'luck')) },
      /depends on players\.luck.*: shared\.hint is \d+ or \d+ \(in tick \d+; again with \{ seed: \d+/,
    ],
    [
      'of all that is shared',
      {
        onTick({ players, shared }) {
          for (const player of Object.values(players)) player.x = shared.answer % 100;
        },
      },
      /depends on shared\.answer.*: players\./,
    ],
    [
      'that only its owner knows',
      { onTick: ({ players, shared }) => void (shared.hint = firstOf(players, 'gold')) },
      /depends on players\.gold.*: shared\.hint is/,
    ],
    [
      'that only a team knows',
      { onTick: ({ players, shared }) => void (shared.hint = firstOf(players, 'plan')) },
      /depends on players\.plan.*: shared\.hint is/,
    ],
    [
      'that an event tells',
      { onTick: ({ players, emit }) => emit('heard', { what: firstOf(players, 'luck'), secretly: 0 }) },
      /depends on players\.luck.*: events\.0\.data\.what is/,
    ],
    [
      'that a thing shows by where it is',
      {
        onTick({ entities }) {
          for (const [, trap] of entities.trap) if (trap.armed) trap.x += 1;
        },
      },
      /depends on trap\.armed.*: entities\.trap\.\d+\.x is/,
    ],
    [
      'by which somebody is there or not',
      { at: (player) => [player.luck > 500 ? 1000 : player.x, 0] },
      /depends on players\.luck: (players|entities)\./,
    ],
    [
      'by which somebody sees more or less',
      { seenBy: { team: ({ viewer }) => viewer.luck > 500 } },
      /depends on players\.luck: players\.\w+\.plan/,
    ],
    [
      'that is told to who makes a move',
      {
        moves: {
          think() {},
          guess: ({ shared, reject }) => reject('wrong', { by: shared.answer }),
        },
      },
      /depends on shared\.answer, after guess of player_\d+: answer\.error\.details\.by is/,
    ],
    [
      'that shows in what chance does later',
      {
        onTick({ players, random, shared }) {
          for (const { gold } of Object.values(players)) if (gold % 2) random.int(0, 9);
          shared.hint = random.int(0, 999);
        },
      },
      /depends on players\.gold.*: shared\.hint is/,
    ],
  ])('%s is found out, with the secret and where it shows', (_, rules, told) => {
    expect(leaksOf(rules)).toMatch(told);
  });

  it('may be shown where that is said, by that secret alone', () => {
    const telling: Partial<VeilRules> = {
      onTick: ({ players, shared }) => void (shared.hint = firstOf(players, 'gold')),
    };
    expect(leaksOf(telling, { reveals: ['players.gold'], worlds: 3 })).toBe(null);
    expect(leaksOf(telling, { reveals: ['players.luck'] })).toContain('depends on players.gold');
    expect(() => leaksOf(closed, { reveals: ['players.golf'] })).toThrow(
      'reveals: veil has no secret players.golf; it has trap.armed, shared.answer, players.gold, players.luck, players.plan',
    );
  });
});
