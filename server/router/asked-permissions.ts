/** Permissions that a component gives, one by one, as the session needs them. WAMP "Dynamic Authorization". */
import type { Dict, MatchPolicy, Message, Uri } from '../../protocol/index.ts';
import type { Action, Permission, Permissions, Permits } from './authorization.ts';

/** What a session wants to do. */
export interface Question {
  readonly action: Action;
  readonly uri: Uri;
  readonly match: MatchPolicy;
  /** Of its request. */
  readonly options: Dict;
}

/** What the component says. */
export interface Ruling {
  readonly allow: boolean;
  /** true: receivers learn who it was; false: never; absent: the peer decides. */
  readonly disclose?: boolean;
  /** Holds for the rest of the session, whatever the options. */
  readonly cache?: boolean;
}

/** Rulings that one session may have the router keep; of more, the oldest is forgotten and asked for again. */
const maxKept = 1000;

/** What the role's own permissions decide needs no question: an authorizer is asked about the rest. */
export class AskedPermissions implements Permits {
  readonly role: string;
  readonly authorizer: Uri;
  readonly #own: Permissions;
  readonly #kept = new Map<string, Ruling>();
  /** For the request in hand only. */
  #once: { readonly key: string; readonly ruling: Ruling } | undefined;

  constructor(own: Permissions, authorizer: Uri) {
    this.role = own.role;
    this.authorizer = authorizer;
    this.#own = own;
  }

  isOpen({ action, uri, match }: Question): boolean {
    return !this.#ruling(action, uri, match) && this.leavesOpen(uri, match);
  }

  /** Whether the role's own permissions say nothing of it. */
  leavesOpen(uri: Uri, match: MatchPolicy): boolean {
    return !this.#own.decides(uri, match);
  }

  /** For the request in hand, until `forget`; for all that come, where the ruling says so. */
  learn({ action, uri, match }: Question, ruling: Ruling): void {
    const key = keyOf(action, uri, match);
    this.#once = { key, ruling };
    if (!ruling.cache) return;
    this.#kept.set(key, ruling);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget(): void {
    this.#once = undefined;
  }

  rule(uri: Uri): Permission | undefined {
    const rule = this.#own.rule(uri);
    if (rule) return rule;
    const call = this.#ruling('call', uri, 'exact');
    const publish = this.#ruling('publish', uri, 'exact');
    const disclose = {
      ...(call?.disclose !== undefined && { caller: call.disclose }),
      ...(publish?.disclose !== undefined && { publisher: publish.disclose }),
    };
    return { uri, allow: { call: call?.allow ?? false, publish: publish?.allow ?? false }, disclose };
  }

  allows(action: Action, uri: Uri): boolean {
    return this.rule(uri)?.allow[action] === true;
  }

  allowsPattern(action: Action, uri: Uri, match: MatchPolicy): boolean {
    if (!this.leavesOpen(uri, match)) return this.#own.allowsPattern(action, uri, match);
    return this.#ruling(action, uri, match)?.allow === true;
  }

  #ruling(action: Action, uri: Uri, match: MatchPolicy): Ruling | undefined {
    const key = keyOf(action, uri, match);
    return this.#once?.key === key ? this.#once.ruling : this.#kept.get(key);
  }
}

const keyOf = (action: Action, uri: Uri, match: MatchPolicy) => `${action} ${match} ${uri}`;

/** What a message needs permission for; null: for nothing. */
export function questionOf(message: Message): Question | null {
  switch (message.type) {
    case 'publish':
      return { action: 'publish', uri: message.topic, match: 'exact', options: message.options };
    case 'call':
      return { action: 'call', uri: message.procedure, match: 'exact', options: message.options };
    case 'subscribe':
      return { action: 'subscribe', uri: message.topic, match: matchOf(message), options: message.options };
    case 'register':
      return { action: 'register', uri: message.procedure, match: matchOf(message), options: message.options };
    default:
      return null;
  }
}

const matchOf = ({ options }: Message<'subscribe' | 'register'>) => options.match ?? 'exact';
