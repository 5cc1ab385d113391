/** Asking a component who somebody is, as Crossbar does: `(realm, authid, details)`. WAMP "Dynamic Authenticators". */
import { CallError, closeReasons, errors, type Dict, type Uri } from '../../protocol/index.ts';
import type { Admitted, Hello, Principal } from '../router/index.ts';
import type { Arrival } from './method.ts';
import { describeTransport } from './transport-facts.ts';

export interface Authenticator {
  /** Called with realm, authid and details; what it returns depends on the method. */
  readonly procedure: Uri;
  /** Where it is registered; default: the realm that the peer asks for. */
  readonly realm?: string;
  /** For answers that name none. */
  readonly defaultRole?: string;
}

/** Who may come: a table by authid, or a component that is asked. */
export type Source<P> =
  | { readonly principals: Readonly<Record<string, P>>; readonly authenticator?: undefined }
  | { readonly authenticator: Authenticator; readonly principals?: undefined };

/** See `AuthenticationMethod.admits`. */
export const admitsBy =
  ({ principals }: Source<{ readonly role: string }>) =>
  ({ authid, authrole }: Principal): boolean =>
    !principals || (Object.hasOwn(principals, authid) && principals[authid]?.role === authrole);

export interface Answer {
  readonly admitted: Omit<Admitted, 'authmethod'>;
  readonly authextra?: Dict;
  /** What else the method needs. */
  readonly fields: Dict;
}

interface Question {
  readonly method: string;
  readonly hello: Hello;
  readonly arrival: Arrival;
  /** Who it is when the answer does not say, null: nobody knows; default: who the peer says it is. */
  readonly authid?: string | null;
  /** `ticket` and the like. */
  readonly more?: Dict;
}

/** @throws CallError with the reason of the ABORT; another Error where the component failed. */
export async function ask(authenticator: Authenticator, question: Question): Promise<Answer> {
  const { hello, method } = question;
  const authid = question.authid === undefined ? hello.authid : (question.authid ?? undefined);
  const answer = await call(authenticator, question, authid);
  const fields = typeof answer === 'string' ? { role: answer } : answer;
  if (!isDict(fields)) throw new Error(`the authenticator answered ${method} with neither a role nor a dict`);
  const role = text(fields, 'role') ?? authenticator.defaultRole;
  const who = text(fields, 'authid') ?? authid;
  if (role === undefined) throw new CallError(errors.noSuchRole, ['the authenticator names no role']);
  if (who === undefined) throw new CallError(errors.noSuchPrincipal, ['the authenticator names no authid']);
  const realm = text(fields, 'realm');
  const extra = fields['extra'] ?? undefined;
  if (extra !== undefined && !isDict(extra))
    throw new Error('the authenticator answered with an extra that is no dict');
  return {
    admitted: { authid: who, authrole: role, authprovider: 'dynamic', ...(realm !== undefined && { realm }) },
    ...(extra && { authextra: extra }),
    fields,
  };
}

async function call(authenticator: Authenticator, question: Question, authid: string | undefined): Promise<unknown> {
  const { hello, arrival } = question;
  const { procedure, realm = hello.realm } = authenticator;
  try {
    const { args } = await arrival.call(realm, procedure, [hello.realm, authid ?? null, details(question)]);
    return args[0];
  } catch (error) {
    if (error instanceof CallError && !isFailure(error.uri)) throw error;
    throw new Error(`the authenticator ${procedure} failed`, { cause: error });
  }
}

const details = ({ method, hello, arrival, authid, more = {} }: Question): Dict => ({
  session: hello.session,
  authmethod: method,
  authextra: hello.authextra,
  transport: describeTransport(arrival.facts),
  ...(authid === undefined && hello.authid !== undefined && { authid: hello.authid }),
  ...(hello.authrole !== undefined && { authrole: hello.authrole }),
  ...more,
});

/** What comes of a component that is not there or broken. All else it has said on purpose. */
const isFailure = (uri: Uri) => failures.has(uri);
const failures: ReadonlySet<Uri> = new Set([
  errors.noSuchProcedure,
  errors.noAvailableCallee,
  errors.unavailable,
  errors.canceled,
  errors.timeout,
  errors.runtimeError,
  errors.invalidArgument,
  errors.invalidPayload,
  errors.payloadSizeExceeded,
  errors.networkFailure,
  closeReasons.transportLost,
  closeReasons.systemShutdown,
]);

/** A text that may be absent. @throws Error where it is something else */
function text(fields: Dict, key: string): string | undefined {
  const value = fields[key];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  throw new Error(`the authenticator answered with a ${key} that is not a string`);
}

/** @throws Error where it is absent or something else */
export function requiredText(fields: Dict, key: string): string {
  const value = text(fields, key);
  if (value !== undefined) return value;
  throw new Error(`the authenticator answered without ${key}`);
}

/** @throws Error where it is neither absent nor a positive integer */
export function optionalCount(fields: Dict, key: string): number | undefined {
  const value = fields[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`the authenticator answered with ${key} that is not a positive integer`);
}

const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
