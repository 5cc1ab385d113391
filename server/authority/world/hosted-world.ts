/**
 * A world as it is hosted: ticked by the clock, published to whoever looks, open to those who come, stored now and then.
 * `design.md` §6.
 */
import {
  isIdle,
  type AnyWorldRules,
  type AnyWorldView,
  type Invocation,
  type MatchSummary,
  type MatchUris,
  type Procedure,
  type Registration,
  type RunningWorld,
  type Session,
  type Subscription,
  type WorldPlayed,
} from '../../../protocol/index.ts';
import type { MatchRecord, MatchStore, WorldParts } from '../../store/store.ts';
import { partsOf, type KeptAnswers } from '../../store/world-parts.ts';
import { Absences } from './absences.ts';
import type { WallClock } from '../clock.ts';
import type { AuthorityLimits } from '../limits.ts';
import { LobbyNews } from '../lobby-news.ts';
import type { Log } from '../log.ts';
import { refused, type Caller } from '../requests.ts';
import { PublishedWorld } from './published-world.ts';
import { Ticker } from './ticker.ts';
import { Visitors, type Visitor } from './visitors.ts';
import { WorldKeeper } from './world-keeper.ts';
import { WorldMemory } from './world-memory.ts';
import { WorldProcedures } from './world-procedures.ts';
import { inputMessage } from './world-requests.ts';
import { worldSummaryOf } from './world-summary.ts';

/** What a world that is new, or is taken up again, starts from. */
export interface WorldOrigin {
  readonly world: RunningWorld;
  readonly answers: KeptAnswers;
  readonly epoch: number;
  /** Higher than any that was published before. */
  readonly version: number;
  /** What the store has of it. */
  readonly stored: WorldParts;
}

/** What an authority gives to its worlds. */
export interface WorldHost {
  readonly session: Session;
  readonly store: MatchStore;
  readonly clock: WallClock;
  readonly limits: AuthorityLimits;
  readonly log: Log;
  /** A session is here: `dropped` wants to know of its end. */
  expects(world: HostedWorld, session: number): void;
  /** What the lobby should know has changed; of a world that was made before us, what it was made from. */
  changed(summary: MatchSummary, recovered: MatchRecord | null): void;
  closed(world: HostedWorld, sessions: Iterable<number>): void;
  /** It has left memory, and is in the store. */
  slept(world: HostedWorld): void;
  /** A call that has come to a world as it fell asleep. */
  wake(world: HostedWorld, invocation: Invocation): ReturnType<Procedure>;
}

/** A move of a player, and the number by which its client knows it; null: it has none. */
export interface MadeMove {
  readonly session: number;
  readonly player: string;
  readonly move: string;
  readonly args: object;
  readonly number: number | null;
}

/** Different failures that are logged of one world. */
const mostLogged = 100;

export class HostedWorld {
  readonly record: MatchRecord;
  readonly rules: AnyWorldRules;
  readonly uris: MatchUris;
  readonly host: WorldHost;
  readonly world: RunningWorld;
  readonly memory: WorldMemory;
  readonly #published: PublishedWorld;
  readonly #ticker: Ticker;
  readonly #visitors = new Visitors();
  readonly #absences: Absences;
  readonly #news: LobbyNews;
  readonly #procedures: WorldProcedures;
  /** null: its game does not want it kept. */
  readonly #keeper: WorldKeeper | null;
  #registration: Registration | null = null;
  #subscription: Subscription | null = null;
  /** Runs while nobody needs the world. */
  #closing: unknown = null;
  #is: 'open' | 'asleep' | 'closed' = 'open';
  #leaving: Promise<void> | null = null;
  /** A failure that comes with each tick is logged once. */
  readonly #logged = new Set<string>();

  constructor(record: MatchRecord, { world, answers, epoch, version, stored }: WorldOrigin, host: WorldHost) {
    const { clock, limits } = host;
    const { tick, keep } = world.rules.game;
    this.record = record;
    this.rules = world.rules;
    this.uris = world.rules.game.uris.match(record.id);
    this.host = host;
    this.world = world;
    this.memory = new WorldMemory(answers, { limits, now: clock.now() });
    const publishing = { id: record.id, uris: this.uris, world, epoch, version, visitors: this.#visitors };
    this.#published = new PublishedWorld({ ...publishing, session: host.session, log: host.log });
    this.#procedures = new WorldProcedures(this);
    this.#ticker = new Ticker({ clock, perSecond: tick, tick: () => this.#tick() });
    this.#absences = new Absences({ clock, holdMs: limits.worldHoldMs, onLost: () => this.#settle() });
    const tell = (summary: MatchSummary) => host.changed(summary, epoch > 1 ? record : null);
    this.#news = new LobbyNews({ clock, spectatorsMs: limits.spectatorsMs, tell });
    const moment = () => ({ version: this.version, parts: partsOf(world.keep(), this.memory.keep()) });
    const keeping = { ...host, id: record.id, epoch, retryMs: limits.retryMs, moment };
    const halfTickMs = 500 / tick; // so that it is the tick nearest to its time, not one later
    this.#keeper = keep && new WorldKeeper({ ...keeping, everyMs: keep.everyMs - halfTickMs }, stored);
  }

  /** Number of what was published last. */
  get version(): number {
    return this.#published.version;
  }
  /** The tick it is at, with the part of the next one that has passed. */
  get time(): number {
    return this.world.tick + this.#ticker.fraction;
  }

  get isOpen(): boolean {
    return this.#is === 'open';
  }
  /** When it is falling asleep, or closing: that nothing is registered for it any more. */
  get left(): Promise<void> | null {
    return this.#leaving;
  }

  /** Opens it to calls and inputs. */
  async open(): Promise<void> {
    const { session } = this.host;
    this.#subscription = await session.subscribe(this.uris.input, ({ args, details: { publisher } }) => {
      if (publisher !== undefined) this.#input(publisher, args);
    });
    this.#registration = await session.register(this.uris.prefix, this.serve, {
      match: 'prefix',
      disclose_caller: true,
    });
    this.#settle();
  }

  /** A call of one of its procedures. */
  readonly serve: Procedure = async (invocation) => {
    if (this.#is === 'asleep') return this.host.wake(this, invocation);
    if (this.#is === 'closed') throw refused('no_such_match', {});
    return { args: [await this.#procedures.serve(invocation)] };
  };

  // Who is here

  /** Whether a caller has a player here, and does not only watch. Its session may have outlived the world's absence. */
  plays({ session, authid }: Caller): boolean {
    const visitor = this.#visitors.get(session);
    return visitor ? visitor.player !== null : this.world.players.has(authid);
  }

  /** Whether the inputs of a session are its player's. */
  steers(session: number): boolean {
    return this.#visitors.steers(session);
  }

  /** Whom a session follows while it watches. */
  followedBy(session: number): string | null {
    return this.#visitors.get(session)?.follow ?? null;
  }

  /** A player comes. @returns whether the rules let it. */
  enter(player: string): boolean {
    try {
      this.world.enter(player);
      return true;
    } catch (cause) {
      this.#logOnce('spawn', cause);
      return false;
    }
  }

  /**
   * A session is here now, or starts anew. @param how by `join` a player's session takes over its steering.
   * @returns all that it needs to follow, in the form that it wants.
   */
  arrive(visitor: Visitor, how: 'join' | 'sync'): Uint8Array | AnyWorldView {
    const { session, player } = visitor;
    this.host.expects(this, session);
    const was = this.#visitors.get(session)?.player ?? null;
    const arrive = () => {
      this.#visitors.arrive(visitor);
      if (how === 'join') this.#visitors.takeOver(session);
    };
    this.#handOver(player ?? was, arrive, session);
    if (player !== null && this.steers(session)) this.world.restart(player);
    this.#settle();
    return this.#published.start(visitor);
  }

  /** A player goes, with all sessions: by a call of one of them, which learns it so; the others are told. */
  leave(player: string, caller: number): void {
    for (const visitor of this.#visitors.of(player)) {
      this.#depart(visitor.session);
      if (visitor.session !== caller) this.#published.left(visitor);
    }
    this.#lose(player);
    this.#settle();
  }

  /** A session has ended, or looks on no more. */
  dropped(session: number): void {
    this.#handOver(this.#visitors.get(session)?.player ?? null, () => this.#depart(session), session);
    this.#settle();
  }

  move({ session, player, move, args, number }: MadeMove): WorldPlayed {
    const played = this.world.move(player, move, args, this.steers(session) ? number : null);
    if (!played.ok && played.cause !== undefined) this.#logOnce(`move ${move}`, played.cause);
    return played;
  }

  /** Nothing is left: calls go to the authorities' catch-all. */
  async close(): Promise<void> {
    await Promise.all([this.#keeper && this.host.store.remove(this.record.id), this.forget()]);
  }

  /** Leaves memory for good, whatever the store has. */
  async forget(): Promise<void> {
    this.#end('closed');
    this.#keeper?.end();
    this.host.closed(this, this.#visitors.sessions);
    await this.#withdraw();
  }

  /** Nothing more happens here. Resolves when what it has become is stored, or cannot be. */
  async stop(): Promise<void> {
    this.#end('closed');
    if (!this.#keeper || (await this.#keeper.keep())) return;
    this.host.log(`world ${this.record.id} of ${this.rules.game.name} has ended without being stored`, null);
  }

  #end(as: 'closed' | 'asleep'): void {
    this.#is = as;
    this.#ticker.stop();
    this.#absences.set([]);
    this.#news.stop();
    this.host.clock.clearTimeout(this.#closing);
  }

  #withdraw(): Promise<void> {
    const withdrawn = async () => {
      await this.#subscription?.unsubscribe();
      await this.#registration?.unregister();
    };
    return (this.#leaving ??= withdrawn());
  }

  // What happens

  #input(session: number, args: readonly unknown[]): void {
    const player = this.#visitors.get(session)?.player ?? null;
    const message = player === null ? null : inputMessage(args);
    if (player === null || !message) return;
    const { last, inputs, seen } = message;
    // Higher numbers come from a page that does not know yet that another one steers.
    const takesOver = last === 1 && inputs.some((input) => !isIdle(this.rules.game, input));
    if (!this.steers(session) && takesOver) this.#handOver(player, () => this.#visitors.takeOver(session));
    if (this.steers(session)) this.world.input(player, last, inputs, seen);
  }

  /**
   * The sessions of a player that begin or cease to steer by a change are told so, and count anew.
   * @param answered the one that learns it by the answer to its call.
   */
  #handOver(player: string | null, change: () => void, answered: number | null = null): void {
    if (player === null) return change();
    const before = this.#visitors.steering(player);
    change();
    const now = this.#visitors.steering(player);
    if (now?.session === before?.session) return;
    this.world.restart(player);
    for (const visitor of [before, now]) {
      if (visitor && visitor.session !== answered) this.#published.steering(visitor, visitor === now);
    }
  }

  #tick(): void {
    const stepped = this.world.step();
    for (const failure of stepped.failures) this.#logOnce('a tick', failure);
    try {
      this.#published.tick(stepped);
    } catch (cause) {
      return this.#logOnce('what is published', cause); // what the store has is as it was before
    }
    this.#keeper?.ticked();
  }

  #depart(session: number): void {
    this.#visitors.depart(session);
    this.#published.stop(session);
  }

  #lose(player: string): void {
    this.world.leave(player);
    this.memory.forget(player);
  }

  /** Makes players, ticks and lobby follow from who is here. */
  #settle(): void {
    if (this.#is !== 'open') return;
    const away = [...this.world.players.keys()].filter((player) => this.#visitors.of(player).length === 0);
    this.#absences.set(away);
    for (const player of away) if (this.#absences.isLost(player)) this.#lose(player);
    const isNeeded = this.#visitors.size > 0 || this.world.players.size > 0;
    if (isNeeded) this.#ticker.start();
    else if (this.#ticker.isRunning) this.#stand();
    this.#restUnless(isNeeded);
    this.#news.changed(this.#summary());
  }

  /** No tick comes any more that would store what the last one has left. */
  #stand(): void {
    this.#ticker.stop();
    void this.#keeper?.keep();
  }

  #restUnless(isNeeded: boolean): void {
    const { clock, limits } = this.host;
    if (isNeeded) {
      clock.clearTimeout(this.#closing);
      this.#closing = null;
    } else this.#closing ??= this.#restIn(limits.keepMs);
  }

  #restIn(ms: number): unknown {
    const { clock, log } = this.host;
    const failed = (cause: unknown) => log(`world ${this.record.id} was not closed`, cause);
    return clock.setTimeout(() => void this.#rest().catch(failed), ms);
  }

  /** Nobody has been here for long: it sleeps on disk. One that is not kept, or in which nobody ever was, is forgotten. */
  async #rest(): Promise<void> {
    if (!this.#keeper || this.world.tick === 0) return this.close();
    const since = this.#closing;
    const isStored = await this.#keeper.keep();
    if (this.#closing !== since || this.#is !== 'open') return; // somebody has been here meanwhile
    if (!isStored) {
      this.#closing = this.#restIn(this.host.limits.retryMs);
      return;
    }
    this.#end('asleep');
    await this.#withdraw().finally(() => this.host.slept(this));
  }

  #summary(): MatchSummary {
    const isHere = (player: string) => this.#visitors.of(player).length > 0;
    return worldSummaryOf(this.record, this.world, { isHere, spectators: this.#visitors.spectators });
  }

  #logOnce(what: string, cause: unknown): void {
    const text = `${what}: ${String(cause)}`;
    if (this.#logged.has(text) || this.#logged.size >= mostLogged) return;
    this.#logged.add(text);
    this.host.log(`world ${this.record.id} of ${this.rules.game.name}: ${what} failed`, cause);
  }
}
