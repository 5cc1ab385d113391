/** The callee's side: registered procedures and their running invocations. WAMP "Remote Procedure Calls". */
import { CallError, errors, ProtocolError } from './errors.ts';
import { messages, type Dict, type KnownOptions, type List, type Message } from './messages.ts';
import type { Requests } from './requests.ts';
import type { Uri } from './uris.ts';
import { checkPayload } from './values.ts';

export interface Invocation {
  readonly args: List;
  readonly kwargs: Dict;
  readonly details: Message<'invocation'>['details'];
  /** Aborted when the caller cancels, and when the session ends. */
  readonly signal: AbortSignal;
  /** Sends a progressive result; nothing where the caller did not ask for them, or after the end. */
  progress(args?: List, kwargs?: Dict): void;
}

export type Answer = void | { readonly args?: List; readonly kwargs?: Dict };

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

interface Surroundings {
  readonly requests: Requests;
  send(message: Message): void;
  report(error: unknown, where: string): void;
}

export class Invocations {
  readonly #around: Surroundings;
  readonly #registered = new Map<number, Registered>();
  /** Registrations that are gone, whose invocations may still have been on their way. */
  readonly #former = new Set<number>();
  readonly #running = new Map<number, AbortController>();

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
    const { request, registration } = message;
    const registered = this.#registered.get(registration);
    if (registered) {
      if (this.#running.has(request)) throw new ProtocolError(`invocation.request ${request} is running already`);
      void this.#run(message, registered);
    } else if (this.#former.has(registration)) {
      this.#fail(request, new CallError(errors.noSuchRegistration));
    } else {
      throw new ProtocolError(`invocation.registration ${registration} is none of ours`);
    }
  }

  interrupted({ request, options }: Message<'interrupt'>): void {
    const controller = this.#running.get(request);
    if (!controller) return; // answered already
    if (options.mode !== 'kill') this.#running.delete(request); // nobody waits for an answer
    controller.abort(new CallError(options.reason ?? errors.canceled));
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
    this.#running.clear();
    this.#registered.clear();
    for (const controller of running) controller.abort(error);
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

  async #run(message: Message<'invocation'>, { uri, procedure }: Registered): Promise<void> {
    const { request, details, args = [], kwargs = {} } = message;
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(request, controller);
    const isRunning = () => this.#running.get(request) === controller;
    const progress: Invocation['progress'] = (...payload) => {
      checkPayload(...payload);
      if (details.receive_progress && isRunning()) this.#yield(request, { progress: true }, ...payload);
    };
    try {
      const answer = (await procedure({ args, kwargs, details, signal, progress })) ?? {};
      checkPayload(answer.args, answer.kwargs);
      if (isRunning()) this.#yield(request, {}, answer.args, answer.kwargs);
    } catch (error) {
      const isOurs = !(error instanceof CallError) && !signal.aborted;
      if (isOurs) this.#around.report(error, `the procedure ${details.procedure ?? uri}`);
      if (isRunning()) this.#fail(request, isOurs ? runtimeError(error) : toCallError(error));
    } finally {
      if (isRunning()) this.#running.delete(request);
    }
  }

  #yield(request: number, options: Message<'yield'>['options'], args?: List, kwargs?: Dict): void {
    this.#around.send({ type: 'yield', request, options, ...(args && { args }), ...(kwargs && { kwargs }) });
  }

  #fail(request: number, { uri, args, kwargs }: CallError): void {
    const requestType = messages.invocation.code;
    this.#around.send({ type: 'error', requestType, request, details: {}, error: uri, args, kwargs });
  }
}

const runtimeError = (error: unknown) =>
  new CallError(errors.runtimeError, error instanceof Error ? [error.message] : []);

/** What a procedure throws after it was interrupted is how it ended: fetch and others throw errors of their own. */
const toCallError = (error: unknown) => (error instanceof CallError ? error : new CallError(errors.canceled));
