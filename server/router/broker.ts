import {
  errors,
  sequence,
  type Dict,
  type List,
  type MatchPolicy,
  type Message,
  type Uri,
} from '../../protocol/index.ts';
import { payload, refuse, send, type ConnectionId, type Effect } from './effects.ts';
import { PatternIndex } from './pattern-index.ts';
import { publisherIdentity, type Session } from './session.ts';

interface Subscription {
  readonly id: number;
  readonly uri: Uri;
  readonly match: MatchPolicy;
  readonly sessions: Set<Session>;
}

/** What a publication says, whoever says it. */
interface Publication {
  readonly id: number;
  readonly topic: Uri;
  readonly args?: List;
  readonly kwargs?: Dict;
}

/** Topics and who listens to them. WAMP "Publish and Subscribe". */
export class Broker {
  readonly #subscriptions = new PatternIndex<Subscription>();
  /** What each session holds, by subscription id. */
  readonly #held = new Map<Session, Map<number, Subscription>>();
  readonly #nextSubscription = sequence();
  readonly #publicationId: () => number;

  constructor(publicationId: () => number) {
    this.#publicationId = publicationId;
  }

  /** How many subscriptions a session has. */
  count(session: Session): number {
    return this.#held.get(session)?.size ?? 0;
  }

  /** The same pattern twice is one subscription, with one id. */
  subscribe(session: Session, { request, options, topic }: Message<'subscribe'>): Effect[] {
    const match = options.match ?? 'exact';
    const subscription = this.#subscriptions.get(topic, match) ?? this.#create(topic, match);
    subscription.sessions.add(session);
    this.#heldBy(session).set(subscription.id, subscription);
    return [send(session.connection, { type: 'subscribed', request, subscription: subscription.id })];
  }

  unsubscribe(session: Session, { request, subscription }: Message<'unsubscribe'>): Effect[] {
    const held = this.#held.get(session)?.get(subscription);
    if (!held) {
      const problem = `you hold no subscription ${subscription}`;
      return [refuse(session.connection, 'unsubscribe', request, errors.noSuchSubscription, problem)];
    }
    this.#held.get(session)?.delete(subscription);
    this.#remove(held, session);
    return [send(session.connection, { type: 'unsubscribed', request })];
  }

  publish(session: Session, message: Message<'publish'>, disclose: boolean): Effect[] {
    const { request, options, topic } = message;
    const id = this.#publicationId();
    const identity = disclose ? publisherIdentity(session) : {};
    const effects = this.#events({ id, topic, ...payload(message) }, identity, receives(session, options));
    if (options.acknowledge) effects.push(send(session.connection, { type: 'published', request, publication: id }));
    return effects;
  }

  /** An event of the router itself. WAMP "Meta API". */
  announce(topic: Uri, args: List): Effect[] {
    return this.#events({ id: this.#publicationId(), topic, args }, {}, () => true);
  }

  leave(session: Session): void {
    const held = this.#held.get(session);
    this.#held.delete(session);
    for (const subscription of held?.values() ?? []) this.#remove(subscription, session);
  }

  /** One EVENT for each matching subscription: its receivers all get the same message. */
  #events({ id, topic, ...content }: Publication, identity: Dict, isReceiver: (session: Session) => boolean): Effect[] {
    const effects: Effect[] = [];
    for (const { id: subscription, match, sessions } of this.#subscriptions.matching(topic)) {
      const to: ConnectionId[] = [];
      for (const session of sessions) if (isReceiver(session)) to.push(session.connection);
      if (to.length === 0) continue;
      const details = match === 'exact' ? identity : { ...identity, topic };
      effects.push({ do: 'send', to, message: { type: 'event', subscription, publication: id, details, ...content } });
    }
    return effects;
  }

  #create(uri: Uri, match: MatchPolicy): Subscription {
    const subscription = { id: this.#nextSubscription(), uri, match, sessions: new Set<Session>() };
    this.#subscriptions.set(uri, match, subscription);
    return subscription;
  }

  #remove(subscription: Subscription, session: Session): void {
    subscription.sessions.delete(session);
    if (subscription.sessions.size === 0) this.#subscriptions.delete(subscription.uri, subscription.match);
  }

  #heldBy(session: Session): Map<number, Subscription> {
    const held = this.#held.get(session) ?? new Map<number, Subscription>();
    this.#held.set(session, held);
    return held;
  }
}

/**
 * Who of a topic's subscribers gets an event: all conditions hold, and a list that is there but empty lets nobody in.
 * WAMP "Subscriber Black- and Whitelisting", "Publisher Exclusion".
 */
function receives(publisher: Session, options: Message<'publish'>['options']): (session: Session) => boolean {
  const conditions: ((session: Session) => boolean)[] = [];
  if (options.exclude_me !== false) conditions.push((session) => session !== publisher);
  for (const [allow, list, of] of [
    [true, options.eligible, (session: Session) => session.id],
    [true, options.eligible_authid, (session: Session) => session.authid],
    [true, options.eligible_authrole, (session: Session) => session.authrole],
    [false, options.exclude, (session: Session) => session.id],
    [false, options.exclude_authid, (session: Session) => session.authid],
    [false, options.exclude_authrole, (session: Session) => session.authrole],
  ] as const) {
    if (list === undefined) continue;
    const listed = new Set<string | number>(list);
    conditions.push((session) => listed.has(of(session)) === allow);
  }
  return (session) => conditions.every((holds) => holds(session));
}
