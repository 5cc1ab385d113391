import { expect, it } from 'vitest';
import type { MatchSummary } from '../../../protocol/index.ts';
import { LobbyNews } from '../../../server/authority/lobby-news.ts';
import { VirtualClock } from './virtual-clock.ts';

const summary = (spectators: number, status: MatchSummary['status'] = 'playing'): MatchSummary => ({
  id: 'match1',
  game: 'chess',
  status,
  listed: true,
  seats: [],
  created: '2030-01-01T00:00:00.000Z',
  spectators,
});

function news() {
  const clock = new VirtualClock();
  const heard: [number, string][] = [];
  const tell = ({ spectators, status }: MatchSummary) => void heard.push([spectators, status]);
  return { clock, heard, lobby: new LobbyNews({ clock, spectatorsMs: 1000, tell }) };
}

it('whatever else changes is told at once, and with it who watches', () => {
  const { heard, lobby, clock } = news();
  for (const now of [summary(0, 'open'), summary(1, 'open'), summary(1), summary(2, 'over')]) lobby.changed(now);
  expect(heard).toEqual([
    [0, 'open'],
    [1, 'playing'],
    [2, 'over'],
  ]);
  expect(clock.pending).toBe(0);
});

it('spectators are told of at most once a second, as they are by then', async () => {
  const { heard, lobby, clock } = news();
  lobby.changed(summary(0));
  for (let spectators = 1; spectators <= 5; spectators++) lobby.changed(summary(spectators));
  await clock.advance(999);
  expect(heard).toHaveLength(1);
  await clock.advance(1);
  expect(heard).toEqual([
    [0, 'playing'],
    [5, 'playing'],
  ]);
  await clock.advance(1000);
  lobby.changed(summary(6));
  expect(heard).toHaveLength(3);
});

it('who has come and gone meanwhile is no news', async () => {
  const { heard, lobby, clock } = news();
  for (const spectators of [0, 1, 0]) lobby.changed(summary(spectators));
  expect(clock.pending).toBe(0);
  await clock.advance(5000);
  expect(heard).toHaveLength(1);
});

it('after the end nothing is told', async () => {
  const { heard, lobby, clock } = news();
  lobby.changed(summary(0));
  lobby.changed(summary(1));
  lobby.stop();
  await clock.advance(5000);
  expect([heard.length, clock.pending]).toEqual([1, 0]);
});
