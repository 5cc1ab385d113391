/** Snapshot and log say the same, at every version, whatever was played. */
import { describe, expect, it } from 'vitest';
import { RunningMatch, type AnyRules, type Applied, type Entry, type MatchState } from '../../../protocol/index.ts';
import { chessRules } from '../../../protocol/games/chess.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import type { KeptMatch } from '../../../server/store/store.ts';
import { tallyRules } from '../../faults/tally.ts';
import { secretRules } from '../authority/table.ts';

/** A match played by chance, its players coming and going. */
function played(
  rules: AnyRules,
  seed: number,
  moves: number,
): { kept: KeptMatch; running: RunningMatch; entries: Entry[] } {
  const setup = { seed, options: {}, seats: 2 };
  const running = new RunningMatch(rules, setup);
  const entries: Entry[] = [];
  const apply = (entry: Entry) => running.apply(entry).ok && entries.push(entry);
  for (const seat of [0, 1]) apply({ type: 'sit', seat, player: `player_${seat}`, at: 0 });
  for (let i = 0, chance = seed; i < moves; i++) {
    chance = (chance * 48_271) % 0x7fffffff;
    if (chance % 5 === 0) apply({ type: 'connection', seat: chance % 2, connected: chance % 3 === 0, at: i * 1000 });
    const [seat = 0] = running.view(null).toAct;
    const legal = running.legal(seat);
    const call = legal.length > 0 ? legal[chance % legal.length]! : anyMove(rules, chance);
    apply({ type: 'move', seat, ...call, at: i * 1000, id: `try ${i}` });
  }
  const { name, fingerprint } = rules.game;
  const record = { id: 'm', game: name, fingerprint, setup, listed: true, created: 0 };
  const log = entries.flatMap((entry, index) => (entry.type === 'connection' ? [] : [{ version: index + 1, entry }]));
  const connected = [0, 1].filter((seat) => running.seats[seat]!.connected);
  return { kept: { record, log, version: running.version, connected }, running, entries };
}

const anyMove = ({ game }: AnyRules, chance: number) =>
  game.name === 'tally' ? { move: 'mark', args: { n: chance % 100 } } : { move: 'draw', args: {} };
const games = { chess: chessRules, connect_four: connectFourRules, secret: secretRules, tally: tallyRules };
const seeds = [1, 2, 3, 4, 5];
const viewsOf = (match: RunningMatch) => [null, 0, 1].map((seat) => match.view(seat));
const throughJson = (snapshot: MatchState): MatchState => JSON.parse(JSON.stringify(snapshot));

describe.each(Object.entries(games))('%s', (_, rules) => {
  it.each(seeds)('its log gives the match again, with everybody who is there (seed %d)', (seed) => {
    const { kept, running } = played(rules, seed, 30);
    expect(viewsOf(matchAt(rules, kept))).toEqual(viewsOf(running));
    const { time } = matchAt(rules, kept).state; // who came or went last is not in the log, nor when
    expect({ ...running.state, time }).toEqual(matchAt(rules, kept).state);
  });

  it.each(seeds)('a snapshot of any version goes on exactly as the match did (seed %d)', (seed) => {
    const { kept, entries } = played(rules, seed, 30);
    const first = new RunningMatch(rules, kept.record.setup);
    for (const entry of entries) {
      const copy = new RunningMatch(rules, throughJson(first.state), 9);
      expect(viewsOf(copy)).toEqual(viewsOf(first).map((view) => ({ ...view, epoch: 9 })));
      const [one, other]: Applied[] = [first.apply(entry), copy.apply(entry)];
      expect(other).toEqual(one);
    }
  });

  it('any version can be looked at again', () => {
    const { kept, entries } = played(rules, 7, 20);
    const first = new RunningMatch(rules, kept.record.setup);
    for (const [version, entry] of entries.entries()) {
      const again = matchAt(rules, kept, { version });
      expect([again.version, again.position]).toEqual([version, first.position]);
      first.apply(entry);
    }
  });
});

it('a version that never was, and another game, are refused', () => {
  const { kept } = played(connectFourRules, 1, 3);
  for (const version of [-1, 1.5, kept.version + 1])
    expect(() => matchAt(connectFourRules, kept, { version })).toThrow(
      `match m has versions 0 to ${kept.version}, not ${version}`,
    );
  expect(() => matchAt(chessRules, kept)).toThrow('match m is one of connect_four, not of chess');
  const other = { ...kept, record: { ...kept.record, fingerprint: 'f' } };
  expect(() => matchAt(connectFourRules, other)).toThrow('match m was begun with other schemas of connect_four');
});
