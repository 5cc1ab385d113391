/** Asking a component what somebody may do, as Crossbar does: `(session, uri, action, options)`. WAMP "Dynamic Authorizers". */
import type { Dict } from '../../protocol/index.ts';
import type { Effect, Ruling } from '../router/index.ts';
import type { Arrival } from './method.ts';
import { describeTransport } from './transport-facts.ts';

type Authorize = Effect & { do: 'authorize' };

/** @throws Error where the component is not there, fails or answers nonsense. */
export async function authorize(effect: Authorize, arrival: Arrival, authextra: Dict | undefined): Promise<Ruling> {
  const { authorizer, realm, session, question } = effect;
  const { id, ...principal } = session;
  const transport = describeTransport(arrival.facts);
  const who = { session: id, realm, ...principal, authextra: authextra ?? null, transport };
  const { action, uri, options } = question;
  try {
    const { args } = await arrival.call(realm, authorizer, [who, uri, action, options]);
    return rulingOf(args[0]);
  } catch (error) {
    throw new Error(`the authorizer ${authorizer} failed to say whether to allow: ${action} ${uri}`, { cause: error });
  }
}

function rulingOf(answer: unknown): Ruling {
  if (typeof answer === 'boolean') return { allow: answer };
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error('neither a bool nor a dict');
  const { allow, disclose, cache, validate, ...others } = answer as Dict;
  if (typeof allow !== 'boolean') throw new Error('allow is not a bool');
  if (!isOptionalBool(disclose)) throw new Error('disclose is not a bool');
  if (!isOptionalBool(cache)) throw new Error('cache is not a bool');
  if (validate !== undefined && validate !== null)
    throw new Error('validate is not supported: this router passes payloads on unread');
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`a ruling has no ${unknown}`);
  return { allow, ...(disclose != null && { disclose }), ...(cache != null && { cache }) };
}

const isOptionalBool = (value: unknown): value is boolean | null | undefined =>
  value === undefined || value === null || typeof value === 'boolean';
