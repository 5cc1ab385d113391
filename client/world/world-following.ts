/**
 * One world as this client follows it: subscribes, joins, takes in every message, asks again after a gap, and does all of
 * it anew in every session. design.md §6.
 */
import {
  randomId,
  resumedEpoch,
  seenBy,
  WorldFollower,
  type AnyMove,
  type AnyWorld,
  type AnyWorldRules,
  type AnyWorldView,
  type Foreseen,
  type Happening,
  type MatchUris,
  type Result,
  type SeenWorld,
  type Session,
  type Taken,
} from '../../protocol/index.ts';
import { Listeners } from '../listeners.ts';
import { Attachment, type AttachmentSurroundings } from '../match/attachment.ts';
import type { AnyOutcome, Requests } from '../match/requests.ts';
import { MatchGoneError, type Gone, type WorldStatus } from '../match/status.ts';
import { Past } from './past.ts';
import { ServerClock } from './server-clock.ts';
import { Steering } from './steering.ts';

/** Milliseconds. */
const waits = {
  /** Between two questions for the time: the first few come quickly. */
  clockMs: 2_000,
  firstClockMs: 150,
};
/** Questions for the time that come quickly. */
const firstClocks = 5;

export interface WorldFollowingSetup extends AttachmentSurroundings {
  readonly game: AnyWorld;
  readonly rules: AnyWorldRules | undefined;
  readonly uris: MatchUris;
  readonly watch: boolean;
  /** Whom to follow while watching; null: nobody. */
  readonly follow: string | null;
}

export class WorldFollowing {
  readonly views: Listeners<[view: AnyWorldView]>;
  readonly statuses: Listeners<[WorldStatus]>;
  readonly happenings: Listeners<[Happening]>;
  readonly requests: Requests;
  readonly past: Past;
  readonly serverClock: ServerClock;
  readonly #setup: WorldFollowingSetup;
  readonly #follower: WorldFollower;
  readonly #attachment: Attachment;
  #steering: Steering | null = null;
  #player: string | null = null;
  #follow: string | null;
  #options: unknown = {};
  #clockTimer: unknown = null;
  /** Number of the last move. */
  #moves = 0;
  /** Messages that came while a snapshot is on its way. */
  #held: unknown[] = [];
  #resyncs = 0;
  /** Of the steering before the present one. */
  #corrections = 0;
  #receivedBytes = 0;
  /** Resolves once there is a view. @throws JoinError */
  readonly joined: Promise<void>;

  constructor(setup: WorldFollowingSetup) {
    const { onError, game } = setup;
    this.#setup = setup;
    this.#follow = setup.follow;
    this.#follower = new WorldFollower(game);
    this.past = new Past(game);
    this.serverClock = new ServerClock(game.tick);
    this.views = new Listeners('a view listener', onError);
    this.happenings = new Listeners('an event listener', onError);
    this.#attachment = new Attachment({
      ...setup,
      doing: 'following a world',
      version: () => this.view.version || null,
      join: (session) => this.#join(session),
      pause: () => this.#pause(),
      quit: () => this.#quit(),
    });
    this.statuses = new Listeners('a world status listener', onError);
    this.#attachment.statuses.add(() => this.statuses.tell(this.status));
    this.requests = this.#attachment.requests;
    this.joined = this.#attachment.joined;
    this.#attachment.start();
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
  get status(): WorldStatus {
    const { status } = this.#attachment;
    return status.state === 'live' && this.#steering?.isSteering === false ? steeredElsewhere : status;
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

  /** Others as they are drawn at a time of our clock, ms: a little in the past, with what one's own moves do to them. */
  drawn(now: number): Pick<AnyWorldView, 'players' | 'entities'> {
    const tick = this.shownTick(now) ?? this.view.tick;
    const drawn = this.past.at(tick);
    return this.#steering?.over(drawn, tick) ?? drawn;
  }

  /** Makes a move: shown at once where it can be foreseen. Resolves as `requests.ask`. */
  async play(call: AnyMove): Promise<AnyOutcome> {
    const { uris } = this.#setup;
    const number = (this.#moves += 1);
    const steering = this.status.state === 'live' ? this.#steering : null;
    const events = steering?.move(number, call, this.#drawnPlayers()) ?? [];
    for (const event of events) this.happenings.tell(event);
    try {
      const id = randomId().toString(36);
      return await this.requests.ask(uris.move(call.move), [call.args], { id, ...(steering && { number }) });
    } finally {
      this.#steering?.answered(number);
    }
  }

  /** What a move would come to now, as far as that is known here. */
  foresee(call: AnyMove): Foreseen {
    return this.#steering?.foresee(call, this.#drawnPlayers()) ?? { ok: 'unknown' };
  }

  /**
   * Looks on from another player, or from none.
   * @throws Error for who does not watch; MatchGoneError; CallError where the rules let nobody follow.
   */
  async follow(player: string | null): Promise<void> {
    if (!this.#setup.watch) throw new Error('only who watches follows a player');
    if (this.status.state === 'gone') throw new MatchGoneError(this.status);
    const before = this.#follow;
    this.#follow = player;
    const { session } = this.#attachment;
    if (!session || this.status.state !== 'live') return; // whoever takes the snapshot that is on its way sees to it
    this.#attachment.catchUp();
    try {
      await this.#take(session, this.#sync(session));
    } catch (error) {
      if (this.#attachment.isPast(session)) return;
      this.#follow = before;
      void this.#resync(session);
      throw error;
    }
  }

  /** Stops following; what is still asked gets no answer. */
  end(gone: Gone): void {
    this.#attachment.end(gone);
  }

  /** Subscribes before joining, so that no message falls between the two. */
  async #join(session: Session): Promise<void> {
    const { uris, game, watch } = this.#setup;
    const isFollowed = await this.#attachment.subscribe(session, uris.state.packed, ({ args }) => {
      for (const message of args) this.#hear(session, message);
    });
    if (!isFollowed) return;
    const { fingerprint } = game;
    const asked = { form: 'packed', watch, fingerprint, ...this.#followed() };
    await this.#take(session, session.call(uris.join, [], asked));
    if (this.#attachment.isPast(session)) return;
    this.serverClock.restart();
    void this.#askTime(session, 0);
  }

  /** Starts from a snapshot that was asked for, and asks again where somebody else is followed by now. */
  async #take(session: Session, asked: Promise<Result>): Promise<void> {
    const follow = this.#follow;
    const answer = await asked;
    if (this.#attachment.isPast(session)) return;
    this.#reset(answer);
    if (follow !== this.#follow) void this.#resync(session);
  }

  /** Starts from a snapshot, with the messages that came while it was on its way. */
  #reset(answer: Result): void {
    const { player, steers, options, view } = snapshotAnswer(answer);
    this.#player = player;
    this.#options = options;
    const { epoch } = this.view;
    this.#follower.reset(view, player);
    if (epoch !== this.view.epoch) this.serverClock.restart(); // its time has stood, or was taken back
    this.past.clear();
    this.#receivedBytes += view.length;
    this.#corrections = this.corrections;
    const input = this.#steering?.held;
    this.#steering?.stop();
    this.#steering = player === null ? null : this.#newSteering(options);
    this.#steering?.steer(steers);
    if (steers && input) this.#steering?.hold(input);
    const held = this.#held;
    this.#held = [];
    this.#attachment.live();
    this.#changed();
    for (const message of held) this.#hear(this.#attachment.session!, message);
  }

  #newSteering(options: unknown): Steering {
    const { game, rules, clock, uris } = this.#setup;
    return new Steering({
      game,
      rules,
      options,
      clock,
      send: (last, inputs) => this.#send(uris.input, last, inputs),
      passed: () => this.#attachment.status.state === 'live' && this.statuses.tell(this.status),
    });
  }

  #send(topic: string, last: number, inputs: readonly object[]): void {
    const { session, status } = this.#attachment;
    if (!session || this.#attachment.isPast(session) || status.state !== 'live') return;
    const seen = this.shownTick(this.#setup.clock.now());
    session.publish(topic, [last, inputs, ...(seen === null ? [] : [seen])]).catch(() => {}); // it fails only with its session
  }

  #hear(session: Session, message: unknown): void {
    if (this.#attachment.isPast(session)) return;
    if (this.status.state === 'catching_up') return void this.#held.push(message);
    if ((resumedEpoch(message) ?? 0) > this.view.epoch) return this.#lose(session);
    if (!(message instanceof Uint8Array)) return this.#hearOfPlayer(message);
    this.#receivedBytes += message.length;
    const followed = this.#follower.accept(message);
    if (followed === 'nothing yet') return;
    if (followed === 'lost' || followed === 'diverged') {
      if (followed === 'diverged')
        this.#setup.onError(new Error('a world has diverged from its authority'), 'following a world');
      return this.#lose(session);
    }
    this.#changed();
    const events = this.#steering?.untold(followed.events, this.#taken()) ?? followed.events;
    for (const happening of events) this.happenings.tell(happening);
  }

  /** What is told besides the world: that this session steers, or not, or that another one has left for its player. */
  #hearOfPlayer(message: unknown): void {
    const { type, steers } = (message ?? {}) as { readonly type?: unknown; readonly steers?: unknown };
    if (type === 'left') this.end(leftElsewhere);
    else if (type === 'steering') this.#steering?.steer(steers === true);
  }

  #changed(): void {
    const { view } = this;
    const now = this.#setup.clock.now();
    const tick = this.serverClock.tickAt(now);
    this.past.add(view, tick === null ? null : tick - view.tick);
    const seen = this.#player === null ? null : seenBy(this.#player, view);
    if (seen) this.#steering?.confirm(seen, this.#taken(), view.tick);
    this.#attachment.came(view.version);
    this.views.tell(view);
  }

  #taken(): Taken {
    return this.#follower.taken(this.#player ?? '');
  }

  #drawnPlayers(): SeenWorld['players'] {
    const drawn = { ...this.view, ...this.drawn(this.#setup.clock.now()) };
    return seenBy(this.#player ?? '', drawn)?.players ?? {};
  }

  #sync(session: Session): Promise<Result> {
    return session.call(this.#setup.uris.sync, [], { form: 'packed', ...this.#followed() });
  }

  #followed(): { readonly follow?: string | null } {
    return this.#setup.watch ? { follow: this.#follow } : {};
  }

  #lose(session: Session): void {
    this.#resyncs += 1;
    void this.#resync(session);
  }

  async #resync(session: Session): Promise<void> {
    this.#attachment.catchUp();
    try {
      await this.#take(session, this.#sync(session));
    } catch (error) {
      this.#attachment.failed(error, session, () => this.#resync(session));
    }
  }

  async #askTime(session: Session, asked: number): Promise<void> {
    const { clock, uris } = this.#setup;
    if (this.#attachment.isPast(session)) return;
    const before = clock.now();
    try {
      const [answer] = (await session.call(uris.time)).args as [{ tick?: unknown }];
      if (typeof answer?.tick === 'number') this.serverClock.sample(answer.tick, before, clock.now());
    } catch {
      // It is asked again, or the session is over.
    }
    if (this.#attachment.isPast(session)) return;
    const wait = asked < firstClocks ? waits.firstClockMs : waits.clockMs;
    this.#clockTimer = clock.setTimeout(() => void this.#askTime(session, asked + 1), wait);
  }

  #pause(): void {
    this.#held = [];
    this.#steering?.stop();
  }

  #quit(): void {
    this.#steering?.stop();
    this.#setup.clock.clearTimeout(this.#clockTimer);
  }
}

const steeredElsewhere: WorldStatus = { state: 'steered_elsewhere' };
const leftElsewhere: Gone = { state: 'gone', reason: 'no_seat', message: 'You have left in another page.' };

/** What a session starts from. */
interface Snapshot {
  readonly player: string | null;
  readonly steers: boolean;
  readonly options: unknown;
  readonly view: Uint8Array;
}

/** What `join` and `sync` answer, checked where it comes in. @throws Error naming the fault. */
function snapshotAnswer({ args: [answer] }: Result): Snapshot {
  const { player, steers, options, view } = (answer ?? {}) as { readonly [key: string]: unknown };
  if (player !== null && typeof player !== 'string') throw new Error('an answer of join names no player');
  if (!(view instanceof Uint8Array)) throw new Error('an answer of join has no packed view');
  return { player, steers: steers === true, options, view };
}
