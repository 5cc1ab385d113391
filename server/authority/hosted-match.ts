import {
  CallError, errors, refusal, rejectionError, type AnyRules, type Dict, type Entry, type FrameworkCode, type FrameworkErrors, type Invocation,
  type MatchResult, type MatchSummary, type MatchUris, type Registration, type RunningMatch, type Session, type StandardSchema, type Uri,
} from '../../protocol/index.ts';
import type { MatchRecord, MatchStore } from '../store/store.ts';
import { Absences } from './absences.ts';
import { Attempts, type MoveAnswer } from './attempts.ts';
import { Attendance } from './attendance.ts';
import type { WallClock } from './clock.ts';
import type { AuthorityLimits } from './limits.ts';
import type { Log } from './log.ts';
import { PublishedMatch } from './published-match.ts';
import { Queue } from './queue.ts';
import {
  answerRequest, callerOf, emptyRequest, joinRequest, moveRequest, offerRequest, read, refused, syncRequest, type Caller,
} from './requests.ts';
import { TurnWatch } from './turn-watch.ts';

/** What an authority gives to its matches. */
export interface Host {
  readonly session: Session;
  readonly store: MatchStore;
  readonly clock: WallClock;
  readonly limits: AuthorityLimits;
  readonly log: Log;
  /** Another match like this one for the same players, in other seats. @returns its id. */
  rematch(of: HostedMatch): Promise<string>;
  /** What the lobby should know has changed. */
  changed(summary: MatchSummary): void;
  closed(match: HostedMatch): void;
}

type Serve = (caller: Caller, invocation: Invocation) => Promise<Dict>;

/**
 * A match that can be called: one request after another, each checked, applied, and answered. After each one it looks
 * who is here: a dropped player is waited for and then loses the seat, and a match that nobody needs is closed.
 */
export class HostedMatch {
  readonly record: MatchRecord;
  readonly rules: AnyRules;
  readonly #match: PublishedMatch;
  readonly #uris: MatchUris;
  readonly #host: Host;
  readonly #procedures: ReadonlyMap<Uri, Serve>;
  readonly #queue = new Queue();
  readonly #attendance = new Attendance();
  /** Sessions that have asked to join, some still in the queue: those whose end matters here. */
  readonly #visitors = new Set<number>();
  readonly #absences: Absences;
  /** By player, while seated. */
  readonly #attempts = new Map<string, Attempts>();
  readonly #turns: TurnWatch;
  #registration: Registration | null = null;
  /** Runs while nobody needs the match. */
  #closing: { readonly timer: unknown } | null = null;
  #closed = false;
  /** The last summary that the lobby got. */
  #told = '';

  constructor(record: MatchRecord, running: RunningMatch, host: Host) {
    this.record = record;
    this.rules = running.rules;
    this.#match = new PublishedMatch(record.id, running, host);
    this.#uris = running.rules.game.uris.match(record.id);
    this.#host = host;
    this.#procedures = this.#served(Object.keys(running.rules.game.schemas.moves));
    const { clock, limits } = host;
    this.#absences = new Absences({ clock, holdMs: limits.holdMs, onLost: () => this.#lookAgain() });
    this.#turns = new TurnWatch(running);
  }

  /** The match, as it is stored. */
  get running(): RunningMatch {
    return this.#match.running;
  }

  /** Opens the match to calls, with players seated already. */
  open(players: readonly (string | null)[]): Promise<void> {
    return this.#inOrder(async () => {
      for (const [seat, player] of players.entries()) if (player !== null) await this.#sit(seat, player);
      const answer = async (invocation: Invocation) => ({ args: [await this.#serve(invocation)] });
      this.#registration = await this.#host.session.register(this.#uris.prefix, answer, { match: 'prefix', disclose_caller: true });
    });
  }

  /** A session has ended. */
  dropped(session: number): void {
    if (!this.#visitors.delete(session)) return;
    this.#inOrder(async () => this.#attendance.depart(session)).catch(this.#unasked);
  }

  /** The authority has lost its session: nothing more happens here. */
  stop(): void {
    this.#closed = true;
    this.#absences.set([]);
    if (this.#closing) this.#host.clock.clearTimeout(this.#closing.timer);
  }

  // Requests

  #served(moves: readonly string[]): ReadonlyMap<Uri, Serve> {
    const { join, leave, sync, offer, answer, close, move } = this.#uris;
    return new Map<Uri, Serve>([
      [join, (caller, { kwargs }) => this.#join(caller, kwargs)],
      [leave, (caller, { kwargs }) => this.#leave(caller, kwargs)],
      [sync, (caller, { kwargs }) => this.#sync(caller, kwargs)],
      [offer, (caller, { kwargs }) => this.#rematch(caller, { ...this.#read(offerRequest, kwargs), accept: true })],
      [answer, (caller, { kwargs }) => this.#rematch(caller, this.#read(answerRequest, kwargs))],
      [close, (caller, { kwargs }) => this.#closeFor(caller, kwargs)],
      ...moves.map((name): [Uri, Serve] => [move(name), (caller, invocation) => this.#move(caller, name, invocation)]),
    ]);
  }

  async #serve(invocation: Invocation): Promise<Dict> {
    const caller = callerOf(invocation);
    const { procedure = this.#uris.prefix } = invocation.details;
    const serve = this.#procedures.get(procedure);
    if (!serve) throw new CallError(errors.noSuchProcedure, [`a match of ${this.record.game} has no procedure ${procedure}`]);
    return serve(caller, invocation);
  }

  async #join(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { seat: wanted, fingerprint } = this.#read(joinRequest, kwargs);
    if (fingerprint !== undefined && fingerprint !== this.record.fingerprint) throw this.#refusal('outdated_client', {});
    this.#visitors.add(caller.session);
    return this.#inOrder(async () => {
      const held = this.#seatOf(caller.authid);
      if (held === null && wanted !== null) await this.#sit(wanted ?? this.#freeSeat(), caller.authid);
      // Parts of a seat go to all sessions of its player, so who holds a seat never watches as a stranger.
      else if (held !== null && typeof wanted === 'number' && wanted !== held) throw this.#mistake('seat', `you sit in seat ${held} already`);
      return this.#arrived(caller);
    });
  }

  /** Gives the seat up, which ends a match that is being played; a spectator just goes. */
  async #leave({ session, authid }: Caller, kwargs: Dict): Promise<Dict> {
    this.#read(emptyRequest, kwargs);
    return this.#inOrder(async () => {
      const seat = this.#seatOf(authid);
      if (seat === null) {
        this.#attendance.depart(session);
      } else {
        this.#attendance.departAll(authid);
        if (!this.running.begun) await this.#stand(seat);
        else if (!this.running.result) await this.#end([seat], 'left');
      }
      return {};
    });
  }

  /** Whoever sits here and asks for the view is here, as after `join`: so a client that comes back needs only one call. */
  async #sync(caller: Caller, kwargs: Dict): Promise<Dict> {
    this.#read(syncRequest, kwargs);
    this.#visitors.add(caller.session);
    return this.#inOrder(async () => {
      if (this.#seatOf(caller.authid) === null) return { view: this.running.view(null) };
      const { view } = await this.#arrived(caller);
      return { view };
    });
  }

  async #arrived(caller: Caller): Promise<{ seat: number | null; view: unknown }> {
    if (this.#visitors.has(caller.session)) this.#attendance.arrive(caller);
    await this.#settle(); // so that the view shows the caller connected
    const seat = this.#seatOf(caller.authid);
    return { seat, view: this.running.view(seat) };
  }

  async #move(caller: Caller, move: string, { args, kwargs }: Invocation): Promise<Dict> {
    const request = this.#read(moveRequest, kwargs);
    const [given = {}, ...surplus] = args;
    if (typeof given !== 'object' || given === null) throw this.#mistake('args[0]', 'the arguments of a move are a dict');
    if (surplus.length > 0) throw this.#mistake('args[1]', 'a move has one positional argument: the dict of its arguments');
    const answer = await this.#inOrder(() => this.#attempt(caller, { move, args: given, ...request }));
    if (!answer.ok) throw rejectionError(this.rules.game.uris, answer.error);
    return { version: answer.version };
  }

  async #attempt({ authid }: Caller, { id, seat, ...attempt }: Attempt): Promise<MoveAnswer> {
    const held = this.#seatOf(authid);
    const attempts = this.#attempts.get(authid);
    if (held === null || !attempts || (seat !== undefined && seat !== held)) return this.#refused('no_seat', {});
    const first = id === undefined ? undefined : attempts.answerTo(id);
    if (first) return first;
    const retryAfterMs = attempts.wait(this.#host.clock.now());
    if (retryAfterMs > 0) return this.#refused('rate_limited', { retryAfterMs }); // not remembered: it may be tried again
    const answer = await this.#play(held, attempt);
    if (id !== undefined) attempts.remember(id, answer);
    return answer;
  }

  async #play(seat: number, { move, args, seen }: Omit<Attempt, 'id' | 'seat'>): Promise<MoveAnswer> {
    const { version } = this.running;
    if (seen !== undefined && this.#turns.isStale(seat, move, seen)) return this.#refused('stale', { version });
    const inTurn = this.#turns.isInTurn(move);
    const applied = await this.#match.apply({ type: 'move', seat, move, args, at: this.#host.clock.now() - this.record.created });
    if (applied.ok) {
      if (inTurn) this.#turns.made(applied.version);
      return { ok: true, version: applied.version };
    }
    const { error, cause } = applied;
    if (error.code === 'rule_failed') this.#host.log(`match ${this.record.id} of ${this.record.game}: move ${move} failed`, cause);
    return { ok: false, error };
  }

  /** Offers and accepts another match, or declines, which withdraws the offer of the others too. */
  #rematch({ authid }: Caller, { accept }: { accept: boolean }): Promise<Dict> {
    return this.#inOrder(async () => {
      const seat = this.#seatOf(authid);
      if (seat === null) throw this.#refusal('no_seat', {});
      const { result, rematch, seats } = this.running;
      if (!result) throw this.#mistake('what', 'there is no rematch before the end of the match');
      if (rematch.match !== null) return { version: this.running.version };
      if (!accept) for (const other of rematch.wantedBy) await this.#apply({ type: 'rematch', seat: other, wanted: false });
      else if (!rematch.wantedBy.includes(seat)) await this.#apply({ type: 'rematch', seat, wanted: true });
      if (this.running.rematch.wantedBy.length === seats.length) {
        await this.#apply({ type: 'successor', match: await this.#host.rematch(this) });
      }
      return { version: this.running.version };
    });
  }

  async #closeFor({ authrole }: Caller, kwargs: Dict): Promise<Dict> {
    if (authrole !== 'service' && authrole !== 'authority') throw new CallError(errors.notAuthorized, ['only services close a match']);
    this.#read(emptyRequest, kwargs);
    return this.#inOrder(async () => {
      await this.#close();
      return {};
    });
  }

  // Changes

  async #apply(entry: Entry): Promise<void> {
    const applied = await this.#match.apply(entry);
    if (!applied.ok) throw rejectionError(this.rules.game.uris, applied.error);
  }

  async #sit(seat: number, player: string): Promise<void> {
    if (seat >= this.running.seats.length) throw this.#mistake('seat', `there are seats 0 to ${this.running.seats.length - 1}`);
    await this.#apply({ type: 'sit', seat, player });
    this.#attempts.set(player, new Attempts(this.#host.limits, this.#host.clock.now()));
  }

  async #stand(seat: number): Promise<void> {
    this.#attempts.delete(this.running.seats[seat]?.player ?? '');
    await this.#apply({ type: 'stand', seat });
  }

  /** Ends the match for want of these seats. */
  #end(without: readonly number[], reason: string): Promise<void> {
    const winners = [...this.running.seats.keys()].filter((seat) => !without.includes(seat));
    return this.#apply({ type: 'end', result: wonBy(winners, reason) });
  }

  // After each request

  /** Makes seats, timers and lobby follow from who is here. */
  async #settle(): Promise<void> {
    for (const [seat, { player, connected }] of this.running.seats.entries()) {
      const here = player !== null && this.#attendance.has(player);
      if (here !== connected) await this.#apply({ type: 'connection', seat, connected: here });
    }
    await this.#giveUpOnTheLost();
    this.#closeIfDeserted();
    this.#tellLobby();
  }

  async #giveUpOnTheLost(): Promise<void> {
    const { seats, begun, result } = this.running;
    this.#absences.set(result ? [] : seats.flatMap(({ player, connected }) => (player === null || connected ? [] : [player])));
    const lost = [...seats.entries()].filter(([, { player }]) => player !== null && this.#absences.isLost(player)).map(([seat]) => seat);
    if (lost.length === 0) return;
    if (!begun) for (const seat of lost) await this.#stand(seat);
    // While the others are away themselves, perhaps for a moment only, there is nobody to win.
    else if (lost.length === seats.length || seats.some(({ connected }) => connected)) await this.#end(lost, 'abandoned');
  }

  #closeIfDeserted(): void {
    const { clock, limits } = this.#host;
    if (!this.#isDeserted) {
      if (this.#closing) clock.clearTimeout(this.#closing.timer);
      this.#closing = null;
    } else {
      this.#closing ??= { timer: clock.setTimeout(() => this.#closeUnlessNeeded(), this.running.result ? limits.keepMs : limits.holdMs) };
    }
  }

  get #isDeserted(): boolean {
    const { seats, begun, result } = this.running;
    return result ? !this.#attendance.hasPeople : !begun && !seats.some(({ connected }) => connected);
  }

  #closeUnlessNeeded(): void {
    this.#inOrder(async () => {
      if (this.#isDeserted) await this.#close();
    }).catch(this.#unasked);
  }

  async #close(): Promise<void> {
    this.stop();
    await this.#registration?.unregister();
    await this.#host.store.remove(this.record.id);
    this.#host.closed(this);
  }

  #tellLobby(): void {
    const summary = this.#summary();
    const text = JSON.stringify(summary);
    if (text === this.#told) return;
    this.#told = text;
    this.#host.changed(summary);
  }

  #summary(): MatchSummary {
    const { id, game, listed, created } = this.record;
    const { result, begun, seats } = this.running;
    const spectators = this.#attendance.countWithout(seats.map(({ player }) => player));
    return { id, game, status: result ? 'over' : begun ? 'playing' : 'open', listed, seats, created: new Date(created).toISOString(), spectators };
  }

  #lookAgain(): void {
    this.#inOrder(async () => {}).catch(this.#unasked);
  }

  /** What failed although nobody had called: a frozen match has been logged already, and a closed one needs nothing. */
  readonly #unasked = (error: unknown): void => {
    if (!(error instanceof CallError)) this.#host.log(`match ${this.record.id} of ${this.record.game}: looking after it failed`, error);
  };

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#closed) throw refused('no_such_match', {});
      const answer = await task();
      if (!this.#closed) await this.#settle();
      return answer;
    });
  }

  // Questions and refusals

  #seatOf(authid: string): number | null {
    const seat = this.running.seats.findIndex(({ player }) => player === authid);
    return seat < 0 ? null : seat;
  }

  #freeSeat(): number {
    const seat = this.running.seats.findIndex(({ player }) => player === null);
    if (seat < 0) throw this.#refusal(this.running.result ? 'over' : 'full', {});
    return seat;
  }

  #read<T>(schema: StandardSchema<unknown, T>, kwargs: Dict): T {
    return read(schema, kwargs, this.running.version);
  }

  #mistake(path: string, message: string): CallError {
    return this.#refusal('bad_arguments', { issues: [{ path, message }] });
  }

  #refusal<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): CallError {
    return refused(code, details, this.running.version);
  }

  #refused<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): MoveAnswer {
    return { ok: false, error: refusal(code, details, this.running.version) };
  }
}

/** A move as it was asked for. */
interface Attempt {
  readonly move: string;
  readonly args: object;
  readonly id?: string;
  readonly seen?: number;
  readonly seat?: number;
}

/** Nobody, one or several have won. */
function wonBy(seats: readonly number[], reason: string): MatchResult {
  const [winner, ...others] = seats;
  if (winner === undefined) return { draw: true, reason };
  return others.length === 0 ? { winner, reason } : { winners: seats, reason };
}
