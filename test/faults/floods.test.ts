/** More of everything than anybody needs, from one connection and from many: what it costs is bounded, and refused in words. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CallError, errors, gameUris, join, type Message, type Session } from '../../protocol/index.ts';
import { Attacker, roles } from './attacker.ts';
import { gameServer, realm } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
beforeAll(async () => {
  server = await gameServer();
});
afterAll(() => server.stop());

/** How often each URI, or 'ok', came back. */
async function tally(attempts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const count: Record<string, number> = {};
  for (const { reason } of (await Promise.allSettled(attempts)) as { reason?: unknown }[]) {
    if (reason !== undefined && !(reason instanceof CallError)) throw reason;
    const key = reason?.uri ?? 'ok';
    count[key] = (count[key] ?? 0) + 1;
  }
  return count;
}
const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));
const matchOf = async (session: Session, kwargs: object) =>
  ((await session.call('lobby.create', [], { game: 'rally', ...kwargs })).args[0] as { match: string }).match;

describe('one session', () => {
  it.each<[string, (session: Session) => Promise<unknown>[], Record<string, number>]>([
    [
      'a thousand topics',
      (session) => times(1000, (i) => session.subscribe(`game.t${i}`, () => {})),
      { ok: 200, [errors.limitReached]: 800 },
    ],
    [
      'a thousand procedures',
      (session) => times(1000, (i) => session.register(`player.${session.authid}.p${i}`, () => {})),
      { ok: 100, [errors.limitReached]: 900 },
    ],
    [
      'a hundred matches',
      (session) => times(100, () => matchOf(session, {})),
      { ok: 8, 'lobby.error.too_many_matches': 92 },
    ],
    [
      'a hundred computers',
      (session) => times(100, () => matchOf(session, { opponent: 'computer' })),
      { ok: 8, 'lobby.error.too_many_matches': 92 },
    ],
    [
      'a hundred quick matches, which are one',
      (session) => times(100, () => session.call('lobby.quick', [], { game: 'connect_four' })),
      { ok: 100 },
    ],
    [
      'ten matches with options of 30 KiB',
      (session) =>
        times(10, () => matchOf(session, { options: { court: times(7000, (i) => ({ i })).slice(0, 2500) } })),
      { ok: 8, 'lobby.error.too_many_matches': 2 },
    ],
  ])('gets no more than it may of %s', async (_, attempts, counts) => {
    const session = await server.guest();
    expect(await tally(attempts(session))).toEqual(counts);
    await server.healthy();
    await session.leave();
    await server.healthy();
  });

  it('leaves no more than so many calls unanswered', async () => {
    const session = await server.guest();
    const own = `player.${session.authid}.never`;
    await session.register(own, () => new Promise<void>(() => {}));
    const calls = times(1000, () => session.call(own).catch((error: CallError) => error.uri));
    const refused = (await Promise.all(calls.slice(200))) as unknown[];
    expect(new Set(refused)).toEqual(new Set([errors.limitReached]));
    await server.healthy();
    await session.leave();
    expect(await tally(calls.slice(0, 200))).toEqual({ ok: 200 }); // told that the session ended
  });
});

describe('a flood', () => {
  it.each<[string, () => readonly unknown[]]>([
    [
      'of joins that are not waited for',
      () => times(500, (i) => [48, i + 1, {}, server.uris.join, [], { form: 'json', seat: null }]),
    ],
    [
      'of coming and going',
      () =>
        times(500, (i) => [
          48,
          i + 1,
          {},
          i % 2 ? server.uris.leave : server.uris.join,
          [],
          i % 2 ? {} : { form: 'json', seat: null },
        ]),
    ],
    [
      'of empty lists',
      () => times(20, (i) => [48, i + 1, {}, server.uris.sync, [], { form: 'json', since: times(20_000, () => []) }]),
    ],
    [
      'of empty dicts',
      () =>
        times(20, (i) => [
          48,
          i + 1,
          {},
          'lobby.create',
          [],
          { game: 'rally', options: { court: times(20_000, () => ({})) } },
        ]),
    ],
    [
      'of surplus keys',
      () =>
        times(20, (i) => [48, i + 1, {}, 'lobby.create', [], Object.fromEntries(times(5000, (key) => [`k${key}`, 0]))]),
    ],
    [
      'of deep values',
      () =>
        times(
          200,
          (i) =>
            `[48,${i + 1},{},"lobby.create",[],{"game":"rally","options":{"court":${'['.repeat(58)}1${']'.repeat(58)}}}]`,
        ),
    ],
    [
      'of numbers beyond 64 bits',
      () => times(20, (i) => `[48,${i + 1},{},"lobby.list",[${times(2500, () => '123456789012345678901').join(',')}]]`),
    ],
    [
      'of half characters',
      () => times(20, (i) => `[48,${i + 1},{},"lobby.find",[],{"match":"${'\\ud800'.repeat(10_000)}"}]`),
    ],
    [
      'of events to itself',
      () => [
        [32, 1, {}, 'player.a.b'],
        ...times(300, (i) => [16, i + 2, { exclude_me: false }, 'player.a.b', ['x'.repeat(10_000)]]),
      ],
    ],
    [
      'of events to lists of people',
      () => times(50, (i) => [16, i + 1, { eligible_authid: times(5000, String) }, 'player.a.b']),
    ],
    [
      'of subscribing and unsubscribing',
      () => times(600, (i) => (i % 2 ? [34, i + 1, 1_000_000] : [32, i + 1, {}, `player.a.t${i}`])),
    ],
    ['of words too long for an error', () => times(70, (i) => [48, i + 1, {}, 'x'.repeat(50_000)])],
  ])('%s is worked off, and the sender is still served', async (_, messages) => {
    const attacker = await Attacker.guest(server.url);
    const said = messages();
    for (const message of said) attacker.say(message);
    attacker.say([48, said.length + 1, {}, 'lobby.list']);
    await server.healthy();
    for (;;) {
      const message = await attacker.next();
      if (message === undefined || message.type === 'abort') throw new Error(`ended: ${JSON.stringify(message)}`);
      if ('request' in message && message.request === said.length + 1) break;
    }
    await attacker.leave();
    await server.healthy();
  });

  it.each<[string, () => readonly unknown[], RegExp]>([
    [
      'of messages',
      () => times(10_000, (i) => [16, i + 1, {}, 'player.a.b']),
      /^more than 1000 messages a second, or 2000 at once, at 20\d\d-/,
    ],
    [
      'of refused calls',
      () => times(10_000, (i) => [48, i + 1, {}, 'nobody.has.this']),
      /^more than 1000 messages a second, or 2000 at once, at 20\d\d-/,
    ],
    [
      'of bytes',
      () => times(300, (i) => [16, i + 1, {}, 'player.a.b', ['x'.repeat(60_000)]]),
      /^more than 1048576 bytes a second, or 4194304 at once, at 20\d\d-/,
    ],
    [
      'of bytes in what is ignored',
      () => times(300, (i) => [49, i + 1, { x: 'x'.repeat(60_000) }]),
      /^more than 1048576 bytes a second, or 4194304 at once, at 20\d\d-/,
    ],
  ])('%s ends its sender, who is told why', async (_, messages, why) => {
    const attacker = await Attacker.guest(server.url);
    for (const message of messages()) attacker.say(message);
    await server.healthy();
    let last: Message | undefined;
    for (let message = await attacker.next(); message; message = await attacker.next()) last = message;
    expect(last).toMatchObject({ type: 'abort', reason: errors.limitReached });
    expect(last?.type === 'abort' && last.details.message).toMatch(why);
    await attacker.closed;
    await server.healthy();
  });

  it('to a reader who does not read ends with that reader', async () => {
    const attacker = await Attacker.guest(server.url);
    const large = 'x'.repeat(60_000);
    const sink = `player.${attacker.authid}.sink`;
    attacker.say([32, 1, {}, sink]);
    await attacker.next();
    attacker.socket.pause();
    const source = await server.component('source', 'player'); // in this process nothing limits how much it sends
    for (let i = 0; i < 400; i++) await source.publish(sink, [large], {}, { acknowledge: true });
    await vi.waitFor(() => expect(server.hub.slowReaders).toBe(1));
    attacker.socket.resume();
    let last: Message | undefined;
    for (let message = await attacker.next(); message; message = await attacker.next()) last = message;
    expect(last).toMatchObject({ type: 'abort', reason: errors.limitReached });
    await vi.waitFor(() => expect(server.hub.connections).toBe(6)); // components, healthy players, the source
    await source.leave();
    await server.healthy();
  });

  it('of guests on one connection leaves nothing behind but matches, which close by themselves', async () => {
    const attacker = await Attacker.connect(server.url);
    for (let turn = 0; turn < 100; turn++) {
      await attacker.hello();
      attacker.say([48, 1, {}, 'lobby.quick', [], { game: 'chess' }]);
      attacker.say([6, {}, 'wamp.close.close_realm']);
      while ((await attacker.next())?.type !== 'goodbye');
    }
    await attacker.leave();
    await server.healthy();
  });

  it('of two hundred connections that each take a seat is served', async () => {
    const guests = await Promise.all(times(200, () => server.guest()));
    const quick = await Promise.all(guests.map((guest) => guest.call('lobby.quick', [], { game: 'connect_four' })));
    const matches = quick.map(({ args }) => (args[0] as { match: string }).match);
    await Promise.all(
      guests.map((guest, i) => guest.call(gameUris('connect_four').match(matches[i]!).join, [], { form: 'json' })),
    );
    await server.healthy();
    await Promise.all(guests.map((guest) => guest.leave()));
    await server.healthy();
  });

  it('while the edge decides who somebody is ends that connection', async () => {
    const { Hub } = await import('../../server/transports/index.ts');
    const { permissiveRealm } = await import('../../server/router/index.ts');
    const slow = { name: 'slow', begin: () => new Promise<never>(() => {}) };
    const hub = new Hub({ realms: [{ ...permissiveRealm(realm), authentication: [slow] }] });
    const link = hub.link();
    const heard = new Promise<Message | Error>((resolve) => link.onMessage(resolve));
    link.send({ type: 'hello', realm, details: { roles, authmethods: ['slow'] } });
    for (let request = 1; request <= 65; request++) link.send({ type: 'call', request, options: {}, procedure: 'a.b' });
    expect(await heard).toMatchObject({
      type: 'abort',
      reason: errors.protocolViolation,
      details: { message: 'more than 64 messages before welcome' },
    });
    await hub.stop(0);
  });
});

it('what two players do with rematches leaves only the last matches', async () => {
  const [ada, bob] = [await server.guest(), await server.guest()];
  let match = await matchOf(ada, { game: 'chess' });
  for (let turn = 0; turn < 20; turn++) {
    const uris = gameUris('chess').match(match);
    for (const player of [ada, bob]) await player.call(uris.join, [], { form: 'json' });
    await ada.call(uris.move('resign'), [{}]);
    await ada.call(uris.offer, [], { what: 'rematch' });
    await bob.call(uris.answer, [], { what: 'rematch', accept: true });
    const { view } = (await bob.call(uris.sync, [], { form: 'json' })).args[0] as {
      view: { rematch: { match: string } };
    };
    match = view.rematch.match;
  }
  await Promise.all([ada.leave(), bob.leave()]);
  await server.healthy();
});

it('a component that goes takes nothing else with it', async () => {
  const service = await join(server.hub.link({ authid: 'other', authrole: 'service' }), { realm });
  const call = service.call('game.rally.create', [], { seats: 2 });
  await service.leave();
  await tally([call]);
  await server.healthy();
});
