/**
 * Every WAMP message, stated once: types, parser, formatter and the checks of known option keys all come from the
 * tables below. WAMP "Message Definitions"; the option keys are collected from the sections of both profiles.
 */
import { ProtocolError } from './errors.ts';
import { isId } from './ids.ts';
import { valuesOf, type EncodedPayload } from './payload.ts';
import type { Uri } from './uris.ts';
import { isDict, type Dict, type List } from './values.ts';

export type { Dict, List, Value } from './values.ts';

/** Says whether a wire value has the right type; `expected` completes "… is not ‹expected›". */
export interface Check<T> {
  readonly expected: string;
  readonly optional?: true;
  test(value: unknown): value is T;
}
const check = <T>(expected: string, test: (value: unknown) => boolean): Check<T> => ({
  expected,
  test: test as Check<T>['test'],
});
const optional = <T>(of: Check<T>): Check<T> & { readonly optional: true } => ({ ...of, optional: true });

const isString = (value: unknown) => typeof value === 'string';

const id = check<number>('an id (integer from 1 to 2^53)', isId);
const idOrZero = check<number>('an id or 0', (value) => value === 0 || isId(value));
const isInteger = (value: unknown, least = -Infinity) =>
  typeof value === 'number' && Number.isInteger(value) && value >= least;
const int = check<number>('an integer', (value) => isInteger(value));
const str = check<string>('a string', isString);
const bool = check<boolean>('true or false', (value) => typeof value === 'boolean');
const dict = check<Dict>('a dict', isDict);
const list = check<List>('a list', Array.isArray);
/** Any string: which URIs are well formed depends on the use, the realm and the sender, and a bad one is an ERROR, not an ABORT. */
const uri = check<Uri>('a uri', isString);
const ids = check<readonly number[]>('a list of ids', (value) => Array.isArray(value) && value.every(isId));
const strs = check<readonly string[]>('a list of strings', (value) => Array.isArray(value) && value.every(isString));
const millis = check<number>('a number of milliseconds, at least 0', (value) => isInteger(value, 0));
const oneOf = <const T extends string>(...values: readonly T[]): Check<T> =>
  check(`one of ${values.map((value) => `"${value}"`).join(', ')}`, (value) =>
    values.some((allowed) => allowed === value),
  );

/** The keys of options and details that have a meaning. Others are ignored, as WAMP says; these must have their type. */
const passthru = { ppt_scheme: str, ppt_serializer: str, ppt_cipher: str, ppt_keyid: str };
/** A session that a message was forwarded for, from one router to another. */
export interface Hop {
  readonly session: number;
  readonly authid: string;
  readonly authrole: string;
}
const isHop = (value: unknown) =>
  isDict(value) && isId(value['session']) && isString(value['authid']) && isString(value['authrole']);
const hops = {
  forward_for: check<readonly Hop[]>(
    'a list of dicts with session, authid and authrole',
    (value) => Array.isArray(value) && value.every(isHop),
  ),
};
const match = oneOf('exact', 'prefix', 'wildcard');
const identity = { agent: str, authid: str, authrole: str, authextra: dict, resumable: bool };
const options = {
  hello: { roles: dict, authmethods: strs, ...identity, 'resume-session': id, 'resume-token': str },
  welcome: {
    roles: dict,
    realm: str,
    authmethod: str,
    authprovider: str,
    ...identity,
    resumed: bool,
    'resume-ticket': str,
  },
  abort: { message: str, scram: str },
  goodbye: { message: str },
  publish: {
    acknowledge: bool,
    exclude_me: bool,
    disclose_me: bool,
    retain: bool,
    rkey: str,
    transaction_hash: str,
    exclude: ids,
    exclude_authid: strs,
    exclude_authrole: strs,
    eligible: ids,
    eligible_authid: strs,
    eligible_authrole: strs,
    /** Not in the specification: it may be left out for subscribers that read slowly. */
    x_droppable: bool,
    ...passthru,
    ...hops,
  },
  subscribe: { match, get_retained: bool, nkey: str, ...hops },
  event: {
    publisher: id,
    publisher_authid: str,
    publisher_authrole: str,
    topic: uri,
    trustlevel: int,
    retained: bool,
    transaction_hash: str,
    x_acknowledged_delivery: bool,
    ...passthru,
    ...hops,
  },
  call: {
    receive_progress: bool,
    progress: bool,
    timeout: millis,
    disclose_me: bool,
    rkey: str,
    runmode: str,
    ...passthru,
    ...hops,
  },
  invocation: {
    receive_progress: bool,
    progress: bool,
    timeout: millis,
    caller: id,
    caller_authid: str,
    caller_authrole: str,
    procedure: uri,
    trustlevel: int,
    ...passthru,
    ...hops,
  },
  yield: { progress: bool, ...passthru },
  result: { progress: bool, ...passthru },
  cancel: { mode: oneOf('skip', 'kill', 'killnowait') },
  interrupt: { mode: oneOf('kill', 'killnowait'), reason: uri },
  register: {
    match,
    invoke: oneOf('single', 'first', 'last', 'roundrobin', 'random'),
    disclose_caller: bool,
    forward_timeout: bool,
    concurrency: check<number>('an integer, at least 1', (value) => isInteger(value, 1)),
    force_reregister: bool,
    ...hops,
  },
  error: { ...passthru },
  revocation: { subscription: id, registration: id, reason: uri },
} as const;

type Known = Readonly<Record<string, Check<unknown>>>;
type Checked<C> = C extends Check<infer T> ? T : never;
/** The known keys, each optional and typed, and whatever else a peer sends. */
export type Options<K extends Known> = { readonly [key in keyof K]?: Checked<K[key]> } & Dict;

/** The same for whoever writes them: a misspelt key does not compile, private ones begin with `_` or `x_`. */
export type KnownOptions<K extends keyof typeof options> = {
  readonly [key in keyof (typeof options)[K]]?: Checked<(typeof options)[K][key]>;
} & { readonly [key: `_${string}` | `x_${string}`]: unknown };

/** A dict whose known keys are checked one by one, so that a violation can name the key. */
interface OptionsCheck<K extends Known> extends Check<Options<K>> {
  readonly known: K;
}
const dictOf = <const K extends Known>(known: K): OptionsCheck<K> => ({ ...(dict as Check<Options<K>>), known });

const payload = { args: optional(list), kwargs: optional(dict) };

/** Code and fields in wire order. `from` says which side may send it: a message from the wrong side is a violation. */
export const messages = {
  hello: { code: 1, from: 'client', fields: { realm: uri, details: dictOf(options.hello) } },
  welcome: { code: 2, from: 'router', fields: { session: id, details: dictOf(options.welcome) } },
  abort: { code: 3, from: 'both', fields: { details: dictOf(options.abort), reason: uri, ...payload } },
  challenge: { code: 4, from: 'router', fields: { method: str, extra: dict } },
  authenticate: { code: 5, from: 'client', fields: { signature: str, extra: dict } },
  goodbye: { code: 6, from: 'both', fields: { details: dictOf(options.goodbye), reason: uri } },
  error: {
    code: 8,
    from: 'both',
    fields: { requestType: int, request: id, details: dictOf(options.error), error: uri, ...payload },
  },
  publish: {
    code: 16,
    from: 'client',
    fields: { request: id, options: dictOf(options.publish), topic: uri, ...payload },
  },
  published: { code: 17, from: 'router', fields: { request: id, publication: id } },
  subscribe: { code: 32, from: 'client', fields: { request: id, options: dictOf(options.subscribe), topic: uri } },
  subscribed: { code: 33, from: 'router', fields: { request: id, subscription: id } },
  unsubscribe: { code: 34, from: 'client', fields: { request: id, subscription: id } },
  unsubscribed: {
    code: 35,
    from: 'router',
    fields: { request: idOrZero, details: optional(dictOf(options.revocation)) },
  },
  event: {
    code: 36,
    from: 'router',
    fields: { subscription: id, publication: id, details: dictOf(options.event), ...payload },
  },
  call: {
    code: 48,
    from: 'client',
    fields: { request: id, options: dictOf(options.call), procedure: uri, ...payload },
  },
  cancel: { code: 49, from: 'client', fields: { request: id, options: dictOf(options.cancel) } },
  result: { code: 50, from: 'router', fields: { request: id, details: dictOf(options.result), ...payload } },
  register: { code: 64, from: 'client', fields: { request: id, options: dictOf(options.register), procedure: uri } },
  registered: { code: 65, from: 'router', fields: { request: id, registration: id } },
  unregister: { code: 66, from: 'client', fields: { request: id, registration: id } },
  unregistered: {
    code: 67,
    from: 'router',
    fields: { request: idOrZero, details: optional(dictOf(options.revocation)) },
  },
  invocation: {
    code: 68,
    from: 'router',
    fields: { request: id, registration: id, details: dictOf(options.invocation), ...payload },
  },
  interrupt: { code: 69, from: 'router', fields: { request: id, options: dictOf(options.interrupt) } },
  yield: { code: 70, from: 'client', fields: { request: id, options: dictOf(options.yield), ...payload } },
} as const satisfies Record<
  string,
  { code: number; from: 'client' | 'router' | 'both'; fields: Record<string, Check<unknown>> }
>;

export type MessageType = keyof typeof messages;
type Fields<F> = { readonly [K in keyof F as F[K] extends { optional: true } ? never : K]: Checked<F[K]> } & {
  readonly [K in keyof F as F[K] extends { optional: true } ? K : never]?: Checked<F[K]> | undefined;
};
/** In a router a payload may still be encoded, in place of args and kwargs. */
type Encodable<F> = F extends { args: unknown } ? { readonly payload?: EncodedPayload | undefined } : unknown;
/** Message<'publish'> is { type: 'publish', request, options, topic, args?, kwargs? }. */
export type Message<T extends MessageType = MessageType> = {
  [K in T]: { readonly type: K } & Fields<(typeof messages)[K]['fields']> & Encodable<(typeof messages)[K]['fields']>;
}[T];

export interface Row {
  readonly type: MessageType;
  readonly code: number;
  readonly fields: readonly (readonly [name: string, check: Check<unknown> & { known?: Known }])[];
  /** Elements after the code: at least, at most. */
  readonly least: number;
  /** Those before the payload, where there may be one; else 0. */
  readonly headLength: number;
}
const rows: readonly Row[] = Object.entries(messages).map(([type, { code, fields }]) => {
  const entries = Object.entries(fields) as Row['fields'][number][];
  return {
    type: type as MessageType,
    code,
    fields: entries,
    least: entries.filter(([, field]) => !field.optional).length,
    headLength: Math.max(
      0,
      entries.findIndex(([name]) => name === 'args'),
    ),
  };
});
/** The rows of the table, for those who read and write messages. */
export const byCode: ReadonlyMap<unknown, Row> = new Map<unknown, Row>(rows.map((row) => [row.code, row]));
export const byType: ReadonlyMap<MessageType, Row> = new Map<MessageType, Row>(rows.map((row) => [row.type, row]));

/**
 * The message that a decoded wire list says.
 * @throws ProtocolError naming message and field: `publish.options.exclude_me is not true or false`.
 */
export function parse(wire: unknown): Message {
  if (!Array.isArray(wire)) throw new ProtocolError('a message is not a list');
  const row = byCode.get(wire[0]);
  if (!row) throw new ProtocolError(`${describe(wire[0])} is not a message code`);
  const { type, fields, least } = row;
  const count = wire.length - 1;
  if (count < least || count > fields.length) {
    const expected = least === fields.length ? `${least}` : `${least} to ${fields.length}`;
    throw new ProtocolError(`${type} has ${count} elements after its code, not ${expected}`);
  }
  const message: Record<string, unknown> = { type };
  for (let i = 0; i < count; i++) {
    const [name, field] = fields[i]!;
    const value: unknown = wire[i + 1];
    if (value === undefined && field.optional) continue;
    if (!field.test(value)) throw new ProtocolError(`${type}.${name} is not ${field.expected}`);
    if (field.known) checkKnown(`${type}.${name}`, field.known, value as Dict);
    message[name] = value;
  }
  return message as unknown as Message; // proved field by field above
}

function checkKnown(path: string, known: Known, value: Dict): void {
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(known, key) ? known[key] : undefined;
    if (field && value[key] !== undefined && !field.test(value[key])) {
      throw new ProtocolError(`${path}.${key} is not ${field.expected}`);
    }
  }
}

const describe = (value: unknown) =>
  typeof value === 'number' || value === undefined ? String(value) : `a ${typeof value}`;

/** The wire list of a message. Empty payload tails are left out; kwargs without args are preceded by `[]`. */
export function format(message: Message): unknown[] {
  const row = byType.get(message.type)!;
  const values = message as unknown as Record<string, unknown>;
  const { args, kwargs } = valuesOf(values);
  const wire: unknown[] = [row.code];
  for (const [name] of row.fields) wire.push(name === 'args' ? args : name === 'kwargs' ? kwargs : values[name]);
  const hasKwargs = kwargs !== undefined && Object.keys(kwargs).length > 0;
  const hasArgs = args !== undefined && args.length > 0;
  const last = row.fields.at(-1)![0];
  if (last === 'kwargs') {
    if (!hasKwargs) wire.pop();
    if (!hasKwargs && !hasArgs) wire.pop();
    else if (!hasArgs) wire[wire.length - 2] = [];
  }
  while (wire.at(-1) === undefined) wire.pop(); // the optional details of UNSUBSCRIBED and UNREGISTERED
  return wire;
}
