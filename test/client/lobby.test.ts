import { afterEach, beforeEach, expect, it } from 'vitest';
import { JoinError } from '../../client/index.ts';
import { connectFour } from '../../protocol/games/connect-four.ts';
import type { MatchSummary } from '../../protocol/index.ts';
import { GameServer } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start()));
afterEach(() => server.stop());

const inShort = (matches: readonly MatchSummary[]) => matches.map(({ id, status }) => [id, status]);

it('a second quick match returns the first', async () => {
  const { client } = server.page();
  const id = await client.lobby.quick(connectFour);
  expect(await client.lobby.quick(connectFour)).toBe(id);
});

it('find tells of a match, also of one that is not in the list', async () => {
  const { client } = server.page();
  const { id } = await client.join(connectFour, { match: 'new', opponent: 'friend' });
  await settle();
  expect(await client.lobby.find(id)).toMatchObject({ id, game: 'connect_four', status: 'open', listed: false });
  expect(await client.lobby.list(connectFour)).toEqual([]);
});

it('find rejects with a JoinError where there is no such match', async () => {
  const { client } = server.page();
  await expect(client.lobby.find('nothing')).rejects.toThrow(JoinError);
  await expect(client.lobby.find('nothing')).rejects.toMatchObject({ code: 'no_such_match' });
});

it('too many matches are refused as such', async () => {
  const { client } = server.page();
  const making = async () => {
    for (let i = 0; i < 20; i++) await client.join(connectFour, { match: 'new', opponent: 'friend' });
  };
  await expect(making()).rejects.toMatchObject({ name: 'JoinError', code: 'too_many_matches' });
});

it('watching tells the list now, and at each change', async () => {
  const [watcher, player, other] = [server.page().client, server.page().client, server.page().client];
  const told: unknown[] = [];
  const stop = watcher.lobby.watch((matches) => told.push(inShort(matches)));
  await settle();
  expect(told).toEqual([[]]);
  const { id } = await player.join(connectFour, { match: 'quick' });
  await settle();
  expect(told.at(-1)).toEqual([[id, 'open']]);
  await other.join(connectFour, { match: 'quick' });
  await settle();
  expect(told.at(-1)).toEqual([[id, 'playing']]);
  stop();
  const before = told.length;
  await player.join(connectFour, { match: 'new' });
  await settle();
  expect(told).toHaveLength(before);
});

it('watching asks for the whole list again after a reconnect', async () => {
  const { client, network } = server.page();
  const player = server.page().client;
  let told: unknown;
  client.lobby.watch((matches) => (told = inShort(matches)));
  await settle();
  network.up = false;
  await network.cut();
  const { id } = await player.join(connectFour, { match: 'quick' });
  network.up = true;
  await server.clock.pass(1_000);
  expect(told).toEqual([[id, 'open']]);
});

it('a watch that was stopped before the list came tells nothing', async () => {
  const { client } = server.page();
  await client.online();
  let told = 0;
  client.lobby.watch(() => (told += 1))();
  await settle();
  expect(told).toBe(0);
});
