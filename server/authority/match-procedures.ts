import {
  CallError,
  errors,
  PackedForm,
  refusal,
  rejectionError,
  type Agreement,
  type AnyView,
  type Dict,
  type FrameworkCode,
  type FrameworkErrors,
  type Invocation,
  type RunningMatch,
  type StandardSchema,
  type Uri,
  type WireForm,
} from '../../protocol/index.ts';
import type { MoveAnswer } from './attempts.ts';
import type { HostedMatch } from './hosted-match.ts';
import {
  answerRequest,
  claimRequest,
  callerOf,
  emptyRequest,
  joinRequest,
  moveRequest,
  offerRequest,
  read,
  refused,
  syncRequest,
  type Caller,
} from './requests.ts';
import { isStale } from './stale.ts';

type Serve = (caller: Caller, invocation: Invocation) => Promise<Dict>;

/** A move as it was asked for. */
interface AskedMove {
  readonly move: string;
  readonly args: object;
  readonly id?: string;
  readonly seen?: number;
}
/** Which attempt, and by which seat. */
interface Attempted {
  readonly id?: string;
  readonly seat?: number;
}
/** What was offered, or answered. */
interface Asked {
  readonly what: Agreement | 'rematch';
  readonly how: 'offer' | 'accept' | 'decline';
}

/** What who has arrived is told. */
type Arrived = {
  readonly seat: number | null;
  /** As the form has it. */
  readonly view: AnyView | Uint8Array;
  readonly now: number;
};

/** What can be called of a match, each request in its turn: `design.md` §5. */
export class MatchProcedures {
  readonly #match: HostedMatch;
  readonly #byUri: ReadonlyMap<Uri, Serve>;

  constructor(match: HostedMatch) {
    this.#match = match;
    const { join, leave, sync, offer, answer, claim, close, move } = match.uris;
    this.#byUri = new Map<Uri, Serve>([
      [join, (caller, { kwargs }) => this.#join(caller, kwargs)],
      [leave, (caller, { kwargs }) => this.#leave(caller, kwargs)],
      [sync, (caller, { kwargs }) => this.#sync(caller, kwargs)],
      [offer, (caller, { kwargs }) => this.#offer(caller, kwargs)],
      [answer, (caller, { kwargs }) => this.#answer(caller, kwargs)],
      [claim, (caller, { kwargs }) => this.#claim(caller, kwargs)],
      [close, (caller, { kwargs }) => this.#close(caller, kwargs)],
      ...Object.keys(match.rules.game.schemas.moves).map((name): [Uri, Serve] => [
        move(name),
        (caller, invocation) => this.#move(caller, name, invocation),
      ]),
    ]);
  }

  /** @throws CallError: no such procedure, or why the request is refused. */
  async serve(invocation: Invocation): Promise<Dict> {
    const caller = callerOf(invocation);
    const { procedure = '' } = invocation.details;
    const serve = this.#byUri.get(procedure);
    if (serve) return serve(caller, invocation);
    throw new CallError(errors.noSuchProcedure, [
      `a match of ${this.#match.record.game} has no procedure ${procedure}`,
    ]);
  }

  async #join(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { seat: wanted, fingerprint, form } = this.#read(joinRequest, kwargs);
    if (fingerprint !== undefined && fingerprint !== this.#match.record.fingerprint)
      throw this.#refusal('outdated_client', {});
    this.#match.expect(caller.session, form);
    return this.#match.inOrder(async () => {
      const held = this.#match.seatOf(caller.authid);
      if (held === null) {
        if (wanted !== null) await this.#sit(wanted ?? this.#freeSeat(), caller.authid);
      } else if (typeof wanted === 'number' && wanted !== held) {
        throw this.#mistake('seat', `you sit in seat ${held} already`);
      } // Who sits here and wants to watch gets the seat too: its parts go to all sessions of the player.
      return this.#arrived(caller, form);
    });
  }

  async #leave({ session, authid }: Caller, kwargs: Dict): Promise<Dict> {
    this.#read(emptyRequest, kwargs);
    return this.#match.inOrder(async () => {
      const seat = this.#match.seatOf(authid);
      if (seat === null) this.#match.depart(session);
      else await this.#match.leave(authid, seat);
      return {};
    });
  }

  /** Whoever sits here and asks for the view is here, as after `join`: so a client that comes back needs only one call. */
  async #sync(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { form, diverged } = this.#read(syncRequest, kwargs);
    if (diverged !== undefined) this.#match.diverged(diverged);
    this.#match.expect(caller.session, form);
    return this.#match.inOrder(async () => {
      if (this.#match.seatOf(caller.authid) === null) return { view: this.#view(null, form), now: this.#match.now };
      const { view, now } = await this.#arrived(caller, form);
      return { view, now };
    });
  }

  async #arrived(caller: Caller, form: WireForm): Promise<Arrived> {
    await this.#match.arrive(caller);
    const seat = this.#match.seatOf(caller.authid);
    return { seat, view: this.#view(seat, form), now: this.#match.now };
  }

  #view(seat: number | null, form: WireForm): AnyView | Uint8Array {
    const view = this.#running.view(seat);
    if (form === 'json') return view;
    return PackedForm.of(this.#match.rules.game).whole({ view, open: this.#running.view(null) });
  }

  async #move(caller: Caller, move: string, { args, kwargs }: Invocation): Promise<Dict> {
    const request = this.#read(moveRequest, kwargs);
    const [given = {}, ...surplus] = args;
    if (typeof given !== 'object' || given === null || given instanceof Uint8Array)
      throw this.#mistake('args[0]', 'the arguments of a move are a dict');
    if (surplus.length > 0)
      throw this.#mistake('args[1]', 'a move has one positional argument: the dict of its arguments');
    const play = (held: number) => this.#play(held, { move, args: given, ...request });
    return this.#answered(this.#match.ahead(() => this.#attempt(caller, request, play)));
  }

  #offer(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { what, ...request } = this.#read(offerRequest, kwargs);
    const offer = (seat: number) => this.#agree(seat, { what, how: 'offer' });
    return this.#answered(this.#match.inOrder(() => this.#attempt(caller, request, offer)));
  }

  #answer(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { what, accept, ...request } = this.#read(answerRequest, kwargs);
    const answer = (seat: number) => this.#agree(seat, { what, how: accept ? 'accept' : 'decline' });
    return this.#answered(this.#match.inOrder(() => this.#attempt(caller, request, answer)));
  }

  #claim(caller: Caller, kwargs: Dict): Promise<Dict> {
    const { what, ...request } = this.#read(claimRequest, kwargs);
    const { name, claims } = this.#match.rules.game;
    if (!claims.includes(what)) throw this.#mistake('what', `in ${name} nobody claims a ${what}`);
    const claim = async (seat: number): Promise<MoveAnswer> => {
      if (this.#running.result) return this.#refused('over', {});
      const { lost } = this.#match;
      if (lost.length === 0 || lost.includes(seat) || !this.#running.begun) {
        const message = 'nobody has been away for too long';
        return this.#refused('bad_arguments', { issues: [{ path: 'what', message }] });
      }
      await this.#match.endWithoutLost(what);
      return { ok: true, version: this.#running.version };
    };
    return this.#answered(this.#match.inOrder(() => this.#attempt(caller, request, claim)));
  }

  /** What a seat may do, once, however often it is sent, and not too often. For tasks of the match. */
  async #attempt(
    { authid }: Caller,
    { id, seat }: Attempted,
    act: (held: number) => Promise<MoveAnswer>,
  ): Promise<MoveAnswer> {
    const held = this.#match.seatOf(authid);
    if (held === null || (seat !== undefined && seat !== held)) return this.#refused('no_seat', {});
    const now = this.#match.host.clock.now();
    const attempts = this.#match.memory.attemptsOf(held, authid, now);
    const first = id === undefined ? undefined : attempts.answerTo(id);
    if (first) return first;
    const retryAfterMs = attempts.wait(now);
    if (retryAfterMs > 0) return this.#refused('rate_limited', { retryAfterMs }); // not remembered: it may be tried again
    const made = await act(held);
    if (id !== undefined) attempts.remember(id, made);
    return made;
  }

  /** @throws CallError saying why not. */
  async #answered(made: Promise<MoveAnswer>): Promise<Dict> {
    const answer = await made;
    if (!answer.ok) throw rejectionError(this.#match.rules.game.uris, answer.error);
    return { version: answer.version };
  }

  async #play(seat: number, { move, args, seen, id }: AskedMove): Promise<MoveAnswer> {
    const { version, state } = this.#running;
    if (seen !== undefined && isStale(this.#running, { seat, move, seen })) return this.#refused('stale', { version });
    const { record, host } = this.#match;
    const more = { ...(state.clocks && { lag: this.#match.lagOf(seat) }), ...(id !== undefined && { id }) };
    const applied = this.#match.applyAhead({ type: 'move', seat, move, args, at: this.#match.now, ...more });
    if (!applied.ok && applied.error.code === 'rule_failed')
      host.log(`match ${record.id} of ${record.game}: move ${move} failed`, applied.cause);
    return applied.ok ? { ok: true, version: applied.version } : { ok: false, error: applied.error };
  }

  /** Declining withdraws what others have offered, and one's own. What has been said already changes nothing. */
  async #agree(seat: number, { what, how }: Asked): Promise<MoveAnswer> {
    const wantedBy = this.#wantedBy(what);
    if (how === 'accept' && wantedBy.length === 0)
      return this.#refused('bad_arguments', { issues: [{ path: 'what', message: `nobody offers a ${what}` }] });
    if (how === 'decline' ? wantedBy.length > 0 : !wantedBy.includes(seat)) {
      const type = how === 'decline' ? 'decline' : 'offer';
      const applied = await this.#match.apply({ type, what, seat, at: this.#match.now });
      if (!applied.ok) return { ok: false, error: applied.error };
    }
    if (what === 'rematch') await this.#makeRematch();
    return { ok: true, version: this.#running.version };
  }

  async #makeRematch(): Promise<void> {
    const { rematch, seats } = this.#running;
    if (rematch.match !== null || rematch.wantedBy.length < seats.length) return;
    const match = await this.#match.host.rematch(this.#match);
    await this.#match.commit({ type: 'successor', match, at: this.#match.now });
  }

  #wantedBy(what: Asked['what']): readonly number[] {
    const { rematch, offers } = this.#running.state;
    if (what === 'rematch') return rematch.wantedBy;
    return offers.find((offer) => offer.what === what)?.wantedBy ?? [];
  }

  async #close({ authrole }: Caller, kwargs: Dict): Promise<Dict> {
    if (authrole !== 'service' && authrole !== 'authority')
      throw new CallError(errors.notAuthorized, ['only services close a match']);
    this.#read(emptyRequest, kwargs);
    return this.#match.inOrder(async () => {
      await this.#match.close();
      return {};
    });
  }

  async #sit(seat: number, player: string): Promise<void> {
    const { length } = this.#running.seats;
    if (seat >= length) throw this.#mistake('seat', `there are seats 0 to ${length - 1}`);
    await this.#match.commit({ type: 'sit', seat, player, at: this.#match.now });
  }

  #freeSeat(): number {
    const seat = this.#running.seats.findIndex(({ player }) => player === null);
    if (seat < 0) throw this.#refusal(this.#running.result ? 'over' : 'full', {});
    return seat;
  }

  #read<T>(schema: StandardSchema<unknown, T>, kwargs: Dict): T {
    return read(schema, kwargs, this.#match.version);
  }

  #mistake(path: string, message: string): CallError {
    return this.#refusal('bad_arguments', { issues: [{ path, message }] });
  }

  #refusal<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): CallError {
    return refused(code, details, this.#match.version);
  }

  #refused<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): MoveAnswer {
    return { ok: false, error: refusal(code, details, this.#match.version) };
  }

  get #running(): RunningMatch {
    return this.#match.running;
  }
}
