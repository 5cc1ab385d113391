/** What can be called of a world: `design.md` §5. Everything is answered at once: a world waits for no store. */
import {
  CallError,
  errors,
  refusal,
  rejectionError,
  type Dict,
  type FrameworkCode,
  type FrameworkErrors,
  type Invocation,
  type StandardSchema,
  type Uri,
} from '../../../protocol/index.ts';
import type { MoveAnswer } from '../attempts.ts';
import { callerOf, emptyRequest, read, refused, type Caller } from '../requests.ts';
import type { HostedWorld, MadeMove } from './hosted-world.ts';
import type { Form } from './visitors.ts';
import { joinRequest, moveRequest, syncRequest } from './world-requests.ts';

interface Arrival {
  readonly form: Form;
  /** Null: it only watches. */
  readonly player: string | null;
  /** Whom it follows then; undefined: the same as before. */
  readonly follow?: string | null | undefined;
  readonly how: 'join' | 'sync';
}

type Serve = (caller: Caller, invocation: Invocation) => Dict | Promise<Dict>;

export class WorldProcedures {
  readonly #hosted: HostedWorld;
  readonly #byUri: ReadonlyMap<Uri, Serve>;

  constructor(hosted: HostedWorld) {
    this.#hosted = hosted;
    const { join, leave, sync, time, close, move } = hosted.uris;
    this.#byUri = new Map<Uri, Serve>([
      [join, (caller, { kwargs }) => this.#join(caller, kwargs)],
      [leave, (caller, { kwargs }) => this.#leave(caller, kwargs)],
      [sync, (caller, { kwargs }) => this.#sync(caller, kwargs)],
      [time, () => ({ tick: hosted.time })],
      [close, (caller, { kwargs }) => this.#close(caller, kwargs)],
      ...Object.keys(hosted.rules.game.schemas.moves).map((name): [Uri, Serve] => [
        move(name),
        (caller, invocation) => this.#move(caller, name, invocation),
      ]),
    ]);
  }

  /** @throws CallError: no such procedure, or why the request is refused. */
  serve(invocation: Invocation): Dict | Promise<Dict> {
    const caller = callerOf(invocation);
    const { procedure = '' } = invocation.details;
    const serve = this.#byUri.get(procedure);
    if (serve) return serve(caller, invocation);
    throw new CallError(errors.noSuchProcedure, [
      `a match of ${this.#hosted.rules.game.name} has no procedure ${procedure}`,
    ]);
  }

  #join(caller: Caller, kwargs: Dict): Dict {
    const { form, watch, fingerprint, follow } = this.#read(joinRequest, kwargs);
    const { game } = this.#hosted.rules;
    const { players } = this.#hosted.world;
    if (fingerprint !== undefined && fingerprint !== game.fingerprint) throw this.#refusal('outdated_client', {});
    this.#checkFollow(watch, follow);
    if (watch) return this.#arrived(caller, { form, player: null, follow, how: 'join' });
    if (!players.has(caller.authid)) {
      if (players.size >= game.seats[1]) throw this.#refusal('full', {});
      if (!this.#hosted.enter(caller.authid)) throw this.#refusal('rule_failed', {});
    }
    return this.#arrived(caller, { form, player: caller.authid, how: 'join' });
  }

  #sync(caller: Caller, kwargs: Dict): Dict {
    const { form, follow } = this.#read(syncRequest, kwargs);
    const plays = this.#hosted.plays(caller);
    this.#checkFollow(!plays, follow);
    return this.#arrived(caller, { form, player: plays ? caller.authid : null, follow, how: 'sync' });
  }

  #arrived(caller: Caller, { form, player, follow = this.#hosted.followedBy(caller.session), how }: Arrival): Dict {
    const view = this.#hosted.arrive({ ...caller, form, player, follow: player === null ? follow : null }, how);
    return { player, steers: this.#hosted.steers(caller.session), options: this.#hosted.world.options, view };
  }

  #checkFollow(watches: boolean, follow: string | null | undefined): void {
    const { game, world } = this.#hosted.rules;
    if (follow == null || (watches && world.spectator)) return;
    const message = watches
      ? `spectators of ${game.name} follow nobody: its rules have no \`spectator\``
      : 'only who watches follows a player';
    throw this.#refusal('bad_arguments', { issues: [{ path: 'follow', message }] });
  }

  #leave(caller: Caller, kwargs: Dict): Dict {
    this.#read(emptyRequest, kwargs);
    const { session, authid } = caller;
    if (this.#hosted.plays(caller)) this.#hosted.leave(authid, session);
    else this.#hosted.dropped(session);
    return {};
  }

  #move(caller: Caller, move: string, { args, kwargs }: Invocation): Dict {
    const { session, authid } = caller;
    const { id, number = null } = this.#read(moveRequest, kwargs);
    const [given = {}, ...surplus] = args;
    if (typeof given !== 'object' || given === null || given instanceof Uint8Array || surplus.length > 0) {
      const message = 'a move has one positional argument: the dict of its arguments';
      throw this.#refusal('bad_arguments', { issues: [{ path: 'args', message }] });
    }
    if (!this.#hosted.plays(caller)) throw this.#refusal('no_seat', {});
    const answer = this.#attempt({ session, player: authid, move, args: given, number }, id);
    if (!answer.ok) throw rejectionError(this.#hosted.rules.game.uris, answer.error);
    return { version: answer.version };
  }

  #attempt(made: MadeMove, id: string | undefined): MoveAnswer {
    const { memory, host } = this.#hosted;
    const now = host.clock.now();
    const attempts = memory.of(made.player, now);
    const first = id === undefined ? undefined : attempts.answerTo(id);
    if (first) return first;
    const retryAfterMs = attempts.wait(now);
    const { version } = this.#hosted;
    if (retryAfterMs > 0) return { ok: false, error: refusal('rate_limited', { retryAfterMs }, version) };
    const played = this.#hosted.move(made);
    const answer: MoveAnswer = played.ok
      ? { ok: true, version: version + 1 } // the next tick shows it
      : { ok: false, error: { ...played.error, version } };
    if (id !== undefined) memory.remember(made.player, id, answer);
    return answer;
  }

  async #close({ authrole }: Caller, kwargs: Dict): Promise<Dict> {
    if (authrole !== 'service' && authrole !== 'authority')
      throw new CallError(errors.notAuthorized, ['only services close a match']);
    this.#read(emptyRequest, kwargs);
    await this.#hosted.close();
    return {};
  }

  #read<T>(schema: StandardSchema<unknown, T>, kwargs: Dict): T {
    return read(schema, kwargs, this.#hosted.version);
  }

  #refusal<K extends FrameworkCode>(code: K, details: FrameworkErrors[K]): CallError {
    return refused(code, details, this.#hosted.version);
  }
}
