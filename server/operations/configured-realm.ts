/** A realm as its configuration says, with its secrets found. */
import {
  anonymous,
  autobahnScram,
  cryptosign,
  scram,
  ticket,
  tls,
  wampcra,
  type AuthenticationMethod,
  type Authenticator,
  type ScramPrincipal,
  type Source,
} from '../authentication/index.ts';
import type { MatchPolicy } from '../../protocol/index.ts';
import type { Action, Permission } from '../router/index.ts';
import type { HubRealm } from '../transports/index.ts';
import { reveal } from './configuration-file.ts';
import type { Method, RealmConfiguration } from './configuration.ts';

/** @throws StartError for a secret that cannot be found. */
export async function hubRealm({
  authentication,
  roles,
  history,
  maxQueuedCalls,
  ...realm
}: RealmConfiguration): Promise<HubRealm> {
  return {
    ...realm,
    ...present({ maxQueuedCalls }),
    history: history.map(({ uri, match, limit }) => ({ ...patternOf(uri, match), limit })),
    roles: roles.map(({ name, permissions, limits, forwards }) => ({
      name,
      permissions: permissions.map(permissionOf),
      forwards,
      ...(limits && { limits: present(limits) }),
    })),
    authentication: await methodsOf(authentication),
  };
}

type Methods = RealmConfiguration['authentication'];
/** How each is made; who has a preference among them is the peer. */
const makers: { readonly [M in Method]: (given: NonNullable<Methods[M]>) => Promise<AuthenticationMethod> } = {
  anonymous: async (given) => anonymous(given),
  ticket: async (given) =>
    ticket(present(await from(given, async (one) => ({ ...one, ticket: await reveal(one.ticket) })))),
  wampcra: async (given) =>
    wampcra(await from(given, async (one) => ({ ...present(one), role: one.role, secret: await reveal(one.secret) }))),
  scram: async (given) => scram(await from(given, scramPrincipal)),
  scram_autobahn: async (given) => autobahnScram(await from(given, scramPrincipal)),
  cryptosign: async (given) => cryptosign(await from(given, async (one) => one)),
  tls: async (given) => tls(await from(given, async (one) => ({ ...present(one), role: one.role }))),
};

/** A certificate and proofs before tickets, and anonymity last: where a peer names several, its own order counts. */
const order = [
  'tls',
  'cryptosign',
  'scram',
  'scram_autobahn',
  'wampcra',
  'ticket',
  'anonymous',
] as const satisfies readonly Method[];

async function methodsOf(given: Methods): Promise<readonly AuthenticationMethod[]> {
  const made: AuthenticationMethod[] = [];
  for (const method of order) {
    const options = given[method];
    if (options) made.push(await (makers[method] as (options: object) => Promise<AuthenticationMethod>)(options));
  }
  return made;
}

interface Given<P> {
  readonly principals?: Readonly<Record<string, P>> | undefined;
  readonly authenticator?: { readonly [K in keyof Authenticator]: Authenticator[K] | undefined } | undefined;
}

async function from<P, Q>(
  { principals, authenticator }: Given<P>,
  found: (principal: P) => Promise<Q>,
): Promise<Source<Q>> {
  if (authenticator) return { authenticator: { ...present(authenticator), procedure: authenticator.procedure! } };
  const entries = Object.entries(principals ?? {}).map(
    async ([key, principal]) => [key, await found(principal)] as const,
  );
  return { principals: Object.fromEntries(await Promise.all(entries)) };
}

type ScramGiven = NonNullable<NonNullable<Methods['scram']>['principals']>[string];

async function scramPrincipal(given: ScramGiven): Promise<ScramPrincipal> {
  if ('password' in given) return { role: given.role, password: await reveal(given.password) };
  const { memory, ...credential } = given;
  return { ...credential, ...present({ memory }) };
}

function permissionOf(permission: RealmConfiguration['roles'][number]['permissions'][number]): Permission {
  const { uri, match, allow, patterns, disclose, trustlevel, retain } = permission;
  return {
    ...patternOf(uri, match),
    allow: Object.fromEntries(allow.map((action): [Action, true] => [action, true])),
    ...present({ policies: patterns, disclose: disclose && present(disclose), trustlevel }),
    ...(!retain && { retain }),
  };
}

/** Only in files a `*` stands for something: in URIs on the wire an empty component is the wildcard. */
function patternOf(uri: string, match: MatchPolicy | undefined): { readonly uri: string; readonly match: MatchPolicy } {
  if (match) return { uri, match };
  if (uri.endsWith('*')) return { uri: uri.slice(0, -1), match: 'prefix' };
  return { uri: uri.replaceAll('*', ''), match: uri.includes('*') ? 'wildcard' : 'exact' };
}

/** Without the keys whose value is undefined. */
export const present = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
