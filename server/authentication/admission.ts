import { CallError, errors, type Dict, type Uri } from '../../protocol/index.ts';
import type { Admitted, ConnectionId, Hello, Principal } from '../router/index.ts';
import { candidates, type Arrival, type AuthenticationMethod, type Verdict } from './method.ts';
import type { TransportFacts } from './transport-facts.ts';

/** Whoever performs the outcome: tells the core, and the peer. */
export interface Door {
  welcome(connection: ConnectionId, principal: Admitted, authextra?: Dict): void;
  challenge(connection: ConnectionId, method: string, extra: Dict): void;
  deny(connection: ConnectionId, reason: Uri, message: string): void;
  /** A method failed: our bug, and the peer has been denied. */
  report(error: unknown): void;
}

/** A connection that joins, from its HELLO to the last verdict. */
interface Attempt {
  readonly hello: Hello;
  readonly arrival: Arrival;
  /** Of its realm, when it began. */
  readonly methods: Methods;
  /** Waits for AUTHENTICATE. */
  answer?: (Verdict & { verdict: 'challenge' })['answer'];
}

type Methods = readonly AuthenticationMethod[];
const none: Methods = [];

/** Finds out who the joining connections are, with the methods of their realms. WAMP "Authentication Methods". */
export class Admission {
  #methods: ReadonlyMap<string, Methods>;
  readonly #door: Door;
  readonly #attempts = new Map<ConnectionId, Attempt>();

  /** @param methods by realm. */
  constructor(methods: ReadonlyMap<string, Methods>, door: Door) {
    this.#methods = methods;
    this.#door = door;
  }

  /** From now on these hold. Who is being asked is judged by them in the end, too. */
  reconfigure(methods: ReadonlyMap<string, Methods>): void {
    this.#methods = methods;
  }

  /** Why somebody could not join a realm again who did so before; null: nothing is known against it. */
  objection(realm: string, principal: Principal, facts: TransportFacts): string | null {
    const { authid, authmethod, authrole } = principal;
    const method = this.#methodsOf(realm).find(({ name }) => name === authmethod);
    if (!method) return `realm "${realm}" does not offer ${authmethod} any more`;
    if (method.admits?.(principal, facts) !== false) return null;
    return `"${authid}" may not join realm "${realm}" as "${authrole}" by ${authmethod} any more`;
  }

  #methodsOf(realm: string): Methods {
    return this.#methods.get(realm) ?? none;
  }

  begin(connection: ConnectionId, hello: Hello, arrival: Arrival): void {
    const attempt = { hello, arrival, methods: this.#methodsOf(hello.realm) };
    this.#attempts.set(connection, attempt);
    this.#decide(connection, attempt, () => firstVerdict(attempt));
  }

  /** AUTHENTICATE has come. */
  answer(connection: ConnectionId, signature: string, extra: Dict): void {
    const attempt = this.#attempts.get(connection);
    const answer = attempt?.answer;
    if (attempt && answer) this.#decide(connection, attempt, () => answer(signature, extra));
  }

  /** The connection has gone. */
  forget(connection: ConnectionId): void {
    this.#attempts.delete(connection);
  }

  /** A verdict that is there at once is performed at once; another when it comes. */
  #decide(connection: ConnectionId, attempt: Attempt, ask: () => Verdict | Promise<Verdict>): void {
    delete attempt.answer;
    try {
      const verdict = ask();
      if (!(verdict instanceof Promise)) this.#conclude(connection, attempt, verdict);
      else
        verdict.then(
          (late) => this.#conclude(connection, attempt, late),
          (error) => this.#failed(connection, attempt, error),
        );
    } catch (error) {
      this.#failed(connection, attempt, error);
    }
  }

  #conclude(connection: ConnectionId, attempt: Attempt, verdict: Verdict): void {
    if (this.#attempts.get(connection) !== attempt) return; // it left while its verdict was on the way
    if (verdict.verdict === 'challenge') {
      attempt.answer = verdict.answer;
      this.#door.challenge(connection, verdict.method, verdict.extra);
      return;
    }
    this.#attempts.delete(connection);
    if (verdict.verdict === 'welcome') this.#welcome(connection, attempt, verdict);
    else if (verdict.verdict === 'denied') this.#door.deny(connection, verdict.reason, verdict.message);
    else this.#failed(connection, attempt, new Error('a method passes only before it has asked'));
  }

  #welcome(
    connection: ConnectionId,
    { hello, arrival, methods }: Attempt,
    { principal, authextra }: Verdict & { verdict: 'welcome' },
  ): void {
    const now = this.#methodsOf(hello.realm);
    const problem = now === methods ? null : this.objection(hello.realm, principal, arrival.facts);
    if (problem !== null) return this.#door.deny(connection, errors.authenticationDenied, problem);
    for (const method of now) {
      method.remember?.(principal, principal.realm ?? hello.realm, arrival.facts);
    }
    this.#door.welcome(connection, principal, authextra);
  }

  /** An error that a method throws on purpose says what the peer is told. */
  #failed(connection: ConnectionId, attempt: Attempt, error: unknown): void {
    if (this.#attempts.get(connection) === attempt) this.#attempts.delete(connection);
    if (error instanceof CallError) return this.#door.deny(connection, error.uri, error.message);
    this.#door.report(error);
    this.#door.deny(connection, errors.authenticationFailed, 'the authentication itself failed');
  }
}

/** Of the methods that the peer names, in its order, the first that does not pass. */
function firstVerdict({ hello, arrival, methods }: Attempt): Verdict | Promise<Verdict> {
  const names = methods.map(({ name }) => name).join(', ') || 'none';
  const nobody: Verdict = {
    verdict: 'denied',
    reason: errors.noMatchingAuthMethod,
    message: `realm "${hello.realm}" offers: ${names}`,
  };
  const tryNext = (remaining: Methods): Verdict | Promise<Verdict> => {
    const [method, ...others] = remaining;
    if (!method) return nobody;
    const verdict = method.begin(hello, arrival);
    if (verdict instanceof Promise) return verdict.then((late) => (late.verdict === 'pass' ? tryNext(others) : late));
    return verdict.verdict === 'pass' ? tryNext(others) : verdict;
  };
  return tryNext(candidates(methods, hello));
}
