/**
 * How a page holds on to a match or a world: attaches in every session, tries again what failed, waits for versions, and
 * is done with it once.
 */
import {
  CallError,
  errors,
  isFrameworkCode,
  rejectionOf,
  type EventHandler,
  type Session,
  type Subscription,
  type Uri,
} from '../../protocol/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import { Listeners, type Off, type Report } from '../listeners.ts';
import { joinError } from './join-error.ts';
import { Requests } from './requests.ts';
import type { Gone, MatchStatus } from './status.ts';

/** Milliseconds. */
const waits = {
  /** For the changes of an answered request, before they are taken to be lost. */
  changesMs: 1_000,
  /** Before trying again what failed for no reason of the match's. */
  retryMs: 1_000,
};

export interface AttachmentSurroundings {
  readonly connection: Connection;
  readonly clock: ClientClock;
  readonly onError: Report;
}

export interface AttachmentSetup extends AttachmentSurroundings {
  /** What is done here, for reports: `following a match`. */
  readonly doing: string;
  /** Version of the view; null while there is none. */
  version(): number | null;
  /** Subscribes, joins and takes the view. */
  join(session: Session): Promise<void>;
  /** What comes until the next whole view is to be kept. */
  pause(): void;
  /** What goes on in a session ends. */
  quit?(): void;
  /** The changes of an answered request have not come. */
  late?(session: Session): void;
}

export class Attachment {
  readonly statuses: Listeners<[MatchStatus]>;
  readonly requests: Requests;
  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;
  readonly #setup: AttachmentSetup;
  #detach: Off = () => {};
  #status: MatchStatus = { state: 'catching_up' };
  #session: Session | null = null;
  #subscription: Subscription | null = null;
  readonly #waiting = new Set<{ readonly version: number; resolve(): void }>();
  #joined!: { resolve(): void; reject(error: Error): void };

  constructor(setup: AttachmentSetup) {
    this.#setup = setup;
    this.statuses = new Listeners('a match status listener', setup.onError);
    this.requests = new Requests({
      isCurrent: (session) => session === setup.connection.session,
      reached: (version) => this.#reached(version),
      refused: ({ code, message }) => {
        if (code === 'no_such_match') this.end({ state: 'gone', reason: code, message });
      },
    });
    this.joined = new Promise((resolve, reject) => (this.#joined = { resolve, reject }));
  }

  /** To be called once all that `join` needs is there. */
  start(): void {
    this.#detach = this.#setup.connection.each(
      (session) => this.#attach(session),
      (error) => {
        this.#joined.reject(joinError(error));
        this.end({ state: 'gone', reason: 'closed', message: error.message });
      },
    );
  }

  get status(): MatchStatus {
    return this.#status;
  }
  get session(): Session | null {
    return this.#session;
  }

  /** Whether this is over for good, or goes on in another session. */
  isPast(session: Session): boolean {
    return this.#status.state === 'gone' || session !== this.#session || session !== this.#setup.connection.session;
  }

  /** Stops following; what is still asked gets no answer. */
  end(gone: Gone): void {
    if (this.#status.state === 'gone') return;
    this.#detach();
    this.unsubscribe();
    this.requests.end(gone);
    this.#become(gone);
  }

  /** Subscribes for as long as it is followed in this session. @returns whether it still is. */
  async subscribe(session: Session, topic: Uri, listener: EventHandler): Promise<boolean> {
    const subscription = await session.subscribe(topic, listener);
    if (this.isPast(session)) subscription.unsubscribe().catch(() => {});
    else this.#subscription = subscription;
    return !this.isPast(session);
  }

  unsubscribe(): void {
    this.#setup.quit?.();
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  /** A whole view is on its way. */
  catchUp(): void {
    this.#setup.pause();
    this.#become({ state: 'catching_up' });
  }

  /** The view is the authority's. */
  live(): void {
    this.#become({ state: 'live' });
  }

  /** The view has changed: who waits for this version goes on. */
  came(version: number): void {
    for (const one of this.#waiting) if (one.version <= version) one.resolve();
  }

  /** A refusal ends it. Of other failures the first join tells; later ones are tried again while the session lasts. */
  failed(error: unknown, session: Session, again: () => Promise<void>): void {
    if (this.isPast(session)) return;
    const { clock, onError, doing } = this.#setup;
    const rejection = rejectionOf(error);
    if (this.#setup.version() === null) {
      this.#joined.reject(joinError(error));
      this.end({ state: 'gone', reason: 'detached', message: 'The match was not joined.' });
    } else if (rejection && isFrameworkCode(rejection.code) && rejection.code !== 'rate_limited') {
      this.end({ state: 'gone', reason: rejection.code, message: rejection.message });
    } else {
      // A game server that restarts may come back to the router later than we do.
      const isExpected = rejection !== null || (error instanceof CallError && error.uri === errors.noSuchProcedure);
      if (!isExpected) onError(error, doing);
      clock.setTimeout(() => void (this.isPast(session) || again()), waits.retryMs);
    }
  }

  async #attach(session: Session): Promise<void> {
    this.#session = session;
    this.catchUp();
    void session.closed.then(() => session === this.#session && this.catchUp());
    try {
      await this.#setup.join(session);
    } catch (error) {
      this.unsubscribe();
      this.failed(error, session, () => this.#attach(session));
      return;
    }
    if (this.isPast(session)) return;
    this.#joined.resolve();
    this.requests.resume(session);
  }

  /** Resolves when the view has come to a version; never when the match goes before. */
  #reached(version: number): Promise<void> {
    if (version <= (this.#setup.version() ?? -1)) return Promise.resolve();
    const { clock } = this.#setup;
    return new Promise((resolve) => {
      const late = () => {
        const session = this.#session;
        if (session && this.#status.state === 'live' && !this.isPast(session)) this.#setup.late?.(session);
      };
      const timer = clock.setTimeout(late, waits.changesMs);
      const one = {
        version,
        resolve: () => {
          this.#waiting.delete(one);
          clock.clearTimeout(timer);
          resolve();
        },
      };
      this.#waiting.add(one);
    });
  }

  #become(status: MatchStatus): void {
    if (this.#status.state === 'gone' || this.#status.state === status.state) return;
    this.#status = status;
    this.statuses.tell(status);
  }
}
