/**
 * One match as this client follows it, its game unknown to the compiler: subscribes, joins, applies changes, asks again
 * after a gap, and does all of it anew in every session. design.md §6.
 */
import {
  errors,
  CallError,
  Follower,
  isFrameworkCode,
  rejectionOf,
  type AnyRejection,
  type AnyView,
  type Change,
  type Happening,
  type MatchUris,
  type Session,
  type Subscription,
} from '../../protocol/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import { Listeners, type Off, type Report } from '../listeners.ts';
import { changeOf, joinAnswer, syncAnswer } from './answers.ts';
import { joinError } from './join-error.ts';
import { MatchClock } from './match-clock.ts';
import { Requests } from './requests.ts';
import type { Gone, MatchStatus } from './status.ts';

/** Milliseconds. */
const waits = {
  /** For the changes of an answered move, before we ask for the whole view. */
  changesMs: 1_000,
  /** Before trying again what failed for no reason of the match's. */
  retryMs: 1_000,
};

export interface FollowingSetup {
  readonly connection: Connection;
  readonly clock: ClientClock;
  readonly onError: Report;
  readonly uris: MatchUris;
  readonly fingerprint: string;
  /** The seat to ask for; null to watch; undefined for the one we hold, else any free one. */
  readonly seat: number | null | undefined;
}

export class Following {
  readonly views: Listeners<[view: AnyView, previous: AnyView]>;
  readonly statuses: Listeners<[MatchStatus]>;
  readonly happenings: Listeners<[Happening]>;
  readonly requests: Requests;
  readonly time: MatchClock;
  readonly #setup: FollowingSetup;
  readonly #detach: Off;
  #seat: number | null | undefined;
  #follower: Follower<AnyView> | null = null;
  #status: MatchStatus = { state: 'catching_up' };
  #session: Session | null = null;
  #subscription: Subscription | null = null;
  /** Changes that came while a whole view is on its way. */
  #held: Change[] = [];
  readonly #waiting = new Set<{ readonly version: number; resolve(): void }>();
  #joined!: { resolve(): void; reject(error: Error): void };

  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;

  constructor(setup: FollowingSetup) {
    const { connection, onError } = setup;
    this.#setup = setup;
    this.#seat = setup.seat;
    this.time = new MatchClock(setup.clock);
    this.views = new Listeners('a view listener', onError);
    this.statuses = new Listeners('a match status listener', onError);
    this.happenings = new Listeners('an event listener', onError);
    this.requests = new Requests({
      isCurrent: (session) => session === connection.session,
      reached: (version) => this.#reached(version),
      refused: (rejection) => this.#refused(rejection),
    });
    this.joined = new Promise((resolve, reject) => (this.#joined = { resolve, reject }));
    this.#detach = connection.each(
      (session) => this.#attach(session),
      (error) => {
        this.#joined.reject(joinError(error));
        this.end({ state: 'gone', reason: 'closed', message: error.message });
      },
    );
  }

  get view(): AnyView {
    if (!this.#follower) throw new Error('the match is not joined yet');
    return this.#follower.view;
  }
  get seat(): number | null {
    return this.#seat ?? null;
  }
  get status(): MatchStatus {
    return this.#status;
  }

  /** Stops following; what is still asked gets no answer. */
  end(gone: Gone): void {
    if (this.#status.state === 'gone') return;
    this.#detach();
    this.#unsubscribe();
    this.requests.end(gone);
    this.#become(gone);
  }

  async #attach(session: Session): Promise<void> {
    this.#session = session;
    this.#catchUp();
    void session.closed.then(() => session === this.#session && this.#catchUp());
    try {
      await this.#join(session);
    } catch (error) {
      this.#unsubscribe();
      await this.#failed(error, session, () => this.#attach(session));
    }
  }

  /** Subscribes before joining, so that no change falls between the two. */
  async #join(session: Session): Promise<void> {
    const { uris, fingerprint } = this.#setup;
    const subscription = await session.subscribe(uris.state.json, ({ args: [change] }) =>
      this.#hear(session, changeOf(change)),
    );
    if (this.#isPast(session)) return void subscription.unsubscribe().catch(() => {});
    this.#subscription = subscription;
    const wanted = this.#seat === undefined ? {} : { seat: this.#seat };
    const { seat, view } = await this.time.readBy(async () =>
      joinAnswer(await session.call(uris.join, [], { ...wanted, form: 'json', fingerprint })),
    );
    if (this.#isPast(session)) return;
    this.#seat = seat;
    this.#reset(view);
    this.#joined.resolve();
    this.requests.resume(session);
  }

  async #resync(session: Session): Promise<void> {
    this.#catchUp();
    try {
      const { view } = await this.time.readBy(async () =>
        syncAnswer(await session.call(this.#setup.uris.sync, [], { form: 'json' })),
      );
      if (!this.#isPast(session)) this.#reset(view);
    } catch (error) {
      await this.#failed(error, session, () => this.#resync(session));
    }
  }

  /** A refusal ends it. Of other failures the first join tells; later ones are tried again while the session lasts. */
  async #failed(error: unknown, session: Session, again: () => Promise<void>): Promise<void> {
    if (this.#isPast(session)) return;
    const rejection = rejectionOf(error);
    if (!this.#follower) {
      this.#joined.reject(joinError(error));
      this.end({ state: 'gone', reason: 'detached', message: 'The match was not joined.' });
    } else if (rejection && isFrameworkCode(rejection.code) && rejection.code !== 'rate_limited') {
      this.end({ state: 'gone', reason: rejection.code, message: rejection.message });
    } else {
      // A game server that restarts may come back to the router later than we do.
      const isExpected = rejection !== null || (error instanceof CallError && error.uri === errors.noSuchProcedure);
      if (!isExpected) this.#setup.onError(error, 'following a match');
      this.#setup.clock.setTimeout(() => void (this.#isPast(session) || again()), waits.retryMs);
    }
  }

  #hear(session: Session, change: Change): void {
    if (this.#isPast(session)) return;
    if (this.#status.state === 'catching_up') this.#held.push(change);
    else this.#apply(change);
  }

  #apply(change: Change): void {
    const follower = this.#follower!;
    const previous = follower.view;
    const happened = follower.accept(change);
    if (happened === 'lost') {
      void this.#resync(this.#session!);
      this.#held.push(change);
    } else if (happened !== null) {
      this.#changed(previous);
      for (const happening of happened) this.happenings.tell(happening);
    }
  }

  /** Goes on from a whole view, with the changes that came while it was on its way. */
  #reset(view: AnyView): void {
    const previous = this.#follower?.view;
    // After a recovery (a new epoch) the match may stand at an earlier version than we saw.
    if (!this.#follower || previous?.epoch !== view.epoch) this.#follower = new Follower(view);
    else this.#follower.reset(view);
    const held = this.#held;
    this.#held = [];
    this.#become({ state: 'live' });
    if (previous && this.#follower.view !== previous) this.#changed(previous);
    for (const change of held) this.#hear(this.#session!, change);
  }

  #changed(previous: AnyView): void {
    const { view } = this;
    for (const one of this.#waiting) if (one.version <= view.version) one.resolve();
    this.views.tell(view, previous);
  }

  #catchUp(): void {
    this.#held = [];
    this.#become({ state: 'catching_up' });
  }

  /** Resolves when the view has come to a version; never when the match goes before. */
  #reached(version: number): Promise<void> {
    if (this.#follower && version <= this.view.version) return Promise.resolve();
    const { clock } = this.#setup;
    return new Promise((resolve) => {
      const late = () =>
        this.#status.state === 'live' &&
        this.#session &&
        !this.#isPast(this.#session) &&
        void this.#resync(this.#session);
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

  #refused({ code, message }: AnyRejection): void {
    if (code === 'no_such_match') this.end({ state: 'gone', reason: code, message });
  }

  /** Whether this is over for good, or goes on in another session. */
  #isPast(session: Session): boolean {
    return this.#status.state === 'gone' || session !== this.#session || session !== this.#setup.connection.session;
  }

  #unsubscribe(): void {
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  #become(status: MatchStatus): void {
    if (this.#status.state === 'gone' || this.#status.state === status.state) return;
    this.#status = status;
    this.statuses.tell(status);
  }
}
