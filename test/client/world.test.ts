import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JoinError, MatchGoneError } from '../../client/index.ts';
import { isConcealed, t, world, worldBot } from '../../protocol/index.ts';
import { village, villageDefinition, villageRules } from '../protocol/world/village.ts';
import { GameServer, storeOf } from './game-server.ts';

let server: GameServer;
beforeEach(async () => {
  server = await GameServer.start([villageRules]);
});
afterEach(async () => {
  await server.stop();
  expect(server.reported).toEqual([]);
});

const seeded = (state: number) => () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;

async function entered(count = 1, page: Parameters<GameServer['page']>[0] = {}) {
  const pages = Array.from({ length: count }, () => server.page(page));
  const entering = Promise.all(pages.map(({ client }) => client.enter(village, { rules: villageRules })));
  await server.clock.pass(1_000);
  const matches = await entering;
  await server.clock.pass(1_000);
  return { pages, matches, mine: (i = 0) => matches[i]!.frame().me! };
}

describe('one’s own player', () => {
  it('moves in the next picture, and never jumps, over 150 ± 50 ms', async () => {
    const { matches, mine } = await entered(2, { simulate: { roundTripMs: 150, jitterMs: 50 }, random: seeded(5) });
    const [ada, bob] = matches as [(typeof matches)[0], (typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    await server.clock.pass(17);
    expect(mine().x).toBeGreaterThan(0.5);
    let last = mine().x;
    for (let picture = 0; picture < 240; picture++) {
      if (picture % 40 === 20) ada.input({ dx: picture % 80 === 20 ? -1 : 1, dy: picture % 3 ? 1 : 0 });
      await server.clock.pass(1000 / 60);
      expect(Math.abs(mine().x - last)).toBeLessThan(4.5); // 1.07 a picture; turning round in half a tick more
      last = mine().x;
    }
    expect(ada.health).toMatchObject({ corrections: 0, resyncs: 0 });
    ada.input({ dx: 0, dy: 0 });
    await server.clock.pass(1_000);
    expect(bob.view.players[ada.player!]).toMatchObject({ x: mine().x, y: mine().y });
  });

  it('knows its own secrets, and not those of others', async () => {
    const { matches, mine } = await entered(2);
    expect(mine()).toMatchObject({ gold: 50, bag: [] });
    const [, other] = matches;
    const seen = matches[0]!.view.players[other!.player!]!;
    expect(isConcealed(seen.gold)).toBe(true);
    expect(seen).not.toHaveProperty('luck');
  });
});

describe('others', () => {
  it('are drawn smoothly, a little in the past', async () => {
    const { matches } = await entered(2, { simulate: { roundTripMs: 150, jitterMs: 50 }, random: seeded(9) });
    const [ada, bob] = matches as [(typeof matches)[0], (typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    await server.clock.pass(2_000);
    const steps: number[] = [];
    let last = bob.frame().players[ada.player!]!.x;
    for (let picture = 0; picture < 120; picture++) {
      await server.clock.pass(1000 / 60);
      const { x } = bob.frame().players[ada.player!]!;
      steps.push(x - last);
      last = x;
    }
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(3.3);
    expect(bob.health.delayMs).toBeLessThan(400);
  });
});

describe('a move', () => {
  it('resolves when the view shows it, or with the refusal', async () => {
    const { matches } = await entered();
    const [ada] = matches as [(typeof matches)[0]];
    const bought = ada.moves.buy({ item: 'rope', quantity: 2 });
    await server.clock.pass(100);
    expect(await bought).toMatchObject({ ok: true });
    expect(ada.view.me).toMatchObject({ gold: 44, bag: [{ name: 'rope', quantity: 2 }] });
    const refused = ada.moves.buy({ item: 'rope', quantity: 9 });
    const more = ada.moves.buy({ item: 'rope', quantity: 9 });
    await server.clock.pass(100);
    expect(await refused).toMatchObject({ ok: true });
    expect(await more).toMatchObject({ ok: false, error: { code: 'too_poor', details: { need: 27 } } });
  });

  it('that changes what does not move is no correction', async () => {
    const { matches } = await entered();
    const [ada] = matches as [(typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    void ada.moves.buy({ item: 'rope', quantity: 1 });
    await server.clock.pass(500);
    expect(ada.view.me).toMatchObject({ gold: 47 });
    expect(ada.health.corrections).toBe(0);
    expect(ada.health.receivedBytes).toBeGreaterThan(0);
  });

  it('tells its events to those near by', async () => {
    const { matches } = await entered(2);
    const heard: unknown[] = [];
    matches[1]!.on('bought', (bought) => heard.push(bought));
    void matches[0]!.moves.buy({ item: 'bread', quantity: 1 });
    await server.clock.pass(200);
    expect(heard).toMatchObject([{ item: 'bread' }]);
  });
});

describe('a world', () => {
  it('is one for all who want any', async () => {
    const { matches } = await entered(3);
    expect(new Set(matches.map(({ id }) => id)).size).toBe(1);
    expect(Object.keys(matches[0]!.view.players)).toHaveLength(3);
  });

  it('goes on after a broken connection, with the same player', async () => {
    const { pages, matches, mine } = await entered(2);
    const [ada] = matches as [(typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    await server.clock.pass(1_000);
    await pages[0]!.network.cut();
    expect(ada.status.state).toBe('catching_up');
    await server.clock.pass(5_000);
    expect(ada.status.state).toBe('live');
    let before = mine().x;
    expect(before).toBeGreaterThan(50);
    await server.clock.pass(500);
    expect(mine().x).toBeGreaterThan(before + 20); // with the input that it held
    before = mine().x;
    ada.input({ dx: -1, dy: 0 });
    await server.clock.pass(500);
    expect(mine().x).toBeLessThan(before);
    expect(ada.health.corrections).toBe(0);
  });

  it('mends itself by a snapshot when ticks were lost', async () => {
    const { pages, matches } = await entered();
    const [ada] = matches as [(typeof matches)[0]];
    const { network } = pages[0]!;
    network.loses = (message) => message.type === 'event';
    await server.clock.pass(200);
    network.loses = () => false;
    ada.input({ dx: 0, dy: 1 });
    await server.clock.pass(1_000);
    expect(ada.health.resyncs).toBe(1);
    expect(ada.frame().me!.y).toBeGreaterThan(40); // what it held before went on
    ada.input({ dx: 0, dy: 0 });
    await server.clock.pass(1_000);
    expect(ada.view.me).toMatchObject({ y: ada.frame().me!.y });
  });

  it('loses who drops for good after a while, and who leaves at once', async () => {
    const { pages, matches } = await entered(3);
    const [ada, bob, zoe] = matches as [(typeof matches)[0], (typeof matches)[0], (typeof matches)[0]];
    pages[1]!.client.close();
    await server.clock.pass(10_000);
    expect(Object.keys(ada.view.players)).toContain(bob.player);
    await server.clock.pass(6_000);
    expect(Object.keys(ada.view.players)).not.toContain(bob.player);
    const leaving = zoe.leave();
    await server.clock.pass(100);
    await leaving;
    expect(Object.keys(ada.view.players)).toEqual([ada.player]);
  });

  it('can be watched: without a player, and without what is near only to players', async () => {
    const { matches } = await entered();
    const { client } = server.page();
    const entering = client.enter(village, { match: { id: matches[0]!.id }, watch: true });
    await server.clock.pass(1_000);
    const watched = await entering;
    expect(watched).toMatchObject({ player: null, view: { me: null, players: {}, shared: { hour: 6 } } });
  });

  it('that does not exist says so', async () => {
    const { client } = server.page();
    const entering = client.enter(village, { match: { id: 'nowhere' } });
    const refused = expect(entering).rejects.toThrow(JoinError);
    await server.clock.pass(1_000);
    await refused;
  });
});

describe('a bot', () => {
  it('comes back to its player over broken connections, by the sessions of a client', async () => {
    const { client, network } = server.page();
    const finding = client.lobby.quick(village);
    await server.clock.pass(1_000);
    const east = worldBot(village, () => ({ dx: 1, dy: 0 }));
    const entering = east.enter(() => client.online(), { match: await finding, clock: server.clock });
    await server.clock.pass(1_000);
    const bot = await entering;
    const { player } = bot;
    await network.cut();
    const { x } = bot.view.me!;
    await server.clock.pass(5_000);
    expect(bot.player).toBe(player);
    expect(bot.view.me!.x).toBeGreaterThan(x + 100);
    client.close();
    await server.clock.pass(100);
    expect(await bot.done).toBe('offline');
  });
});

/** Where one can be put back to the start. */
const trap = world('trap', {
  tick: 20,
  player: { x: t.fixed(1 / 16).default(0) },
  input: { dx: t.int(-1, 1) },
  moves: { fall: {} },
});
const trapRules = trap.rules({
  spawn: () => ({}),
  step(me, { dx }, { dt }) {
    me.x += 64 * dx * dt;
  },
  moves: {
    fall({ me, random }) {
      me.x = random.int(0, 0); // by chance, so that nobody foresees it
    },
  },
});

describe('who is put elsewhere', () => {
  it('is corrected once, and drawn there softly', async () => {
    await server.stop();
    server = await GameServer.start([trapRules]);
    const { client } = server.page({ simulate: { roundTripMs: 100 } });
    const entering = client.enter(trap, { rules: trapRules });
    await server.clock.pass(1_000);
    const ada = await entering;
    ada.input({ dx: 1 });
    await server.clock.pass(2_000);
    const before = ada.frame().me!.x;
    void ada.moves.fall();
    const steps: number[] = [];
    for (let picture = 0, last = before; picture < 60; picture++) {
      await server.clock.pass(1000 / 60);
      const { x } = ada.frame().me!;
      steps.push(x - last);
      last = x;
    }
    expect(before).toBeGreaterThan(100);
    expect(ada.health.corrections).toBe(1);
    expect(Math.min(...steps)).toBeGreaterThan(-before / 2);
    expect(ada.frame().me!.x).toBeLessThan(80);
  });
});

describe('a spectator of a world with interest', () => {
  const watchedRules = village.rules({
    ...villageDefinition,
    spectator: ({ follow }) => follow && [follow.x, follow.y],
  });
  const watching = async (how: { follow?: string } = {}) => {
    await server.stop();
    server = await GameServer.start([watchedRules]);
    const { pages, matches } = await entered(2);
    const { client, network } = server.page();
    const { id } = matches[0]!;
    const entering = client.enter(village, { match: { id }, watch: true, ...how });
    await server.clock.pass(1_000);
    return { pages, matches, network, spectator: await entering };
  };

  it('follows one player, then another, over a broken connection', async () => {
    const { matches, network, spectator } = await watching();
    const [ada, bob] = matches as [(typeof matches)[0], (typeof matches)[0]];
    expect(spectator.view.players).toEqual({});
    ada.input({ dx: 1, dy: 0 });
    const following = spectator.follow(ada.player);
    await server.clock.pass(10_000); // two cells away from the other
    await following;
    const { x, y } = ada.view.players[ada.player!]!;
    expect(spectator.view.players).toMatchObject({ [ada.player!]: { x, y } });
    expect(spectator.view.players).not.toHaveProperty(bob.player!);
    expect(isConcealed(spectator.view.players[ada.player!]!.gold)).toBe(true);
    await network.cut();
    await server.clock.pass(5_000);
    expect(Object.keys(spectator.view.players)).toEqual([ada.player]);
    const turning = spectator.follow(bob.player);
    await server.clock.pass(1_000);
    await turning;
    expect(Object.keys(spectator.view.players)).toEqual([bob.player]);
    expect(spectator.health.resyncs).toBe(0);
  });

  it('follows whom it has named last, however quickly it changes its mind', async () => {
    const { matches, spectator } = await watching({});
    const [ada, bob] = matches as [(typeof matches)[0], (typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    await server.clock.pass(10_000);
    for (const player of [bob.player, null, ada.player]) void spectator.follow(player);
    await server.clock.pass(1_000);
    expect(Object.keys(spectator.view.players)).toEqual([ada.player]);
    spectator.detach();
    await expect(spectator.follow(bob.player)).rejects.toThrow(MatchGoneError);
  });

  it('may be in a second page of somebody who plays', async () => {
    const { pages, matches } = await watching();
    const { client } = server.page({ storage: storeOf(pages[0]!.storage) });
    const entering = client.enter(village, {
      match: { id: matches[0]!.id },
      watch: true,
      follow: matches[1]!.player!,
    });
    await server.clock.pass(1_000);
    const other = await entering;
    matches[0]!.input({ dx: 1, dy: 1 });
    await server.clock.pass(9_000);
    expect(Object.keys(other.view.players)).toEqual([matches[1]!.player]);
    expect([other.health.resyncs, matches[0]!.health.resyncs]).toEqual([0, 0]);
  });

  it('who plays follows nobody', async () => {
    const { matches } = await watching();
    await expect(matches[0]!.follow(matches[1]!.player)).rejects.toThrow('only who watches follows a player');
  });

  it('is told where the rules let it follow nobody, and goes on as before', async () => {
    const { matches } = await entered();
    const { client } = server.page();
    const { id, player } = matches[0]!;
    const entering = client.enter(village, { match: { id }, watch: true });
    const refused = expect(client.enter(village, { match: { id }, watch: true, follow: player! })).rejects.toThrow(
      JoinError,
    );
    await server.clock.pass(1_000);
    await refused;
    const spectator = await entering;
    const denied = expect(spectator.follow(player)).rejects.toThrow('its rules have no `spectator`');
    await server.clock.pass(1_000);
    await denied;
    expect(spectator.status.state).toBe('live');
  });
});

/** Hardly a byte for a crowd. */
const crowd = world('crowd', {
  tick: 20,
  player: { x: t.fixed(1 / 16).default(0), say: t.str().default('') },
  entities: { bee: { x: t.fixed(1 / 16) } },
  input: { dx: t.int(-1, 1) },
  budget: 10,
});
const crowdRules = crowd.rules({
  setup({ entities }) {
    for (let x = 0; x < 50; x++) entities.bee.add({ x });
    return {};
  },
  spawn: () => ({}),
  step(me, { dx }, { dt }) {
    me.x += 64 * dx * dt;
  },
  onTick({ entities, random }) {
    for (const [, bee] of entities.bee) bee.x = random.int(0, 100);
  },
});

describe('a world that comes back under sessions that have stayed', () => {
  it('goes on, steered as before, and drawn by its new time', async () => {
    const { matches, mine } = await entered(2, { simulate: { roundTripMs: 100 } });
    const [ada, bob] = matches as [(typeof matches)[0], (typeof matches)[0]];
    ada.input({ dx: 1, dy: 0 });
    await server.clock.pass(3_000);
    await server.restartAuthority(10_000);
    for (let i = 0; i < 30; i++) {
      ada.input({ dx: 1, dy: 0 });
      await server.clock.pass(100);
    }
    expect([ada.status.state, ada.view.epoch, ada.health.resyncs]).toEqual(['live', 2, 1]);
    const { x } = mine();
    const seen = () => bob.frame().players[ada.player!]!.x;
    const before = seen();
    await server.clock.pass(1_000);
    expect(mine().x - x).toBeCloseTo(64, 0);
    expect(seen() - before).toBeCloseTo(64, 0);
    expect(bob.health.delayMs).toBeLessThan(200);
    await server.clock.pass(10);
    expect(seen() - before).toBeGreaterThan(64); // between two ticks, too
  });
});

describe('in a world with a budget', () => {
  it('one’s own player is where one steers it, while others wait for their turn', async () => {
    await server.stop();
    server = await GameServer.start([crowdRules]);
    const pages = Array.from({ length: 3 }, () => server.page({ simulate: { roundTripMs: 100 } }).client);
    const entering = Promise.all(pages.map((client) => client.enter(crowd, { rules: crowdRules })));
    await server.clock.pass(1_000);
    const matches = await entering;
    for (let i = 0; i < 40; i++) {
      for (const [number, match] of matches.entries()) match.input({ dx: ((i + number) % 3) - 1 });
      await server.clock.pass(130);
    }
    for (const match of matches) {
      expect(match.health).toMatchObject({ corrections: 0, resyncs: 0 });
      expect(match.health.receivedBytes / match.view.tick).toBeLessThan(40);
    }
    const [ada, bob] = matches;
    ada!.input({ dx: 0 });
    await server.clock.pass(3_000);
    expect(bob!.view.players[ada!.player!]).toEqual(ada!.view.me);
  });
});
