import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Status } from '../../client/index.ts';
import { CallError } from '../../protocol/index.ts';
import { GameServer, storeOf } from './game-server.ts';
import { settle } from './virtual-clock.ts';

let server: GameServer;
beforeEach(async () => void (server = await GameServer.start()));
afterEach(() => server.stop());

describe('status', () => {
  it('goes from connecting to online, and says as whom', async () => {
    const { client } = server.page();
    expect(client.status).toEqual({ state: 'connecting', attempt: 1 });
    const { authid } = await client.online();
    expect(client.status).toEqual({ state: 'online', authid, since: server.clock.now() });
  });

  it('says when the next attempt will be, and why the last one failed', async () => {
    const { client, network } = server.page();
    await client.online();
    network.up = false;
    await network.cut();
    expect(client.status).toEqual({
      state: 'waiting',
      attempt: 1,
      retryAt: server.clock.now() + 250,
      reason: 'closed by the other side',
    });
    await server.clock.pass(250);
    expect(client.status).toMatchObject({ state: 'waiting', attempt: 2, reason: 'nobody listens' });
  });

  it('a listener that throws harms no other, and is reported', async () => {
    const { client } = server.page();
    const heard: Status[] = [];
    client.onStatus(() => {
      throw new Error('oops');
    });
    client.onStatus((status) => heard.push(status));
    await client.online();
    expect(heard.map(({ state }) => state)).toEqual(['online']);
    expect(server.reported).toEqual([new Error('oops')]);
  });

  it('a closed client stays closed, and what is asked of it rejects', async () => {
    const { client, network } = server.page();
    await client.online();
    client.close();
    await server.clock.pass(60_000);
    expect(client.status).toEqual({ state: 'closed', reason: 'closed by the page' });
    expect(network.attempts).toBe(1);
    await expect(client.call('lobby.list')).rejects.toThrow(CallError);
    await expect(client.subscribe('lobby.matches', () => {})).rejects.toThrow('the client is closed');
  });

  it('closing while nobody answers ends the attempts, and what waits for a connection rejects', async () => {
    const { client } = server.page({ up: false });
    const waiting = client.call('lobby.list');
    const refused = expect(waiting).rejects.toThrow('the client is closed');
    await settle();
    client.close();
    await refused;
  });
});

describe('coming back', () => {
  const waitOf = (status: Status) => (status.state === 'waiting' ? status.retryAt - server.clock.now() : null);

  it('waits longer after each failure, up to 15 s', async () => {
    const { client } = server.page({ up: false });
    const waits: (number | null)[] = [];
    client.onStatus((status) => status.state === 'waiting' && waits.push(waitOf(status)));
    await server.clock.pass(60_000);
    expect(waits.slice(0, 8)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
  });

  it('chance takes up to half of the wait away', async () => {
    const { client } = server.page({ up: false, random: () => 1 });
    await settle();
    expect(waitOf(client.status)).toBe(125);
  });

  it('a connection that lasted starts the waits anew; one that broke at once does not', async () => {
    const { client, network } = server.page();
    await client.online();
    await network.cut();
    await server.clock.pass(250);
    await network.cut();
    expect(client.status).toMatchObject({ state: 'waiting', attempt: 2 });
    await server.clock.pass(500);
    await server.clock.pass(1_000);
    await network.cut();
    expect(client.status).toMatchObject({ state: 'waiting', attempt: 1 });
  });

  it('tries at once when the page wakes, and when asked to', async () => {
    const { client, network, wake } = server.page({ up: false });
    await server.clock.pass(5_000);
    const before = network.attempts;
    wake();
    await settle();
    expect(network.attempts).toBe(before + 1);
    network.up = true;
    client.retryNow();
    await client.online();
  });

  it('gives up an attempt that hangs', async () => {
    const never = (_: string, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { client } = server.page({ transport: never });
    await server.clock.pass(10_000);
    expect(client.status).toMatchObject({ state: 'waiting', reason: 'no connection within 10 s' });
  });
});

describe('a dead socket', () => {
  it('is found out after silence', async () => {
    const { client, network } = server.page();
    const session = await client.online();
    network.dead = true;
    await server.clock.pass(25_000);
    expect(await session.closed).toMatchObject({ message: 'nothing heard within 5 s' });
    await server.clock.pass(250);
    expect(client.status.state).toBe('online');
  });

  it('is found out when the page wakes', async () => {
    const { client, network, wake } = server.page();
    await client.online();
    network.dead = true;
    wake();
    await server.clock.pass(5_000);
    expect(client.status.state).toBe('waiting');
  });

  it('a quiet but living one stays', async () => {
    const { client, network } = server.page();
    const { id } = await client.online();
    await server.clock.pass(10 * 60_000);
    expect((await client.online()).id).toBe(id);
    expect(network.attempts).toBe(1);
  });
});

describe('a guest', () => {
  it('comes back as the same player, after a reconnect and after a reload', async () => {
    const { client, network, storage } = server.page();
    const { authid } = await client.online();
    await network.cut();
    await server.clock.pass(250);
    expect((await client.online()).authid).toBe(authid);
    const reloaded = server.page({ storage: storeOf(storage) }).client;
    expect(await reloaded.online()).toMatchObject({ authid, authmethod: 'ticket' });
  });

  it('whose ticket is refused becomes a new one, at once', async () => {
    const { client, storage } = server.page();
    const { authid } = await client.online();
    await server.restart({ secret: 'another secret, of another server altogether' });
    await server.clock.pass(250);
    const again = await client.online();
    expect(again.authmethod).toBe('anonymous');
    expect(again.authid).not.toBe(authid);
    expect([...storage.values()].join()).toContain(again.authid);
  });

  it('stays who it is when another tab has stored somebody else', async () => {
    const { client, network, storage } = server.page();
    const { authid } = await client.online();
    const other = server.page();
    await other.client.online();
    for (const [key, ticket] of other.storage) storage.set(key, ticket);
    await network.cut();
    await server.clock.pass(250);
    expect((await client.online()).authid).toBe(authid);
  });

  it('whose ticket is refused becomes who its other tab has become', async () => {
    const first = server.page();
    await first.client.online();
    const tab = server.page({ storage: storeOf(first.storage) });
    await tab.client.online();
    tab.network.up = false;
    await server.restart({ secret: 'another secret, of another server altogether' });
    await server.clock.pass(250);
    const { authid } = await first.client.online();
    tab.network.up = true;
    await server.clock.pass(1_000);
    expect((await tab.client.online()).authid).toBe(authid);
  });

  it('stays who it is over a reconnect where nothing can be stored', async () => {
    const { client, network } = server.page({ storage: null });
    const { authid } = await client.online();
    await network.cut();
    await server.clock.pass(250);
    expect((await client.online()).authid).toBe(authid);
  });

  it('plays without a store that works', async () => {
    const fail = () => {
      throw new Error('forbidden');
    };
    const { client } = server.page({ storage: { getItem: fail, setItem: fail } });
    expect((await client.online()).authmethod).toBe('anonymous');
  });

  it('with nonsense in the store is a new one', async () => {
    const storage = new Map([['realmkit.guest:realmkit@ws://test/ws', '{"authid":7}']]);
    const { client } = server.page({ storage: storeOf(storage) });
    expect((await client.online()).authmethod).toBe('anonymous');
  });
});

describe('lasting subscriptions and registrations', () => {
  it('are there again after a reconnect, until they are stopped', async () => {
    const callee = server.page();
    const caller = server.page();
    const { authid } = await callee.client.online();
    const heard: unknown[] = [];
    const subscription = await callee.client.subscribe('player.news', ({ args }) => void heard.push(...args));
    const registration = await callee.client.register(`player.${authid}.add`, ({ args }) => ({
      args: [Number(args[0]) + Number(args[1])],
    }));
    await callee.network.cut();
    await server.clock.pass(250);
    await caller.client.publish('player.news', ['hello']);
    expect((await caller.client.call(`player.${authid}.add`, [2, 3])).args).toEqual([5]);
    expect(heard).toEqual(['hello']);

    await subscription.stop();
    await registration.stop();
    await callee.network.cut();
    await server.clock.pass(500);
    await caller.client.publish('player.news', ['goodbye']);
    await expect(caller.client.call(`player.${authid}.add`, [2, 3])).rejects.toMatchObject({
      uri: 'wamp.error.no_such_procedure',
    });
    expect(heard).toEqual(['hello']);
  });

  it('come back although the router still holds the former session for alive', async () => {
    const { client, network, wake } = server.page();
    const { authid } = await client.online();
    await client.register(`player.${authid}.ping`, () => ({ args: ['pong'] }));
    const former = network.end;
    network.dead = true; // only our end gives up
    wake();
    await server.clock.pass(5_250);
    expect(client.status.state).toBe('online');
    expect(server.reported).toMatchObject([{ uri: 'wamp.error.procedure_already_exists' }]);
    former();
    await server.clock.pass(250);
    expect((await server.page().client.call(`player.${authid}.ping`)).args).toEqual(['pong']);
  });

  it('made on the news of being online are made once', async () => {
    const { client } = server.page();
    const other = server.page().client;
    let heard = 0;
    client.onStatus(({ state }) => state === 'online' && void client.subscribe('player.news', () => void (heard += 1)));
    await client.online();
    await settle();
    await other.publish('player.news');
    await settle();
    expect(heard).toBe(1);
  });

  it('that the router refuses reject', async () => {
    const { client } = server.page();
    await expect(client.subscribe('authority.match', () => {})).rejects.toMatchObject({
      uri: 'wamp.error.not_authorized',
    });
    await expect(client.register('game.chess.create', () => {})).rejects.toMatchObject({
      uri: 'wamp.error.not_authorized',
    });
  });

  it('wait for the first connection', async () => {
    const { client, network } = server.page({ up: false });
    const subscribed = client.subscribe('player.news', () => {});
    await server.clock.pass(1_000);
    network.up = true;
    await server.clock.pass(15_000);
    await subscribed;
  });
});

it('a call that is open when the connection breaks rejects', async () => {
  const { client, network } = server.page();
  await client.online();
  network.loses = ({ type }) => type === 'result';
  const call = client.call('lobby.list');
  const refused = expect(call).rejects.toMatchObject({ uri: 'wamp.close.transport_lost' });
  await settle();
  await network.cut();
  await refused;
});

it('outside a browser a url must be given', () => {
  expect(() => connect()).toThrow('connect: pass a url, there is no page to take it from');
});
