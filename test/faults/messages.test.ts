/** Messages that no client of ours sends, over a real socket: each costs its sender what it should, and nobody else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors } from '../../protocol/index.ts';
import { Attacker, roles, type Heard } from './attacker.ts';
import { gameServer, realm } from './server.ts';

let server: Awaited<ReturnType<typeof gameServer>>;
beforeAll(async () => {
  server = await gameServer();
});
afterAll(() => server.stop());

const abort = (message: string, reason: string = errors.protocolViolation): Heard => ['abort', reason, message];
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const hello = (details: object) => [1, realm, { roles, ...details }];
const long = 'x'.repeat(60_000);

describe('before a session', () => {
  it.each<[string, unknown, Heard]>([
    ['nothing at all', '', abort('a message is not JSON')],
    ['half a message', '[1,"realmkit"', abort('a message is not JSON')],
    ['an object', {}, abort('a message is not a list')],
    ['an empty list', [], abort('undefined is not a message code')],
    ['a code that is a word', ['hello'], abort('a string is not a message code')],
    ['a code that there is not', [999, {}], abort('999 is not a message code')],
    ['a code beyond all numbers', '[1e999]', abort('Infinity is not a message code')],
    ['lists without end', nested(32_000), abort('a message is nested more than 64 deep')],
    ['a call', [48, 1, {}, 'lobby.list'], abort('call before hello')],
    ['an answer to no challenge', [5, 'x', {}], abort('authenticate before hello')],
    ['a welcome', [2, 1, {}], abort('welcome before hello')],
    ['a goodbye', [6, {}, 'wamp.close.close_realm'], abort('goodbye before hello')],
    ['a hello without details', [1, realm], abort('hello has 1 elements after its code, not 2')],
    ['a hello without roles', [1, realm, {}], abort('hello.details.roles is missing')],
    [
      'roles of a router',
      [1, realm, { roles: { broker: {} } }],
      abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
    ],
    ['a role that is a list', [1, realm, { roles: { caller: [] } }], abort('hello.details.roles.caller is not a dict')],
    [
      'roles by a prototype',
      '[1,"realmkit",{"roles":{"__proto__":{"caller":{}}}}]',
      abort('a message has a key __proto__'),
    ],
    [
      'a realm that is no URI',
      [1, 'not a realm', { roles }],
      abort('"not a realm" is not a realm\'s URI', errors.invalidUri),
    ],
    [
      'a realm that there is not',
      [1, 'constructor', { roles }],
      abort('there is no realm "constructor"', errors.noSuchRealm),
    ],
    ['a realm of 60,000 letters', [1, long, { roles }], abort(`"${long}" is not a realm's URI`, errors.invalidUri)],
    [
      'methods that are no list',
      hello({ authmethods: 'anonymous' }),
      abort('hello.details.authmethods is not a list of strings'),
    ],
    ['an authid that is no text', hello({ authid: 7 }), abort('hello.details.authid is not a string')],
    [
      'a method that there is not',
      hello({ authmethods: ['toString'] }),
      abort('realm "realmkit" offers: ticket, anonymous', errors.noMatchingAuthMethod),
    ],
    [
      'a method for components',
      hello({ authmethods: ['trusted'], authid: 'authority', authrole: 'authority' }),
      abort('realm "realmkit" offers: ticket, anonymous', errors.noMatchingAuthMethod),
    ],
  ])('%s ends the connection, saying what was wrong', async (_, message, answer) => {
    const attacker = await Attacker.connect(server.url);
    attacker.say(message);
    expect(await attacker.heard()).toEqual(answer);
    await attacker.closed;
    await server.healthy();
  });

  it('a binary frame where text was agreed upon ends the connection with 1003', async () => {
    const attacker = await Attacker.connect(server.url);
    attacker.socket.send(Buffer.from('[]'));
    expect(await attacker.heard()).toEqual(abort('wamp.2.json is sent in text frames only'));
    expect(await attacker.closed).toBe(1003);
    await server.healthy();
  });

  it('a message over 64 KiB ends the connection with 1009', async () => {
    const attacker = await Attacker.guest(server.url);
    attacker.say([48, 1, {}, 'lobby.list', ['x'.repeat(64 * 1024)]]);
    expect(await attacker.closed).toBe(1009);
    await server.healthy();
  });

  it('a claim to be somebody is not believed', async () => {
    const attacker = await Attacker.connect(server.url);
    attacker.say(hello({ authid: server.victims[0], authrole: 'authority', authmethods: ['anonymous'] }));
    const welcome = await attacker.next();
    if (welcome?.type !== 'welcome') throw new Error('not welcome');
    expect(welcome.details.authrole).toBe('player');
    expect(server.victims).not.toContain(welcome.details.authid);
    await attacker.leave();
  });
});

describe('in a session', () => {
  it.each<[string, unknown, Heard]>([
    ['a second hello', hello({}), abort('hello in an established session')],
    ['an answer to no challenge', [5, '', {}], abort('authenticate in an established session')],
    ['a welcome', [2, 1, {}], abort('welcome in an established session')],
    ['a challenge', [4, 'ticket', {}], abort('challenge in an established session')],
    ['an event', [36, 1, 1, {}], abort('event in an established session')],
    ['a result', [50, 1, {}], abort('result in an established session')],
    ['an invocation', [68, 1, 1, {}], abort('invocation in an established session')],
    ['an interrupt', [69, 1, {}], abort('interrupt in an established session')],
    ['a call out of sequence', [48, 7, {}, 'lobby.list'], abort('call.request is 7, not 1, the next of this session')],
    ['a call with id 0', [48, 0, {}, 'lobby.list'], abort('call.request is not an id (integer from 1 to 2^53)')],
    [
      'a call with half an id',
      [48, 1.5, {}, 'lobby.list'],
      abort('call.request is not an id (integer from 1 to 2^53)'),
    ],
    [
      'a call with a huge id',
      '[48,99999999999999999999999,{},"lobby.list"]',
      abort('call.request is not an id (integer from 1 to 2^53)'),
    ],
    ['a call without a procedure', [48, 1, {}], abort('call has 2 elements after its code, not 3 to 5')],
    [
      'a call with too much',
      [48, 1, {}, 'lobby.list', [], {}, {}],
      abort('call has 6 elements after its code, not 3 to 5'),
    ],
    ['a procedure that is no text', [48, 1, {}, {}], abort('call.procedure is not a uri')],
    ['arguments that are no list', [48, 1, {}, 'lobby.list', 'x'], abort('call.args is not a list')],
    ['keyword arguments that are a list', [48, 1, {}, 'lobby.list', [], []], abort('call.kwargs is not a dict')],
    ['options that are a list', [48, 1, [], 'lobby.list'], abort('call.options is not a dict')],
    [
      'a timeout that is text',
      [48, 1, { timeout: '1' }, 'lobby.list'],
      abort('call.options.timeout is not a number of milliseconds, at least 0'),
    ],
    [
      'progress that was not announced',
      [48, 1, { progress: true }, 'lobby.list'],
      abort('call.options.progress needs progressive_call_invocations, which was not announced'),
    ],
    [
      'passthru that was not announced',
      [48, 1, { ppt_scheme: 'mqtt' }, 'lobby.list'],
      abort('call.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
    ],
    [
      'an unknown match policy',
      [32, 1, { match: 'regex' }, 'lobby.matches'],
      abort('subscribe.options.match is not one of "exact", "prefix", "wildcard"'),
    ],
    [
      'eligible that is no list',
      [16, 1, { eligible: 5 }, 'player.a.b'],
      abort('publish.options.eligible is not a list of ids'),
    ],
    [
      'eligible with a name',
      [16, 1, { eligible: ['x'] }, 'player.a.b'],
      abort('publish.options.eligible is not a list of ids'),
    ],
    [
      'acknowledge that is a word',
      [16, 1, { acknowledge: 'yes' }, 'player.a.b'],
      abort('publish.options.acknowledge is not true or false'),
    ],
    [
      'an unknown invocation policy',
      [64, 1, { invoke: '__proto__' }, 'player.a.b'],
      abort('register.options.invoke is not one of "single", "first", "last", "roundrobin", "random"'),
    ],
    [
      'an unknown cancel mode',
      [49, 1, { mode: 'no' }],
      abort('cancel.options.mode is not one of "skip", "kill", "killnowait"'),
    ],
    ['a yield to no invocation', [70, 1, {}], abort('yield.request 1 was no invocation of this session')],
    ['an error to no invocation', [8, 68, 1, {}, 'a.b'], abort('error.request 1 was no invocation of this session')],
    ['an error to a call', [8, 48, 1, {}, 'a.b'], abort('error.requestType is 48, not 68')],
    ['an error that is no URI', [8, 68, 1, {}, 'a b'], abort('error.error is not a uri')],
    ['a goodbye without reason', [6, {}], abort('goodbye has 1 elements after its code, not 2')],
    ['a goodbye whose reason is no URI', [6, {}, 'a b'], abort('goodbye.reason is not a uri')],
    [
      'a key __proto__ deep inside',
      '[48,1,{},"lobby.list",[],{"a":[{"__proto__":{"x":1}}]}]',
      abort('a message has a key __proto__'),
    ],
    ['arguments too deep', `[48,1,{},"lobby.list",${nested(64)}]`, abort('a message is nested more than 64 deep')],
    ['binary that is not base64', '[48,1,{},"lobby.list",["\\u0000?"]]', abort('a binary string is not base64')],
    ['60,000 digits', `[48,1,{},"lobby.list",[${'1'.repeat(60_000)}]]`, abort('a message is not JSON')],
  ])('%s aborts it, naming message and field', async (_, message, answer) => {
    const attacker = await Attacker.guest(server.url);
    attacker.say(message);
    expect(await attacker.heard()).toEqual(answer);
    await attacker.closed;
    await server.healthy();
  });

  it.each<[string, unknown[], Heard]>([
    [
      'a procedure with blanks',
      [48, 1, {}, 'lobby list'],
      ['error', errors.invalidUri, '"lobby list" is not a well formed URI'],
    ],
    ['an empty procedure', [48, 1, {}, ''], ['error', errors.invalidUri, '"" is not a well formed URI']],
    [
      'a procedure in capitals',
      [48, 1, {}, 'lobby.List'],
      ['error', errors.invalidUri, '"lobby.List" is not a well formed URI'],
    ],
    [
      'a procedure of dots',
      [48, 1, {}, '.'.repeat(1000)],
      ['error', errors.invalidUri, `"${'.'.repeat(1000)}" is not a well formed URI`],
    ],
    [
      'a procedure of 60,000 letters',
      [48, 1, {}, long],
      ['error', errors.invalidUri, 'a URI may have 1024 characters, this one has 60000'],
    ],
    ['an unsubscribe of nothing', [34, 1, 1], ['error', errors.noSuchSubscription, 'you hold no subscription 1']],
    ['an unregister of nothing', [66, 1, 1], ['error', errors.noSuchRegistration, 'you hold no registration 1']],
  ])('%s is answered by an error, and the session goes on', async (_, message, answer) => {
    const attacker = await Attacker.guest(server.url);
    attacker.say(message);
    expect(await attacker.heard()).toEqual(answer);
    attacker.say([48, 2, {}, 'lobby.list']);
    expect(await attacker.heard()).toEqual(['result']);
    await attacker.leave();
    await server.healthy();
  });

  it('a cancel of no call is ignored', async () => {
    const attacker = await Attacker.guest(server.url);
    attacker.say([49, 77, {}]);
    attacker.say([48, 1, {}, 'lobby.list']);
    expect(await attacker.heard()).toEqual(['result']);
    await attacker.leave();
  });

  it('goodbye and hello again on one connection make another guest each time', async () => {
    const attacker = await Attacker.connect(server.url);
    const authids = new Set<string>();
    for (let turn = 0; turn < 50; turn++) {
      await attacker.hello();
      authids.add(attacker.authid);
      attacker.say([32, 1, {}, 'lobby.matches']);
      expect(await attacker.heard()).toEqual(['subscribed']);
      attacker.say([6, {}, 'wamp.close.close_realm']);
      while ((await attacker.next())?.type !== 'goodbye');
    }
    expect(authids.size).toBe(50);
    attacker.say([48, 2, {}, 'lobby.list']);
    expect(await attacker.heard()).toEqual(abort('call before hello'));
    await server.healthy();
  });

  it('nothing is read after an abort', async () => {
    const attacker = await Attacker.guest(server.url);
    const { uris } = server;
    attacker.say('garbage');
    for (let request = 1; request < 100; request++) attacker.say([48, request, {}, uris.join, [], { form: 'json' }]);
    expect(await attacker.heard()).toEqual(abort('a message is not JSON'));
    expect(await attacker.heard()).toEqual(['closed']);
    await server.healthy();
  });
});
