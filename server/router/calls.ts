import { ProtocolError, RecentIds, type Message, type Uri } from '../../protocol/index.ts';
import type { Content } from './effects.ts';
import { IdTable } from './id-table.ts';
import type { Callee, Registration } from './registrations.ts';
import type { Session } from './session.ts';
import type { Alarm } from './surroundings.ts';

/** What the caller's permission says of a call. */
export interface CallTerms {
  /** The callee learns who calls: true always, false never, undefined: if caller or callee wants it. */
  readonly disclose?: boolean | undefined;
  readonly trustlevel?: number | undefined;
}

/** A call from its first CALL to its final answer. */
export interface Call {
  readonly caller: Session;
  readonly request: number;
  readonly procedure: Uri;
  readonly registration: Registration;
  /** Of the first CALL: those of the later ones do not count. WAMP "Progressive Call Invocations". */
  readonly options: Message<'call'>['options'];
  readonly terms: CallTerms;
  /** The payload, while the call may still go to a callee, or to another one. */
  content: Content | undefined;
  /** Who serves it; undefined while it waits for one to be free. */
  callee: Callee | undefined;
  /** The callee's id of it. */
  invocation: number;
  /** Further CALLs with its id are to come. */
  expectsMore: boolean;
  /** CANCEL `kill` was passed on: the callee's answer is awaited, and further CANCELs are ignored. */
  isKilled: boolean;
  /** Who would not serve it. WAMP "Call Rerouting". */
  refusedBy: ReadonlySet<Callee> | undefined;
  /** Rings when the router's patience with it ends. */
  alarm: Alarm | undefined;
}

/** The calls that one session has made. */
interface Caller {
  /** By request id. */
  readonly made: IdTable<Call>;
  /** Calls that ended before it had sent all of them: the rest is ignored when it comes. */
  readonly unfinished: RecentIds;
}

/** The calls that one session serves. */
interface Server {
  /** By invocation id. An id up to `last` that is not here has ended: its late answer is no violation. */
  readonly serves: IdTable<Call>;
  /** Invocations that nobody waits for, whose callee does not know and still works on them. */
  readonly forgotten: Map<number, Callee>;
  last: number;
}

/** How many calls of one session are remembered to have ended early. */
const maxUnfinished = 256;

/** The calls under way, found by either end's id. */
export class Calls {
  readonly #callers = new BySession<Caller>(() => ({ made: new IdTable(), unfinished: new RecentIds(maxUnfinished) }));
  readonly #servers = new BySession<Server>(() => ({ serves: new IdTable(), forgotten: new Map(), last: 0 }));

  /** How many calls a session has made that are not answered yet. */
  count(caller: Session): number {
    return this.#callers.get(caller)?.made.size ?? 0;
  }

  find(caller: Session, request: number): Call | undefined {
    return this.#callers.get(caller)?.made.get(request);
  }

  /** Whether it is under way, or has ended before all of it came. */
  knows(caller: Session, request: number): boolean {
    const calls = this.#callers.get(caller);
    return calls !== undefined && (calls.made.get(request) !== undefined || calls.unfinished.has(request));
  }

  /** undefined: the call has ended. @throws ProtocolError when the callee was never sent such an invocation. */
  served(callee: Session, { type, request }: Pick<Message<'yield' | 'error'>, 'type' | 'request'>): Call | undefined {
    const calls = this.#servers.get(callee);
    if (request > (calls?.last ?? 0))
      throw new ProtocolError(`${type}.request ${request} was no invocation of this session`);
    return calls?.serves.get(request);
  }

  madeBy(caller: Session): readonly Call[] {
    return this.#callers.get(caller)?.made.values() ?? [];
  }

  servedBy(callee: Session): readonly Call[] {
    return this.#servers.get(callee)?.serves.values() ?? [];
  }

  *all(): Iterable<Call> {
    for (const { made } of this.#callers.all()) yield* made.values();
  }

  open(call: Call): void {
    this.#callers.of(call.caller).made.add(call.request, call);
  }

  /** The callee has it from now on. */
  assign(call: Call, callee: Callee): void {
    const calls = this.#servers.of(callee.session);
    call.callee = callee;
    call.invocation = ++calls.last;
    callee.busy++;
    calls.serves.add(call.invocation, call);
  }

  /** The callee has it no more. @param isWorking it does not know, and is as busy as before until it answers. */
  unassign(call: Call, isWorking = false): void {
    const { callee, invocation } = call;
    if (!callee) return;
    const { serves, forgotten } = this.#servers.of(callee.session);
    serves.delete(invocation);
    if (isWorking && callee.concurrency !== Infinity) forgotten.set(invocation, callee);
    else callee.busy--;
    call.callee = undefined;
  }

  close(call: Call): void {
    const { made, unfinished } = this.#callers.of(call.caller);
    made.delete(call.request);
    if (call.expectsMore) unfinished.add(call.request);
  }

  /** A call was refused although more of it is on its way. */
  ignoreRest(caller: Session, request: number): void {
    this.#callers.of(caller).unfinished.add(request);
  }

  /** All of it has come. */
  forgetRest(caller: Session, request: number): void {
    this.#callers.get(caller)?.unfinished.delete(request);
  }

  /** An answer that nobody waits for: who gave it is free again. */
  answeredLate(callee: Session, invocation: number): Callee | undefined {
    const forgotten = this.#servers.get(callee)?.forgotten;
    const freed = forgotten?.get(invocation);
    forgotten?.delete(invocation);
    if (freed) freed.busy--;
    return freed;
  }

  leave(session: Session): void {
    this.#callers.delete(session);
    this.#servers.delete(session);
  }
}

/** What there is of each session, from when it is first needed. Messages of one come in a row: that one is found at once. */
class BySession<T> {
  readonly #make: () => T;
  readonly #made = new Map<Session, T>();
  #last: Session | undefined;
  #lastMade: T | undefined;

  constructor(make: () => T) {
    this.#make = make;
  }

  get(session: Session): T | undefined {
    if (session !== this.#last) {
      this.#last = session;
      this.#lastMade = this.#made.get(session);
    }
    return this.#lastMade;
  }

  of(session: Session): T {
    const known = this.get(session);
    if (known) return known;
    const made = this.#make();
    this.#made.set(session, made);
    return (this.#lastMade = made);
  }

  all(): Iterable<T> {
    return this.#made.values();
  }

  delete(session: Session): void {
    this.#made.delete(session);
    if (session === this.#last) this.#last = this.#lastMade = undefined;
  }
}
