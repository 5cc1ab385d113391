/** A peer that joins by one method, without a router. */
import { CallError, type Credentials, type Dict, type List, type Result, type Uri } from '../../../protocol/index.ts';
import {
  inProcess,
  type Arrival,
  type AuthenticationMethod,
  type TransportFacts,
  type Verdict,
} from '../../../server/authentication/index.ts';
import type { Hello } from '../../../server/router/index.ts';

export const hello = (claims: Partial<Hello> = {}): Hello => ({
  realm: 'realm1',
  session: 424242,
  authmethods: [],
  authextra: {},
  ...claims,
});

type Component = (args: List) => unknown;

/** Where a peer comes from, and which component can be asked: by default none. */
export function arrival(
  facts: Partial<TransportFacts> = {},
  components: Readonly<Record<Uri, Component>> = {},
): Arrival {
  return {
    facts: { ...inProcess, ...facts },
    async call(realm, procedure, args): Promise<Result> {
      const component = components[`${realm}/${procedure}`];
      if (!component) throw new CallError('wamp.error.no_such_procedure');
      return { args: [await component(args)], kwargs: {}, details: {} };
    },
  };
}

/** What the method says at first. */
export const begin = async (method: AuthenticationMethod, claims: Partial<Hello> = {}, from = arrival()) =>
  method.begin(hello(claims), from);

/** Its challenge. */
export async function challengeOf(
  method: AuthenticationMethod,
  claims: Partial<Hello> = {},
  from = arrival(),
): Promise<Verdict & { verdict: 'challenge' }> {
  const verdict = await begin(method, claims, from);
  if (verdict.verdict !== 'challenge') throw new Error(`not a challenge: ${JSON.stringify(verdict)}`);
  return verdict;
}

/** The whole conversation, with our own client on the other end, which looks at WELCOME too. */
export async function attempt(
  method: AuthenticationMethod,
  credentials: Credentials,
  from = arrival(),
): Promise<Verdict> {
  const { authid, authextra = {}, onChallenge, onWelcome } = credentials;
  const challenge = await challengeOf(method, { ...(authid !== undefined && { authid }), authextra }, from);
  const signed = await onChallenge!(challenge.method, challenge.extra);
  const { signature, extra } = typeof signed === 'string' ? { signature: signed, extra: {} as Dict } : signed;
  const verdict = await challenge.answer(signature, extra);
  if (verdict.verdict === 'welcome') onWelcome?.(verdict.authextra ? { authextra: verdict.authextra } : {});
  return verdict;
}

export const welcome = (principal: Dict, authextra?: Dict) => ({
  verdict: 'welcome',
  principal,
  ...(authextra && { authextra }),
});
