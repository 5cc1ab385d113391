/** One player in two tabs of a browser. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { village, villageRules } from '../protocol/world/village.ts';
import { GameServer, storeOf } from './game-server.ts';

let server: GameServer;
beforeEach(async () => {
  server = await GameServer.start([villageRules]);
});
afterEach(async () => {
  await server.stop();
  expect(server.reported).toEqual([]);
});

async function opened(storage: ReturnType<typeof storeOf>) {
  const { client, network } = server.page({ storage, simulate: { roundTripMs: 100 } });
  const entering = client.enter(village, { rules: villageRules });
  await server.clock.pass(1_000);
  const match = await entering;
  const statuses: string[] = [];
  match.onStatus(({ state }) => statuses.push(state));
  return { match, network, statuses, at: () => match.frame().me!.x };
}

async function tabs() {
  const storage = storeOf(new Map());
  const [first, second] = [await opened(storage), await opened(storage)];
  await server.clock.pass(500);
  return [first, second] as const;
}

const inputs = ({ network }: Awaited<ReturnType<typeof opened>>) =>
  network.sent.filter(({ type }) => type === 'publish').length;

describe('of two tabs of one player', () => {
  it('the one that was opened last steers, and the other shows the same player', async () => {
    const [first, second] = await tabs();
    expect(second.match.player).toBe(first.match.player);
    expect([first, second].map(({ match }) => match.status.state)).toEqual(['steered_elsewhere', 'live']);
    second.match.input({ dx: 1, dy: 0 });
    await server.clock.pass(1_000);
    second.match.input({ dx: 0, dy: 0 });
    await server.clock.pass(1_000);
    expect(second.at()).toBeGreaterThan(50);
    expect(first.at()).toBe(second.at());
    expect(second.match.health.corrections).toBe(0);
  });

  it('the one that only shows sends nothing', async () => {
    const [first, second] = await tabs();
    const sent = [inputs(first), inputs(second)] as const;
    await server.clock.pass(1_000);
    expect(inputs(first)).toBe(sent[0]);
    expect(inputs(second)).toBe(sent[1] + 20);
  });

  it('either takes over by steering, at once', async () => {
    const [first, second] = await tabs();
    second.match.input({ dx: 1, dy: 0 });
    await server.clock.pass(1_000);
    const from = first.match.view.me!.x;
    first.match.input({ dx: -1, dy: 0 });
    expect(first.match.status.state).toBe('live');
    await server.clock.pass(50);
    expect(first.at()).toBeLessThan(from); // although the other still holds its key
    await server.clock.pass(1_000);
    expect(second.match.status.state).toBe('steered_elsewhere');
    const between = first.at();
    await server.clock.pass(1_000);
    expect(between - first.at()).toBeCloseTo(64, -1);
    first.match.input({ dx: 0, dy: 0 });
    await server.clock.pass(1_000);
    expect(second.at()).toBe(first.at());
    expect(first.match.health.resyncs + second.match.health.resyncs).toBe(0);
    second.match.input({ dx: 0, dy: 0 });
    second.match.input({ dx: 0, dy: 1 });
    await server.clock.pass(1_000);
    expect([first, second].map(({ match }) => match.status.state)).toEqual(['steered_elsewhere', 'live']);
    expect(second.match.view.me!.y).toBeGreaterThan(40);
  });

  it('the one that takes over shows it smoothly, and without a correction', async () => {
    const [first] = await tabs();
    first.match.input({ dx: -1, dy: 0 });
    const steps: number[] = [];
    for (let picture = 0, last = first.at(); picture < 100; picture++) {
      await server.clock.pass(10);
      steps.push(first.at() - last);
      last = first.at();
    }
    expect(Math.max(...steps)).toBeLessThanOrEqual(0);
    expect(Math.min(...steps)).toBeGreaterThan(-1); // 0.64 a picture
    expect(first.match.health.corrections).toBe(0);
  });

  it('what is held unchanged takes nothing over, however often it is said', async () => {
    const [first, second] = await tabs();
    first.match.input({ dx: 1, dy: 0 });
    await server.clock.pass(500);
    second.match.input({ dx: -1, dy: 0 });
    await server.clock.pass(500);
    for (let i = 0; i < 10; i++) {
      first.match.input({ dx: 1, dy: 0 });
      await server.clock.pass(50);
    }
    expect([first, second].map(({ match }) => match.status.state)).toEqual(['steered_elsewhere', 'live']);
  });

  it('the other goes on when the one that steers is closed, and gives up when it comes back', async () => {
    const [first, second] = await tabs();
    await second.network.cut();
    await server.clock.pass(200);
    expect(first.match.status.state).toBe('live');
    first.match.input({ dx: 1, dy: 0 });
    await server.clock.pass(300);
    expect(first.at()).toBeGreaterThan(10);
    await server.clock.pass(5_000);
    expect([first, second].map(({ match }) => match.status.state)).toEqual(['steered_elsewhere', 'live']);
    expect(first.statuses).toEqual(['steered_elsewhere', 'live', 'steered_elsewhere']);
  });

  it('the one that only shows mends itself without taking over', async () => {
    const [first, second] = await tabs();
    first.network.loses = (message) => message.type === 'event';
    await server.clock.pass(200);
    first.network.loses = () => false;
    second.match.input({ dx: 1, dy: 0 });
    await server.clock.pass(1_000);
    expect(first.match.health.resyncs).toBe(1);
    expect([first, second].map(({ match }) => match.status.state)).toEqual(['steered_elsewhere', 'live']);
    expect(second.match.health.corrections).toBe(0);
    expect(second.at()).toBeGreaterThan(40);
  });

  it('both make moves, which show at once where one steers', async () => {
    const [first, second] = await tabs();
    const buying = [first, second].map(({ match }) => match.moves.buy({ item: 'rope', quantity: 1 }));
    expect([first, second].map(({ match }) => match.frame().me!.gold)).toEqual([50, 47]);
    await server.clock.pass(500);
    expect(await Promise.all(buying)).toMatchObject([{ ok: true }, { ok: true }]);
    expect([first, second].map(({ match }) => match.frame().me!.gold)).toEqual([44, 44]);
  });

  it('one that moves as it takes over is told of that once', async () => {
    await opened(storeOf(new Map())); // somebody else, who stands at 0
    const [first] = await tabs();
    const told: unknown[] = [];
    first.match.on('hit', (data) => told.push(data));
    first.match.input({ dx: -1, dy: 0 });
    const shooting = first.match.moves.shoot({ x: 0 });
    await server.clock.pass(500);
    expect(await shooting).toMatchObject({ ok: true });
    expect(told).toHaveLength(1);
  });

  it('the other is told when one leaves, whichever of them steers', async () => {
    for (const leaver of [0, 1] as const) {
      const both = await tabs();
      const other = both[1 - leaver]!;
      const told: unknown[] = [];
      other.match.onGone(({ reason, message }) => told.push([reason, message]));
      const leaving = both[leaver].match.leave();
      await server.clock.pass(1_000);
      await leaving;
      expect(both.map(({ match }) => match.status.state)).toEqual(['gone', 'gone']);
      expect(told).toEqual([['no_seat', 'You have left in another page.']]);
      const sent = inputs(other);
      await server.clock.pass(1_000);
      expect(inputs(other)).toBe(sent);
    }
  });

  it('none loses it to a session that only asks for the view', async () => {
    const storage = storeOf(new Map());
    const { match, statuses } = await opened(storage);
    const { client } = server.page({ storage });
    const asking = client.call(match.game.uris.match(match.id).sync, [], { form: 'packed' });
    await server.clock.pass(500);
    expect((await asking).args[0]).toMatchObject({ player: match.player, steers: false });
    expect([match.status.state, statuses]).toEqual(['live', []]);
  });
});
