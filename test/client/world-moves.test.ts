import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { market, marketRules } from '../protocol/world/market.ts';
import { GameServer } from './game-server.ts';

let server: GameServer;
beforeEach(async () => {
  server = await GameServer.start([marketRules]);
});
afterEach(async () => {
  await server.stop();
  expect(server.reported).toEqual([]);
});

const seeded = (state: number) => () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;

/** Players over 150 ± 50 ms, each of whom goes on to one side, so that ticks, inputs and moves mix. */
async function entered(count = 1) {
  const slow = { simulate: { roundTripMs: 150, jitterMs: 50 }, random: seeded(7) };
  const pages = Array.from({ length: count }, () => server.page(slow));
  const entering = Promise.all(pages.map(({ client }) => client.enter(market, { rules: marketRules })));
  await server.clock.pass(1_000);
  const matches = await entering;
  for (const match of matches) match.input({ dx: 1 });
  await server.clock.pass(1_000);
  return { pages, matches, ada: matches[0]!, bob: matches[1]! };
}
type Market = Awaited<ReturnType<typeof entered>>['ada'];

/** All that is shown of something, from picture to picture, each once. */
async function shown<T>(match: Market, look: (frame: ReturnType<Market['frame']>) => T, ms = 1_000): Promise<T[]> {
  const seen: T[] = [];
  for (let passed = 0; passed < ms; passed += 10) {
    const now = look(match.frame());
    if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
    await server.clock.pass(10);
  }
  return seen;
}

describe('one’s own move', () => {
  it('shows in the same turn, over 150 ± 50 ms, and is never shown twice', async () => {
    const { ada } = await entered();
    const bought = ada.moves.buy();
    expect(ada.frame()).toMatchObject({ me: { gold: 7 }, shared: { stock: 1 } });
    expect(ada.view).toMatchObject({ me: { gold: 10 }, shared: { stock: 2 } });
    expect(await shown(ada, ({ me, shared }) => [me?.gold, shared.stock])).toEqual([[7, 1]]);
    expect(await bought).toMatchObject({ ok: true });
    expect(ada.view).toMatchObject({ me: { gold: 7 }, shared: { stock: 1 } });
    expect(ada.health.corrections).toBe(0);
  });

  it('is not shown twice either when its answer is late, or never comes', async () => {
    const { ada, pages } = await entered();
    pages[0]!.network.loses = (message) => message.type === 'result';
    void ada.moves.buy().catch(() => {});
    expect(await shown(ada, ({ me }) => me?.gold)).toEqual([7]);
    expect(ada.view.me?.gold).toBe(7);
    ada.detach();
  });

  it('is taken back when the authority refuses it', async () => {
    const { ada, bob } = await entered(2);
    const buying = [bob.moves.buy(), bob.moves.buy(), ada.moves.buy()];
    expect(ada.frame()).toMatchObject({ me: { gold: 7 }, shared: { stock: 1 } });
    expect(await shown(ada, ({ me }) => me?.gold)).toEqual([7, 10]);
    expect(await Promise.all(buying)).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: false, error: { code: 'sold_out' } },
    ]);
    expect(ada.frame()).toMatchObject({ me: { gold: 10 }, shared: { stock: 0 } });
  });

  it('waits for the authority where it cannot be foreseen', async () => {
    const { ada } = await entered();
    const guessed = ada.moves.guess();
    expect(ada.frame().me?.gold).toBe(10);
    expect(await shown(ada, ({ me }) => me?.gold)).toEqual([10, 20]);
    expect(await guessed).toMatchObject({ ok: true });
  });

  it('shows on others and on entities, which do not go back to how they were drawn before', async () => {
    const { ada, bob } = await entered(2);
    void ada.moves.gift({ to: bob.player! });
    void ada.moves.price({ stall: '1', price: 8 });
    void ada.moves.close({ stall: '2' });
    const look = ({ players, entities }: ReturnType<Market['frame']>) => [
      players[bob.player!]!.gold,
      Object.values(entities.stall).map(({ price }) => price),
    ];
    expect(await shown(ada, look)).toEqual([[11, [8]]]);
    expect(look(bob.frame())).toEqual([11, [8]]);
  });

  it('adds an entity that stays, whatever its key', async () => {
    const { ada } = await entered();
    void ada.moves.open();
    const prices = await shown(ada, ({ entities }) =>
      Object.values(entities.stall)
        .map(({ price }) => price)
        .toSorted((a, b) => a - b),
    );
    expect(prices).toEqual([[1, 3, 4]]);
    expect(Object.keys(ada.frame().entities.stall)).toEqual(['1', '2', '3']);
  });

  it('tells its events at once, and once', async () => {
    const { ada, bob } = await entered(2);
    const heard: unknown[] = [];
    for (const match of [ada, bob]) match.on('bought', ({ left }) => heard.push([match === ada, left]));
    void ada.moves.buy();
    expect(heard).toEqual([[true, 1]]);
    await server.clock.pass(1_000);
    void bob.moves.buy();
    await server.clock.pass(1_000);
    expect(heard).toEqual([
      [true, 1],
      [false, 1],
      [false, 0],
      [true, 0],
    ]);
  });

  it('is kept and sent when the connection is back, and shows then', async () => {
    const { ada, pages } = await entered();
    await pages[0]!.network.cut();
    await server.clock.pass(200);
    const bought = ada.moves.buy();
    expect(ada.frame().me?.gold).toBe(10);
    expect(await shown(ada, ({ me }) => me?.gold, 5_000)).toEqual([10, 7]);
    expect(await bought).toMatchObject({ ok: true });
  });

  it('that was on its way when the connection broke is made once', async () => {
    const { ada, pages } = await entered();
    const bought = ada.moves.buy();
    await server.clock.pass(95);
    await pages[0]!.network.cut();
    await server.clock.pass(5_000);
    expect(await bought).toMatchObject({ ok: true });
    expect(await shown(ada, ({ me }) => me?.gold)).toEqual([7]);
    void ada.moves.buy();
    expect(await shown(ada, ({ me }) => me?.gold)).toEqual([4]);
  });
});

describe('the rules, asked here', () => {
  it('say what they think of a move without making it', async () => {
    const { ada } = await entered();
    expect(ada.check.buy()).toEqual({ ok: true, version: ada.view.version + 1 });
    expect(ada.check.gamble()).toEqual({ ok: 'unknown' });
    expect(ada.check.price({ stall: '1', price: 1.5 })).toMatchObject({ ok: false, error: { code: 'bad_arguments' } });
    void ada.moves.buy();
    void ada.moves.buy();
    const { version } = ada.view;
    expect(ada.check.buy()).toMatchObject({ ok: false, error: { code: 'sold_out', details: { left: 0 }, version } });
    expect(ada.frame().me?.gold).toBe(4);
    await server.clock.pass(1_000);
  });

  it('have no seat for who only watches', async () => {
    const { ada } = await entered();
    const watching = server.page().client.enter(market, { match: { id: ada.id }, watch: true, rules: marketRules });
    await server.clock.pass(1_000);
    expect((await watching).check.buy()).toMatchObject({ ok: false, error: { code: 'no_seat' } });
  });
});
