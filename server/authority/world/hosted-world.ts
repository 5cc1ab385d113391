/** A world as it is hosted: ticked by the clock, published to whoever looks, open to those who come. `design.md` §6. */
import {
  CallError,
  diff,
  errors,
  refusal,
  rejectionError,
  validate,
  WorldPublisher,
  type AnyWorldRules,
  type AnyWorldView,
  type Delta,
  type Dict,
  type FrameworkCode,
  type FrameworkErrors,
  type Invocation,
  type MatchSummary,
  type MatchUris,
  type Registration,
  type RunningWorld,
  type Session,
  type StandardSchema,
  type Subscription,
  type Uri,
} from '../../../protocol/index.ts';
import { Absences } from '../absences.ts';
import { Attempts, type MoveAnswer } from '../attempts.ts';
import type { WallClock } from '../clock.ts';
import type { AuthorityLimits } from '../limits.ts';
import { LobbyNews } from '../lobby-news.ts';
import type { Log } from '../log.ts';
import { callerOf, emptyRequest, read, refused, type Caller } from '../requests.ts';
import { Ticker } from './ticker.ts';
import { Visitors, type Form } from './visitors.ts';
import { inputMessage, joinRequest, moveRequest, syncRequest } from './world-requests.ts';

export interface WorldRecord {
  readonly id: string;
  readonly listed: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** What an authority gives to its worlds. */
export interface WorldHost {
  readonly session: Session;
  readonly clock: WallClock;
  readonly limits: AuthorityLimits;
  readonly log: Log;
  expects(world: HostedWorld, session: number): void;
  changed(summary: MatchSummary): void;
  closed(world: HostedWorld, sessions: Iterable<number>): void;
}

/** How long the player of somebody who dropped stays, and how many seats the lobby is told of as free. */
const worldHoldMs = 15_000;
const shownFree = 16;

type Serve = (caller: Caller, invocation: Invocation) => Dict | Promise<Dict>;

export class HostedWorld {
  readonly record: WorldRecord;
  readonly rules: AnyWorldRules;
  readonly uris: MatchUris;
  readonly #host: WorldHost;
  readonly #world: RunningWorld;
  readonly #publisher: WorldPublisher;
  readonly #ticker: Ticker;
  readonly #visitors = new Visitors();
  readonly #absences: Absences;
  readonly #attempts = new Map<string, Attempts>();
  readonly #news: LobbyNews;
  readonly #byUri: ReadonlyMap<Uri, Serve>;
  /** What the clients of the json form were told last, by session. */
  readonly #toldJson = new Map<number, AnyWorldView>();
  #registration: Registration | null = null;
  #subscription: Subscription | null = null;
  #closing: unknown = null;
  #isClosed = false;
  /** Failures of rules that have been logged: one that comes with each tick is told once. */
  readonly #logged = new Set<string>();

  constructor(record: WorldRecord, world: RunningWorld, host: WorldHost) {
    const { clock, limits } = host;
    this.record = record;
    this.rules = world.rules;
    this.uris = world.rules.game.uris.match(record.id);
    this.#host = host;
    this.#world = world;
    this.#publisher = new WorldPublisher(world);
    this.#ticker = new Ticker({ clock, perSecond: world.rules.game.tick, tick: () => this.#tick() });
    this.#absences = new Absences({ clock, holdMs: worldHoldMs, onLost: () => this.#settle() });
    this.#news = new LobbyNews({ clock, spectatorsMs: limits.spectatorsMs, tell: (summary) => host.changed(summary) });
    const { join, leave, sync, time, close, move } = this.uris;
    this.#byUri = new Map<Uri, Serve>([
      [join, (caller, { kwargs }) => this.#join(caller, kwargs)],
      [leave, (caller, { kwargs }) => this.#leave(caller, kwargs)],
      [sync, (caller, { kwargs }) => this.#sync(caller, kwargs)],
      [time, () => ({ tick: this.#world.tick + this.#ticker.fraction })],
      [close, (caller, { kwargs }) => this.#close(caller, kwargs)],
      ...Object.keys(this.rules.game.schemas.moves).map((name): [Uri, Serve] => [
        move(name),
        (caller, invocation) => this.#move(caller, name, invocation),
      ]),
    ]);
  }

  async open(): Promise<void> {
    const { session } = this.#host;
    const serve = async (invocation: Invocation) => ({ args: [await this.#serve(invocation)] });
    this.#subscription = await session.subscribe(this.uris.input, ({ args, details: { publisher } }) => {
      if (publisher !== undefined) this.#input(publisher, args);
    });
    this.#registration = await session.register(this.uris.prefix, serve, { match: 'prefix', disclose_caller: true });
    this.#settle();
  }

  /** A session has ended. */
  dropped(session: number): void {
    this.#depart(session);
    this.#settle();
  }

  /** Nothing more happens here. */
  stop(): void {
    this.#isClosed = true;
    this.#ticker.stop();
    this.#absences.set([]);
    this.#news.stop();
    this.#host.clock.clearTimeout(this.#closing);
  }

  async close(): Promise<void> {
    this.stop();
    this.#host.closed(
      this,
      [...this.#visitors.all].map(({ session }) => session),
    );
    await this.#subscription?.unsubscribe();
    await this.#registration?.unregister();
  }

  // What is asked

  /** @throws CallError: no such procedure, or why the request is refused. */
  #serve(invocation: Invocation): Dict | Promise<Dict> {
    const caller = callerOf(invocation);
    const { procedure = '' } = invocation.details;
    const serve = this.#byUri.get(procedure);
    if (this.#isClosed) throw this.#refusal('no_such_match', {});
    if (serve) return serve(caller, invocation);
    throw new CallError(errors.noSuchProcedure, [`a match of ${this.rules.game.name} has no procedure ${procedure}`]);
  }

  #join(caller: Caller, kwargs: Dict): Dict {
    const { form, watch, fingerprint } = this.#read(joinRequest, kwargs);
    if (fingerprint !== undefined && fingerprint !== this.rules.game.fingerprint)
      throw this.#refusal('outdated_client', {});
    const isPlaying = this.#world.players.has(caller.authid);
    if (!watch && !isPlaying && this.#world.players.size >= this.rules.game.seats[1]) throw this.#refusal('full', {});
    if (!watch && !isPlaying) this.#enter(caller.authid);
    return this.#arrived(caller, form, watch ? null : caller.authid);
  }

  #enter(id: string): void {
    try {
      this.#world.enter(id);
    } catch (cause) {
      this.#logOnce('spawn', cause);
      throw this.#refusal('rule_failed', {});
    }
  }

  #sync(caller: Caller, kwargs: Dict): Dict {
    const { form } = this.#read(syncRequest, kwargs);
    return this.#arrived(caller, form, this.#world.players.has(caller.authid) ? caller.authid : null);
  }

  #arrived(caller: Caller, form: Form, player: string | null): Dict {
    this.#host.expects(this, caller.session);
    this.#visitors.arrive({ ...caller, form, player });
    if (player !== null) this.#world.restart(player);
    this.#toldJson.delete(caller.session);
    this.#settle();
    const answer = { player, options: this.#world.options };
    if (form === 'packed') return { ...answer, view: this.#publisher.snapshot(player) };
    const view = this.#publisher.view(player);
    this.#toldJson.set(caller.session, view);
    return { ...answer, view };
  }

  #leave({ session, authid }: Caller, kwargs: Dict): Dict {
    this.#read(emptyRequest, kwargs);
    if (this.#visitors.get(session)?.player === null) this.#depart(session);
    else {
      for (const visitor of [...this.#visitors.all]) if (visitor.player === authid) this.#depart(visitor.session);
      this.#world.leave(authid);
    }
    this.#settle();
    return {};
  }

  #move({ authid, session }: Caller, move: string, { args, kwargs }: Invocation): Dict {
    const { id } = this.#read(moveRequest, kwargs);
    const [given = {}, ...surplus] = args;
    if (typeof given !== 'object' || given === null || given instanceof Uint8Array || surplus.length > 0)
      throw this.#refusal('bad_arguments', {
        issues: [{ path: 'args', message: 'a move has one positional argument: the dict of its arguments' }],
      });
    if (this.#visitors.get(session)?.player === null) throw this.#refusal('no_seat', {});
    const answer = this.#attempt(authid, move, given, id);
    if (!answer.ok) throw rejectionError(this.rules.game.uris, answer.error);
    return { version: answer.version };
  }

  #attempt(player: string, move: string, args: object, id: string | undefined): MoveAnswer {
    const { clock, limits } = this.#host;
    const attempts = this.#attempts.get(player) ?? new Attempts(limits, clock.now());
    this.#attempts.set(player, attempts);
    const first = id === undefined ? undefined : attempts.answerTo(id);
    if (first) return first;
    const retryAfterMs = attempts.wait(clock.now());
    if (retryAfterMs > 0)
      return { ok: false, error: refusal('rate_limited', { retryAfterMs }, this.#publisher.version) };
    const played = this.#world.move(player, move, args);
    const version = this.#publisher.version + 1; // the next tick shows it
    if (!played.ok && played.cause !== undefined) this.#logOnce(`move ${move}`, played.cause);
    const answer: MoveAnswer = played.ok
      ? { ok: true, version }
      : { ok: false, error: { ...played.error, version: version - 1 } };
    if (id !== undefined) attempts.remember(id, answer);
    return answer;
  }

  async #close({ authrole }: Caller, kwargs: Dict): Promise<Dict> {
    if (authrole !== 'service' && authrole !== 'authority')
      throw new CallError(errors.notAuthorized, ['only services close a match']);
    this.#read(emptyRequest, kwargs);
    await this.close();
    return {};
  }

  #input(session: number, args: readonly unknown[]): void {
    const player = this.#visitors.steers(session);
    const message = player === null ? null : inputMessage(args);
    if (player !== null && message) this.#world.input(player, message.last, message.inputs, message.seen);
  }

  // What happens

  #tick(): void {
    const stepped = this.#world.step();
    for (const failure of stepped.failures) this.#logOnce('a tick', failure);
    for (const { to, bytes } of this.#publisher.publish(stepped))
      this.#publish(this.uris.state.packed, bytes, to ? { eligible_authid: [...to] } : {});
    if (this.#toldJson.size > 0) this.#publishJson(stepped.events);
  }

  /** One by one: this form is for a few clients in other languages. */
  #publishJson(events: Parameters<WorldPublisher['seenBy']>[1]): void {
    for (const [session, before] of this.#toldJson) {
      const visitor = this.#visitors.get(session);
      if (!visitor) continue;
      const view = this.#publisher.view(visitor.player);
      this.#toldJson.set(session, view);
      const { version, tick } = view;
      const delta: Delta = diff({ ...before, version }, view) ?? {};
      const happened = this.#publisher.seenBy(visitor.player, events);
      this.#publish(
        this.uris.state.json,
        { type: 'commit', version, tick, delta, events: happened },
        { eligible: [session] },
      );
    }
  }

  #publish(topic: Uri, content: unknown, to: { eligible_authid?: string[]; eligible?: number[] }): void {
    const { session, log } = this.#host;
    session
      .publish(topic, [content], undefined, to)
      .catch((cause: unknown) => log(`world ${this.record.id}: a tick could not be published`, cause));
  }

  #depart(session: number): void {
    this.#visitors.depart(session);
    this.#toldJson.delete(session);
  }

  /** Makes players, ticks and lobby follow from who is here. */
  #settle(): void {
    if (this.#isClosed) return;
    const away = [...this.#world.players.keys()].filter((id) => !this.#visitors.isHere(id));
    this.#absences.set(away);
    for (const id of away) if (this.#absences.isLost(id)) this.#world.leave(id);
    for (const id of this.#attempts.keys()) if (!this.#world.players.has(id)) this.#attempts.delete(id);
    const isNeeded = this.#visitors.size > 0 || this.#world.players.size > 0;
    if (isNeeded) this.#ticker.start();
    else this.#ticker.stop();
    this.#closeUnless(isNeeded);
    this.#news.changed(this.#summary());
  }

  #closeUnless(isNeeded: boolean): void {
    const { clock, limits, log } = this.#host;
    if (isNeeded) {
      clock.clearTimeout(this.#closing);
      this.#closing = null;
    } else {
      const failed = (cause: unknown) => log(`world ${this.record.id} was not closed`, cause);
      this.#closing ??= clock.setTimeout(() => void this.close().catch(failed), limits.keepMs);
    }
  }

  #summary(): MatchSummary {
    const { id, listed, created } = this.record;
    const { name, seats } = this.rules.game;
    const players = [...this.#world.players.keys()];
    const free = Math.min(seats[1] - players.length, shownFree);
    return {
      id,
      game: name,
      status: free > 0 ? 'open' : 'playing',
      listed,
      seats: [
        ...players.map((player) => ({ player, connected: this.#visitors.isHere(player) })),
        ...Array.from({ length: free }, () => ({ player: null, connected: false })),
      ],
      created: new Date(created).toISOString(),
      spectators: this.#visitors.spectators,
    };
  }

  #logOnce(what: string, cause: unknown): void {
    const text = `${what}: ${String(cause)}`;
    if (this.#logged.has(text) || this.#logged.size >= mostLogged) return;
    this.#logged.add(text);
    this.#host.log(`world ${this.record.id} of ${this.rules.game.name}: ${what} failed`, cause);
  }

  #read<T>(schema: StandardSchema<unknown, T>, kwargs: Dict): T {
    return read(schema, kwargs, this.#publisher.version);
  }

  #refusal<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): CallError {
    return refused(code, details, this.#publisher.version);
  }
}

/** Different failures that are logged of one world. */
const mostLogged = 100;
