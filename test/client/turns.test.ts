/** Clocks and offers as a page sees them, over a real server on virtual time. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lostSeats, timeLeft } from '../../protocol/index.ts';
import { chess, chessRules } from '../../protocol/games/chess.ts';
import { GameServer } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start([chessRules])));
afterEach(async () => {
  await server.stop();
  expect(server.reported).toEqual([]);
});

async function playing() {
  const [left, right] = [server.page(), server.page()];
  const how = { match: 'quick', rules: chessRules, options: { minutes: 3, increment: 2 } } as const;
  const white = await left.client.join(chess, how);
  const black = await right.client.join(chess, how);
  await settle();
  return { left, right, white, black };
}
type Handle = Awaited<ReturnType<typeof playing>>['white'];
const leftTo = (match: Handle) => match.view.clocks?.map((clock) => timeLeft(clock, match.now));

it('a page counts the clocks down by itself, and all pages count alike', async () => {
  const { white, black } = await playing();
  await server.clock.pass(30_000);
  expect(leftTo(white)).toEqual([150_000, 180_000]);
  expect(leftTo(black)).toEqual(leftTo(white));
  await white.moves.move({ from: 'e2', to: 'e4' });
  await server.clock.pass(5_000);
  expect(leftTo(black)).toEqual([152_000, 175_000]);
});

it('who comes later, or back, counts from where the match is', async () => {
  const { left, white } = await playing();
  await server.clock.pass(30_000);
  const watcher = await server.page().client.join(chess, { match: { id: white.id }, rules: chessRules, watch: true });
  expect(leftTo(watcher)).toEqual([150_000, 180_000]);
  await left.network.cut();
  await server.clock.pass(10_000);
  expect(white.status.state).toBe('live');
  expect(leftTo(white)).toEqual([140_000, 180_000]);
});

it('a match ends on time though nobody does anything', async () => {
  const { black } = await playing();
  await server.clock.pass(180_000);
  expect(black.view.result).toEqual({ winner: 1, reason: 'time' });
});

it('a seat says until when it is held, in time of the match', async () => {
  const { left, black } = await playing();
  await server.clock.pass(7_000);
  left.client.close();
  await settle();
  expect(black.view.seats[0]).toMatchObject({ connected: false, heldUntil: 127_000 });
  expect(black.view.seats[0].heldUntil! - black.now).toBe(120_000);
});

it('who has waited long enough may claim the win or a draw, or go on waiting', async () => {
  for (const [what, result] of [
    ['win', { winner: 1, reason: 'abandoned' }],
    ['draw', { draw: true, reason: 'claimed' }],
  ] as const) {
    const { left, white, black } = await playing();
    await white.moves.move({ from: 'e2', to: 'e4' });
    left.client.close();
    await server.clock.pass(119_000);
    expect(lostSeats(black.view.seats, black.now)).toEqual([]);
    expect(await black.claim(what)).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
    await server.clock.pass(2_000);
    expect(lostSeats(black.view.seats, black.now)).toEqual([0]);
    expect(black.view.result).toBeNull();
    expect(await black.claim(what)).toMatchObject({ ok: true });
    expect(black.view.result).toEqual(result);
  }
});

it('offers go to the others, and what is accepted is done when the promise resolves', async () => {
  const { white, black } = await playing();
  await white.moves.move({ from: 'e2', to: 'e4' });
  expect(await white.offer('takeback')).toMatchObject({ ok: true });
  expect(black.view.offers).toEqual([{ what: 'takeback', wantedBy: [0] }]);
  expect(await black.answer('takeback', true)).toMatchObject({ ok: true });
  expect(black.view).toMatchObject({ state: { moves: [] }, toAct: [0], offers: [] });
  await black.offer('draw');
  await white.answer('draw', true);
  expect(white.view.result).toEqual({ draw: true, reason: 'agreed' });
});

it('an accepted offer whose answer is lost is not refused when it is sent again', async () => {
  const { right, white, black } = await playing();
  await white.offer('draw');
  right.network.loses = (message) => message.type === 'result';
  const accepted = black.answer('draw', true);
  await settle();
  right.network.loses = () => false;
  await right.network.cut();
  await server.clock.pass(10_000);
  expect(await accepted).toMatchObject({ ok: true });
  expect(black.view.result).toEqual({ draw: true, reason: 'agreed' });
});
