/** The callee's side: registered procedures and their running invocations. WAMP "Remote Procedure Calls". */
import { Chunks, type Chunk } from './chunks.ts';
import type { Clock } from './clock.ts';
import { CallError, errors, ProtocolError } from './errors.ts';
import { RecentIds } from './ids.ts';
import { messages, type Dict, type KnownOptions, type List, type Message } from './messages.ts';
import type { Requests } from './requests.ts';
import type { Uri } from './uris.ts';
import { checkPayload } from './values.ts';

export interface Invocation {
  readonly args: List;
  readonly kwargs: Dict;
  readonly details: Message<'invocation'>['details'];
  /** What the caller sends after the first payload, as it comes; of most calls nothing. Throws when `signal` is aborted. */
  readonly chunks: AsyncIterable<Chunk>;
  /** Aborted when the caller cancels, when a timeout that this callee keeps has passed, and when the session ends. */
  readonly signal: AbortSignal;
  /** Sends a progressive result; nothing where the caller did not ask for them, or after the end. */
  progress(args?: List, kwargs?: Dict): void;
}

export type Answer = void | {
  readonly args?: List;
  readonly kwargs?: Dict;
  /** How the payload is packed. WAMP "Payload Passthru Mode". */
  readonly options?: Omit<KnownOptions<'yield'>, 'progress'>;
};

/** To be thrown by a procedure that cannot serve a call now: the router asks another callee. WAMP "Call Rerouting". */
export const unavailable = (why = 'not available now'): CallError => new CallError(errors.unavailable, [why]);

/**
 * Answers one invocation. A CallError thrown goes to the caller as it is; anything else becomes
 * `wamp.error.runtime_error` with the error's message and nothing more, and is reported here.
 */
export type Procedure = (invocation: Invocation) => Answer | Promise<Answer>;

export interface RegisterOptions extends KnownOptions<'register'> {
  /** The router took the registration away. */
  readonly onRevoked?: (reason: Uri | undefined) => void;
}

export interface Registration {
  readonly id: number;
  readonly procedure: Uri;
  /** Resolves at once when the registration has gone already. */
  unregister(): Promise<void>;
}

interface Registered {
  readonly uri: Uri;
  readonly procedure: Procedure;
  readonly onRevoked: ((reason: Uri | undefined) => void) | undefined;
}

interface Running {
  readonly registered: Registered;
  readonly message: Message<'invocation'>;
  readonly controller: AbortController;
  readonly chunks: Chunks;
  /** Not all of it has come yet. */
  expectsMore: boolean;
  /** Of a timeout that the router has left to us. */
  timer?: unknown;
}

/** How many invocations are remembered whose callers had not sent all when they ended. */
const maxUnfinished = 256;

interface Surroundings {
  readonly requests: Requests;
  readonly clock: Clock;
  send(message: Message): void;
  report(error: unknown, where: string): void;
}

export class Invocations {
  readonly #around: Surroundings;
  readonly #registered = new Map<number, Registered>();
  /** Registrations that are gone, whose invocations may still have been on their way. */
  readonly #former = new Set<number>();
  readonly #running = new Map<number, Running>();
  /** Invocations that ended before all their chunks had come: the rest is dropped. */
  readonly #unfinished = new RecentIds(maxUnfinished);

  constructor(around: Surroundings) {
    this.#around = around;
  }

  register(uri: Uri, procedure: Procedure, { onRevoked, ...options }: RegisterOptions): Promise<Registration> {
    return this.#around.requests.ask(
      'registered',
      (request) => ({ type: 'register', request, options, procedure: uri }),
      (id) => this.#add(id, { uri, procedure, onRevoked }),
    );
  }

  invoked(message: Message<'invocation'>): void {
    const { request, registration, details } = message;
    const running = this.#running.get(request);
    if (running) return this.#more(running, message);
    if (this.#unfinished.has(request)) {
      if (!details.progress) this.#unfinished.delete(request);
      return;
    }
    const registered = this.#registered.get(registration);
    if (registered) {
      void this.#run(message, registered);
    } else if (this.#former.has(registration)) {
      this.#fail(request, new CallError(errors.noSuchRegistration));
    } else {
      throw new ProtocolError(`invocation.registration ${registration} is none of ours`);
    }
  }

  interrupted({ request, options }: Message<'interrupt'>): void {
    const running = this.#running.get(request);
    if (!running) return; // answered already
    if (options.mode !== 'kill') this.#ended(running); // nobody waits for an answer
    abort(running, new CallError(options.reason ?? errors.canceled));
  }

  /** UNREGISTERED that answers no request. WAMP "Registration Revocation". */
  revoked({ details }: Message<'unregistered'>): void {
    const id = details?.registration;
    if (id === undefined) throw new ProtocolError('unregistered.details.registration is missing');
    const registered = this.#registered.get(id);
    this.#remove(id);
    try {
      registered?.onRevoked?.(details?.reason);
    } catch (error) {
      this.#around.report(error, `onRevoked of ${registered?.uri}`);
    }
  }

  end(error: CallError): void {
    const running = [...this.#running.values()];
    this.#registered.clear();
    for (const each of running) {
      this.#ended(each);
      abort(each, error);
    }
  }

  #add(id: number, registered: Registered): Registration {
    const { uri } = registered;
    // A router may let one session register a shared procedure twice, but nothing tells the invocations apart.
    if (this.#registered.has(id))
      throw new CallError(errors.procedureAlreadyExists, [`${uri} is registered by this session`]);
    this.#registered.set(id, registered);
    this.#former.delete(id);
    let unregistered: Promise<void> | undefined;
    const unregister = () => (this.#registered.get(id) === registered ? this.#unregister(id) : Promise.resolve());
    return { id, procedure: uri, unregister: () => (unregistered ??= unregister()) };
  }

  #unregister(registration: number): Promise<void> {
    return this.#around.requests.ask(
      'unregistered',
      (request) => ({ type: 'unregister', request, registration }),
      () => this.#remove(registration),
    );
  }

  #remove(id: number): void {
    if (this.#registered.delete(id)) this.#former.add(id);
  }

  async #run(message: Message<'invocation'>, registered: Registered): Promise<void> {
    const { details, args = [], kwargs = {} } = message;
    const controller = new AbortController();
    const { signal } = controller;
    const expectsMore = details.progress === true;
    const running: Running = { registered, message, controller, chunks: new Chunks(!expectsMore), expectsMore };
    this.#running.set(message.request, running);
    this.#startTimer(running);
    try {
      const progress: Invocation['progress'] = (...payload) => this.#progress(running, ...payload);
      const invocation = { args, kwargs, details, signal, progress, chunks: running.chunks };
      const answer = (await registered.procedure(invocation)) ?? {};
      checkPayload(answer.args, answer.kwargs);
      if (this.#ended(running)) this.#yield(message.request, answer.options ?? {}, answer.args, answer.kwargs);
    } catch (error) {
      const isOurs = !(error instanceof CallError) && !signal.aborted;
      if (isOurs) this.#around.report(error, `the procedure ${details.procedure ?? registered.uri}`);
      if (this.#ended(running)) this.#fail(message.request, isOurs ? runtimeError(error) : toCallError(error));
    } finally {
      running.chunks.end();
    }
  }

  #progress(running: Running, args?: List, kwargs?: Dict): void {
    const { request, details } = running.message;
    checkPayload(args, kwargs);
    if (!details.receive_progress || !this.#isRunning(running)) return;
    this.#startTimer(running);
    this.#yield(request, { progress: true }, args, kwargs);
  }

  /** More of an invocation. The empty message that says "that was all" is no chunk. */
  #more(running: Running, { request, details, args, kwargs }: Message<'invocation'>): void {
    const { chunks, expectsMore, controller } = running;
    if (!expectsMore) throw new ProtocolError(`invocation.request ${request} is running already`);
    running.expectsMore = details.progress === true;
    if (controller.signal.aborted) return;
    const isEmpty = args === undefined && kwargs === undefined;
    const hasRoom = (isEmpty && !details.progress) || chunks.push({ args: args ?? [], kwargs: kwargs ?? {} });
    if (!hasRoom)
      this.#giveUp(running, new CallError(errors.limitReached, ['more came than the procedure could read']));
    else if (!details.progress) chunks.end();
  }

  /** A timeout that the router has left to us begins, or begins anew. WAMP "Call Timeouts". */
  #startTimer(running: Running): void {
    const { timeout } = running.message.details;
    if (!timeout) return;
    const { clock } = this.#around;
    clock.clearTimeout(running.timer);
    const error = new CallError(errors.timeout, [`no result within ${timeout} ms`]);
    running.timer = clock.setTimeout(() => this.#giveUp(running, error), timeout);
  }

  /** It is answered, whatever its procedure still does. */
  #giveUp(running: Running, error: CallError): void {
    if (!this.#ended(running)) return;
    this.#fail(running.message.request, error);
    abort(running, error);
  }

  #isRunning(running: Running): boolean {
    return this.#running.get(running.message.request) === running;
  }

  /** Nothing is sent for it any more. false: it had ended before. */
  #ended(running: Running): boolean {
    if (!this.#isRunning(running)) return false;
    this.#running.delete(running.message.request);
    if (running.expectsMore) this.#unfinished.add(running.message.request);
    this.#around.clock.clearTimeout(running.timer);
    return true;
  }

  #yield(request: number, options: Message<'yield'>['options'], args?: List, kwargs?: Dict): void {
    this.#around.send({ type: 'yield', request, options, ...(args && { args }), ...(kwargs && { kwargs }) });
  }

  #fail(request: number, { uri, args, kwargs }: CallError): void {
    const requestType = messages.invocation.code;
    this.#around.send({ type: 'error', requestType, request, details: {}, error: uri, args, kwargs });
  }
}

function abort({ controller, chunks }: Running, error: CallError): void {
  controller.abort(error);
  chunks.fail(error);
}

const runtimeError = (error: unknown) =>
  new CallError(errors.runtimeError, error instanceof Error ? [error.message] : []);

/** What a procedure throws after it was interrupted is how it ended: fetch and others throw errors of their own. */
const toCallError = (error: unknown) => (error instanceof CallError ? error : new CallError(errors.canceled));
