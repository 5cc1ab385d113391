/** What is no message, or not whole, or not a client's to say. */
import { abort, hello, rows, type Hostile } from './hostile.ts';

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

export const hostileForms: readonly Hostile[] = [...wrong, ...wrongLengths, ...wrongWay, ...tooEarly, ...noMessages];
