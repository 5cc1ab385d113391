import { describe, expect, it } from 'vitest';
import { worldBot, type MatchSummary } from '../../../protocol/index.ts';
import { runResident } from '../../../server/services/residents.ts';
import { village, villageRules } from '../../protocol/world/village.ts';
import { quiet, table } from '../authority/table.ts';

const residents = ['computer_1', 'computer_2'];
const walker = worldBot(village, () => ({ dx: 1, dy: 0 }));

/** A server with two residents, and the means to look who is where. */
async function inhabited() {
  const at = await table({ games: [villageRules] });
  const log: string[] = [];
  for (const name of residents)
    await runResident(await at.connect(name, 'bot'), {
      bots: [walker],
      residents,
      clock: at.clock,
      log: (what) => log.push(what),
    });
  const enter = async (name: string, match: string) => {
    const session = await at.connect(name);
    await session.call(village.uris.match(match).join, [], { form: 'json' });
    await quiet();
    return session;
  };
  // What `find` answers is known, and a dict for its session.
  const players = async (match: string) =>
    ((await at.find(match)) as unknown as MatchSummary).seats.flatMap(({ player }) => player ?? []);
  return { ...at, log, enter, players };
}

describe('computer players of worlds', () => {
  it('come where a person is, and go when nobody is left', async () => {
    const { clock, create, enter, players, log } = await inhabited();
    const match = await create('village', { listed: true });
    await quiet();
    expect(await players(match)).toEqual([]);
    const ada = await enter('ada', match);
    expect(await players(match)).toEqual(['ada', ...residents]);
    await clock.advance(1_000);
    const { args } = await ada.call(village.uris.match(match).sync, [], { form: 'json' });
    const { view } = args[0] as { view: { players: Record<string, { x: number }> } };
    expect(view.players['computer_2']!.x).toBeGreaterThan(40);
    await ada.leave();
    await quiet();
    expect(await players(match)).toEqual(['ada']); // is waited for
    await clock.advance(20_000);
    expect(await players(match)).toEqual([]);
    expect(log).toEqual([]);
  });

  it('find the worlds in which somebody is already', async () => {
    const at = await table({ games: [villageRules] });
    const match = await at.create('village', { listed: true });
    await (await at.connect('ada')).call(village.uris.match(match).join, [], { form: 'json' });
    await quiet();
    const session = await at.connect('computer_1', 'bot');
    await runResident(session, { bots: [walker], residents, clock: at.clock });
    await quiet();
    expect((await at.find(match))['seats']).toContainEqual({ player: 'computer_1', connected: true });
  });

  it('stay away from worlds that are not listed', async () => {
    const { create, enter, players } = await inhabited();
    const match = await create('village', { listed: false });
    await enter('ada', match);
    expect(await players(match)).toEqual(['ada']);
  });

  it('come back with the person', async () => {
    const { clock, create, enter, players } = await inhabited();
    const match = await create('village', { listed: true });
    const ada = await enter('ada', match);
    await ada.leave();
    await clock.advance(20_000);
    await enter('bob', match);
    expect(await players(match)).toEqual(['bob', ...residents]);
  });
});
