import { errors, isUri, messages, ProtocolError, type Message, type Uri } from '../../protocol/index.ts';
import { detailsFor, errorTo, interrupt, invocation, wantsProgress } from './call-messages.ts';
import { CallQueue } from './call-queue.ts';
import { Calls, type Call, type CallTerms } from './calls.ts';
import { payload, refuse, send, type Content, type Effect } from './effects.ts';
import { canServe, choose } from './invocation-policy.ts';
import { checkPassthru, isPacked, passthru } from './passthru.ts';
import { Registrations, type Announce, type Callee, type Registration } from './registrations.ts';
import type { Session } from './session.ts';
import type { Alarms, Surroundings } from './surroundings.ts';

export interface DealerConfig {
  /** How many calls may wait for one registration all of whose callees are as busy as they want to be; default 100. */
  readonly maxQueuedCalls?: number;
}
const defaultMaxQueuedCalls = 100;

interface DealerSurroundings extends Surroundings {
  readonly alarms: Alarms;
  readonly announce: Announce;
}

/**
 * Calls, from CALL to the final answer, which every caller gets exactly once. WAMP "Remote Procedure Calls". A caller's
 * calls go to a callee in the order in which they were made.
 */
export class Dealer {
  readonly registrations: Registrations;
  readonly #calls = new Calls();
  readonly #queue: CallQueue;
  readonly #around: DealerSurroundings;

  constructor(around: DealerSurroundings, { maxQueuedCalls = defaultMaxQueuedCalls }: DealerConfig = {}) {
    this.#around = around;
    this.#queue = new CallQueue(maxQueuedCalls);
    this.registrations = new Registrations(around.now, around.announce);
  }

  reconfigure({ maxQueuedCalls = defaultMaxQueuedCalls }: DealerConfig): void {
    this.#queue.most = maxQueuedCalls;
  }

  /** How many of a session's calls are under way. */
  count(caller: Session): number {
    return this.#calls.count(caller);
  }

  register(session: Session, message: Message<'register'>): Effect[] {
    return [...this.registrations.register(session, message), ...this.#serveAll()];
  }

  unregister(session: Session, message: Message<'unregister'>): Effect[] {
    return [...this.registrations.unregister(session, message), ...this.#serveAll()];
  }

  /** Takes a registration away from a callee. WAMP "Registration Revocation". */
  revoke(callee: Callee, reason?: Uri): Effect[] {
    return [...this.registrations.revoke(callee, reason), ...this.#serveAll()];
  }

  /** Whether a CALL is not the first with its id. WAMP "Progressive Call Invocations". */
  continues(caller: Session, request: number): boolean {
    return this.#calls.knows(caller, request);
  }

  call(caller: Session, message: Message<'call'>, terms: CallTerms): Effect[] {
    const { request, options, procedure } = message;
    const registration = this.registrations.best(procedure);
    if (!registration)
      return this.refuse(caller, message, errors.noSuchProcedure, `nobody has registered ${procedure}`);
    const call: Call = {
      caller,
      request,
      procedure,
      registration,
      options,
      terms,
      content: payload(message),
      callee: undefined,
      invocation: 0,
      expectsMore: options.progress === true,
      isKilled: false,
      refusedBy: undefined,
      alarm: undefined,
    };
    this.#calls.open(call);
    return this.#place(call);
  }

  /** More of a call. What comes for one that has ended is dropped. @throws ProtocolError when no more was to come. */
  continue(caller: Session, message: Message<'call'>): Effect[] {
    const { request, options, procedure } = message;
    const call = this.#calls.find(caller, request);
    if (!call) {
      if (!options.progress) this.#calls.forgetRest(caller, request);
      return [];
    }
    if (!call.expectsMore) throw new ProtocolError(`call.request ${request} is under way already`);
    if (procedure !== call.procedure) throw new ProtocolError(`call.procedure of request ${request} has changed`);
    call.expectsMore = options.progress === true;
    call.content = undefined; // another callee would miss what this one got
    const details = call.expectsMore ? { progress: true } : {};
    return call.callee ? [invocation(call, call.callee, details, payload(message))] : [];
  }

  /** ERROR in place of a call. More of it may be on its way. */
  refuse(caller: Session, { request, options }: Message<'call'>, error: Uri, text: string): Effect[] {
    if (options.progress) this.#calls.ignoreRest(caller, request);
    return [refuse(caller.connection, 'call', request, error, text)];
  }

  /** Of a call that has ended, CANCEL comes too late and is ignored. WAMP "Call Canceling". */
  cancel(caller: Session, { request, options }: Message<'cancel'>): Effect[] {
    const call = this.#calls.find(caller, request);
    if (!call || call.isKilled) return [];
    const { mode = 'killnowait' } = options;
    if (mode === 'kill' && call.callee?.session.callee.cancel) {
      call.isKilled = true;
      return [interrupt(call, call.callee, mode)];
    }
    return this.#giveUp(call, mode, errors.canceled, 'the call was canceled');
  }

  /** The callee's answer, final or in progress. One that comes after the call has ended is dropped. */
  yield(callee: Session, message: Message<'yield'>): Effect[] {
    const { options } = message;
    checkPassthru('yield.options', options, callee.callee.passthru);
    const call = this.#calls.served(callee, message);
    const progress = options.progress === true;
    if (!call) return progress ? [] : this.#answeredLate(callee, message.request);
    if (progress && !wantsProgress(call, callee)) return [];
    if (!understands(call.caller, options))
      return progress ? this.#giveUp(call, 'killnowait', ...notUnderstood) : this.#fail(call, ...notUnderstood);
    const details = progress ? { progress, ...passthru(options) } : passthru(options);
    const { args, kwargs, payload: encoded } = message;
    const result = { type: 'result', request: call.request, details, args, kwargs, payload: encoded } as const;
    const answer = send(call.caller.connection, result);
    if (!progress) return this.#end(call, [answer]);
    call.content = undefined;
    return call.alarm === undefined ? [answer] : [answer, ...this.#stopTimer(call), ...this.#startTimer(call)];
  }

  /** The callee's error, which its caller gets as it is; unless another callee can be asked. */
  error(callee: Session, message: Message<'error'>): Effect[] {
    const { requestType, error, details } = message;
    if (requestType !== messages.invocation.code)
      throw new ProtocolError(`error.requestType is ${requestType}, not ${messages.invocation.code}`);
    if (!isUri(error)) throw new ProtocolError('error.error is not a uri');
    checkPassthru('error.details', details, callee.callee.passthru);
    const call = this.#calls.served(callee, message);
    if (!call) return this.#answeredLate(callee, message.request);
    if (error === errors.unavailable && call.content && !call.isKilled) return this.#reroute(call, payload(message));
    if (!understands(call.caller, details)) return this.#fail(call, ...notUnderstood);
    return this.#end(call, [errorTo(call, error, { details: passthru(details), ...payload(message) })]);
  }

  /** Its caller does not take so large a result: it learns that. A call that still went on ends with it. */
  resultTooLarge(caller: Session, request: number, text: string): Effect[] {
    const call = this.#calls.find(caller, request);
    if (call) return this.#giveUp(call, 'killnowait', errors.payloadSizeExceeded, text);
    return [refuse(caller.connection, 'call', request, errors.payloadSizeExceeded, text)];
  }

  /** The callee does not take so large an invocation: its caller learns that. */
  invocationTooLarge(callee: Session, request: number, text: string): Effect[] {
    const call = this.#calls.served(callee, { type: 'error', request });
    if (!call) return [];
    if (call.options.progress) return this.#giveUp(call, 'killnowait', errors.payloadSizeExceeded, text); // it may have parts
    return this.#fail(call, errors.payloadSizeExceeded, text);
  }

  /** Nobody is left waiting: who served the session's calls is told to stop, and who waited for its answers gets an error. */
  leave(session: Session): Effect[] {
    const effects: Effect[] = [];
    for (const call of this.#calls.madeBy(session)) {
      const { callee } = call;
      const canStop = callee !== undefined && callee.session.callee.cancel;
      if (canStop && callee.session !== session) effects.push(interrupt(call, callee, 'killnowait'));
      effects.push(...this.#close(call, !canStop));
    }
    for (const call of this.#calls.servedBy(session)) {
      effects.push(...this.#close(call));
      effects.push(errorTo(call, errors.canceled, { args: ['whoever served the call has left'] }));
    }
    effects.push(...this.registrations.leave(session));
    this.#calls.leave(session);
    effects.push(...this.#serveAll());
    return effects;
  }

  /** Nothing is served any more: every caller gets its answer. @param why for people. */
  stop(why: string): Effect[] {
    return [...this.#calls.all()].flatMap((call) => [
      ...this.#close(call),
      errorTo(call, errors.canceled, { args: [why] }),
    ]);
  }

  /** The call goes to a callee, or waits for one, or fails. */
  #place(call: Call): Effect[] {
    const callee = choose(call, this.#around.chance.fraction);
    if (callee) return this.#invoke(call, callee);
    if (!canBeServed(call)) return this.#fail(call, ...whyNot(call));
    if (call.expectsMore || !this.#queue.add(call))
      return this.#fail(call, errors.maxConcurrencyReached, `all who serve ${call.procedure} are busy`);
    return call.alarm === undefined ? this.#startTimer(call) : [];
  }

  #invoke(call: Call, callee: Callee): Effect[] {
    this.#calls.assign(call, callee);
    const effects = [invocation(call, callee, detailsFor(call, callee), call.content)];
    if (!callee.session.callee.reroute) call.content = undefined;
    const isTimed = call.alarm !== undefined;
    if (isTimed && callee.keepsTimeouts) effects.push(...this.#stopTimer(call));
    else if (!isTimed && !callee.keepsTimeouts && call.options.timeout) effects.push(...this.#startTimer(call));
    return effects;
  }

  /**
   * The callee will not serve the call: it goes on as if that one did not exist. WAMP "Call Rerouting".
   * @param why what the callee said, for the caller, should it have been the last.
   */
  #reroute(call: Call, why: Content): Effect[] {
    call.refusedBy = new Set([...(call.refusedBy ?? []), ...(call.callee ? [call.callee] : [])]);
    this.#calls.unassign(call);
    if (!canBeServed(call)) return this.#end(call, [errorTo(call, errors.noAvailableCallee, why)]);
    return [...this.#place(call), ...this.#serve(call.registration)];
  }

  /** Those who wait for this registration go to whoever has room now, oldest first. */
  #serve(registration: Registration): Effect[] {
    const effects: Effect[] = [];
    for (const call of this.#queue.of(registration)) {
      const callee = choose(call, this.#around.chance.fraction);
      if (callee) {
        this.#queue.remove(call);
        effects.push(...this.#invoke(call, callee));
      } else if (!canBeServed(call)) {
        const [error, text] = whyNot(call);
        effects.push(...this.#close(call), errorTo(call, error, { args: [text] }));
      }
    }
    return effects;
  }

  #serveAll(): Effect[] {
    return this.#queue.registrations().flatMap((registration) => this.#serve(registration));
  }

  #answeredLate(callee: Session, request: number): Effect[] {
    const freed = this.#calls.answeredLate(callee, request);
    return freed ? this.#serve(freed.registration) : [];
  }

  #startTimer(call: Call): Effect[] {
    const { timeout = 0 } = call.options;
    if (timeout === 0) return [];
    const late = () => this.#giveUp(call, 'killnowait', errors.timeout, `no result within ${timeout} ms`);
    const { alarm, effect } = this.#around.alarms.set(timeout, late);
    call.alarm = alarm;
    return [effect];
  }

  #stopTimer(call: Call): Effect[] {
    const effects = this.#around.alarms.cancel(call.alarm);
    call.alarm = undefined;
    return effects;
  }

  /** The caller gets an error, and whoever works on the call is told to stop; not with `skip`, nor when it cannot. */
  #giveUp(call: Call, mode: 'skip' | 'kill' | 'killnowait', error: Uri, text: string): Effect[] {
    const { callee } = call;
    const stops = mode !== 'skip' && callee?.session.callee.cancel === true;
    const interruption = stops ? [interrupt(call, callee, 'killnowait')] : [];
    return this.#end(call, [...interruption, errorTo(call, error, { args: [text] })], !stops);
  }

  #fail(call: Call, error: Uri, text: string): Effect[] {
    return this.#end(call, [errorTo(call, error, { args: [text] })]);
  }

  /** With its final answer a call ends, and its callee is free for another. */
  #end(call: Call, answer: Effect[], isWorking = false): Effect[] {
    const more = this.#close(call, isWorking);
    if (more.length > 0) answer.push(...more);
    if (!this.#queue.isEmpty) answer.push(...this.#serve(call.registration));
    return answer;
  }

  /** @param isWorking its callee does not know that it has ended, and goes on. */
  #close(call: Call, isWorking = false): readonly Effect[] {
    if (call.callee) this.#calls.unassign(call, isWorking);
    else this.#queue.remove(call);
    this.#calls.close(call);
    return call.alarm === undefined ? nothing : this.#stopTimer(call);
  }
}

const canBeServed = (call: Call): boolean => call.registration.callees.some((callee) => canServe(call, callee));

const whyNot = ({ procedure, refusedBy, registration }: Call): readonly [error: Uri, text: string] =>
  refusedBy || registration.callees.length === 0
    ? [errors.noAvailableCallee, `nobody who serves ${procedure} is available`]
    : [errors.featureNotSupported, `nobody who serves ${procedure} can serve such a call`];

const understands = ({ caller }: Session, packed: Parameters<typeof isPacked>[0]): boolean =>
  caller.passthru || !isPacked(packed);
const nothing: readonly Effect[] = [];
const notUnderstood = [errors.featureNotSupported, 'the answer is packed in a way that was not announced'] as const;
