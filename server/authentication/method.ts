import { errors, type Dict, type Uri } from '../../protocol/index.ts';
import type { Hello, Principal } from '../router/index.ts';

/**
 * A way to find out who a peer is. A method that must ask somebody (a database, a component) answers with a promise;
 * the session's later messages wait for it. WAMP "Authentication".
 */
export interface AuthenticationMethod {
  /** As in HELLO.details.authmethods. */
  readonly name: string;
  begin(hello: Hello): Verdict | Promise<Verdict>;
}

export type Verdict =
  | { readonly verdict: 'welcome'; readonly principal: Principal; readonly authextra?: Dict }
  /** A CHALLENGE, and what to make of its answer: perhaps another one. */
  | {
      readonly verdict: 'challenge';
      readonly method: string;
      readonly extra: Dict;
      answer(signature: string, extra: Dict): Verdict | Promise<Verdict>;
    }
  | { readonly verdict: 'denied'; readonly reason: Uri; readonly message: string };

/** The same words whether the user or the secret was wrong, so that nobody learns which users there are. */
export const denied: Verdict = {
  verdict: 'denied',
  reason: errors.authenticationDenied,
  message: 'no such user, or the wrong secret',
};

/** The first method of the peer's list that the realm has; a peer without a list means anonymous. */
export function chooseMethod(
  methods: readonly AuthenticationMethod[],
  { authmethods }: Hello,
): AuthenticationMethod | undefined {
  const wanted = authmethods.length > 0 ? authmethods : ['anonymous'];
  for (const name of wanted) {
    const method = methods.find((candidate) => candidate.name === name);
    if (method) return method;
  }
  return undefined;
}
