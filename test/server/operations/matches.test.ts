/** What an operator can do with matches that are kept, beside a server that goes on playing. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningWorld, type AnyWorldRules } from '../../../protocol/index.ts';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { meadowRules } from '../../../protocol/games/meadow.ts';
import { openDataFolder } from '../../../server/operations/data-folder.ts';
import { tendMatches, type MatchesWish } from '../../../server/operations/matches.ts';
import { matchAt } from '../../../server/store/match-at.ts';
import { partsOf } from '../../../server/store/world-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'realmkit-matches-'));
const file = join(folder, 'm1.jsonl');
const tend = (wish: MatchesWish) => tendMatches(folder, wish, [connectFourRules]);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const { store } = await openDataFolder(folder);
  const { name, fingerprint } = connectFourRules.game;
  const record = { id: 'm1', game: name, fingerprint, setup: { seed: 1 }, listed: true, created: 0 };
  const log = (['ada', 'bob'] as const).map((player, seat) => ({
    version: seat + 1,
    entry: { type: 'sit', seat, player, at: 0 } as const,
  }));
  await store.create(record, { version: 2, connected: [], log });
  const entries = [{ type: 'move', seat: 0, move: 'drop', args: { column: 3 }, at: 5 } as const];
  await store.append({ match: 'm1', epoch: 1, after: 2, entries, connected: [] });
  await expect(tend({ do: 'import', file })).rejects.toThrow('another process has it open');
  expect(await tend({ do: 'list' })).toEqual(['m1  connect_four  1970-01-01T00:00:00.000Z  version 3']);
  await store.close();
});

describe('a world', () => {
  const elsewhere = join(folder, 'worlds');
  const copy = join(folder, 'w1.jsonl');
  const tendWorlds = (wish: MatchesWish, games: readonly AnyWorldRules[] = [meadowRules]) =>
    tendMatches(elsewhere, wish, games);
  beforeAll(async () => {
    const { name, fingerprint } = meadowRules.game;
    const record = { id: 'w1', game: name, fingerprint, setup: { seed: 7 }, listed: true, created: 0 };
    const running = new RunningWorld(meadowRules, record.setup);
    running.enter('ada');
    running.step();
    const { store } = await openDataFolder(elsewhere);
    await store.create(record);
    await store.create({ ...record, id: 'w2' });
    await store.keepWorld({ match: 'w1', epoch: 1, version: 2, parts: partsOf(running.keep(), { ada: { id: 2 } }) });
    await store.close();
  });

  it('is listed, exported as it is, and imported where it is not', async () => {
    expect(await tendWorlds({ do: 'list' })).toEqual([
      'w1  meadow  1970-01-01T00:00:00.000Z  version 2',
      'w2  meadow  1970-01-01T00:00:00.000Z  version 0',
    ]);
    expect(await tendWorlds({ do: 'export', match: 'w1', file: copy })).toEqual([`World w1 is in ${copy}.`]);
    const [text = ''] = await tendWorlds({ do: 'export', match: 'w1' }, []);
    expect(text).toBe(readFileSync(copy, 'utf8').trimEnd());
    expect((await tendWorlds({ do: 'export', match: 'w2' })).join()).toContain('"realmkit":"world"');
    await expect(tendWorlds({ do: 'import', file: copy })).rejects.toThrow('the store has a match w1 already');
    expect(await tendWorlds({ do: 'remove', match: 'w1' })).toEqual(['w1 of meadow is gone.']);
    expect(await tendWorlds({ do: 'import', file: copy })).toEqual(['World w1 of meadow is kept, at version 2.']);
    expect(await tendWorlds({ do: 'export', match: 'w1' })).toEqual([text]);
  });

  it('that does not fit its rules, or is torn, is refused', async () => {
    const whole = readFileSync(copy, 'utf8');
    const refusals = [
      ['"tick":1,', '', 'The world cannot be kept: part now says no tick, no chance or no timers.'],
      [
        '{"part":"answers","is":{',
        '{"part":"answers","is":{"p0":{"a":"1"},',
        'part answers has for p0 no dict of versions',
      ],
      ['"x":', '"z":', 'does not fit its schema'],
      ['{"part":"shared"', '{"piece":"shared"', 'line 6 is no part of a world'],
      ['"seed":7', '"seed":"7"', 'setup.seed: a number'],
      ['"listed":true', '"listed":1', 'line 1 is not the head of a world: listed'],
    ] as const;
    for (const [from, to, refusal] of refusals) {
      expect(whole).toContain(from);
      writeFileSync(`${copy}.bad`, whole.replace(from, to).replace('"id":"w1"', '"id":"w3"'));
      await expect(tendWorlds({ do: 'import', file: `${copy}.bad` })).rejects.toThrow(refusal);
    }
    writeFileSync(`${copy}.bad`, whole.slice(0, -5));
    await expect(tendWorlds({ do: 'import', file: `${copy}.bad` })).rejects.toThrow('is not whole');
    await expect(tendWorlds({ do: 'import', file: copy }, [])).rejects.toThrow('There is no world meadow here.');
  });

  it('cannot be forked, as it has no log', async () => {
    await expect(tendWorlds({ do: 'fork', match: 'w1', version: 1 })).rejects.toThrow('w1 is a world: it has no log');
  });
});

it('a match is exported for this user alone, and imported where it is not', async () => {
  expect(await tend({ do: 'export', match: 'm1', file })).toEqual([`Match m1 is in ${file}.`]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await tend({ do: 'export', match: 'm1' })).toEqual([readFileSync(file, 'utf8').trimEnd()]);
  await expect(tend({ do: 'import', file })).rejects.toThrow('the store has a match m1 already');
  const other = join(folder, 'elsewhere');
  const said = await tendMatches(other, { do: 'import', file }, [connectFourRules]);
  expect(said).toEqual(['Match m1 of connect_four is kept, at version 3.']);
  expect(await tendMatches(other, { do: 'export', match: 'm1' }, [])).toEqual([readFileSync(file, 'utf8').trimEnd()]);
});

it('a fork is another match', async () => {
  const [said = ''] = await tend({ do: 'fork', match: 'm1', version: 2 });
  const id = /^Match (\w{12}) of connect_four is kept, at version 2\.$/.exec(said)![1]!;
  const { store } = await openDataFolder(folder);
  expect(matchAt(connectFourRules, (await store.read(id))!).view(null)).toMatchObject({
    toAct: [0],
    seats: [{ player: 'ada' }, { player: 'bob' }],
  });
  await store.close();
  await expect(tend({ do: 'fork', match: 'm1', version: 9 })).rejects.toThrow('Match m1 has versions 0 to 3, not 9.');
});

it('what cannot be played on is refused', async () => {
  await expect(tend({ do: 'export', match: 'm7' })).rejects.toThrow('There is no match m7');
  await expect(tend({ do: 'import', file: `${file}.not` })).rejects.toThrow('cannot be read');
  const cheat = readFileSync(file, 'utf8').replace('"id":"m1"', '"id":"m3"').replace('"column":3', '"column":99');
  writeFileSync(`${file}.cheat`, cheat);
  const refusal = 'The match cannot be kept: log entry 2 (move) was refused: bad_arguments.';
  await expect(tend({ do: 'import', file: `${file}.cheat` })).rejects.toThrow(refusal);
  await expect(tendMatches(folder, { do: 'import', file }, [])).rejects.toThrow('There is no game connect_four here.');
});

it('a folder keeps its secret, for this user alone', async () => {
  const { store, secret } = await openDataFolder(folder);
  await store.close();
  const again = await openDataFolder(folder);
  await again.store.close();
  expect(again.secret).toBe(secret);
  expect(secret.length).toBeGreaterThanOrEqual(64);
  expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  writeFileSync(join(folder, 'secret'), 'short');
  await expect(openDataFolder(folder)).rejects.toThrow('should hold a secret of at least 32 characters');
});

it('what is removed is gone', async () => {
  expect(await tend({ do: 'remove', match: 'm1' })).toEqual(['m1 of connect_four is gone.']);
  await expect(tend({ do: 'remove', match: 'm1' })).rejects.toThrow('There is no match m1');
});
