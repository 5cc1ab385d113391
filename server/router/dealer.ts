import {
  errors,
  isUri,
  messages,
  ProtocolError,
  sequence,
  type Dict,
  type List,
  type MatchPolicy,
  type Message,
  type Uri,
} from '../../protocol/index.ts';
import { payload, refuse, send, type Effect } from './effects.ts';
import { PatternIndex } from './pattern-index.ts';
import { callerIdentity, type Session } from './session.ts';

type InvokePolicy = 'single' | 'first' | 'last' | 'roundrobin' | 'random';

interface Registration {
  readonly id: number;
  readonly uri: Uri;
  readonly match: MatchPolicy;
  readonly invoke: InvokePolicy;
  /** In order of registration, never empty. */
  readonly callees: Callee[];
  /** Whose turn it is (roundrobin). */
  turn: number;
}

interface Callee {
  readonly session: Session;
  readonly discloseCaller: boolean;
}

/** A call under way. */
interface Call {
  readonly caller: Session;
  readonly request: number;
  readonly callee: Session;
  readonly invocation: number;
  readonly wantsProgress: boolean;
  /** CANCEL `kill` was passed on: the callee's answer is awaited, and further CANCELs are ignored. */
  killed: boolean;
}

/** What one session has with the dealer. */
interface Peer {
  readonly registrations: Map<number, Registration>;
  /** By the caller's request id. */
  readonly calls: Map<number, Call>;
  /** By invocation id. An id up to `lastInvocation` that is not here has ended: its late answer is no violation. */
  readonly invocations: Map<number, Call>;
  lastInvocation: number;
}

/** Procedures, who answers them, and the calls under way. WAMP "Remote Procedure Calls". */
export class Dealer {
  readonly #registrations = new PatternIndex<Registration>();
  readonly #peers = new Map<Session, Peer>();
  readonly #nextRegistration = sequence();
  readonly #random: () => number;

  /** @param random uniform in [0, 1), for the `random` invocation policy. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** How many registrations a session has, and how many of its calls are under way. */
  count(session: Session): { readonly registrations: number; readonly calls: number } {
    const peer = this.#peers.get(session);
    return { registrations: peer?.registrations.size ?? 0, calls: peer?.calls.size ?? 0 };
  }

  register(session: Session, { request, options, procedure }: Message<'register'>): Effect[] {
    const { match = 'exact', invoke = 'single', disclose_caller: discloseCaller = false } = options;
    const existing = this.#registrations.get(procedure, match);
    const conflict = existing && conflictOf(existing, session, invoke);
    if (conflict)
      return [refuse(session.connection, 'register', request, conflict, `${procedure} is registered already`)];
    const registration = existing ?? this.#create(procedure, match, invoke);
    registration.callees.push({ session, discloseCaller });
    this.#peer(session).registrations.set(registration.id, registration);
    return [send(session.connection, { type: 'registered', request, registration: registration.id })];
  }

  unregister(session: Session, { request, registration }: Message<'unregister'>): Effect[] {
    const held = this.#peer(session).registrations.get(registration);
    if (!held) {
      const problem = `you hold no registration ${registration}`;
      return [refuse(session.connection, 'unregister', request, errors.noSuchRegistration, problem)];
    }
    this.#remove(held, session);
    return [send(session.connection, { type: 'unregistered', request })];
  }

  /** @param disclose what the caller's permission says of disclosure; undefined: caller and callee decide. */
  call(caller: Session, message: Message<'call'>, disclose?: boolean): Effect[] {
    const { request, options, procedure } = message;
    if (this.#peer(caller).calls.has(request)) throw new ProtocolError(`call.request ${request} is under way already`);
    const registration = this.#registrations.best(procedure);
    if (!registration) {
      return [refuse(caller.connection, 'call', request, errors.noSuchProcedure, `nobody has registered ${procedure}`)];
    }
    const callee = this.#choose(registration);
    const peer = this.#peer(callee.session);
    const wantsProgress = options.receive_progress === true && callee.session.callee.progress;
    const invocation = ++peer.lastInvocation;
    const call = { caller, request, callee: callee.session, invocation, wantsProgress, killed: false };
    this.#peer(caller).calls.set(request, call);
    peer.invocations.set(invocation, call);
    const disclosed = disclose ?? (options.disclose_me === true || callee.discloseCaller);
    const details = {
      ...(disclosed && callerIdentity(caller)),
      ...(registration.match !== 'exact' && { procedure }),
      ...(wantsProgress && { receive_progress: true }),
    };
    const invoke = {
      type: 'invocation',
      request: invocation,
      registration: registration.id,
      details,
      ...payload(message),
    } as const;
    return [send(callee.session.connection, invoke)];
  }

  /** Of a call that has ended, CANCEL comes too late and is ignored. WAMP "Call Canceling". */
  cancel(caller: Session, { request, options }: Message<'cancel'>): Effect[] {
    const call = this.#peers.get(caller)?.calls.get(request);
    if (!call || call.killed) return [];
    const mode = call.callee.callee.cancel ? (options.mode ?? 'killnowait') : 'skip';
    if (mode === 'kill') {
      call.killed = true;
      return [interrupt(call, mode)];
    }
    this.#end(call);
    const answer = refuse(caller.connection, 'call', request, errors.canceled, 'the call was canceled');
    return mode === 'skip' ? [answer] : [interrupt(call, mode), answer];
  }

  /** The callee's answer, final or in progress. One that comes after the call has ended is dropped. */
  yield(callee: Session, message: Message<'yield'>): Effect[] {
    const call = this.#invocation(callee, message);
    const progress = message.options.progress === true;
    if (!call || (progress && !call.wantsProgress)) return [];
    if (!progress) this.#end(call);
    const details = progress ? { progress } : {};
    return [send(call.caller.connection, { type: 'result', request: call.request, details, ...payload(message) })];
  }

  /** The callee's error, which its caller gets as it is. */
  error(callee: Session, message: Message<'error'>): Effect[] {
    if (message.requestType !== messages.invocation.code) {
      throw new ProtocolError(`error.requestType is ${message.requestType}, not ${messages.invocation.code}`);
    }
    if (!isUri(message.error)) throw new ProtocolError('error.error is not a uri');
    const call = this.#invocation(callee, message);
    if (!call) return [];
    this.#end(call);
    return [errorTo(call, message.error, payload(message))];
  }

  /** Nobody is left waiting: who served the session's calls is told to stop, and who waited for its answers gets an error. */
  leave(session: Session): Effect[] {
    const peer = this.#peers.get(session);
    if (!peer) return [];
    const effects: Effect[] = [];
    for (const call of peer.calls.values()) {
      this.#end(call);
      if (call.callee !== session && call.callee.callee.cancel) effects.push(interrupt(call, 'killnowait'));
    }
    for (const call of peer.invocations.values()) {
      this.#end(call);
      effects.push(errorTo(call, errors.canceled, { args: ['whoever served the call has left'] }));
    }
    for (const registration of peer.registrations.values()) this.#remove(registration, session);
    this.#peers.delete(session);
    return effects;
  }

  /** undefined: the call has ended. @throws ProtocolError when the callee was never sent such an invocation. */
  #invocation(callee: Session, { type, request }: Message<'yield' | 'error'>): Call | undefined {
    const peer = this.#peer(callee);
    if (request > peer.lastInvocation)
      throw new ProtocolError(`${type}.request ${request} was no invocation of this session`);
    return peer.invocations.get(request);
  }

  #end(call: Call): void {
    this.#peers.get(call.caller)?.calls.delete(call.request);
    this.#peers.get(call.callee)?.invocations.delete(call.invocation);
  }

  #choose(registration: Registration): Callee {
    const { callees, invoke } = registration;
    switch (invoke) {
      case 'single':
      case 'first':
        return callees[0]!;
      case 'last':
        return callees.at(-1)!;
      case 'random':
        return callees[Math.floor(this.#random() * callees.length)]!;
      case 'roundrobin': {
        const callee = callees[registration.turn % callees.length]!;
        registration.turn = (registration.turn + 1) % callees.length;
        return callee;
      }
    }
  }

  #create(uri: Uri, match: MatchPolicy, invoke: InvokePolicy): Registration {
    const registration = { id: this.#nextRegistration(), uri, match, invoke, callees: [], turn: 0 };
    this.#registrations.set(uri, match, registration);
    return registration;
  }

  #remove(registration: Registration, session: Session): void {
    const { callees, uri, match } = registration;
    const at = callees.findIndex((callee) => callee.session === session);
    callees.splice(at, 1);
    if (at < registration.turn) registration.turn--; // the one whose turn it was keeps it
    if (callees.length === 0) this.#registrations.delete(uri, match);
    this.#peers.get(session)?.registrations.delete(registration.id);
  }

  #peer(session: Session): Peer {
    const known = this.#peers.get(session);
    if (known) return known;
    const peer = { registrations: new Map(), calls: new Map(), invocations: new Map(), lastInvocation: 0 };
    this.#peers.set(session, peer);
    return peer;
  }
}

/** Why a second callee cannot join a registration. WAMP "Shared Registration". */
function conflictOf({ invoke, callees }: Registration, session: Session, wanted: InvokePolicy): Uri | undefined {
  if (invoke === 'single' || wanted === 'single') return errors.procedureAlreadyExists;
  if (invoke !== wanted) return errors.differentInvocationPolicy;
  return callees.some((callee) => callee.session === session) ? errors.procedureAlreadyExists : undefined;
}

const interrupt = ({ callee, invocation }: Call, mode: 'kill' | 'killnowait'): Effect =>
  send(callee.connection, { type: 'interrupt', request: invocation, options: { mode } });

const errorTo = ({ caller, request }: Call, error: Uri, content: { args?: List; kwargs?: Dict }): Effect =>
  send(caller.connection, { type: 'error', requestType: messages.call.code, request, details: {}, error, ...content });
