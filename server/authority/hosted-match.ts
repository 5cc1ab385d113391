import {
  CallError,
  lostSeats,
  rejectionError,
  wonBy,
  type AnyRules,
  type Applied,
  type Claim,
  type Entry,
  type MatchSummary,
  type MatchUris,
  type Procedure,
  type Registration,
  type RunningMatch,
  type Session,
  type WireForm,
} from '../../protocol/index.ts';
import type { MatchRecord, MatchStore } from '../store/store.ts';
import { Attendance } from './attendance.ts';
import { nextLook, runDue } from './due.ts';
import type { WallClock } from './clock.ts';
import type { Lags } from './lags.ts';
import type { AuthorityLimits } from './limits.ts';
import { Listeners } from './listeners.ts';
import { LobbyNews, summaryOf } from './lobby-news.ts';
import type { Counted, Log } from './log.ts';
import { MatchTime } from './match-time.ts';
import type { MoveMemory } from './move-memory.ts';
import { Queue } from './queue.ts';
import { refused, type Caller } from './requests.ts';
import { Sleeper, type Origin } from './sleeper.ts';

/** What an authority gives to its matches. */
export interface Host {
  readonly session: Session;
  readonly store: MatchStore;
  readonly clock: WallClock;
  readonly limits: AuthorityLimits;
  readonly log: Log;
  /** What can be called of a match. */
  procedures(match: HostedMatch): Procedure;
  readonly lags: Lags;
  /** Another match like this one for the same players, in other seats. @returns its id. */
  rematch(of: HostedMatch): Promise<string>;
  /** A session has asked to be here: `dropped` wants to know of its end. */
  expects(match: HostedMatch, session: number): void;
  count(what: Counted): void;
  /** What the lobby should know has changed; of a match that was made before us, what it was made from. */
  changed(summary: MatchSummary, recovered: MatchRecord | null): void;
  closed(match: HostedMatch): void;
}

/**
 * A match with its seats, its visitors and its end. Tasks run one after another; all but moves wait until what was done
 * before is stored, and afterwards it looks who is here: a dropped player is waited for and then loses the seat, and a match
 * that nobody needs is closed. While nobody calls it sleeps: the next task wakes it. So does one that could not be stored,
 * which forgets what was not.
 */
export class HostedMatch {
  readonly record: MatchRecord;
  readonly rules: AnyRules;
  readonly uris: MatchUris;
  readonly host: Host;
  readonly #match: Sleeper;
  readonly #queue = new Queue();
  readonly #attendance = new Attendance();
  readonly #listeners = new Listeners();
  /** Sessions that have asked to be here, some still in the queue: those whose end matters. */
  readonly #expected = new Set<number>();
  readonly #time: MatchTime;
  #registration: Registration | null = null;
  /** Runs while nobody needs the match. */
  #closing: { readonly timer: unknown } | null = null;
  /** Runs until it may sleep, and after the store has failed until it may try again. */
  #rest: unknown = null;
  #lastTask: number;
  #closed = false;
  #hasDiverged = false;
  #willSettle = false;
  readonly #news: LobbyNews;

  constructor(record: MatchRecord, origin: Origin, host: Host) {
    this.record = record;
    this.rules = origin.running.rules;
    this.uris = this.rules.game.uris.match(record.id);
    this.host = host;
    this.#match = new Sleeper(record, origin, { ...host, listeners: this.#listeners });
    const { clock, limits } = host;
    this.#lastTask = clock.now();
    this.#time = new MatchTime({ clock, from: origin.running.time, ring: () => this.#lookAgain() });
    const recovered = 'claimed' in origin ? record : null;
    const tell = (summary: MatchSummary) => host.changed(summary, recovered);
    this.#news = new LobbyNews({ clock, spectatorsMs: limits.spectatorsMs, tell });
  }

  /**
   * The match as it is stored; for a move, also with the moves before it that are not yet. Only for tasks.
   * @throws CallError when the store has failed.
   */
  get running(): RunningMatch {
    return this.#match.running;
  }

  /** Only for tasks. */
  get memory(): MoveMemory {
    return this.#match.memory;
  }

  /** Nothing in it can change for the players. */
  get isOver(): boolean {
    return this.#match.isOver;
  }

  /** The version that everybody may know; readable even while a change is being stored. */
  get version(): number {
    return this.#match.version;
  }

  /** Match time, ms. */
  get now(): number {
    return this.#time.now;
  }

  /** Opens the match to calls, with players seated already, by seat. */
  open(players: readonly (string | null)[] = []): Promise<void> {
    return this.inOrder(async () => {
      for (const [seat, player] of players.entries()) {
        if (player !== null) await this.commit({ type: 'sit', seat, player, at: this.now });
      }
    });
  }

  /**
   * Runs a task when those before it are done, and what they did is stored.
   * @throws CallError `no_such_match` once the match is closed.
   */
  inOrder<T>(task: () => Promise<T>): Promise<T> {
    return this.#onStored(() =>
      this.#awake(async () => {
        const answer = await task();
        if (!this.#closed) await this.#settle();
        return answer;
      }),
    );
  }

  /**
   * Runs a move in its turn, on what the moves before it have made of the match, stored or not.
   * @returns its answer, when all that it stands on is stored. @throws CallError as `inOrder`; when the store has failed.
   */
  async ahead<T>(move: () => Promise<T>): Promise<T> {
    const { answer, stored } = await this.#queue.run(() =>
      this.#awake(async () => ({ answer: await move(), stored: this.#match.stored })),
    );
    await stored.finally(() => this.#settleSoon());
    return answer;
  }

  #onStored<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      await this.#match.stored.catch(() => {}); // who has asked for it is told
      return task();
    });
  }

  /** Of a match that is awake, and in which nothing is due. */
  async #awake<T>(task: () => Promise<T>): Promise<T> {
    if (this.#closed) throw refused('no_such_match', {});
    try {
      await this.#wake();
      await runDue(this);
      return await task();
    } finally {
      if (!this.#closed) this.#restLater();
    }
  }

  // Waking and sleeping

  async #wake(): Promise<void> {
    this.#lastTask = this.host.clock.now();
    if (!(await this.#match.wake())) {
      await this.forget();
      throw refused('no_such_match', {});
    }
    this.#registration ??= await this.host.session.register(this.uris.prefix, this.host.procedures(this), {
      match: 'prefix',
      disclose_caller: true,
    });
  }

  /** After a task: an idle match will sleep, and one that could not be stored tries again. */
  #restLater(): void {
    const { clock, limits } = this.host;
    this.#match.forgetUnstored();
    if (this.#match.isAsleep) {
      clock.clearTimeout(this.#rest);
      this.#rest = clock.setTimeout(() => {
        this.#rest = null;
        this.#lookAgain();
      }, limits.retryMs);
    } else {
      this.#rest ??= clock.setTimeout(() => this.#sleepIfIdle(), limits.hibernateMs);
    }
  }

  #sleepIfIdle(): void {
    const { clock, limits } = this.host;
    const left = this.#lastTask + limits.hibernateMs - clock.now();
    if (left > 0) {
      this.#rest = clock.setTimeout(() => this.#sleepIfIdle(), left);
      return;
    }
    this.#rest = null;
    this.#onStored(() => this.#sleep()).catch(this.#unasked);
  }

  /** Leaves memory but for who is here. Calls come by the authorities' catch-all, or overtake that: either wakes it. */
  async #sleep(): Promise<void> {
    if (this.#closed) return;
    const isHeld = () => this.running.seats.some(({ heldUntil }) => heldUntil !== undefined);
    if (!this.#match.isAsleep && !this.running.result && isHeld()) return this.#restLater(); // it is not in the log
    await this.#match.sleep();
    await this.#registration?.unregister();
    this.#registration = null;
  }

  // Who is here

  /**
   * A session asks to be here, and listens to a form already; to be told at once, so that its end is noticed even while
   * the request waits.
   */
  expect(session: number, form: WireForm): void {
    if (this.#closed) return;
    this.#expected.add(session);
    this.#listeners.add(session, form);
    this.host.expects(this, session);
  }

  /** Sessions that have asked to be here, and have not ended. */
  get expected(): ReadonlySet<number> {
    return this.#expected;
  }

  /** Afterwards the caller is connected, in the view too. */
  async arrive(caller: Caller): Promise<void> {
    if (this.#expected.has(caller.session)) this.#attendance.arrive(caller);
    await this.#settle();
  }

  /** A client says that its view of a version was not ours, and asks for another. The log hears of the first one. */
  diverged(version: number): void {
    this.host.count('diverged');
    if (!this.#hasDiverged)
      this.host.log(
        `match ${this.record.id} of ${this.record.game}: a client's view of version ${version} has diverged`,
        null,
      );
    this.#hasDiverged = true;
  }

  /** One session looks at the match no more. */
  depart(session: number): void {
    this.#attendance.depart(session);
    this.#listeners.remove(session);
  }

  /** A session has ended. */
  dropped(session: number): void {
    if (!this.#expected.delete(session)) return;
    this.#queue.run(async () => this.depart(session)).catch(this.#unasked); // even if the store fails
    this.#lookAgain();
  }

  /** null: somebody else. */
  seatOf(authid: string): number | null {
    const seat = this.running.seats.findIndex(({ player }) => player === authid);
    return seat < 0 ? null : seat;
  }

  /** Measured round trip of who sits there, ms, in a match with clocks. */
  lagOf(seat: number): number {
    const { seats, state } = this.running;
    const player = seats[seat]?.player;
    if (!player || !state.clocks) return 0;
    return Math.max(0, ...this.#attendance.sessionsOf(player).map((session) => this.host.lags.of(session)));
  }

  // Changes

  /** Applies a change, or answers why not. Only for `ahead`, which sees to it that it is stored. */
  applyAhead(entry: Entry): Applied {
    return this.#match.apply(entry);
  }

  /** Applies a change and stores it, or answers why not. */
  async apply(entry: Entry): Promise<Applied> {
    const applied = this.#match.apply(entry);
    await this.#match.stored;
    return applied;
  }

  /** Applies a change. @throws CallError saying why not. */
  async commit(entry: Entry): Promise<void> {
    const applied = await this.apply(entry);
    if (!applied.ok) throw rejectionError(this.rules.game.uris, applied.error);
  }

  /** A player gives the seat up, which ends a match that is being played. */
  async leave(player: string, seat: number): Promise<void> {
    this.#attendance.departAll(player);
    if (!this.running.begun) await this.commit({ type: 'stand', seat, at: this.now });
    else if (!this.running.result) await this.#end([seat, ...this.lost], 'left');
  }

  /** The seats of those who have not come back in time. Only for tasks. */
  get lost(): readonly number[] {
    return lostSeats(this.running.seats, this.now);
  }

  /** Ends the match for want of those who have not come back. */
  async endWithoutLost(as: Claim): Promise<void> {
    if (as === 'win') return this.#end(this.lost, 'abandoned');
    await this.commit({ type: 'end', result: { draw: true, reason: 'claimed' }, at: this.now });
  }

  /** Nothing is left: calls go to the authorities' catch-all, which finds nothing in the store. */
  async close(): Promise<void> {
    await Promise.all([this.host.store.remove(this.record.id), this.forget()]); // asked of the store before it is asked again
  }

  /** Leaves memory for good, whatever the store has. */
  async forget(): Promise<void> {
    this.stop();
    await this.#registration?.unregister();
    this.host.closed(this);
  }

  /** Nothing more happens here. */
  stop(): void {
    this.#closed = true;
    this.#time.setAlarm(null);
    this.#news.stop();
    if (this.#closing) this.host.clock.clearTimeout(this.#closing.timer);
    this.host.clock.clearTimeout(this.#rest);
  }

  /** Ends the match for want of these seats. */
  #end(without: readonly number[], reason: string): Promise<void> {
    const winners = [...this.running.seats.keys()].filter((seat) => !without.includes(seat));
    return this.commit({ type: 'end', result: wonBy(winners, reason), at: this.now });
  }

  // After each task

  /** Makes seats, timers and lobby follow from who is here. */
  async #settle(): Promise<void> {
    for (const [seat, { player, connected }] of this.running.seats.entries()) {
      const here = player !== null && this.#attendance.has(player);
      if (here !== connected) await this.commit(this.#connection(seat, here));
    }
    await this.#giveUpOnTheLost();
    if (this.version >= this.host.limits.changes) return this.#exhausted();
    this.#time.setAlarm(nextLook(this));
    this.#closeIfDeserted();
    this.#news.changed(this.#summary());
  }

  /** However a match is kept going, its log does not grow for ever. */
  async #exhausted(): Promise<void> {
    if (!this.running.result) await this.#end([...this.running.seats.keys()], 'too_long');
    await this.close();
  }

  #connection(seat: number, connected: boolean): Entry {
    const { now } = this;
    const isHeld = !connected && !this.running.result;
    return {
      type: 'connection',
      seat,
      connected,
      at: now,
      ...(isHeld ? { heldUntil: now + this.host.limits.holdMs } : {}),
    };
  }

  async #giveUpOnTheLost(): Promise<void> {
    const { seats, begun, result } = this.running;
    if (result) return;
    const { lost } = this;
    if (lost.length === 0) return;
    if (!begun) {
      for (const seat of lost) await this.commit({ type: 'stand', seat, at: this.now });
    } else if (lost.length === seats.length || (seats.some(({ connected }) => connected) && !this.#canClaim)) {
      await this.endWithoutLost('win'); // not while the others are away too, perhaps for a moment: nobody is there to win
    }
  }

  /** Whether it is for somebody who is here to say what becomes of the match. */
  get #canClaim(): boolean {
    const { seats } = this.running;
    return (
      this.rules.game.claims.length > 0 &&
      seats.some(({ player }) => player !== null && this.#attendance.isPerson(player))
    );
  }

  #closeIfDeserted(): void {
    const { clock, limits } = this.host;
    if (!this.#isDeserted) {
      if (this.#closing) clock.clearTimeout(this.#closing.timer);
      this.#closing = null;
    } else {
      this.#closing ??= {
        timer: clock.setTimeout(() => this.#closeUnlessNeeded(), this.running.result ? limits.keepMs : limits.holdMs),
      };
    }
  }

  get #isDeserted(): boolean {
    const { seats, begun, result } = this.running;
    if (!this.#attendance.hasPeople) return !begun || result !== null;
    return !begun && !seats.some(({ connected }) => connected);
  }

  #closeUnlessNeeded(): void {
    this.inOrder(async () => {
      if (this.#isDeserted) await this.close();
    }).catch(this.#unasked);
  }

  #summary(): MatchSummary {
    const spectators = this.#attendance.countWithout(this.running.seats.map(({ player }) => player));
    return summaryOf(this.record, this.running, spectators);
  }

  /** After moves: once for all that are made until then. */
  #settleSoon(): void {
    if (this.#willSettle) return;
    this.#willSettle = true;
    this.#onStored(() => {
      this.#willSettle = false;
      return this.#awake(() => this.#settle());
    }).catch(this.#unasked);
  }

  #lookAgain(): void {
    this.inOrder(async () => {}).catch(this.#unasked);
  }

  /** What failed although nobody had called: a frozen match has been logged already, and a closed one needs nothing. */
  readonly #unasked = (error: unknown): void => {
    if (error instanceof CallError) return;
    this.host.log(`match ${this.record.id} of ${this.record.game}: looking after it failed`, error);
  };
}
