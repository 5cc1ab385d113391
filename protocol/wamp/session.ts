/** A peer's session in a realm: what one can do with it, and which message goes where. WAMP "Sessions". */
import { Calls, type CallOptions, type Result } from './calls.ts';
import type { Clock } from './clock.ts';
import { CallError, closeReasons, errors, ProtocolError } from './errors.ts';
import { Invocations, type Procedure, type RegisterOptions, type Registration } from './invocations.ts';
import { messages, type Dict, type KnownOptions, type List, type Message } from './messages.ts';
import { Requests } from './requests.ts';
import { announces } from './roles.ts';
import { Subscriptions, type EventHandler, type SubscribeOptions, type Subscription } from './subscriptions.ts';
import type { Transport } from './transport.ts';
import type { Uri } from './uris.ts';
import { checkPayload } from './values.ts';

/** How a session ended: `peer` said GOODBYE or ABORT, we did, or the transport went away. */
export interface Closed {
  readonly reason: Uri;
  readonly message: string;
  readonly by: 'us' | 'peer' | 'transport';
}

export type PublishOptions = KnownOptions<'publish'>;

/** Everything rejects with a CallError: what the router or callee answered, else why there will be no answer. */
export interface Session {
  readonly id: number;
  readonly realm: Uri;
  /** Who the router says we are; empty where it does not say. */
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  /** WELCOME.details: roles and features of the router, authextra. */
  readonly details: Message<'welcome'>['details'];
  /** Never rejects. */
  readonly closed: Promise<Closed>;
  call(procedure: Uri, args?: List, kwargs?: Dict, options?: CallOptions): Promise<Result>;
  register(procedure: Uri, handler: Procedure, options?: RegisterOptions): Promise<Registration>;
  subscribe(topic: Uri, handler: EventHandler, options?: SubscribeOptions): Promise<Subscription>;
  /** The publication's id once the router has acknowledged, if that was asked for; else null, at once. */
  publish(topic: Uri, args?: List, kwargs?: Dict, options?: PublishOptions): Promise<number | null>;
  /** Says GOODBYE, waits for the answer (5 s at most) and closes the transport. Everything pending rejects. */
  leave(reason?: Uri): Promise<Closed>;
}

/** How long GOODBYE may go unanswered. */
const leaveTimeoutMs = 5_000;

export interface SessionSetup {
  readonly transport: Transport;
  readonly realm: Uri;
  readonly welcome: Message<'welcome'>;
  readonly clock: Clock;
  readonly onError: (error: unknown, where: string) => void;
}

type State =
  | { readonly phase: 'open' }
  | { readonly phase: 'leaving'; readonly reason: Uri; readonly timer: unknown } // GOODBYE sent, its echo awaited
  | { readonly phase: 'ended' };

/** Made by `join`, which passes it every message after WELCOME. */
export class JoinedSession implements Session {
  readonly id: number;
  readonly realm: Uri;
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly details: Message<'welcome'>['details'];
  readonly closed: Promise<Closed>;

  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #requests: Requests;
  readonly #calls: Calls;
  readonly #invocations: Invocations;
  readonly #subscriptions: Subscriptions;
  #state: State = { phase: 'open' };
  #close!: (closed: Closed) => void;

  constructor({ transport, realm, welcome, clock, onError }: SessionSetup) {
    const { details, session } = welcome;
    this.id = session;
    this.realm = details.realm ?? realm;
    this.authid = details.authid ?? '';
    this.authrole = details.authrole ?? '';
    this.authmethod = details.authmethod ?? '';
    this.details = details;
    this.closed = new Promise((resolve) => (this.#close = resolve));
    this.#transport = transport;
    this.#clock = clock;
    const send = (message: Message) => this.#send(message);
    this.#requests = new Requests(send);
    const around = {
      requests: this.#requests,
      clock,
      send,
      report: onError,
      canCancel: announces(details, 'dealer', 'call_canceling'),
      canSendChunks: announces(details, 'dealer', 'progressive_call_invocations'),
    };
    this.#calls = new Calls(around);
    this.#invocations = new Invocations(around);
    this.#subscriptions = new Subscriptions(around);
  }

  async call(procedure: Uri, args?: List, kwargs?: Dict, options: CallOptions = {}): Promise<Result> {
    checkSendable(args, kwargs);
    return this.#calls.call(procedure, args, kwargs, options);
  }

  async register(procedure: Uri, handler: Procedure, options: RegisterOptions = {}): Promise<Registration> {
    return this.#invocations.register(procedure, handler, options);
  }

  async subscribe(topic: Uri, handler: EventHandler, options: SubscribeOptions = {}): Promise<Subscription> {
    return this.#subscriptions.subscribe(topic, handler, options);
  }

  async publish(topic: Uri, args?: List, kwargs?: Dict, options: PublishOptions = {}): Promise<number | null> {
    checkSendable(args, kwargs);
    const publish = (request: number): Message<'publish'> => ({
      type: 'publish',
      request,
      options,
      topic,
      ...(args && { args }),
      ...(kwargs && { kwargs }),
    });
    if (options.acknowledge) return this.#requests.ask('published', publish, (publication) => publication);
    this.#send(publish(this.#requests.begin()));
    return null;
  }

  leave(reason: Uri = closeReasons.closeRealm): Promise<Closed> {
    if (this.#state.phase === 'open') {
      this.#send({ type: 'goodbye', details: {}, reason });
      this.#requests.refuse(new CallError(reason, ['the session is ending']));
      const unanswered = () => this.#end({ reason, message: 'GOODBYE was not answered', by: 'us' });
      this.#state = { phase: 'leaving', reason, timer: this.#clock.setTimeout(unanswered, leaveTimeoutMs) };
    }
    return this.closed;
  }

  /** A message after WELCOME, or what could not be read as one. */
  receive(message: Message | ProtocolError): void {
    try {
      if (message instanceof ProtocolError) throw message;
      if (this.#state.phase === 'open') this.#dispatch(message);
      else if (this.#state.phase === 'leaving') this.#leaving(message, this.#state.reason);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#abort(error);
    }
  }

  /** The transport has gone. */
  lost(reason: string): void {
    this.#end({ reason: closeReasons.transportLost, message: reason, by: 'transport' });
  }

  #dispatch(message: Message): void {
    switch (message.type) {
      case 'event':
        return this.#subscriptions.event(message);
      case 'invocation':
        return this.#invocations.invoked(message);
      case 'interrupt':
        return this.#invocations.interrupted(message);
      case 'result':
        return this.#calls.result(message);
      case 'error':
        return message.requestType === messages.call.code
          ? this.#calls.failed(message)
          : this.#requests.failed(message);
      case 'unsubscribed':
        return message.request === 0 ? this.#subscriptions.revoked(message) : this.#requests.answered(message);
      case 'unregistered':
        return message.request === 0 ? this.#invocations.revoked(message) : this.#requests.answered(message);
      case 'published':
      case 'subscribed':
      case 'registered':
        return this.#requests.answered(message);
      case 'goodbye':
        this.#send({ type: 'goodbye', details: {}, reason: closeReasons.goodbyeAndOut });
        return this.#endedByPeer(message);
      case 'abort':
        return this.#endedByPeer(message);
      default:
        throw new ProtocolError(`${message.type} is not for a client in a session`);
    }
  }

  /** GOODBYE is sent: of all that still comes only its answer counts, and ABORT. */
  #leaving(message: Message, reason: Uri): void {
    if (message.type === 'goodbye') this.#end({ reason, message: '', by: 'us' });
    else if (message.type === 'abort') this.#endedByPeer(message);
  }

  #endedByPeer({ reason, details }: Message<'goodbye' | 'abort'>): void {
    this.#end({ reason, message: details.message ?? '', by: 'peer' });
  }

  #abort({ message }: ProtocolError): void {
    if (this.#state.phase === 'ended') return;
    this.#transport.send({ type: 'abort', details: { message }, reason: errors.protocolViolation });
    this.#end({ reason: errors.protocolViolation, message, by: 'us' });
  }

  #send(message: Message): void {
    if (this.#state.phase === 'open') this.#transport.send(message);
  }

  #end(closed: Closed): void {
    if (this.#state.phase === 'ended') return;
    if (this.#state.phase === 'leaving') this.#clock.clearTimeout(this.#state.timer);
    this.#state = { phase: 'ended' };
    this.#transport.close();
    const error = new CallError(closed.reason, [closed.message || 'the session has ended']);
    this.#requests.end(error);
    this.#calls.end(error);
    this.#invocations.end(error);
    this.#subscriptions.end();
    this.#close(closed);
  }
}

function checkSendable(args: List | undefined, kwargs: Dict | undefined): void {
  try {
    checkPayload(args, kwargs);
  } catch (cause) {
    throw new CallError(errors.invalidPayload, cause instanceof Error ? [cause.message] : [], {}, { cause });
  }
}
