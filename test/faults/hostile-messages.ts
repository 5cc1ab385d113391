/** Messages that no client of ours sends, as wire lists, and what the specification has a router answer. */
import { errors } from '../../protocol/index.ts';

/** What comes back: the end of the session, or an error after which it goes on. */
export type Answer =
  | { readonly abort: string; readonly reason?: string }
  | { readonly error: string; readonly message: string };

export interface Hostile {
  readonly title: string;
  /** Whether HELLO has been said and welcomed before. */
  readonly joined: boolean;
  /** What is said first; its answers are not looked at. */
  readonly before?: readonly (readonly unknown[])[];
  readonly message: unknown;
  readonly answer: Answer;
  /** It is not even a message: long-poll says so at once. */
  readonly malformed?: boolean;
}

export const roles = { caller: {}, callee: {}, publisher: {}, subscriber: {} };
export const hello = [1, 'realm1', { roles }] as const;
const long = 'x'.repeat(60_000);

/** A sane message of each type that a client may send, and the names of its fields. */
const sane = {
  hello: { wire: hello, fields: ['realm', 'details'] },
  authenticate: { wire: [5, '', {}], fields: ['signature', 'extra'] },
  goodbye: { wire: [6, {}, 'wamp.close.close_realm'], fields: ['details', 'reason'] },
  abort: { wire: [3, {}, 'wamp.error.canceled'], fields: ['details', 'reason', 'args', 'kwargs'] },
  error: { wire: [8, 68, 1, {}, 'com.e'], fields: ['requestType', 'request', 'details', 'error', 'args', 'kwargs'] },
  publish: { wire: [16, 1, {}, 'com.a'], fields: ['request', 'options', 'topic', 'args', 'kwargs'] },
  subscribe: { wire: [32, 1, {}, 'com.a'], fields: ['request', 'options', 'topic'] },
  unsubscribe: { wire: [34, 1, 1], fields: ['request', 'subscription'] },
  call: { wire: [48, 1, {}, 'com.a'], fields: ['request', 'options', 'procedure', 'args', 'kwargs'] },
  cancel: { wire: [49, 1, {}], fields: ['request', 'options'] },
  register: { wire: [64, 1, {}, 'com.a'], fields: ['request', 'options', 'procedure'] },
  unregister: { wire: [66, 1, 1], fields: ['request', 'registration'] },
  yield: { wire: [70, 1, {}], fields: ['request', 'options', 'args', 'kwargs'] },
} as const satisfies Record<string, { wire: readonly unknown[]; fields: readonly string[] }>;
type ClientMessage = keyof typeof sane;

/** What only a router says. */
const routerMessages: Readonly<Record<string, readonly unknown[]>> = {
  welcome: [2, 1, {}],
  challenge: [4, 'ticket', {}],
  published: [17, 1, 1],
  subscribed: [33, 1, 1],
  unsubscribed: [35, 1],
  event: [36, 1, 1, {}],
  result: [50, 1, {}],
  registered: [65, 1, 1],
  unregistered: [67, 1],
  invocation: [68, 1, 1, {}],
  interrupt: [69, 1, {}],
};

/** Any text may be one to the parser; the router looks closer. */
const notUri = 'not a uri';
const id = 'an id (integer from 1 to 2^53)';
const bool = 'true or false';
const string = 'a string';
const strings = 'a list of strings';
const ids = 'a list of ids';
const hops = 'a list of dicts with session, authid and authrole';
const millis = 'a number of milliseconds, at least 0';
const policies = 'one of "exact", "prefix", "wildcard"';
const modes = 'one of "skip", "kill", "killnowait"';
const invocations = 'one of "single", "first", "last", "roundrobin", "random"';

/** One field, or one key of its dict, of another type than it has: the ABORT names both. */
const wrongTypes: readonly (readonly [type: ClientMessage, field: string, value: unknown, expected: string])[] = [
  ['hello', 'realm', 7, 'a uri'],
  ['hello', 'realm', null, 'a uri'],
  ['hello', 'details', [], 'a dict'],
  ['hello', 'details.roles', [], 'a dict'],
  ['hello', 'details.roles', 'caller', 'a dict'],
  ['hello', 'details.agent', 7, string],
  ['hello', 'details.authid', 7, string],
  ['hello', 'details.authid', {}, string],
  ['hello', 'details.authrole', ['admin'], string],
  ['hello', 'details.authmethods', 'anonymous', strings],
  ['hello', 'details.authmethods', [7], strings],
  ['hello', 'details.authextra', 'x', 'a dict'],
  ['hello', 'details.resumable', 1, bool],
  ['hello', 'details.resume-session', 'x', id],
  ['hello', 'details.resume-token', 7, string],
  ['authenticate', 'signature', 7, string],
  ['authenticate', 'signature', null, string],
  ['authenticate', 'extra', [], 'a dict'],
  ['goodbye', 'details', null, 'a dict'],
  ['goodbye', 'details.message', {}, string],
  ['goodbye', 'reason', 7, 'a uri'],
  ['goodbye', 'reason', notUri, 'a uri'],
  ['error', 'requestType', '68', 'an integer'],
  ['error', 'requestType', 6.5, 'an integer'],
  ['error', 'request', 0, id],
  ['error', 'details', 'x', 'a dict'],
  ['error', 'details.ppt_scheme', 7, string],
  ['error', 'error', {}, 'a uri'],
  ['error', 'error', notUri, 'a uri'],
  ['error', 'args', 'x', 'a list'],
  ['error', 'kwargs', 7, 'a dict'],
  ['publish', 'request', -1, id],
  ['publish', 'request', null, id],
  ['publish', 'options', [], 'a dict'],
  ['publish', 'options.acknowledge', 'yes', bool],
  ['publish', 'options.exclude_me', 0, bool],
  ['publish', 'options.disclose_me', null, bool],
  ['publish', 'options.retain', [], bool],
  ['publish', 'options.rkey', 7, string],
  ['publish', 'options.transaction_hash', {}, string],
  ['publish', 'options.exclude', 5, ids],
  ['publish', 'options.exclude', ['x'], ids],
  ['publish', 'options.exclude', [0], ids],
  ['publish', 'options.exclude_authid', 'x', strings],
  ['publish', 'options.exclude_authrole', [null], strings],
  ['publish', 'options.eligible', {}, ids],
  ['publish', 'options.eligible', [1.5], ids],
  ['publish', 'options.eligible_authid', [7], strings],
  ['publish', 'options.eligible_authrole', {}, strings],
  ['publish', 'options.ppt_scheme', 7, string],
  ['publish', 'options.ppt_serializer', [], string],
  ['publish', 'options.ppt_cipher', 7, string],
  ['publish', 'options.ppt_keyid', {}, string],
  ['publish', 'options.forward_for', {}, hops],
  ['publish', 'options.forward_for', [1], hops],
  ['publish', 'topic', ['com.a'], 'a uri'],
  ['publish', 'args', { 0: 1 }, 'a list'],
  ['subscribe', 'request', 'x', id],
  ['subscribe', 'options', 7, 'a dict'],
  ['subscribe', 'options.match', 'regex', policies],
  ['subscribe', 'options.match', '__proto__', policies],
  ['subscribe', 'options.match', 7, policies],
  ['subscribe', 'options.get_retained', 1, bool],
  ['subscribe', 'options.nkey', 7, string],
  ['subscribe', 'options.forward_for', 'x', hops],
  ['subscribe', 'topic', null, 'a uri'],
  ['unsubscribe', 'request', 0, id],
  ['unsubscribe', 'subscription', 0, id],
  ['unsubscribe', 'subscription', 'x', id],
  ['unsubscribe', 'subscription', [], id],
  ['call', 'request', 0, id],
  ['call', 'request', 1.5, id],
  ['call', 'request', '1', id],
  ['call', 'request', 1e300, id],
  ['call', 'request', [1], id],
  ['call', 'options', null, 'a dict'],
  ['call', 'options.receive_progress', 'x', bool],
  ['call', 'options.progress', 1, bool],
  ['call', 'options.timeout', '1', millis],
  ['call', 'options.timeout', -1, millis],
  ['call', 'options.timeout', 0.5, millis],
  ['call', 'options.disclose_me', 'x', bool],
  ['call', 'options.rkey', 7, string],
  ['call', 'options.runmode', 7, string],
  ['call', 'options.ppt_keyid', 7, string],
  ['call', 'options.forward_for', 7, hops],
  ['call', 'procedure', {}, 'a uri'],
  ['call', 'procedure', 7, 'a uri'],
  ['call', 'args', 'x', 'a list'],
  ['cancel', 'request', -5, id],
  ['cancel', 'options', [], 'a dict'],
  ['cancel', 'options.mode', 'no', modes],
  ['cancel', 'options.mode', 'toString', modes],
  ['cancel', 'options.mode', true, modes],
  ['register', 'request', {}, id],
  ['register', 'options', 'x', 'a dict'],
  ['register', 'options.match', 'Exact', policies],
  ['register', 'options.invoke', '__proto__', invocations],
  ['register', 'options.invoke', 'all', invocations],
  ['register', 'options.invoke', [], invocations],
  ['register', 'options.disclose_caller', 1, bool],
  ['register', 'options.forward_timeout', 'x', bool],
  ['register', 'options.concurrency', 0, 'an integer, at least 1'],
  ['register', 'options.concurrency', 1.5, 'an integer, at least 1'],
  ['register', 'options.concurrency', '7', 'an integer, at least 1'],
  ['register', 'options.force_reregister', 'x', bool],
  ['register', 'procedure', [], 'a uri'],
  ['unregister', 'request', '', id],
  ['unregister', 'registration', -1, id],
  ['unregister', 'registration', {}, id],
  ['yield', 'request', 0, id],
  ['yield', 'options', [], 'a dict'],
  ['yield', 'options.progress', 'x', bool],
  ['yield', 'options.ppt_scheme', [], string],
  ['yield', 'args', {}, 'a list'],
  ['yield', 'args', 7, 'a list'],
  ['call', 'kwargs', [], 'a dict'],
  ['publish', 'kwargs', 'x', 'a dict'],
  ['yield', 'kwargs', null, 'a dict'],
];

/** The message with another value in a field, `request`, or in a key of one, `options.match`. */
function withValue(type: ClientMessage, path: string, value: unknown): unknown[] {
  const { wire, fields } = sane[type];
  const [field = '', key] = path.split('.');
  const index = 1 + (fields as readonly string[]).indexOf(field);
  const changed = [...wire, ...Array.from({ length: Math.max(0, index - wire.length) }, () => [])] as unknown[];
  changed[index] = key === undefined ? value : { ...(wire[index] as object), [key]: value };
  return changed;
}

const wrong = wrongTypes.map(([type, path, value, expected]): Hostile => ({
  title: `${type} whose ${path} is ${JSON.stringify(value)}`,
  joined: type !== 'hello' && type !== 'authenticate',
  message: withValue(type, path, value),
  answer: { abort: `${type}.${path} is not ${expected}` },
  malformed: value !== notUri,
}));

/** One element too few, and one too many. */
const wrongLengths = Object.entries(sane).flatMap(([type, { wire, fields }]): Hostile[] => {
  const [least, most] = [wire.length - 1, fields.length];
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  const joined = type !== 'hello' && type !== 'authenticate';
  const tooMany = [...wire, ...Array.from({ length: most - least + 1 }, () => [])];
  return [
    {
      title: `${type} that ends early`,
      joined,
      malformed: true,
      message: wire.slice(0, -1),
      answer: { abort: `${type} has ${least - 1} elements after its code, not ${expected}` },
    },
    {
      title: `${type} with too much`,
      joined,
      malformed: true,
      message: tooMany,
      answer: { abort: `${type} has ${most + 1} elements after its code, not ${expected}` },
    },
  ];
});

const wrongWay = Object.entries(routerMessages).flatMap(([type, message]): Hostile[] => [
  {
    title: `${type}, which is the router's, before a session`,
    joined: false,
    message,
    answer: { abort: `${type} before hello` },
  },
  {
    title: `${type}, which is the router's`,
    joined: true,
    message,
    answer: { abort: `${type} in an established session` },
  },
]);

const tooEarly = Object.entries(sane)
  .filter(([type]) => type !== 'hello' && type !== 'abort')
  .map(([type, { wire }]): Hostile => ({
    title: `${type} before hello`,
    joined: false,
    message: wire,
    answer: { abort: `${type} before hello` },
  }));

type Row = readonly [title: string, message: unknown, answer: Answer, before?: readonly (readonly unknown[])[]];
const rows = (joined: boolean, of: readonly Row[]) =>
  of.map(([title, message, answer, before]): Hostile => ({
    title,
    joined,
    message,
    answer,
    ...(before && { before }),
  }));
const abort = (words: string, reason?: string): Answer => ({ abort: words, ...(reason !== undefined && { reason }) });
const error = (uri: string, message: string): Answer => ({ error: uri, message });
const introduced = (details: object) => [1, 'realm1', { roles, ...details }];
const announced = { features: { progressive_call_invocations: true, call_canceling: true } };

const noMessages = rows(false, [
  ['a dict in place of a message', {}, abort('a message is not a list')],
  ['a number in place of a message', 7, abort('a message is not a list')],
  ['null in place of a message', null, abort('a message is not a list')],
  ['a word in place of a message', 'hello', abort('a message is not a list')],
  ['an empty list', [], abort('undefined is not a message code')],
  ['a code that is a word', ['hello'], abort('a string is not a message code')],
  ['a code that is a list', [[1], 'realm1', {}], abort('a object is not a message code')],
  ['a code that is no integer', [1.5, 'realm1', {}], abort('1.5 is not a message code')],
  ['a code that there is not', [999, {}], abort('999 is not a message code')],
  ['a code below zero', [-1, {}], abort('-1 is not a message code')],
]).map((row): Hostile => ({ ...row, malformed: true }));

const outside = rows(false, [
  ['a hello without roles', [1, 'realm1', {}], abort('hello.details.roles is missing')],
  [
    'roles of a router',
    [1, 'realm1', { roles: { broker: {}, dealer: {} } }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'no role at all',
    [1, 'realm1', { roles: {} }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'a role by inheritance',
    [1, 'realm1', { roles: { constructor: {}, toString: {} } }],
    abort('hello.details.roles names none of publisher, subscriber, caller, callee'),
  ],
  [
    'a role that is a list',
    [1, 'realm1', { roles: { caller: [] } }],
    abort('hello.details.roles.caller is not a dict'),
  ],
  [
    'a role that is null',
    [1, 'realm1', { roles: { callee: null } }],
    abort('hello.details.roles.callee is not a dict'),
  ],
  [
    'a realm that is no URI',
    [1, 'not a realm', { roles }],
    abort('"not a realm" is not a realm\'s URI', errors.invalidUri),
  ],
  ['a realm without a name', [1, '', { roles }], abort('"" is not a realm\'s URI', errors.invalidUri)],
  [
    'a realm of 60,000 letters',
    [1, `${long} `, { roles }],
    abort(`"${long} " is not a realm's URI`, errors.invalidUri),
  ],
  ['a realm that there is not', [1, 'realm2', { roles }], abort('there is no realm "realm2"', errors.noSuchRealm)],
  [
    'a realm by inheritance',
    [1, 'constructor', { roles }],
    abort('there is no realm "constructor"', errors.noSuchRealm),
  ],
  [
    'a method that there is not',
    introduced({ authmethods: ['toString'] }),
    abort('realm "realm1" offers: anonymous', errors.noMatchingAuthMethod),
  ],
  [
    'a method for components',
    introduced({ authmethods: ['trusted'], authid: 'router' }),
    abort('realm "realm1" offers: anonymous', errors.noMatchingAuthMethod),
  ],
]);

const violations = rows(true, [
  ['a second hello', hello, abort('hello in an established session')],
  ['an answer to no challenge', [5, '', {}], abort('authenticate in an established session')],
  ['a call out of sequence', [48, 7, {}, 'com.a'], abort('call.request is 7, not 1, the next of this session')],
  [
    'a call with the last id that there is',
    [48, 2 ** 53, {}, 'com.a'],
    abort('call.request is 9007199254740992, not 1, the next of this session'),
  ],
  [
    'an id twice',
    [32, 1, {}, 'com.b'],
    abort('subscribe.request is 1, not 2, the next of this session'),
    [[32, 1, {}, 'com.a']],
  ],
  [
    'the id of a call for a publication',
    [16, 1, {}, 'com.b'],
    abort('publish.request is 1, not 2, the next of this session'),
    [[48, 1, {}, 'com.a']],
  ],
  [
    'progress that was not announced',
    [48, 1, { progress: true }, 'com.a'],
    abort('call.options.progress needs progressive_call_invocations, which was not announced'),
  ],
  [
    'a call packed without a word',
    [48, 1, { ppt_scheme: 'mqtt' }, 'com.a'],
    abort('call.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'a publication packed without a word',
    [16, 1, { ppt_scheme: 'mqtt' }, 'com.a'],
    abort('publish.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'a yield packed without a word',
    [70, 1, { ppt_scheme: 'mqtt' }],
    abort('yield.options.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  [
    'an error packed without a word',
    [8, 68, 1, { ppt_scheme: 'mqtt' }, 'com.e'],
    abort('error.details.ppt_scheme needs payload_passthru_mode, which was not announced'),
  ],
  ['a yield to no invocation', [70, 1, {}], abort('yield.request 1 was no invocation of this session')],
  [
    'progress of no invocation',
    [70, 1, { progress: true }],
    abort('yield.request 1 was no invocation of this session'),
  ],
  ['an error to no invocation', [8, 68, 1, {}, 'com.e'], abort('error.request 1 was no invocation of this session')],
  ['an error to a call', [8, 48, 1, {}, 'com.e'], abort('error.requestType is 48, not 68')],
  ['an error to nothing', [8, -1, 1, {}, 'com.e'], abort('error.requestType is -1, not 68')],
  ['a goodbye without a reason', [6, {}, ''], abort('goodbye.reason is not a uri')],
]);

/** Calls that go on, by a peer that calls itself. WAMP "Progressive Call Invocations". */
const progressing = rows(false, [
  [
    'a call that is made twice with one id',
    [48, 2, {}, 'com.own'],
    abort('call.request 2 is under way already'),
    calling({}),
  ],
  [
    'a call that goes on as another',
    [48, 2, { progress: true }, 'com.other'],
    abort('call.procedure of request 2 has changed'),
    calling({ progress: true }),
  ],
]);
function calling(options: object): readonly (readonly unknown[])[] {
  return [
    [1, 'realm1', { roles: { caller: announced, callee: announced } }],
    [64, 1, {}, 'com.own'],
    [48, 2, options, 'com.own'],
  ];
}

const badUri = (uri: string, pattern = '') => error(errors.invalidUri, `"${uri}" is not a well formed URI${pattern}`);
const reserved = (uri: string, verb: string) =>
  error(errors.invalidUri, `"${uri}" is reserved: only the router may ${verb} below "wamp."`);
const tooLong = error(errors.invalidUri, 'a URI may have 1024 characters, this one has 60000');
const denied = (words: string) => error(errors.notAuthorized, `role "anonymous" may not ${words}`);
const acknowledge = { acknowledge: true };

const refused = rows(true, [
  ['a procedure with blanks', [48, 1, {}, 'com. a'], badUri('com. a')],
  ['a procedure with a zero in it', [48, 1, {}, 'com.\u0000a'], badUri('com.\u0000a')],
  ['an empty procedure', [48, 1, {}, ''], badUri('')],
  ['a procedure in capitals', [48, 1, {}, 'com.List'], badUri('com.List')],
  ['a procedure of dots', [48, 1, {}, '.'.repeat(1000)], badUri('.'.repeat(1000))],
  ['a procedure that ends in a dot', [48, 1, {}, 'com.'], badUri('com.')],
  ['a procedure with a hash', [48, 1, {}, 'com.#'], badUri('com.#')],
  ['a procedure of 60,000 letters', [48, 1, {}, long], tooLong],
  ['a topic of 60,000 letters', [32, 1, {}, long], tooLong],
  ['a topic to publish to of 60,000 letters', [16, 1, acknowledge, long], tooLong],
  ['a procedure to register of 60,000 letters', [64, 1, {}, long], tooLong],
  ['a topic in other letters', [32, 1, {}, 'com.ü'], badUri('com.ü')],
  ['a topic with gaps that is no wildcard', [32, 1, {}, 'com..a'], badUri('com..a')],
  ['a prefix with blanks', [32, 1, { match: 'prefix' }, 'com. '], badUri('com. ', ' as a prefix')],
  ['a wildcard with blanks', [32, 1, { match: 'wildcard' }, 'com..a b'], badUri('com..a b', ' as a wildcard')],
  ['a topic to publish to with blanks', [16, 1, acknowledge, 'com. '], badUri('com. ')],
  ['a wildcard to publish to', [16, 1, acknowledge, 'com..a'], badUri('com..a')],
  ['a procedure to register with blanks', [64, 1, {}, 'com. '], badUri('com. ')],
  ['registering __proto__', [64, 1, {}, '__proto__'], denied('register "__proto__"')],
  ["registering what is the router's", [64, 1, {}, 'wamp.session.count'], reserved('wamp.session.count', 'register')],
  ["registering all that is the router's", [64, 1, { match: 'prefix' }, 'wamp.'], reserved('wamp.', 'register')],
  [
    'publishing as the router',
    [16, 1, acknowledge, 'wamp.session.on_join'],
    reserved('wamp.session.on_join', 'publish'),
  ],
  ['a call that is not allowed', [48, 1, {}, 'com.closed.a'], denied('call "com.closed.a"')],
  ['a subscription that is not allowed', [32, 1, {}, 'com.closed.a'], denied('subscribe to "com.closed.a"')],
  ['a registration that is not allowed', [64, 1, {}, 'com.closed.a'], denied('register "com.closed.a"')],
  ['a publication that is not allowed', [16, 1, acknowledge, 'com.closed.a'], denied('publish to "com.closed.a"')],
  [
    'a prefix around what is not allowed',
    [32, 1, { match: 'prefix' }, 'com'],
    denied('subscribe to "com" as a prefix'),
  ],
  [
    'a wildcard around what is not allowed',
    [64, 1, { match: 'wildcard' }, '..a'],
    denied('register "..a" as a wildcard'),
  ],
  ['a subscription to everything', [32, 1, { match: 'prefix' }, ''], denied('subscribe to "" as a prefix')],
  [
    'a pattern where there are none',
    [64, 1, { match: 'prefix' }, 'com.plain.'],
    denied('register "com.plain." as a prefix'),
  ],
  [
    'telling who one is where one may not',
    [48, 1, { disclose_me: true }, 'com.plain.a'],
    error(errors.discloseMeDisallowed, 'this role may not disclose who it is here'),
  ],
  [
    'telling it to subscribers',
    [16, 1, { ...acknowledge, disclose_me: true }, 'com.plain.a'],
    error(errors.discloseMeDisallowed, 'this role may not disclose who it is here'),
  ],
  [
    'retaining where one may not',
    [16, 1, { ...acknowledge, retain: true }, 'com.plain.a'],
    error(errors.optionNotAllowed, 'this role may not have events retained here'),
  ],
  ['a call to nobody', [48, 1, {}, 'com.nobody'], error(errors.noSuchProcedure, 'nobody has registered com.nobody')],
  [
    'a call by inheritance',
    [48, 1, {}, 'com.constructor'],
    error(errors.noSuchProcedure, 'nobody has registered com.constructor'),
  ],
  ['an unsubscribe of nothing', [34, 1, 1], error(errors.noSuchSubscription, 'you hold no subscription 1')],
  [
    'an unsubscribe of the last id',
    [34, 1, 2 ** 53],
    error(errors.noSuchSubscription, 'you hold no subscription 9007199254740992'),
  ],
  ['an unregister of nothing', [66, 1, 1], error(errors.noSuchRegistration, 'you hold no registration 1')],
  [
    'registering what is taken',
    [64, 1, {}, 'com.healthy'],
    error(errors.procedureAlreadyExists, 'com.healthy is registered already'),
  ],
  [
    'sharing what is not shared',
    [64, 1, { invoke: 'random' }, 'com.healthy'],
    error(errors.procedureAlreadyExists, 'com.healthy is registered already'),
  ],
  [
    'a call of the router that there is not',
    [48, 1, {}, 'wamp.session.constructor'],
    error(errors.noSuchProcedure, 'the router has no procedure wamp.session.constructor'),
  ],
  [
    'a session by its name',
    [48, 1, {}, 'wamp.session.get', ['x']],
    error(errors.invalidArgument, 'args[0] is not the id of a session'),
  ],
  [
    'a session that there is not',
    [48, 1, {}, 'wamp.session.get', [1]],
    error(errors.noSuchSession, 'there is no such session: 1'),
  ],
  ['killing nobody', [48, 1, {}, 'wamp.session.kill', [1]], error(errors.noSuchSession, 'there is no such session: 1')],
  [
    'killing without a name',
    [48, 1, {}, 'wamp.session.kill'],
    error(errors.invalidArgument, 'args[0] is not the id of a session'),
  ],
  [
    'a count of roles that is a number',
    [48, 1, {}, 'wamp.session.count', [7]],
    error(errors.invalidArgument, 'args[0] is not a list of roles'),
  ],
  [
    'a registration that there is not',
    [48, 1, {}, 'wamp.registration.get', [999_999]],
    error(errors.noSuchRegistration, 'there is no registration 999999'),
  ],
  [
    'a lookup of nothing',
    [48, 1, {}, 'wamp.registration.lookup'],
    error(errors.invalidArgument, 'args[0] is not a uri'),
  ],
  [
    'a match of a number',
    [48, 1, {}, 'wamp.subscription.match', [7]],
    error(errors.invalidArgument, 'args[0] is not a uri'),
  ],
  [
    'a subscription that there is not',
    [48, 1, {}, 'wamp.subscription.list_subscribers', [999_999]],
    error(errors.noSuchSubscription, 'there is no subscription 999999'),
  ],
  [
    'a testament without a topic',
    [48, 1, {}, 'wamp.session.add_testament'],
    error(errors.invalidArgument, 'args[0] is not a topic'),
  ],
  [
    'a testament where one may not publish',
    [48, 1, {}, 'wamp.session.add_testament', ['com.closed.a', [], {}]],
    denied('publish to "com.closed.a"'),
  ],
]);

/** Nothing is answered to these, and the session goes on. */
export const ignored: readonly (readonly [title: string, message: readonly unknown[]])[] = [
  ['a cancel of no call', [49, 77, {}]],
  ['a cancel of the last id', [49, 2 ** 53, { mode: 'kill' }]],
  ['a publication that is not allowed and not acknowledged', [16, 1, {}, 'com.closed.a']],
  ['a publication to no URI, not acknowledged', [16, 1, {}, 'com. ']],
  ['unknown options by inheritance', [16, 1, { constructor: 7, toString: [], hasOwnProperty: 'x' }, 'com.a']],
  [
    'a publication to people who are not there',
    [16, 1, { eligible: [1, 2, 2 ** 53], eligible_authid: ['', '__proto__'] }, 'com.a'],
  ],
];

export const hostileMessages: readonly Hostile[] = [
  ...wrong,
  ...wrongLengths,
  ...wrongWay,
  ...tooEarly,
  ...noMessages,
  ...outside,
  ...violations,
  ...progressing,
  ...refused,
];
