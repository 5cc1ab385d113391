/** From a fresh transport to a session: HELLO, CHALLENGE and AUTHENTICATE, WELCOME or ABORT. WAMP "Session Establishment". */
import { hostClock, type Clock } from './clock.ts';
import { CallError, closeReasons, errors, ProtocolError } from './errors.ts';
import type { Dict, Message } from './messages.ts';
import { roles } from './roles.ts';
import { JoinedSession, type Session } from './session.ts';
import type { Transport } from './transport.ts';
import type { Uri } from './uris.ts';

export type Signature = string | { readonly signature: string; readonly extra: Dict };

export interface JoinOptions {
  readonly realm: Uri;
  readonly authid?: string;
  /** In order of preference; none means anonymous. */
  readonly authmethods?: readonly string[];
  readonly authextra?: Dict;
  /** Signs a CHALLENGE, or throws to give up. */
  readonly onChallenge?: (method: string, extra: Dict) => Signature | Promise<Signature>;
  /** Looks at what WELCOME says before the session begins, or throws to give up. */
  readonly onWelcome?: (details: Message<'welcome'>['details']) => void;
  readonly agent?: string;
  /** From HELLO to WELCOME. */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** Errors that no promise carries: thrown by event handlers, by procedures, by onProgress. Default: console.error. */
  readonly onError?: (error: unknown, where: string) => void;
}

const defaults = {
  agent: 'realmkit',
  timeoutMs: 10_000,
  clock: hostClock,
  onError: (error: unknown, where: string) => console.error(`Error in ${where}:`, error),
};

/**
 * @throws CallError with the reason of the router's ABORT; else `wamp.error.timeout`, `wamp.close.transport_lost`,
 * `wamp.error.authentication_failed` when `onChallenge` or `onWelcome` threw, `wamp.error.protocol_violation`. The transport is closed then.
 */
export function join(transport: Transport, options: JoinOptions): Promise<Session> {
  return new Promise((resolve, reject) => {
    const handshake = new Handshake(transport, options, resolve, reject);
    transport.onMessage((message) => handshake.receive(message));
    transport.onClose((reason) => handshake.lost(reason));
    handshake.hello();
  });
}

class Handshake {
  readonly #transport: Transport;
  readonly #options: JoinOptions & typeof defaults;
  readonly #resolve: (session: Session) => void;
  readonly #reject: (error: CallError) => void;
  #timer: unknown;
  #outcome: JoinedSession | 'failed' | undefined;

  constructor(
    transport: Transport,
    options: JoinOptions,
    resolve: (session: Session) => void,
    reject: (error: CallError) => void,
  ) {
    this.#transport = transport;
    this.#options = { ...defaults, ...options };
    this.#resolve = resolve;
    this.#reject = reject;
  }

  hello(): void {
    const { realm, agent, authid, authmethods, authextra, clock, timeoutMs } = this.#options;
    const identity = {
      ...(authid !== undefined && { authid }),
      ...(authmethods && { authmethods }),
      ...(authextra && { authextra }),
    };
    const late = () => this.#abort(new CallError(errors.timeout, [`not welcomed within ${timeoutMs} ms`]));
    this.#timer = clock.setTimeout(late, timeoutMs);
    this.#transport.send({ type: 'hello', realm, details: { agent, roles, ...identity } });
  }

  receive(message: Message | ProtocolError): void {
    if (this.#outcome === 'failed') return;
    if (this.#outcome) return this.#outcome.receive(message);
    if (message instanceof ProtocolError)
      return this.#abort(new CallError(errors.protocolViolation, [message.message]));
    switch (message.type) {
      case 'welcome':
        return this.#welcomed(message);
      case 'challenge':
        return void this.#challenged(message);
      case 'abort':
        return this.#fail(aborted(message));
      default:
        return this.#abort(new CallError(errors.protocolViolation, [`${message.type} came before WELCOME`]));
    }
  }

  lost(reason: string): void {
    if (this.#outcome === undefined) this.#fail(new CallError(closeReasons.transportLost, [reason]));
    else if (this.#outcome !== 'failed') this.#outcome.lost(reason);
  }

  #welcomed(welcome: Message<'welcome'>): void {
    const { realm, clock, onError, onWelcome } = this.#options;
    try {
      onWelcome?.(welcome.details);
    } catch (cause) {
      return this.#abort(giveUp(cause));
    }
    clock.clearTimeout(this.#timer);
    this.#outcome = new JoinedSession({ transport: this.#transport, realm, welcome, clock, onError });
    this.#resolve(this.#outcome);
  }

  async #challenged({ method, extra }: Message<'challenge'>): Promise<void> {
    try {
      const { onChallenge } = this.#options;
      if (!onChallenge) throw new Error(`no onChallenge to sign a challenge of ${method}`);
      const signed = await onChallenge(method, extra);
      const answer = typeof signed === 'string' ? { signature: signed, extra: {} } : signed;
      if (this.#outcome === undefined) this.#transport.send({ type: 'authenticate', ...answer });
    } catch (cause) {
      this.#abort(giveUp(cause));
    }
  }

  #abort(error: CallError): void {
    if (this.#outcome !== undefined) return;
    this.#transport.send({ type: 'abort', details: { message: error.message }, reason: error.uri });
    this.#fail(error);
  }

  #fail(error: CallError): void {
    this.#outcome = 'failed';
    this.#options.clock.clearTimeout(this.#timer);
    this.#transport.close();
    this.#reject(error);
  }
}

const giveUp = (cause: unknown) =>
  new CallError(errors.authenticationFailed, cause instanceof Error ? [cause.message] : [], {}, { cause });

/** The reason's text is in the details; in the args only where routers put something there. */
function aborted({ reason, details, args, kwargs }: Message<'abort'>): CallError {
  return new CallError(reason, args ?? (details.message === undefined ? [] : [details.message]), kwargs);
}
