import { errors, isReserved, type Dict, type List, type Message, type Uri } from '../../protocol/index.ts';
import { payload, refuse, send, type ConnectionId, type Effect } from './effects.ts';
import { detailsFor, eventOf, isFor, publicationOf, type Publication, type Terms } from './publication.ts';
import { ownerOf } from './rendezvous.ts';
import { Retention, type RetentionConfig } from './retention.ts';
import type { Session } from './session.ts';
import { Subscriptions, type HistoryConfig, type Subscription } from './subscriptions.ts';
import type { Surroundings } from './surroundings.ts';

export interface BrokerConfig {
  readonly history?: readonly HistoryConfig[];
  readonly retention?: RetentionConfig;
}

/**
 * Topics and who listens to them. WAMP "Publish and Subscribe". Whatever one publisher publishes is sent at once, so
 * each subscriber gets it in that order, over all topics and subscriptions.
 */
export class Broker {
  readonly subscriptions: Subscriptions;
  readonly #retention: Retention;
  readonly #around: Surroundings;

  constructor(around: Surroundings, { history = [], retention }: BrokerConfig = {}) {
    this.#around = around;
    this.subscriptions = new Subscriptions(around.now, history);
    this.#retention = new Retention(retention);
  }

  reconfigure({ history = [], retention }: BrokerConfig): void {
    this.subscriptions.reconfigure(history);
    this.#retention.reconfigure(retention);
  }

  subscribe(session: Session, { request, options, topic }: Message<'subscribe'>): Effect[] {
    const { match = 'exact', nkey, get_retained: wantsRetained = false } = options;
    const { subscription, isCreated, isNew } = this.subscriptions.join(session, topic, match, nkey);
    const effects = [send(session.connection, { type: 'subscribed', request, subscription: subscription.id })];
    if (wantsRetained) effects.push(...this.#retained(session, subscription));
    if (isCreated) effects.push(...this.#tell(session, subscription, 'create', describeSubscription(subscription)));
    if (isNew) effects.push(...this.#tell(session, subscription, 'subscribe', subscription.id));
    return effects;
  }

  unsubscribe(session: Session, { request, subscription: id }: Message<'unsubscribe'>): Effect[] {
    const subscription = this.subscriptions.get(id);
    const parted = subscription && this.subscriptions.part(session, subscription);
    if (!parted) {
      const problem = `you hold no subscription ${id}`;
      return [refuse(session.connection, 'unsubscribe', request, errors.noSuchSubscription, problem)];
    }
    const answer = send(session.connection, { type: 'unsubscribed', request });
    return [answer, ...this.#tellParted(session, subscription, parted.isDeleted)];
  }

  /** Takes a subscription away from a session, which hears of it if it can. WAMP "Subscription Revocation". */
  revoke(session: Session, subscription: Subscription, reason?: Uri): Effect[] {
    const parted = this.subscriptions.part(session, subscription);
    if (!parted) return [];
    const details = { subscription: subscription.id, ...(reason !== undefined && { reason }) };
    const notice = send(session.connection, { type: 'unsubscribed', request: 0, details });
    const told = this.#tellParted(session, subscription, parted.isDeleted);
    return session.subscriber.revocation ? [notice, ...told] : told;
  }

  publish(session: Session, message: Message<'publish'>, terms: Terms): Effect[] {
    const { request, options } = message;
    const matching = this.subscriptions.matching(message.topic);
    if (matching.length === 0 && !options.acknowledge && !options.retain) return [];
    const id = this.#around.chance.id();
    const publication = publicationOf(id, session, message, payload(message), terms);
    const effects = this.#events(publication, matching, options.exclude_me === false ? null : session);
    if (options.retain) this.#retention.keep(publication);
    if (options.acknowledge) effects.push(send(session.connection, { type: 'published', request, publication: id }));
    return effects;
  }

  /** An event of the router itself. WAMP "Meta API". */
  announce(topic: Uri, args: List): Effect[] {
    const matching = this.subscriptions.matching(topic);
    if (matching.length === 0) return [];
    const id = this.#around.chance.id();
    const content = { args };
    const forAll = { audience: null, rkey: undefined, named: null, admits: null, droppable: false };
    return this.#events({ id, topic, details: {}, content, ...forAll }, matching, null);
  }

  /** The session gets nothing more from now on; what others are to be told of it is returned. */
  leave(session: Session): () => Effect[] {
    const parted = this.subscriptions
      .heldBy(session)
      .map((subscription) => ({ subscription, isDeleted: this.subscriptions.part(session, subscription)?.isDeleted }));
    return () =>
      parted.flatMap(({ subscription, isDeleted = false }) => this.#tellParted(session, subscription, isDeleted));
  }

  /** One EVENT for each matching subscription: its receivers all get the same message. */
  #events(publication: Publication, matching: readonly Subscription[], except: Session | null): Effect[] {
    const effects: Effect[] = [];
    for (const subscription of matching) {
      subscription.history?.add(publication, this.#around.now());
      const to = receivers(publication, subscription, except);
      if (to.length === 0) continue;
      const details = detailsFor(publication, subscription.match);
      const message = eventOf(publication, subscription.id, details);
      effects.push(publication.droppable ? { do: 'send', to, message, droppable: true } : { do: 'send', to, message });
    }
    return effects;
  }

  #retained(session: Session, { id, uri, match }: Subscription): Effect[] {
    return this.#retention.newest(uri, match, session).map((publication) => {
      const details = { ...detailsFor(publication, match), retained: true };
      return send(session.connection, eventOf(publication, id, details));
    });
  }

  #tellParted(session: Session, subscription: Subscription, isDeleted: boolean): Effect[] {
    const left = this.#tell(session, subscription, 'unsubscribe', subscription.id);
    return isDeleted ? [...left, ...this.#tell(session, subscription, 'delete', subscription.id)] : left;
  }

  /** Not of the meta topics themselves, which would never end. WAMP "Subscription Meta Events". */
  #tell(session: Session, { uri }: Subscription, what: MetaEvent, about: number | Dict): Effect[] {
    if (session.hidden || isReserved(uri)) return [];
    return this.announce(`wamp.subscription.on_${what}`, [session.id, about]);
  }
}

type MetaEvent = 'create' | 'subscribe' | 'unsubscribe' | 'delete';

/** What `wamp.subscription.get` and `wamp.subscription.on_create` say. WAMP "Subscription Meta API". */
export const describeSubscription = ({ id, created, uri, match }: Subscription): Dict => ({
  id,
  created: new Date(created).toISOString(),
  uri,
  match,
});

function receivers(publication: Publication, subscription: Subscription, except: Session | null): ConnectionId[] {
  const { rkey } = publication;
  if (rkey !== undefined && subscription.nodes.size > 0) return shardOf(rkey, publication, subscription, except);
  const to: ConnectionId[] = [];
  for (const session of candidates(publication, subscription)) {
    if (session !== except && isFor(publication, session)) to.push(session.connection);
  }
  return to;
}

/** Who may be among the receivers: where few are named, the others need not be looked at. */
function candidates({ named }: Publication, { sessions }: Subscription): Iterable<Session> {
  if (!named || named.size >= sessions.size) return sessions.values();
  const here: Session[] = [];
  for (const id of named) {
    const session = sessions.get(id);
    if (session) here.push(session);
  }
  return here;
}

/**
 * Of the subscribers with node keys only those of one node, which is always the same for the same resource key, as long
 * as it is there and may receive the event; and all without. WAMP "Sharded Subscriptions".
 */
function shardOf(
  rkey: string,
  publication: Publication,
  { sessions, nodes }: Subscription,
  except: Session | null,
): ConnectionId[] {
  const able = [...sessions.values()].filter((session) => session !== except && isFor(publication, session));
  const owner = ownerOf(
    rkey,
    able.flatMap((session) => nodes.get(session) ?? []),
  );
  return able.filter((session) => (nodes.get(session) ?? owner) === owner).map(({ connection }) => connection);
}
