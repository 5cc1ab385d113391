import {
  CallError,
  errors,
  PackedForm,
  refusal,
  rejectionError,
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

type Serve = (caller: Caller, invocation: Invocation) => Promise<Dict>;

/** A move as it was asked for. */
interface Attempt {
  readonly move: string;
  readonly args: object;
  readonly id?: string;
  readonly seen?: number;
  readonly seat?: number;
}

/** What can be called of a match, each request in its turn: `design.md` §5. */
export class MatchProcedures {
  readonly #match: HostedMatch;
  readonly #byUri: ReadonlyMap<Uri, Serve>;

  constructor(match: HostedMatch) {
    this.#match = match;
    const { join, leave, sync, offer, answer, close, move } = match.uris;
    this.#byUri = new Map<Uri, Serve>([
      [join, (caller, { kwargs }) => this.#join(caller, kwargs)],
      [leave, (caller, { kwargs }) => this.#leave(caller, kwargs)],
      [sync, (caller, { kwargs }) => this.#sync(caller, kwargs)],
      [offer, (caller, { kwargs }) => this.#rematch(caller, { ...this.#read(offerRequest, kwargs), accept: true })],
      [answer, (caller, { kwargs }) => this.#rematch(caller, this.#read(answerRequest, kwargs))],
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
      if (this.#match.seatOf(caller.authid) === null) return { view: this.#view(null, form) };
      const { view } = await this.#arrived(caller, form);
      return { view };
    });
  }

  async #arrived(caller: Caller, form: WireForm): Promise<{ seat: number | null; view: AnyView | Uint8Array }> {
    await this.#match.arrive(caller);
    const seat = this.#match.seatOf(caller.authid);
    return { seat, view: this.#view(seat, form) };
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
    const answer = await this.#match.inOrder(() => this.#attempt(caller, { move, args: given, ...request }));
    if (!answer.ok) throw rejectionError(this.#match.rules.game.uris, answer.error);
    return { version: answer.version };
  }

  async #attempt({ authid }: Caller, { id, seat, ...attempt }: Attempt): Promise<MoveAnswer> {
    const held = this.#match.seatOf(authid);
    if (held === null || (seat !== undefined && seat !== held)) return this.#refused('no_seat', {});
    const now = this.#match.host.clock.now();
    const attempts = this.#match.memory.attemptsOf(held, authid, now);
    const first = id === undefined ? undefined : attempts.answerTo(id);
    if (first) return first;
    const retryAfterMs = attempts.wait(now);
    if (retryAfterMs > 0) return this.#refused('rate_limited', { retryAfterMs }); // not remembered: it may be tried again
    const answer = await this.#play(held, attempt, id);
    if (id !== undefined) attempts.remember(id, answer);
    return answer;
  }

  async #play(seat: number, { move, args, seen }: Omit<Attempt, 'id' | 'seat'>, id?: string): Promise<MoveAnswer> {
    const { version } = this.#running;
    const { turns } = this.#match.memory;
    if (seen !== undefined && turns.isStale(seat, move, seen)) return this.#refused('stale', { version });
    const inTurn = turns.isInTurn(move);
    const { record, host } = this.#match;
    const at = host.clock.now() - record.created;
    const applied = await this.#match.apply({
      type: 'move',
      seat,
      move,
      args,
      at,
      ...(id === undefined ? {} : { id }),
    });
    if (applied.ok) {
      if (inTurn) turns.made(applied.version);
      return { ok: true, version: applied.version };
    }
    const { error, cause } = applied;
    if (error.code === 'rule_failed') host.log(`match ${record.id} of ${record.game}: move ${move} failed`, cause);
    return { ok: false, error };
  }

  /** Offers and accepts another match, or declines, which withdraws the offer of the others too. */
  #rematch({ authid }: Caller, { accept }: { accept: boolean }): Promise<Dict> {
    return this.#match.inOrder(async () => {
      const seat = this.#match.seatOf(authid);
      if (seat === null) throw this.#refusal('no_seat', {});
      const { result, rematch, seats } = this.#running;
      if (!result) throw this.#mistake('what', 'there is no rematch before the end of the match');
      if (rematch.match !== null) return { version: this.#running.version };
      if (!accept) {
        for (const other of rematch.wantedBy) await this.#match.commit({ type: 'rematch', seat: other, wanted: false });
      } else if (!rematch.wantedBy.includes(seat)) {
        await this.#match.commit({ type: 'rematch', seat, wanted: true });
      }
      if (this.#running.rematch.wantedBy.length === seats.length) {
        await this.#match.commit({ type: 'successor', match: await this.#match.host.rematch(this.#match) });
      }
      return { version: this.#running.version };
    });
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
    await this.#match.commit({ type: 'sit', seat, player });
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
