/** Components that say who may come and what they may do, through a whole router. */
import { describe, expect, test } from 'vitest';
import {
  CallError,
  errors,
  join,
  transportPair,
  withTicket,
  type Dict,
  type JoinOptions,
  type List,
  type Procedure,
  type Session,
} from '../../../protocol/index.ts';
import {
  anonymous,
  cookie,
  inProcess,
  ticket,
  type AuthenticationMethod,
  type TransportFacts,
} from '../../../server/authentication/index.ts';
import { Hub, type HubRealm } from '../../../server/transports/index.ts';

const everything = { call: true, register: true, publish: true, subscribe: true };
const roles = [
  { name: 'component', permissions: [{ uri: '', match: 'prefix' as const, allow: everything }] },
  { name: 'guest', authorizer: 'com.example.authorize', permissions: [] },
  { name: 'player', permissions: [{ uri: 'game.', match: 'prefix' as const, allow: everything }] },
];
const authenticator = { procedure: 'com.example.authenticate', realm: 'backend' };

interface Setting {
  readonly authenticate?: Procedure;
  readonly authorize?: Procedure;
  readonly methods?: readonly AuthenticationMethod[];
}

async function start({ authenticate, authorize, methods }: Setting) {
  const reported: unknown[] = [];
  const realm = (name: string): HubRealm => ({
    name,
    roles,
    authentication: methods ?? [ticket({ authenticator }), anonymous({ role: 'guest' })],
  });
  const hub = new Hub({ realms: ['realm1', 'realm2', 'backend'].map(realm), report: (error) => reported.push(error) });
  const component = (name: string) =>
    join(hub.link({ authid: 'it', authrole: 'component' }), { realm: name, onError: () => {} });
  const host = await component('realm1');
  if (authenticate) await (await component('backend')).register(authenticator.procedure, authenticate);
  if (authorize) await host.register('com.example.authorize', authorize);
  const come = (options: Partial<JoinOptions> = {}, facts: TransportFacts = inProcess): Promise<Session> => {
    const [ours, theirs] = transportPair();
    hub.accept(ours, facts);
    return join(theirs, { realm: 'realm1', ...options });
  };
  return { hub, host, come, reported };
}
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
const ada = withTicket({ authid: 'ada', ticket: 's3cret' });

describe('[Dynamic Authenticators] through the router', () => {
  test('a component in another realm says who it is, into which realm, and what WELCOME tells', async () => {
    const asked: List[] = [];
    const { come } = await start({
      authenticate: ({ args }) => {
        asked.push(args);
        return { args: [{ role: 'player', realm: 'realm2', extra: { motd: 'hi' } }] };
      },
    });
    const session = await come(ada);
    expect(session.details).toMatchObject({
      realm: 'realm2',
      authid: 'ada',
      authrole: 'player',
      authmethod: 'ticket',
      authprovider: 'dynamic',
      authextra: { motd: 'hi' },
    });
    expect(asked).toMatchObject([['realm1', 'ada', { ticket: 's3cret', transport: { type: 'memory' } }]]);
  });
  test.each([
    [{ role: 'king' }, errors.noSuchRole],
    [{ role: 'player', realm: 'nowhere' }, errors.noSuchRealm],
    [{}, errors.noSuchRole],
    [5, errors.authenticationFailed],
  ])('%j: ABORT', async (answer, uri) => {
    const { come } = await start({ authenticate: () => ({ args: [answer] }) });
    expect(await failure(come(ada))).toMatchObject({ uri });
  });
  test('what it throws is the reason, and its text the message', async () => {
    const { come, reported } = await start({
      authenticate: () => {
        throw new CallError('com.example.error.locked', ['three wrong tickets']);
      },
    });
    expect(await failure(come(ada))).toMatchObject({ uri: 'com.example.error.locked', message: 'three wrong tickets' });
    expect(reported).toEqual([]);
  });
  test('one that is not there: authentication_failed, and the operator is told', async () => {
    const { come, reported } = await start({});
    expect(await failure(come(ada))).toMatchObject({ uri: errors.authenticationFailed });
    expect(reported).toMatchObject([{ message: 'the authenticator com.example.authenticate failed' }]);
  });
  test('a router that stops takes leave of its own sessions, too', async () => {
    const { hub, come } = await start({ authenticate: () => ({ args: ['player'] }) });
    await come(ada);
    await hub.stop(3_600_000); // would wait that long for one that does not answer
    expect(hub.connections).toBe(0);
  });
  test('the session by which the router asks is in no list', async () => {
    const { host, come } = await start({ authorize: () => ({ args: [true] }) });
    const guest = await come();
    await guest.subscribe('com.example.topic', () => {});
    expect((await host.call('wamp.session.list')).args[0]).toEqual([host.id, guest.id]);
  });
});

describe('[Dynamic Authorization] through the router', () => {
  test('the component learns who wants to do what', async () => {
    const asked: List[] = [];
    const { come } = await start({
      authorize: ({ args }) => {
        asked.push(args);
        return { args: [{ allow: true, cache: true }] };
      },
    });
    const guest = await come({}, { ...inProcess, peer: '127.0.0.1:5' });
    for (let i = 0; i < 2; i++) await guest.publish('com.example.topic', [], {}, { acknowledge: true });
    const { id, authid } = guest;
    expect(asked).toEqual([
      [
        {
          session: id,
          realm: 'realm1',
          authid,
          authrole: 'guest',
          authmethod: 'anonymous',
          authprovider: 'static',
          authextra: null,
          transport: { type: 'memory', peer: '127.0.0.1:5', is_secure: true },
        },
        'com.example.topic',
        'publish',
        { acknowledge: true },
      ],
    ]);
  });
  test.each<[unknown, string | undefined]>([
    [true, undefined],
    [{ allow: true, validate: null, disclose: null }, undefined],
    [false, errors.notAuthorized],
    [{ allow: false }, errors.notAuthorized],
    [{}, errors.authorizationFailed],
    [undefined, errors.authorizationFailed],
    ['yes', errors.authorizationFailed],
    [{ allow: 'yes' }, errors.authorizationFailed],
    [{ allow: true, cache: 1 }, errors.authorizationFailed],
    [{ allow: true, forever: true }, errors.authorizationFailed],
  ])('%j: %s', async (answer, uri) => {
    const { come } = await start({ authorize: () => ({ args: [answer] }) });
    const outcome = await failure((await come()).subscribe('com.example.topic', () => {}));
    if (uri === undefined) expect(outcome).not.toBeInstanceOf(Error);
    else expect(outcome).toMatchObject({ uri });
  });
  test('conditions that this router cannot keep are no permission, and whoever runs it learns why', async () => {
    const { come, reported } = await start({ authorize: () => ({ args: [{ allow: true, validate: { call: 'x' } }] }) });
    expect(await failure((await come()).call('com.example.do'))).toMatchObject({ uri: errors.authorizationFailed });
    expect(reported).toMatchObject([
      { cause: { message: 'validate is not supported: this router passes payloads on unread' } },
    ]);
  });
  test('one that throws, and one that is not there: authorization_failed, and the session goes on', async () => {
    const broken: Procedure = ({ args: [, uri] }) => {
      if (uri === 'com.example.broken') throw new Error('a bug');
      return { args: [true] };
    };
    const { come, reported } = await start({ authorize: broken });
    const guest = await come();
    expect(await failure(guest.subscribe('com.example.broken', () => {}))).toMatchObject({
      uri: errors.authorizationFailed,
    });
    await guest.subscribe('com.example.topic', () => {});
    expect(reported).toHaveLength(1);
    const nobody = await (await start({})).come();
    expect(await failure(nobody.call('com.example.do'))).toMatchObject({ uri: errors.authorizationFailed });
  });
  test('a slow answer keeps the order of what one session sends, and nobody else waits', async () => {
    const gates: (() => void)[] = [];
    const authorize: Procedure = async ({ args: [who] }) => {
      if ((who as Dict)['authid'] === slow) await new Promise<void>((open) => gates.push(open));
      return { args: [true] };
    };
    let slow = '';
    const { host, come } = await start({ authorize });
    const heard: unknown[] = [];
    for (const topic of ['a', 'b'])
      await host.subscribe(`com.example.${topic}`, ({ args }) => void heard.push(args[0]));
    const [first, second] = [await come(), await come()];
    slow = first.authid;
    await first.publish('com.example.a', [1]);
    const last = first.publish('com.example.b', [2], {}, { acknowledge: true });
    await second.publish('com.example.a', [3], {}, { acknowledge: true });
    expect(heard).toEqual([3]);
    await expect.poll(() => gates.length).toBe(1);
    gates.shift()!();
    await expect.poll(() => gates.length).toBe(1);
    gates.shift()!();
    await last;
    expect(heard).toEqual([3, 1, 2]);
  });
});

describe('[Cookie-based Authentication] through the router', () => {
  const browser: TransportFacts = { ...inProcess, type: 'websocket', cookie: 'c00kie' };
  const methods = () => [
    cookie(),
    ticket({ principals: { ada: { ticket: 's3cret', role: 'player' } } }),
    anonymous({ role: 'guest' }),
  ];

  test('first by ticket, then by cookie: the original method, provider cookie', async () => {
    const { come } = await start({ methods: methods() });
    const first = await come({ ...ada, authmethods: ['cookie', 'ticket'] }, browser);
    expect(first.details).toMatchObject({ authmethod: 'ticket', authprovider: 'static' });
    const back = await come({ authmethods: ['cookie'] }, browser);
    expect(back.details).toMatchObject({
      authid: 'ada',
      authrole: 'player',
      authmethod: 'ticket',
      authprovider: 'cookie',
    });
  });
  test('a client that does not ask for it is not taken for its user', async () => {
    const { come } = await start({ methods: methods() });
    await come(ada, browser);
    expect((await come({}, browser)).authrole).toBe('guest');
  });
  test('an unknown cookie alone matches no method', async () => {
    const { come } = await start({ methods: methods() });
    expect(await failure(come({ authmethods: ['cookie'] }, browser))).toMatchObject({
      uri: errors.noMatchingAuthMethod,
    });
  });
});
