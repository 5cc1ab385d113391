/**
 * One world as this client follows it: subscribes, joins, takes in every message, asks again after a gap, and does all of
 * it anew in every session. design.md §6.
 */
import {
  CallError,
  errors,
  isFrameworkCode,
  rejectionOf,
  WorldFollower,
  type AnyWorld,
  type AnyWorldRules,
  type AnyWorldView,
  type Happening,
  type MatchUris,
  type Result,
  type Session,
  type Subscription,
} from '../../protocol/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import { Listeners, type Off, type Report } from '../listeners.ts';
import { joinError } from '../match/join-error.ts';
import { Requests } from '../match/requests.ts';
import type { Gone, MatchStatus } from '../match/status.ts';
import { Past } from './past.ts';
import { ServerClock } from './server-clock.ts';
import { Steering } from './steering.ts';

/** Milliseconds. */
const waits = {
  /** Before trying again what failed for no reason of the world's. */
  retryMs: 1_000,
  /** Between two questions for the time: the first few come quickly. */
  clockMs: 2_000,
  firstClockMs: 150,
};
/** Questions for the time that come quickly. */
const firstClocks = 5;

export interface WorldFollowingSetup {
  readonly connection: Connection;
  readonly clock: ClientClock;
  readonly onError: Report;
  readonly game: AnyWorld;
  readonly rules: AnyWorldRules | undefined;
  readonly uris: MatchUris;
  readonly watch: boolean;
}

export class WorldFollowing {
  readonly views: Listeners<[view: AnyWorldView]>;
  readonly statuses: Listeners<[MatchStatus]>;
  readonly happenings: Listeners<[Happening]>;
  readonly requests: Requests;
  readonly past: Past;
  readonly serverClock: ServerClock;
  readonly #setup: WorldFollowingSetup;
  readonly #follower: WorldFollower;
  readonly #detach: Off;
  #steering: Steering | null = null;
  #player: string | null = null;
  #options: unknown = {};
  #status: MatchStatus = { state: 'catching_up' };
  #session: Session | null = null;
  #subscription: Subscription | null = null;
  #clockTimer: unknown = null;
  /** Messages that came while a snapshot is on its way. */
  #held: Uint8Array[] = [];
  #resyncs = 0;
  /** Of the steering before the present one. */
  #corrections = 0;
  #receivedBytes = 0;
  readonly #waiting = new Set<{ readonly version: number; resolve(): void }>();
  #joined!: { resolve(): void; reject(error: Error): void };

  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;

  constructor(setup: WorldFollowingSetup) {
    const { connection, onError, game } = setup;
    this.#setup = setup;
    this.#follower = new WorldFollower(game);
    this.past = new Past(game);
    this.serverClock = new ServerClock(game.tick);
    this.views = new Listeners('a view listener', onError);
    this.statuses = new Listeners('a match status listener', onError);
    this.happenings = new Listeners('an event listener', onError);
    this.requests = new Requests({
      isCurrent: (session) => session === connection.session,
      reached: (version) => this.#reached(version),
      refused: ({ code, message }) => {
        if (code === 'no_such_match') this.end({ state: 'gone', reason: code, message });
      },
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

  /** As the authority has it. */
  get view(): AnyWorldView {
    return this.#follower.view;
  }
  /** One's own player; null while watching. */
  get player(): string | null {
    return this.#player;
  }
  get options(): unknown {
    return this.#options;
  }
  get steering(): Steering | null {
    return this.#steering;
  }
  get status(): MatchStatus {
    return this.#status;
  }
  /** How often the stream was broken, and a snapshot had to mend it. */
  get resyncs(): number {
    return this.#resyncs;
  }

  /** How often one's own player stood elsewhere than predicted. */
  get corrections(): number {
    return this.#corrections + (this.#steering?.corrections ?? 0);
  }
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** The tick whose state is drawn at a time of our clock, ms; null while no clock is known. */
  shownTick(now: number): number | null {
    const tick = this.serverClock.tickAt(now);
    return tick === null ? null : this.past.shownAt(tick);
  }

  /** Stops following; what is still asked gets no answer. */
  end(gone: Gone): void {
    if (this.#status.state === 'gone') return;
    this.#detach();
    this.#quit();
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
      this.#quit();
      await this.#failed(error, session, () => this.#attach(session));
    }
  }

  /** Subscribes before joining, so that no message falls between the two. */
  async #join(session: Session): Promise<void> {
    const { uris, game, watch } = this.#setup;
    const subscription = await session.subscribe(uris.state.packed, ({ args: [message] }) =>
      this.#hear(session, message),
    );
    if (this.#isPast(session)) return void subscription.unsubscribe().catch(() => {});
    this.#subscription = subscription;
    const { fingerprint } = game;
    const answer = await session.call(uris.join, [], { form: 'packed', watch, fingerprint });
    if (this.#isPast(session)) return;
    this.#reset(answer);
    this.serverClock.restart();
    void this.#askTime(session, 0);
    this.#joined.resolve();
    this.requests.resume(session);
  }

  /** Starts from a snapshot, with the messages that came while it was on its way. */
  #reset(answer: Result): void {
    const { player, options, view } = snapshotAnswer(answer);
    const { game, rules, clock, uris } = this.#setup;
    this.#player = player;
    this.#options = options;
    this.#follower.reset(view, player);
    this.past.clear();
    this.#receivedBytes += view.length;
    this.#corrections = this.corrections;
    this.#steering?.stop();
    this.#steering =
      player === null
        ? null
        : new Steering({ game, rules, options, clock, send: (last, inputs) => this.#send(uris.input, last, inputs) });
    this.#steering?.restart();
    const held = this.#held;
    this.#held = [];
    this.#become({ state: 'live' });
    this.#changed();
    for (const message of held) this.#hear(this.#session!, message);
  }

  #send(topic: string, last: number, inputs: readonly object[]): void {
    const session = this.#session;
    if (!session || this.#isPast(session) || this.#status.state !== 'live') return;
    const seen = this.shownTick(this.#setup.clock.now());
    session.publish(topic, [last, inputs, ...(seen === null ? [] : [seen])]).catch(() => {}); // it fails only with its session
  }

  #hear(session: Session, message: unknown): void {
    if (this.#isPast(session) || !(message instanceof Uint8Array)) return;
    if (this.#status.state === 'catching_up') return void this.#held.push(message);
    this.#receivedBytes += message.length;
    const followed = this.#follower.accept(message);
    if (followed === 'nothing yet') return;
    if (followed === 'lost' || followed === 'diverged') {
      if (followed === 'diverged')
        this.#setup.onError(new Error('a world has diverged from its authority'), 'following a world');
      this.#resyncs += 1;
      return void this.#resync(session);
    }
    this.#changed();
    for (const happening of followed.events) this.happenings.tell(happening);
  }

  #changed(): void {
    const { view } = this;
    const now = this.#setup.clock.now();
    const tick = this.serverClock.tickAt(now);
    this.past.add(view, tick === null ? null : tick - view.tick);
    if (this.#player !== null && view.me !== null)
      this.#steering?.confirm(view.me as object, this.#follower.taken(this.#player), view.shared);
    for (const one of this.#waiting) if (one.version <= view.version) one.resolve();
    this.views.tell(view);
  }

  async #resync(session: Session): Promise<void> {
    this.#catchUp();
    try {
      const answer = await session.call(this.#setup.uris.sync, [], { form: 'packed' });
      if (!this.#isPast(session)) this.#reset(answer);
    } catch (error) {
      await this.#failed(error, session, () => this.#resync(session));
    }
  }

  async #askTime(session: Session, asked: number): Promise<void> {
    const { clock, uris } = this.#setup;
    if (this.#isPast(session)) return;
    const before = clock.now();
    try {
      const [answer] = (await session.call(uris.time)).args as [{ tick?: unknown }];
      if (typeof answer?.tick === 'number') this.serverClock.sample(answer.tick, before, clock.now());
    } catch {
      // It is asked again, or the session is over.
    }
    if (this.#isPast(session)) return;
    const wait = asked < firstClocks ? waits.firstClockMs : waits.clockMs;
    this.#clockTimer = clock.setTimeout(() => void this.#askTime(session, asked + 1), wait);
  }

  /** A refusal ends it. Of other failures the first join tells; later ones are tried again while the session lasts. */
  async #failed(error: unknown, session: Session, again: () => Promise<void>): Promise<void> {
    if (this.#isPast(session)) return;
    const rejection = rejectionOf(error);
    const isGone = error instanceof CallError && error.uri === errors.noSuchProcedure;
    if (this.#follower.view.version === 0) {
      this.#joined.reject(joinError(error));
      this.end({ state: 'gone', reason: 'detached', message: 'The match was not joined.' });
    } else if (rejection && isFrameworkCode(rejection.code) && rejection.code !== 'rate_limited') {
      this.end({ state: 'gone', reason: rejection.code, message: rejection.message });
    } else {
      if (!rejection && !isGone) this.#setup.onError(error, 'following a world');
      this.#setup.clock.setTimeout(() => void (this.#isPast(session) || again()), waits.retryMs);
    }
  }

  #catchUp(): void {
    this.#held = [];
    this.#steering?.stop();
    this.#become({ state: 'catching_up' });
  }

  /** Resolves when the view has come to a version; never when the world goes before. */
  #reached(version: number): Promise<void> {
    if (version <= this.view.version) return Promise.resolve();
    return new Promise((resolve) => {
      const one = {
        version,
        resolve: () => {
          this.#waiting.delete(one);
          resolve();
        },
      };
      this.#waiting.add(one);
    });
  }

  /** Whether this is over for good, or goes on in another session. */
  #isPast(session: Session): boolean {
    return this.#status.state === 'gone' || session !== this.#session || session !== this.#setup.connection.session;
  }

  #quit(): void {
    this.#steering?.stop();
    this.#setup.clock.clearTimeout(this.#clockTimer);
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  #become(status: MatchStatus): void {
    if (this.#status.state === 'gone' || this.#status.state === status.state) return;
    this.#status = status;
    this.statuses.tell(status);
  }
}

/** What `join` and `sync` answer, checked where it comes in. @throws Error naming the fault. */
function snapshotAnswer({ args: [answer] }: Result): { player: string | null; options: unknown; view: Uint8Array } {
  const { player, options, view } = (answer ?? {}) as { readonly [key: string]: unknown };
  if (player !== null && typeof player !== 'string') throw new Error('an answer of join names no player');
  if (!(view instanceof Uint8Array)) throw new Error('an answer of join has no packed view');
  return { player, options, view };
}
