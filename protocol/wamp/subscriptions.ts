/** The subscriber's side. Handlers of one topic and match policy share one subscription. WAMP "Publish and Subscribe". */
import { ProtocolError } from './errors.ts';
import type { Dict, KnownOptions, List, Message } from './messages.ts';
import type { Requests } from './requests.ts';
import type { Uri } from './uris.ts';

export interface Event {
  readonly args: List;
  readonly kwargs: Dict;
  readonly details: Message<'event'>['details'];
  /** Where it was published; for a pattern, not what was subscribed to. */
  readonly topic: Uri;
  readonly publication: number;
}

export type EventHandler = (event: Event) => void | Promise<void>;

/** Where handlers share a subscription the first one's options count. */
export interface SubscribeOptions extends KnownOptions<'subscribe'> {
  /** The router took the subscription away. */
  readonly onRevoked?: (reason: Uri | undefined) => void;
}

export interface Subscription {
  readonly id: number;
  readonly topic: Uri;
  /** The handler is called no more, from now on; resolves when the router knows, or other handlers stay. */
  unsubscribe(): Promise<void>;
}

interface Listener {
  readonly handler: EventHandler;
  readonly onRevoked: ((reason: Uri | undefined) => void) | undefined;
}

interface Shared {
  readonly key: string;
  readonly topic: Uri;
  /** In the order they came, which is the order they are called in. */
  readonly listeners: Set<Listener>;
  /** Resolves with the subscription's id. */
  readonly opened: Promise<number>;
}

interface Surroundings {
  readonly requests: Requests;
  report(error: unknown, where: string): void;
}

export class Subscriptions {
  readonly #around: Surroundings;
  /** Subscribed to, or about to be, by topic and match policy. */
  readonly #wanted = new Map<string, Shared>();
  /** By the router's id, from SUBSCRIBED to UNSUBSCRIBED. */
  readonly #held = new Map<number, Shared>();
  /** Ids of subscriptions that are gone, whose events may still have been on their way. */
  readonly #former = new Set<number>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async subscribe(
    topic: Uri,
    handler: EventHandler,
    { onRevoked, ...options }: SubscribeOptions,
  ): Promise<Subscription> {
    const key = `${options.match ?? 'exact'} ${topic}`;
    const shared = this.#wanted.get(key) ?? this.#open(key, topic, options);
    const listener = { handler, onRevoked };
    shared.listeners.add(listener);
    const id = await shared.opened;
    let unsubscribed: Promise<void> | undefined;
    return { id, topic, unsubscribe: () => (unsubscribed ??= this.#leave(shared, listener, id)) };
  }

  event({ subscription, publication, details, args = [], kwargs = {} }: Message<'event'>): void {
    const shared = this.#held.get(subscription);
    if (!shared) {
      if (this.#former.has(subscription)) return;
      throw new ProtocolError(`event.subscription ${subscription} is none of ours`);
    }
    const event = { args, kwargs, details, topic: details.topic ?? shared.topic, publication };
    const listeners = [...shared.listeners]; // those of now: a handler may subscribe
    for (const listener of listeners) {
      if (shared.listeners.has(listener)) this.#handle(listener.handler, event, shared.topic);
    }
  }

  /** UNSUBSCRIBED that answers no request. WAMP "Subscription Revocation". */
  revoked({ details }: Message<'unsubscribed'>): void {
    const id = details?.subscription;
    if (id === undefined) throw new ProtocolError('unsubscribed.details.subscription is missing');
    const shared = this.#held.get(id);
    if (!shared) return; // we were leaving it ourselves
    const listeners = [...shared.listeners];
    shared.listeners.clear();
    this.#forget(shared, id);
    for (const { onRevoked } of listeners)
      this.#guard(() => onRevoked?.(details?.reason), `onRevoked of ${shared.topic}`);
  }

  end(): void {
    this.#wanted.clear();
    this.#held.clear();
  }

  #open(key: string, topic: Uri, options: KnownOptions<'subscribe'>): Shared {
    const opened = this.#around.requests.ask(
      'subscribed',
      (request) => ({ type: 'subscribe', request, options, topic }),
      (id) => {
        this.#held.set(id, shared);
        this.#former.delete(id);
        return id;
      },
    );
    const shared: Shared = { key, topic, listeners: new Set(), opened };
    this.#wanted.set(key, shared);
    opened.catch(() => this.#unwant(shared));
    return shared;
  }

  async #leave(shared: Shared, listener: Listener, subscription: number): Promise<void> {
    if (!shared.listeners.delete(listener) || shared.listeners.size > 0 || this.#held.get(subscription) !== shared)
      return;
    this.#unwant(shared); // who subscribes from now on asks the router anew
    await this.#around.requests.ask(
      'unsubscribed',
      (request) => ({ type: 'unsubscribe', request, subscription }),
      () => this.#forget(shared, subscription),
    );
  }

  #forget(shared: Shared, id: number): void {
    this.#unwant(shared);
    if (this.#held.get(id) !== shared) return;
    this.#held.delete(id);
    this.#former.add(id);
  }

  #unwant(shared: Shared): void {
    if (this.#wanted.get(shared.key) === shared) this.#wanted.delete(shared.key);
  }

  #handle(handler: EventHandler, event: Event, topic: Uri): void {
    this.#guard(() => handler(event), `the handler of ${topic}`);
  }

  /** A handler that fails harms no other. */
  #guard(run: () => void | Promise<void>, where: string): void {
    try {
      const running = run();
      if (running instanceof Promise) running.catch((error: unknown) => this.#around.report(error, where));
    } catch (error) {
      this.#around.report(error, where);
    }
  }
}
