/** A session that comes back: joins a realm, waits and tries again when that fails or ends. Says how it stands. */
import {
  CallError,
  closeReasons,
  errors,
  join,
  type CallOptions,
  type Dict,
  type EventHandler,
  type List,
  type Procedure,
  type PublishOptions,
  type RegisterOptions,
  type Result,
  type Session,
  type SubscribeOptions,
  type Uri,
} from '../../protocol/index.ts';
import { Listeners, type Off } from '../listeners.ts';
import { messageOf } from '../message-of.ts';
import { backoff, backoffMs } from './backoff.ts';
import { GuestTicket, type Guest } from './guest-ticket.ts';
import { Renewals, type Lasting } from './renewals.ts';
import type { Status } from './status.ts';
import { surroundings, type ConnectOptions } from './surroundings.ts';
import { watch } from './watchdog.ts';
import { Wire } from './wire.ts';

/** How long opening a socket may take, milliseconds. */
const openMs = 10_000;

interface Joined {
  readonly session: Session;
  readonly wire: Wire;
}

export class Connection {
  protected readonly around: Required<ConnectOptions>;
  readonly #ticket: GuestTicket;
  readonly #statuses: Listeners<[Status]>;
  readonly #renewals: Renewals;
  readonly #unwake: Off;
  /** Aborted to give up what is being opened, or is open. */
  #effort = new AbortController();
  #status: Status = { state: 'connecting', attempt: 1 };
  #joined: Joined | null = null;
  #retry: () => void = () => {};

  /** Connects in the background, at once. @throws Error outside a browser when no url is given. */
  constructor(options: ConnectOptions = {}) {
    this.around = surroundings(options);
    this.#ticket = new GuestTicket(this.around.storage, this.around);
    this.#statuses = new Listeners('a status listener', this.around.onError);
    this.#renewals = new Renewals({ ...this.around, current: () => this.session });
    this.#unwake = this.around.onWake(() => this.retryNow());
    void this.#run();
  }

  get status(): Status {
    return this.#status;
  }

  onStatus(listener: (status: Status) => void): Off {
    return this.#statuses.add(listener);
  }

  /** The session there is now; null from the moment that it ends. */
  get session(): Session | null {
    return this.#joined && !this.#joined.wire.over ? this.#joined.session : null;
  }

  /** The session, as soon as there is one. @throws CallError once the client is closed. */
  online(): Promise<Session> {
    const { session } = this;
    if (session) return Promise.resolve(session);
    return new Promise((resolve, reject) => {
      const off = this.each(async (joined) => {
        off();
        resolve(joined);
      }, reject);
    });
  }

  /** Ends the wait for the next attempt; else does nothing. */
  retryNow(): void {
    this.#retry();
  }

  /** Leaves for good. Whatever is still wanted rejects. */
  close(reason = 'closed by the page'): void {
    if (this.#status.state === 'closed') return;
    this.#become({ state: 'closed', reason });
    this.#unwake();
    void this.#joined?.session.leave();
    this.#effort.abort(closedError(reason));
    this.#retry();
    this.#renewals.close(closedError(reason));
  }

  /** Calls a procedure once there is a session. A call that is open when the session ends rejects: it may have been carried out. */
  async call(procedure: Uri, args?: List, kwargs?: Dict, options?: CallOptions): Promise<Result> {
    return (await this.online()).call(procedure, args, kwargs, options);
  }

  /** Publishes once there is a session. */
  async publish(topic: Uri, args?: List, kwargs?: Dict, options?: PublishOptions): Promise<number | null> {
    return (await this.online()).publish(topic, args, kwargs, options);
  }

  /** Subscribes in this and every later session. Resolves when first subscribed. @throws CallError when the router refuses. */
  subscribe(topic: Uri, handler: EventHandler, options?: SubscribeOptions): Promise<Lasting> {
    return this.#renewals.lasting(
      (session) => session.subscribe(topic, handler, options),
      (subscription) => subscription.unsubscribe(),
    );
  }

  /** Registers in this and every later session. Resolves when first registered. @throws CallError when the router refuses. */
  register(procedure: Uri, handler: Procedure, options?: RegisterOptions): Promise<Lasting> {
    return this.#renewals.lasting(
      (session) => session.register(procedure, handler, options),
      (registration) => registration.unregister(),
    );
  }

  /**
   * Does something that may be done twice: should the session end before it is done, again in the next one.
   * @throws what `act` throws while the session lasts; CallError once the client is closed.
   */
  async insist<T>(act: (session: Session) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.online();
      try {
        return await act(session);
      } catch (error) {
        if (session === this.session) throw error;
      }
    }
  }

  /**
   * Runs `attach` in this session, if there is one, and in every later one. Where it fails it is run again after a while,
   * as long as its session lasts. `closed` is told when there will be no session any more.
   */
  each(attach: (session: Session) => Promise<void>, closed: (error: CallError) => void = () => {}): Off {
    return this.#renewals.each(attach, closed);
  }

  async #run(): Promise<void> {
    for (let failures = 0; ;) {
      this.#become({ state: 'connecting', attempt: failures + 1 });
      const { reason, lasted } = await this.#connect();
      if (this.#isClosed()) return;
      failures = lasted ? 1 : failures + 1;
      await this.#wait(failures, reason);
      if (this.#isClosed()) return;
    }
  }

  /** One attempt, and the session that comes of it, until its end. */
  async #connect(): Promise<{ reason: string; lasted: boolean }> {
    const { clock, onWake } = this.around;
    try {
      this.#joined = await this.#enter();
    } catch (error) {
      return { reason: messageOf(error), lasted: false };
    }
    const { session } = this.#joined;
    const since = clock.now();
    const unwatch = watch({ ...this.#joined, clock, onWake });
    this.#renewals.renew(session); // before anybody hears of the session, and attaches to it by himself
    this.#become({ state: 'online', authid: session.authid, since });
    const { reason, message } = await session.closed;
    unwatch();
    this.#joined = null;
    return { reason: message || reason, lasted: clock.now() - since >= backoff.stableMs };
  }

  /** As the guest that we were; as a new one where the server does not know that guest any more. */
  async #enter(): Promise<Joined> {
    const guest = this.#ticket.read();
    try {
      return await this.#join(guest);
    } catch (error) {
      if (!guest || !refusesTicket(error)) throw error;
      this.#ticket.refuse(guest);
      return this.#enter();
    }
  }

  async #join(guest: Guest | null): Promise<Joined> {
    const { realm, clock, onError } = this.around;
    const wire = await this.#open();
    const identity = guest && { authid: guest.authid, authmethods: ['ticket'], onChallenge: () => guest.ticket };
    const session = await join(wire, { realm, clock, onError, ...identity });
    const ticket = session.details.authextra?.['ticket'];
    if (typeof ticket === 'string') this.#ticket.keep({ authid: session.authid, ticket });
    return { session, wire };
  }

  async #open(): Promise<Wire> {
    const { transport, url, clock } = this.around;
    if (this.#isClosed()) throw this.#effort.signal.reason;
    const effort = (this.#effort = new AbortController());
    const late = clock.setTimeout(() => effort.abort(new Error(`no connection within ${openMs / 1000} s`)), openMs);
    try {
      const wire = new Wire(await transport(url, effort));
      effort.signal.addEventListener('abort', () => wire.cut(messageOf(effort.signal.reason)));
      if (effort.signal.aborted) wire.close();
      return wire;
    } finally {
      clock.clearTimeout(late);
    }
  }

  #wait(failures: number, reason: string): Promise<void> {
    const { clock, random } = this.around;
    const ms = backoffMs(failures, random);
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => this.#retry(), ms);
      this.#retry = () => {
        this.#retry = () => {};
        clock.clearTimeout(timer);
        resolve();
      };
      this.#become({ state: 'waiting', attempt: failures, retryAt: clock.now() + ms, reason });
    });
  }

  #isClosed(): boolean {
    return this.#status.state === 'closed';
  }

  #become(status: Status): void {
    if (this.#isClosed()) return;
    this.#status = status;
    this.#statuses.tell(status);
  }
}

const closedError = (reason: string) => new CallError(closeReasons.closeRealm, [`the client is closed: ${reason}`]);

const refusals: readonly Uri[] = [
  errors.authenticationDenied,
  errors.authenticationFailed,
  errors.noMatchingAuthMethod,
  errors.noSuchPrincipal,
  errors.notAuthorized,
];
const refusesTicket = (error: unknown): boolean => error instanceof CallError && refusals.includes(error.uri);
