/** What guests may not do, tried by every road we know: over a socket, with the server's own components at work. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CallError,
  connectWebSocket,
  errors,
  gameUris,
  join,
  type Dict,
  type List,
  type Session,
} from '../../protocol/index.ts';
import { signGuestTicket } from '../../server/authentication/guest-ticket.ts';
import { gameServer, realm, secret } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
let mallory: Session;
beforeAll(async () => {
  server = await gameServer();
  mallory = await server.guest();
});
afterAll(() => server.stop());

/** URI and words of a refusal. */
const refusal = (attempt: Promise<unknown>): Promise<readonly [string, string]> =>
  attempt.then(
    (answer) => ['not refused', JSON.stringify(answer)],
    (error: unknown) => {
      if (!(error instanceof CallError)) throw error;
      return [error.uri, error.message];
    },
  );

describe('registering', () => {
  it.each<[string, 'exact' | 'prefix' | 'wildcard']>([
    ['game.rally.create', 'exact'],
    ['game.rally.match.', 'prefix'],
    ['game.rally.match.x.move.hit', 'exact'],
    ['game', 'prefix'],
    ['g', 'prefix'],
    ['', 'prefix'],
    ['', 'wildcard'],
    ['....', 'wildcard'],
    ['game..match..join', 'wildcard'],
    ['.rally.create', 'wildcard'],
    ['lobby.quick', 'exact'],
    ['lobby.', 'prefix'],
    ['.quick', 'wildcard'],
    ['bot.chess.play', 'exact'],
    ['authority.match', 'exact'],
    ['player.', 'prefix'],
    ['player', 'prefix'],
    ['player..ask', 'wildcard'],
    ['player.someoneelse.ask', 'exact'],
    ['account.login', 'exact'],
  ])('%s as %s is not authorized', async (procedure, match) => {
    const words = match === 'exact' ? '' : ` as a ${match}`;
    expect(await refusal(mallory.register(procedure, () => {}, { match, invoke: 'roundrobin' }))).toEqual([
      errors.notAuthorized,
      `role "player" may not register "${procedure}"${words}`,
    ]);
    await server.healthy();
  });

  it.each(['wamp.session.list', 'wamp', 'wamp.a.b'])('%s is reserved', async (procedure) => {
    expect((await refusal(mallory.register(procedure, () => {})))[0]).toBe(errors.invalidUri);
  });

  it('below the own authid is allowed, and only exactly', async () => {
    const own = `player.${mallory.authid}.`;
    const registration = await mallory.register(`${own}ask`, () => ({ args: ['me'] }));
    expect((await (await server.guest()).call(`${own}ask`)).args).toEqual(['me']);
    await registration.unregister();
    for (const [uri, match] of [
      [own, 'prefix'],
      [own.slice(0, -1), 'prefix'],
      [`${own}.a`, 'wildcard'],
      [own.slice(0, -1), 'exact'],
      [`${own.slice(0, -1)}x.ask`, 'exact'],
    ] as const)
      expect((await refusal(mallory.register(uri, () => {}, { match })))[0]).toBe(errors.notAuthorized);
  });
});

describe('subscribing', () => {
  it.each<[string, 'exact' | 'prefix' | 'wildcard']>([
    ['', 'prefix'],
    ['game.', 'prefix'],
    ['lobby.', 'prefix'],
    ['player.', 'prefix'],
    ['game.rally.match.', 'prefix'],
    ['', 'wildcard'],
    ['.', 'wildcard'],
    ['game....state.json', 'wildcard'],
    ['.....', 'wildcard'],
    ['authority.match', 'exact'],
    ['wamp.session.on_join', 'exact'],
    ['wamp.', 'prefix'],
    ['bot.', 'exact'],
  ])('to %s as %s is refused', async (topic, match) => {
    const [uri] = await refusal(mallory.subscribe(topic, () => {}, { match }));
    expect([errors.notAuthorized, errors.invalidUri]).toContain(uri);
    await server.healthy();
  });
});

describe('publishing', () => {
  it.each(['game.rally.match.x.state.json', 'game.anything', 'lobby.matches', 'authority.match', 'bot.x', 'chat.x'])(
    'to %s is not authorized',
    async (topic) => {
      expect(await refusal(mallory.publish(topic, [{}], {}, { acknowledge: true }))).toEqual([
        errors.notAuthorized,
        `role "player" may not publish to "${topic}"`,
      ]);
      await mallory.publish(topic, [null]);
      await mallory.publish(topic, [{ removed: server.match }]);
      await server.healthy();
    },
  );
  it('as the router is an invalid URI', async () => {
    expect((await refusal(mallory.publish('wamp.session.on_leave', [1], {}, { acknowledge: true })))[0]).toBe(
      errors.invalidUri,
    );
    await mallory.publish('wamp.session.on_leave', [1]);
    await server.healthy();
  });
});

describe('calling', () => {
  const own = () => server.uris;
  it.each<[string, () => [string, List?, Dict?], string, string]>([
    [
      'create',
      () => ['game.rally.create', [], {}],
      errors.notAuthorized,
      'only services create matches: call lobby.create or lobby.quick',
    ],
    ['close', () => [own().close], errors.notAuthorized, 'only services close a match'],
    [
      'a bot',
      () => ['bot.rally.play', [], { match: 'x', seat: 0 }],
      errors.notAuthorized,
      'role "player" may not call "bot.rally.play"',
    ],
    ['the authority', () => ['authority.match'], errors.notAuthorized, 'role "player" may not call "authority.match"'],
    [
      'the list of sessions',
      () => ['wamp.session.list'],
      errors.notAuthorized,
      'role "player" may not call "wamp.session.list"',
    ],
    [
      'the killing of sessions',
      () => ['wamp.session.kill_all'],
      errors.notAuthorized,
      'role "player" may not call "wamp.session.kill_all"',
    ],
    ['a move without a seat', () => [own().move('hit'), [{}]], 'game.error.no_seat', 'You do not sit in that seat.'],
    [
      'a move for another seat',
      () => [own().move('hit'), [{}], { seat: 0 }],
      'game.error.no_seat',
      'You do not sit in that seat.',
    ],
    [
      'a rematch without a seat',
      () => [own().offer, [], { what: 'rematch' }],
      'game.error.no_seat',
      'You do not sit in that seat.',
    ],
    ['a full match', () => [own().join, [], { form: 'json' }], 'game.error.full', 'The match is full.'],
    [
      'a seat that is taken',
      () => [own().join, [], { form: 'json', seat: 0 }],
      'game.error.full',
      'The match is full.',
    ],
    [
      'a seat that there is not',
      () => [own().join, [], { form: 'json', seat: 7 }],
      'game.error.bad_arguments',
      'seat: there are seats 0 to 1',
    ],
    [
      'a seat below 0',
      () => [own().join, [], { form: 'json', seat: -1 }],
      'game.error.bad_arguments',
      'seat: Too small: expected number to be >=0',
    ],
    [
      'another form',
      () => [own().sync, [], { form: 'xml' }],
      'game.error.bad_arguments',
      'form: Invalid option: expected one of "json"|"packed"',
    ],
    [
      'an outdated page',
      () => [own().join, [], { form: 'json', fingerprint: 'x' }],
      'game.error.outdated_client',
      'This page is outdated. Reload it.',
    ],
    [
      'arguments of a prototype',
      () => [own().join, [], { form: 'json', constructor: 1 }],
      'game.error.bad_arguments',
      'Unrecognized key: "constructor"',
    ],
    [
      'a move that there is not',
      () => [own().move('constructor'), [{}]],
      errors.noSuchProcedure,
      'a match of rally has no procedure ',
    ],
    [
      'a move by a prototype',
      () => [own().move('__proto__'), [{}]],
      errors.noSuchProcedure,
      'a match of rally has no procedure ',
    ],
    ['nothing of a match', () => [own().prefix.slice(0, -1)], 'game.error.no_such_match', 'There is no such match.'],
    [
      'a move with binary arguments',
      () => [own().move('say'), [new Uint8Array(40_000)]],
      'game.error.bad_arguments',
      'args[0]: the arguments of a move are a dict',
    ],
    [
      'a move with text for arguments',
      () => [own().move('hit'), ['x']],
      'game.error.bad_arguments',
      'args[0]: the arguments of a move are a dict',
    ],
    [
      'a move with two arguments',
      () => [own().move('hit'), [{}, {}]],
      'game.error.bad_arguments',
      'args[1]: a move has one positional argument: the dict of its arguments',
    ],
    [
      'a match that there is not',
      () => ['game.rally.match.nosuch.join'],
      'game.error.no_such_match',
      'There is no such match.',
    ],
    [
      'a match in two parts',
      () => ['game.rally.match.a.b.c.join'],
      'game.error.no_such_match',
      'There is no such match.',
    ],
    [
      'a match of another game',
      () => [own().join.replace('rally', 'chess')],
      'game.error.no_such_match',
      'There is no such match.',
    ],
    [
      'a game that there is not',
      () => ['game.constructor.match.x.join'],
      errors.noSuchProcedure,
      'nobody has registered game.constructor.match.x.join',
    ],
    [
      'a quick match of no game',
      () => ['lobby.quick', [], { game: 'toString' }],
      'lobby.error.no_such_game',
      'There is no game "toString"; there are rally, secret, connect_four, chess.',
    ],
    [
      'a quick match of nothing',
      () => ['lobby.quick'],
      'game.error.bad_arguments',
      'game: Invalid input: expected string, received undefined',
    ],
    [
      'options that are none',
      () => ['lobby.create', [], { game: 'chess', options: { constructor: 1 } }],
      'game.error.bad_arguments',
      'Unrecognized key: "constructor"',
    ],
    [
      'options that are text',
      () => ['lobby.create', [], { game: 'chess', options: 'x' }],
      'game.error.bad_arguments',
      'Invalid input: expected object, received string',
    ],
    [
      'sixteen seats',
      () => ['lobby.create', [], { game: 'chess', seats: 16 }],
      'game.error.bad_arguments',
      'seats: 16 is not from 2 to 2',
    ],
    [
      'a seat beyond the seats',
      () => ['lobby.create', [], { game: 'chess', seat: 2 }],
      'game.error.bad_arguments',
      'seat: there are seats 0 to 1',
    ],
    [
      'a computer that is not there',
      () => ['lobby.create', [], { game: 'chess', opponent: 'computer' }],
      'lobby.error.no_opponent',
      'The computer cannot play chess: there is none here.',
    ],
    [
      'a list of no game',
      () => ['lobby.list', [], { game: '__proto__' }],
      'lobby.error.no_such_game',
      'There is no game "__proto__"; there are rally, secret, connect_four, chess.',
    ],
    [
      'a find of nothing',
      () => ['lobby.find', [], { match: 'constructor' }],
      'game.error.no_such_match',
      'There is no such match.',
    ],
  ])('%s is refused', async (_, attempt, uri, words) => {
    const [procedure, args, kwargs] = attempt();
    const [answered, message] = await refusal(mallory.call(procedure, args, kwargs));
    expect(answered).toBe(uri);
    expect(message.startsWith(words), message).toBe(true);
    await server.healthy();
  });

  it('another player, who hears who called only if the caller or the callee says so', async () => {
    const victim = await server.guest();
    const heard: Dict[] = [];
    await victim.register(`player.${victim.authid}.ask`, ({ details }) => void heard.push(details));
    await mallory.call(`player.${victim.authid}.ask`, [], {}, { caller: 1, caller_authid: server.victims[0] } as never);
    expect(heard).toEqual([{}]);
  });
});

describe('a guest ticket', () => {
  const settings = { secret, now: Date.now };
  const back = async (authid: string, ticket: string) =>
    join(await connectWebSocket(server.url), { realm, authid, authmethods: ['ticket'], onChallenge: () => ticket });

  it.each<[string, (own: string) => string]>([
    ['nothing', () => ''],
    ['dots', () => '...'],
    ['sixty thousand dots', () => '.'.repeat(60_000)],
    ['our ticket', (own) => own],
    ['our ticket with another name', (own) => `${server.victims[0]}.${own.split('.').slice(1).join('.')}`],
    ['one without signature', () => `${server.victims[0]}.9999999999.`],
    ['one signed by somebody else', () => signGuestTicket(server.victims[0], { ...settings, secret: 'guess' })],
    ['one that has expired', () => signGuestTicket(server.victims[0], { ...settings, lifetimeMs: -1000 })],
    [
      'one signed for something else',
      () => {
        const content = `${server.victims[0]}.9999999999`;
        return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
      },
    ],
    ['one made of dots in the name', () => signGuestTicket(`${server.victims[0]}.1`, settings)],
    ['one that never expires', () => signGuestTicket(server.victims[0], settings).replace(/\.\d+\./, '.Infinity.')],
  ])('of %s makes nobody else of us', async (_, forged) => {
    const own = signGuestTicket(mallory.authid, settings);
    expect(await refusal(back(server.victims[0], forged(own)))).toEqual([
      errors.authenticationDenied,
      'no such user, or the wrong secret',
    ]);
    await server.healthy();
  });

  it.each(['authority', 'lobby', 'computer', '', 'a.b', '{authid}'])(
    'of our own does not make us %s',
    async (authid) => {
      expect((await refusal(back(authid, signGuestTicket(mallory.authid, settings))))[0]).toBe(
        errors.authenticationDenied,
      );
    },
  );

  it('makes us ourselves again', async () => {
    expect(await back(mallory.authid, signGuestTicket(mallory.authid, settings))).toMatchObject({
      authid: mallory.authid,
      authrole: 'player',
    });
  });
});

describe('an attempt that is resent', () => {
  it('gets its own first answer, never that of another player', async () => {
    const [ada, bob] = [await server.guest(), await server.guest()];
    const { match } = (await ada.call('lobby.create', [], { game: 'rally' })).args[0] as { match: string };
    const uris = gameUris('rally').match(match);
    for (const player of [ada, bob]) await player.call(uris.join, [], { form: 'json' });
    const hit = (player: Session) => player.call(uris.move('hit'), [{}], { id: 'same' });
    const first = await hit(ada);
    expect((await hit(ada)).args).toEqual(first.args);
    expect(await hit(bob)).not.toEqual(first);
    expect((await refusal(mallory.call(uris.move('hit'), [{}], { id: 'same' })))[0]).toBe('game.error.no_seat');
  });
});

describe('secrets of a match', () => {
  it('reach nobody else, whatever is asked, in whatever order', async () => {
    const [ada, bob] = [await server.guest(), await server.guest()];
    const { match } = (await ada.call('lobby.create', [], { game: 'secret', opponent: 'friend' })).args[0] as {
      match: string;
    };
    const uris = gameUris('secret').match(match);
    const seen: unknown[] = [];
    await mallory.subscribe(uris.state.json, ({ args, kwargs, details }) => void seen.push({ args, kwargs, details }));
    const look = async () => {
      for (const [procedure, args, kwargs] of [
        [uris.sync, [], { form: 'json' }],
        [uris.sync, [], { form: 'json', since: { epoch: 0, version: 0 } }],
        [uris.join, [], { form: 'json', seat: null }],
        [uris.join, [], { form: 'json' }],
        [uris.leave, [], {}],
        [uris.move('draw'), [{}], {}],
        [uris.move('pick'), [{ card: 1000 }], {}],
        ['lobby.find', [], { match }],
        ['lobby.list', [], {}],
      ] as const)
        seen.push(await mallory.call(procedure, args, kwargs).catch((error: CallError) => [error.args, error.kwargs]));
    };
    await look();
    await ada.call(uris.join, [], { form: 'json' });
    await bob.call(uris.join, [], { form: 'json' });
    await look();
    for (const player of [ada, bob]) await player.call(uris.move('draw'), [{}]);
    await look();
    const again = await server.guest();
    seen.push((await again.call(uris.sync, [], { form: 'json' })).args);
    const text = JSON.stringify(seen);
    for (const card of [1000, 1001, 2000, 2001, 2002, 2003]) expect(text).not.toMatch(new RegExp(`\\b${card}\\b`));
    expect(text).toContain('concealed');
    await server.healthy();
  });
});
