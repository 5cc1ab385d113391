import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bind, RealmkitPlugin } from '../../client/index.ts';
import { connectFour } from '../../protocol/games/connect-four.ts';
import { GameServer } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start()));
afterEach(() => server.stop());

async function bound() {
  const [first, second] = [
    await server.page().client.join(connectFour, { match: 'quick' }),
    await server.page().client.join(connectFour, { match: 'quick' }),
  ];
  await settle();
  const scene = { events: new EventEmitter() };
  const told: unknown[] = [];
  const unbind = bind(scene, first, {
    view: ({ state }, previous) => void told.push(['view', previous === null ? null : previous.state.last, state.last]),
    on: { landed: ({ column }) => void told.push(['landed', column]) },
    status: ({ state }) => void told.push(['status', state]),
  });
  return { first, second, scene, told, unbind };
}

describe('a binding', () => {
  it('draws at once, then every new view and its events', async () => {
    const { first, told } = await bound();
    expect(told).toEqual([
      ['view', null, null],
      ['status', 'live'],
    ]);
    await first.moves.drop({ column: 3 });
    expect(told.slice(2)).toEqual([
      ['view', null, 3],
      ['landed', 3],
    ]);
  });

  it.each(['shutdown', 'destroy'])('ends with its scene: %s', async (end) => {
    const { first, scene, told } = await bound();
    const before = told.length;
    scene.events.emit(end);
    await first.moves.drop({ column: 3 });
    expect(told).toHaveLength(before);
    expect(scene.events.eventNames()).toEqual([]);
    expect(first.status.state).toBe('live');
  });

  it('can be ended earlier', async () => {
    const { first, scene, told, unbind } = await bound();
    unbind();
    await first.moves.drop({ column: 3 });
    expect(told).toHaveLength(2);
    expect(scene.events.eventNames()).toEqual([]);
  });
});

describe('the plugin', () => {
  it("holds the page's client, and leaves it alone when the Phaser game ends", async () => {
    const { client } = server.page();
    await client.online();
    const plugin = new RealmkitPlugin();
    plugin.init(client);
    expect(plugin.client).toBe(client);
    plugin.destroy();
    expect(client.status.state).toBe('online');
  });

  it('connects itself where it is given options, and closes that with the game', () => {
    const plugin = new RealmkitPlugin();
    plugin.init({
      url: 'ws://test/ws',
      clock: server.clock,
      transport: async () => Promise.reject(new Error('nobody listens')),
    });
    const { client } = plugin;
    plugin.destroy();
    expect(client.status).toEqual({ state: 'closed', reason: 'the Phaser game has ended' });
  });

  it('that was never started says how to start it', () => {
    expect(() => new RealmkitPlugin().client).toThrow('install it with `start: true`');
  });
});
