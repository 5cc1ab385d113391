/** A router as a configuration file describes it. */
import type { Server } from 'node:http';
import type { MatchPolicy } from '../../protocol/index.ts';
import { anonymous, ticket, type AuthenticationMethod } from '../authentication/index.ts';
import { httpServer, listen, notFound } from '../http.ts';
import type { Action, Permission } from '../router/index.ts';
import { Hub, serveWebSocket, type HubRealm, type WebSocketService } from '../transports/index.ts';
import { reveal } from './configuration-file.ts';
import type { Configuration } from './configuration.ts';

type RealmConfiguration = Configuration['realms'][number];

export interface ConfiguredRouter {
  /** Where it is reached, in the order of the file. */
  readonly urls: readonly string[];
  /** GOODBYE to everybody; then the ports are free. */
  stop(): Promise<void>;
}

/** @throws StartError for a port that is taken, or a secret that cannot be found. */
export async function startConfiguredRouter(configuration: Configuration): Promise<ConfiguredRouter> {
  const { limits, transports } = configuration;
  const { joinTimeoutMs, ...socketLimits } = limits;
  const realms = await Promise.all(configuration.realms.map(hubRealm));
  const hub = new Hub({ realms, ...(joinTimeoutMs !== undefined && { joinTimeoutMs }) });
  const started: { readonly server: Server; readonly sockets: WebSocketService; readonly url: string }[] = [];
  for (const { host, port, path, origins } of transports) {
    const server = httpServer(notFound);
    const sockets = serveWebSocket({ hub, server, path, origins, ...present(socketLimits) });
    const actual = await listen(server, { host, port });
    started.push({ server, sockets, url: `ws://${host.includes(':') ? `[${host}]` : host}:${actual}${path}` });
  }
  return {
    urls: started.map(({ url }) => url),
    async stop() {
      await hub.stop();
      for (const { sockets, server } of started) {
        sockets.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

async function hubRealm(realm: RealmConfiguration): Promise<HubRealm> {
  const { name, uris, requestIds, roles, history, authentication } = realm;
  return {
    name,
    uris,
    requestIds,
    roles: roles.map((role) => ({
      name: role.name,
      permissions: role.permissions.map(permissionOf),
      limits: present(role.limits),
    })),
    history: history.map(({ uri, match, limit }) => ({ ...patternOf(uri, match), limit })),
    authentication: await methodsOf(authentication),
  };
}

/** In the order in which they are tried where a peer has no preference. */
async function methodsOf(methods: RealmConfiguration['authentication']): Promise<readonly AuthenticationMethod[]> {
  const made: AuthenticationMethod[] = [];
  if (methods.ticket) {
    const principals = Object.entries(methods.ticket.principals).map(async ([authid, { ticket: secret, role }]) => {
      return [authid, { ticket: await reveal(secret), role }] as const;
    });
    made.push(ticket({ principals: Object.fromEntries(await Promise.all(principals)) }));
  }
  if (methods.anonymous) made.push(anonymous(methods.anonymous));
  return made;
}

function permissionOf(permission: RealmConfiguration['roles'][number]['permissions'][number]): Permission {
  const { uri, match, allow, patterns, disclose, trustlevel, retain } = permission;
  return {
    ...patternOf(uri, match),
    allow: Object.fromEntries(allow.map((action): [Action, true] => [action, true])),
    ...(patterns && { policies: patterns }),
    ...(disclose && { disclose: present(disclose) }),
    ...(trustlevel !== undefined && { trustlevel }),
    ...(!retain && { retain }),
  };
}

/** Only in files a `*` stands for something: in URIs on the wire an empty component is the wildcard. */
function patternOf(uri: string, match: MatchPolicy | undefined): { readonly uri: string; readonly match: MatchPolicy } {
  if (match) return { uri, match };
  return uri.endsWith('*') ? { uri: uri.slice(0, -1), match: 'prefix' } : starred(uri);
}

const starred = (uri: string) =>
  uri.includes('*')
    ? ({ uri: uri.replaceAll('*', ''), match: 'wildcard' } as const)
    : ({ uri, match: 'exact' } as const);

/** Without the keys whose value is undefined. */
const present = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
