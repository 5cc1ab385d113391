/**
 * What rules must not use, because a replay would give another match: time, chance and waiting of the host. While a rule is
 * watched they are replaced by stand-ins that throw, and name the rule and the line. For development and tests: swapping
 * them costs some microseconds a rule, so a server in production runs without.
 */

const instead = {
  time: 'rules get match time as `now`',
  chance: 'rules get chance as `random`',
  waiting: 'rules answer at once; for later there is `after`',
} as const;

/** Where each is found, from the global object. */
const forbidden: readonly (readonly [owner: string | null, name: string, why: keyof typeof instead])[] = [
  [null, 'Date', 'time'],
  ['performance', 'now', 'time'],
  ['Math', 'random', 'chance'],
  ['crypto', 'getRandomValues', 'chance'],
  ['crypto', 'randomUUID', 'chance'],
  [null, 'setTimeout', 'waiting'],
  [null, 'setInterval', 'waiting'],
  [null, 'setImmediate', 'waiting'],
  [null, 'queueMicrotask', 'waiting'],
  [null, 'fetch', 'waiting'],
];

/** The rule at work; others may run inside it: a phase's `enter` inside a move. */
let working: string | null = null;

/** Runs a rule. @throws what it throws; Error naming `what` and the line where it uses what it must not. */
export function watched<T>(what: string, rule: () => T): T {
  if (working !== null) return rule();
  working = what;
  const restore = forbidden.map(([owner, name, why]) => replace(owner, name, why));
  try {
    return rule();
  } finally {
    for (const undo of restore) undo();
    working = null;
  }
}

/** Answers with what undoes it. */
function replace(owner: string | null, name: string, why: keyof typeof instead): () => void {
  const host: unknown = owner === null ? globalThis : Reflect.get(globalThis, owner);
  const original: unknown = typeof host === 'object' && host !== null ? Reflect.get(host, name) : undefined;
  if (typeof host !== 'object' || host === null || typeof original !== 'function') return () => {};
  const before = Object.getOwnPropertyDescriptor(host, name);
  const called = owner === null ? name : `${owner}.${name}`;
  const value = name === 'Date' ? dateWithoutNow(Date) : () => fail(called, why);
  Object.defineProperty(host, name, { value, configurable: true, writable: true, enumerable: false });
  return () => {
    if (before) Object.defineProperty(host, name, before);
    else Reflect.deleteProperty(host, name);
  };
}

/** A date that is given is the same on every replay; only the present one is not. */
const dateWithoutNow = (date: DateConstructor): DateConstructor =>
  new Proxy(date, {
    apply: () => fail('Date()', 'time'),
    construct: (target, args) => (args.length > 0 ? Reflect.construct(target, args) : fail('new Date()', 'time')),
    get: (target, key) => (key === 'now' ? () => fail('Date.now', 'time') : Reflect.get(target, key)),
  });

function fail(used: string, why: keyof typeof instead): never {
  const line = lineOf(new Error('where'));
  throw new Error(`${working} uses ${used}${line === null ? '' : ` (${line})`}: ${instead[why]}`);
}

/** The first line of a stack that is none of ours; null where the host's stacks are of another kind. */
function lineOf({ stack = '' }: Error): string | null {
  const frames = stack.split('\n').filter((text) => /^\s+at /.test(text));
  const first = frames.find((frame) => !/[\\/]watched\.[jt]s/.test(frame));
  return first === undefined ? null : first.trim();
}
