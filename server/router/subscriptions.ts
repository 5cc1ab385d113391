import { sequence, type MatchPolicy, type Uri } from '../../protocol/index.ts';
import { History } from './history.ts';
import { PatternIndex } from './pattern-index.ts';
import type { Session } from './session.ts';

/** A topic or a pattern of topics, and who listens. Its sessions all know it by the same id. */
export interface Subscription {
  readonly id: number;
  readonly uri: Uri;
  readonly match: MatchPolicy;
  /** In milliseconds since 1970. */
  readonly created: number;
  /** By id, in order of subscription. */
  readonly sessions: Map<number, Session>;
  /** The node keys of those that share the work. WAMP "Sharded Subscriptions". */
  readonly nodes: Map<Session, string>;
  /** Kept by the router's configuration. Such a subscription stays when nobody listens. */
  history: History | undefined;
}

/** Of which topics the router keeps past events, and how many. WAMP "Event History". */
export interface HistoryConfig {
  readonly uri: Uri;
  /** Default 'exact'. */
  readonly match?: MatchPolicy;
  /** Events kept; the oldest goes first. */
  readonly limit: number;
}

/** All subscriptions of a realm: by pattern, by id, by session. */
export class Subscriptions {
  readonly #patterns = new PatternIndex<Subscription>();
  readonly #byId = new Map<number, Subscription>();
  readonly #held = new Map<Session, Set<Subscription>>();
  readonly #nextId = sequence();
  readonly #now: () => number;

  constructor(now: () => number, histories: readonly HistoryConfig[]) {
    this.#now = now;
    this.reconfigure(histories);
  }

  /** What is kept further keeps its events. */
  reconfigure(histories: readonly HistoryConfig[]): void {
    const kept = new Set<Subscription>();
    for (const { uri, match = 'exact', limit } of histories) {
      const subscription = this.find(uri, match) ?? this.#create(uri, match);
      if (subscription.history) subscription.history.limit = limit;
      else subscription.history = new History(limit);
      kept.add(subscription);
    }
    for (const subscription of this.#byId.values()) {
      if (kept.has(subscription)) continue;
      subscription.history = undefined;
      this.#deleteUnused(subscription);
    }
  }

  all(): Iterable<Subscription> {
    return this.#byId.values();
  }

  get(id: number): Subscription | undefined {
    return this.#byId.get(id);
  }

  find(uri: Uri, match: MatchPolicy): Subscription | undefined {
    return this.#patterns.get(uri, match);
  }

  matching(topic: Uri): readonly Subscription[] {
    return this.#patterns.matching(topic);
  }

  /** How many a session has beside this one. */
  countOthers(session: Session, uri: Uri, match: MatchPolicy): number {
    const has = this.#held.get(session)?.size ?? 0;
    return this.find(uri, match)?.sessions.has(session.id) ? has - 1 : has;
  }

  /** The same pattern twice is one subscription; the node key of the last time counts. */
  join(session: Session, uri: Uri, match: MatchPolicy, node: string | undefined) {
    const known = this.find(uri, match);
    const subscription = known ?? this.#create(uri, match);
    const isNew = !subscription.sessions.has(session.id);
    subscription.sessions.set(session.id, session);
    if (node === undefined) subscription.nodes.delete(session);
    else subscription.nodes.set(session, node);
    const held = this.#held.get(session) ?? new Set();
    this.#held.set(session, held.add(subscription));
    return { subscription, isCreated: !known, isNew };
  }

  /** Whether the subscription has gone with its last session; null: the session was not in it. */
  part(session: Session, subscription: Subscription): { readonly isDeleted: boolean } | null {
    if (!subscription.sessions.delete(session.id)) return null;
    subscription.nodes.delete(session);
    const held = this.#held.get(session);
    held?.delete(subscription);
    if (held?.size === 0) this.#held.delete(session);
    return { isDeleted: this.#deleteUnused(subscription) };
  }

  heldBy(session: Session): readonly Subscription[] {
    return [...(this.#held.get(session) ?? [])];
  }

  #deleteUnused({ id, uri, match, sessions, history }: Subscription): boolean {
    const isUnused = sessions.size === 0 && !history;
    if (isUnused) {
      this.#patterns.delete(uri, match);
      this.#byId.delete(id);
    }
    return isUnused;
  }

  #create(uri: Uri, match: MatchPolicy): Subscription {
    const id = this.#nextId();
    const created = this.#now();
    const history = undefined;
    const subscription = { id, uri, match, created, sessions: new Map<number, Session>(), nodes: new Map(), history };
    this.#patterns.set(uri, match, subscription);
    this.#byId.set(id, subscription);
    return subscription;
  }
}
