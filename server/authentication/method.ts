import { errors, type Dict, type List, type Result, type Uri } from '../../protocol/index.ts';
import type { Admitted, Hello, Principal } from '../router/index.ts';
import type { TransportFacts } from './transport-facts.ts';

/**
 * A way to find out who a peer is. A method that must ask somebody (a database, a component) answers with a promise;
 * the session's later messages wait for it. WAMP "Authentication".
 */
export interface AuthenticationMethod {
  /** As in HELLO.details.authmethods. */
  readonly name: string;
  begin(hello: Hello, arrival: Arrival): Verdict | Promise<Verdict>;
  /** A peer that came over this transport has proved by another method who it is. */
  remember?(principal: Principal, realm: string, facts: TransportFacts): void;
  /**
   * Whether somebody whom a method of this name has let in could come again, in the same role. What only a component
   * could say counts as yes. Absent: yes.
   */
  admits?(principal: Principal, facts: TransportFacts): boolean;
}

/** What a method can see and do beside reading HELLO. */
export interface Arrival {
  readonly facts: TransportFacts;
  /** Calls a procedure as the router itself, which may call any. @throws CallError */
  call(realm: string, procedure: Uri, args: List): Promise<Result>;
}

export type Verdict =
  | { readonly verdict: 'welcome'; readonly principal: Admitted; readonly authextra?: Dict }
  /** A CHALLENGE, and what to make of its answer: perhaps another one. */
  | {
      readonly verdict: 'challenge';
      readonly method: string;
      readonly extra: Dict;
      answer(signature: string, extra: Dict): Verdict | Promise<Verdict>;
    }
  | { readonly verdict: 'denied'; readonly reason: Uri; readonly message: string }
  /** Instead of a first verdict: not for this peer, so the next method of its list. */
  | { readonly verdict: 'pass' };

/** The same words whether the user or the secret was wrong, so that nobody learns which users there are. */
export const denied: Verdict = {
  verdict: 'denied',
  reason: errors.authenticationDenied,
  message: 'no such user, or the wrong secret',
};

/** Whoever does not even say who it is. */
export const needsAuthid = (method: string): Verdict => ({
  verdict: 'denied',
  reason: errors.authenticationDenied,
  message: `${method} needs an authid in HELLO`,
});

/** The realm's methods that the peer names, in its order; a peer without a list means anonymous. */
export function candidates(
  methods: readonly AuthenticationMethod[],
  { authmethods }: Hello,
): readonly AuthenticationMethod[] {
  const wanted = new Set(authmethods.length > 0 ? authmethods : ['anonymous']);
  return [...wanted].flatMap((name) => methods.find((method) => method.name === name) ?? []);
}
