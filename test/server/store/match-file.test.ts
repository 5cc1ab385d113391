import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import { forkOf, matchFile, readMatchFile } from '../../../server/store/match-file.ts';
import type { KeptMatch } from '../../../server/store/store.ts';

const drop = (seat: number, column: number, at: number): Entry => ({
  type: 'move',
  seat,
  move: 'drop',
  args: { column },
  at,
});
const kept: KeptMatch = {
  record: {
    id: 'm1',
    game: 'connect_four',
    fingerprint: connectFourRules.game.fingerprint,
    setup: { options: { columns: 5 }, seats: 2, seed: 2 ** 32 - 1 },
    listed: false,
    created: 1_900_000_000_000,
  },
  version: 6,
  connected: [1],
  log: [
    { version: 1, entry: { type: 'sit', seat: 0, player: 'ada', at: 0 } },
    { version: 2, entry: { type: 'sit', seat: 1, player: 'bob', at: 0 } },
    { version: 4, entry: drop(0, 3, 700) },
    { version: 5, entry: { ...drop(1, 3, 900), id: 'try' } as Entry },
  ],
};

it('a match is the same after it was written to a file and read again', () => {
  const text = matchFile(kept);
  expect(text.split('\n')).toHaveLength(6);
  expect(text.split('\n')[3]).toBe('{"version":4,"type":"move","seat":0,"move":"drop","args":{"column":3},"at":700}');
  expect(readMatchFile(text)).toEqual(kept);
});

it('arguments that JSON cannot say come back, too', () => {
  const args = { picture: new Uint8Array([1, 2]), size: 2n ** 60n, $key: '$' };
  const entry: Entry = { type: 'move', seat: 0, move: 'draw', args, at: 0 };
  const one = { ...kept, log: [{ version: 1, entry }] };
  expect(readMatchFile(matchFile(one))).toEqual(one);
});

describe('a file that is no match is refused, naming the line', () => {
  const lines = matchFile(kept).split('\n');
  it.each([
    ['nothing', '', 'line 1 is not whole'],
    ['a line that was cut', lines.join('\n').slice(0, -10), 'line 5 is not whole'],
    ['no JSON', 'match\n', 'line 1 is not JSON'],
    ['another head', '{"realmkit":"world"}\n', 'line 1 is not the head of a match: '],
    ['a later form', matchFile(kept).replace('"form":1', '"form":2'), 'line 1 is not the head of a match: form: '],
    ['an entry without version', `${lines[0]}\n{"type":"sit"}\n`, 'line 2 is no entry'],
    ['entries in disorder', [lines[0], lines[2], lines[1], ''].join('\n'), 'line 3: version 1 does not follow'],
    [
      'more versions than the head knows',
      `${lines[0]}\n{"version":7,"type":"sit"}\n`,
      'line 2: version 7 does not follow',
    ],
  ])('%s', (_, text, message) => {
    expect(() => readMatchFile(text)).toThrow(message);
  });
});

it('a fork has gone the same way up to its version, and goes on from there', () => {
  const fork = forkOf(kept, { id: 'm2', version: 4, now: 1_950_000_000_000 });
  expect(fork.record).toEqual({ ...kept.record, id: 'm2', created: 1_950_000_000_000 });
  const again = matchAt(connectFourRules, fork);
  expect(again.state).toMatchObject(matchAt(connectFourRules, kept, { version: 4 }).state);
  expect(again.apply(drop(1, 0, 800))).toMatchObject({ ok: true, version: 5 });
});
