import { describe, expect, it } from 'vitest';
import { game, harness, inDevelopment, play, RunningMatch, start, t } from '../../../protocol/index.ts';

const probe = game('probe', {
  seats: 2,
  state: { value: t.fixed(1 / 1024) },
  moves: { go: {} },
  events: { went: {} },
  timers: { ring: {} },
});
type Go = (context: Parameters<Parameters<typeof probe.rules>[0]['moves']['go']>[0]) => void;
const rulesOf = (go: Go, ring: () => undefined = () => undefined) =>
  probe.rules({ setup: () => ({ value: 0 }), moves: { go }, timers: { ring } });
const go = (rule: Go) => harness(rulesOf(rule)).players[0].moves.go();

describe('a watched rule', () => {
  it.each<[string, Go, string]>([
    ['Date.now', ({ state }) => void (state.value = Date.now()), 'rules get match time as `now`'],
    ['new Date()', ({ state }) => void (state.value = new Date().getTime()), 'rules get match time as `now`'],
    ['Date()', ({ state }) => void (state.value = Date().length), 'rules get match time as `now`'],
    ['performance.now', ({ state }) => void (state.value = performance.now()), 'rules get match time as `now`'],
    ['Math.random', ({ state }) => void (state.value = Math.random()), 'rules get chance as `random`'],
    ['crypto.randomUUID', () => void crypto.randomUUID(), 'rules get chance as `random`'],
    ['crypto.getRandomValues', () => void crypto.getRandomValues(new Uint8Array(1)), 'rules get chance as `random`'],
    ['setTimeout', () => void setTimeout(() => {}, 1), 'for later there is `after`'],
    ['queueMicrotask', () => queueMicrotask(() => {}), 'for later there is `after`'],
    ['fetch', () => void fetch('http://127.0.0.1:1'), 'for later there is `after`'],
  ])('that uses %s is stopped at that line', (used, rule, advice) => {
    expect(() => go(rule)).toThrow(`probe.moves.go uses ${used} (`);
    expect(() => go(rule)).toThrow('development.test.ts:');
    expect(() => go(rule)).toThrow(advice);
  });

  it('says so where only the stack is shown, too', () => {
    let stack = '';
    try {
      go(() => void Date.now());
    } catch (error) {
      stack = (error as Error).stack!;
    }
    expect(stack).toMatch(/^Error: probe\.moves\.go uses Date\.now \(/);
  });

  it('names the line that did it', () => {
    const here = Number(/development\.test\.ts:(\d+)/.exec(new Error('here').stack!)![1]);
    const rule: Go = () => void Math.random();
    expect(() => go(rule)).toThrow(new RegExp(`development\\.test\\.ts:${here + 1}:`));
  });

  it('is watched in setup, legal, timers and phases too', () => {
    const setup = probe.rules({
      setup: () => ({ value: Math.random() }),
      moves: { go() {} },
      timers: { ring() {} },
    });
    expect(() => harness(setup)).toThrow('probe.setup uses Math.random');
    const match = harness(
      rulesOf(
        ({ after }) => after(5, 'ring'),
        () => void Date.now(),
      ),
    );
    match.players[0].moves.go();
    expect(() => match.advance(5)).toThrow('probe.timers.ring uses Date.now');
  });

  it('that is async is named, with how it begins', () => {
    const rule = (async () => {}) as unknown as Go; // the type refuses it, too
    expect(() => go(rule)).toThrow('probe.moves.go is async; rules must answer at once: async () => {');
  });

  it('may use a date that is given, which every replay has too', () => {
    expect(go(({ state }) => void (state.value = new Date(86_400_000).getUTCDate()))).toMatchObject({ ok: true });
    expect(go(({ state }) => void (state.value = new Date(5) instanceof Date ? 1 : 0))).toMatchObject({ ok: true });
  });

  it('that changes something outside the state is caught by running again', () => {
    let count = 0;
    expect(() => go(({ state }) => void (state.value = count += 1))).toThrow(
      'probe: move go gave state.value: 1, and the second time 2.',
    );
    const seen: string[] = [];
    expect(() =>
      go(({ emit }) => {
        seen.push('here');
        if (seen.length > 1) emit('went');
      }),
    ).toThrow('outside the state');
  });

  it('leaves the host as it was, also where it throws', () => {
    const { now } = Date;
    const before = [Date, Math.random, setTimeout, Object.getOwnPropertyNames(performance)];
    expect(() => go(() => void Math.random())).toThrow();
    expect([Date, Math.random, setTimeout, Object.getOwnPropertyNames(performance)]).toEqual(before);
    expect(Date.now).toBe(now);
    expect(Math.random()).not.toBe(Math.random());
  });
});

it('what is not watched is not touched: in production a rule costs what it costs', () => {
  const rules = rulesOf(({ state }) => void (state.value = Math.random()));
  const position = start(rules, { seed: 1 });
  expect(play(rules, position, 0, { move: 'go', args: {} }, 0)).toMatchObject({ ok: true });
});

it('an authority’s match refuses the move, and goes on', () => {
  const match = new RunningMatch(inDevelopment(rulesOf(() => void Math.random())), { seed: 1 });
  for (const seat of [0, 1]) match.apply({ type: 'sit', seat, player: `p${seat}`, at: 0 });
  const answer = match.apply({ type: 'move', seat: 0, move: 'go', args: {}, at: 1 });
  expect(answer).toMatchObject({ ok: false, error: { code: 'rule_failed' } });
  expect(String(answer.ok ? '' : answer.cause)).toContain('probe.moves.go uses Math.random');
});
