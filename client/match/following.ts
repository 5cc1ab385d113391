/**
 * One match as this client follows it, its game unknown to the compiler: subscribes, joins, applies changes, asks again
 * after a gap, and does all of it anew in every session. design.md §6.
 */
import {
  errors,
  CallError,
  isFrameworkCode,
  rejectionOf,
  type AnyGame,
  type AnyRejection,
  type AnyView,
  type Dict,
  type Happening,
  type MatchUris,
  type Session,
  type Subscription,
} from '../../protocol/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import { Listeners, type Off, type Report } from '../listeners.ts';
import { joinAnswer, syncAnswer } from './answers.ts';
import { isUnknownForm, jsonForm, packedForm, type AnyFollower, type Form } from './forms.ts';
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
  readonly game: AnyGame;
  readonly uris: MatchUris;
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
  /** Packed, until an authority does not know it. */
  #form: Form;
  #follower: AnyFollower | null = null;
  /** The form that the follower is of. */
  #followed: Form | null = null;
  #status: MatchStatus = { state: 'catching_up' };
  #session: Session | null = null;
  #subscription: Subscription | null = null;
  /** Changes that came while a whole view is on its way. */
  #held: unknown[] = [];
  readonly #waiting = new Set<{ readonly version: number; resolve(): void }>();
  #joined!: { resolve(): void; reject(error: Error): void };

  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;

  constructor(setup: FollowingSetup) {
    const { connection, onError } = setup;
    this.#setup = setup;
    this.#seat = setup.seat;
    this.#form = packedForm(setup.game);
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
    const { uris, game } = this.#setup;
    const form = this.#form.name;
    const subscription = await session.subscribe(uris.state[form], ({ args: [change] }) => this.#hear(session, change));
    if (this.#isPast(session)) return void subscription.unsubscribe().catch(() => {});
    this.#subscription = subscription;
    const wanted = { ...(this.#seat === undefined ? {} : { seat: this.#seat }), form, fingerprint: game.fingerprint };
    try {
      const { seat, view } = await this.time.readBy(async () => joinAnswer(await session.call(uris.join, [], wanted)));
      if (this.#isPast(session)) return;
      this.#reset(view);
      this.#seat = seat;
    } catch (error) {
      if (form === 'json' || !isUnknownForm(error)) throw error;
      this.#fallBack();
      return this.#join(session);
    }
    this.#joined.resolve();
    this.requests.resume(session);
  }

  /** The authority knows json alone. */
  #fallBack(): void {
    this.#unsubscribe();
    this.#held = [];
    this.#form = jsonForm;
  }

  /** @param why what the authority is to know of it. */
  async #resync(session: Session, why: Dict = {}): Promise<void> {
    this.#catchUp();
    try {
      const form = this.#form.name;
      const { view } = await this.time.readBy(async () =>
        syncAnswer(await session.call(this.#setup.uris.sync, [], { form, ...why })),
      );
      if (!this.#isPast(session)) this.#reset(view);
    } catch (error) {
      await this.#failed(error, session, () => this.#resync(session, why));
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

  #hear(session: Session, change: unknown): void {
    if (this.#isPast(session)) return;
    if (this.#status.state === 'catching_up') this.#held.push(change);
    else this.#apply(change);
  }

  #apply(change: unknown): void {
    const follower = this.#follower!;
    const previous = follower.view;
    const happened = follower.accept(change);
    if (happened === 'diverged') {
      const diverged = previous.version + 1;
      this.#setup.onError(new Error(`the view of version ${diverged} is not the authority's`), 'following a match');
      void this.#resync(this.#session!, { diverged });
    } else if (happened === 'lost') {
      void this.#resync(this.#session!);
      this.#held.push(change);
    } else if (happened !== null) {
      this.#changed(previous);
      for (const happening of happened) this.happenings.tell(happening);
    }
  }

  /** Goes on from a whole view, with the changes that came while it was on its way. */
  #reset(whole: unknown): void {
    const previous = this.#follower?.view;
    if (this.#follower && this.#followed === this.#form) this.#follower.reset(whole);
    else this.#follower = this.#form.follower(whole);
    this.#followed = this.#form;
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
