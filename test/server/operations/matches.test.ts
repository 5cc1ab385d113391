/** What an operator can do with matches that are kept, beside a server that goes on playing. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectFourRules } from '../../../protocol/games/connect-four.ts';
import { openDataFolder } from '../../../server/operations/data-folder.ts';
import { tendMatches, type MatchesWish } from '../../../server/operations/matches.ts';
import { matchAt } from '../../../server/store/match-at.ts';

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
