/** The router under measurement: with roles, permissions and limits, and with patterns where a case asks for them. */
import { createServer } from 'node:http';
import { anonymous } from '../../server/authentication/index.ts';
import type { Permission, RealmConfig } from '../../server/router/index.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';
import { serve, usage } from './subject.ts';

const policies = ['exact', 'prefix', 'wildcard'] as const;
const everything = { call: true, register: true, publish: true, subscribe: true };
const permissions: Permission[] = [
  { uri: 'bench.', match: 'prefix', policies, allow: everything },
  { uri: 'bench..secret', match: 'wildcard', allow: {} },
  { uri: 'bench.closed', allow: {} },
];
const realm: RealmConfig = {
  name: 'realm1',
  roles: [
    {
      name: 'anonymous',
      permissions,
      limits: {
        subscriptions: 20_000,
        registrations: 20_000,
        calls: 10_000,
        messagesPerSecond: 10_000_000, // counted as ever, reached by nobody
        messageBurst: 10_000_000,
        bytesPerSecond: 10_000_000_000,
        byteBurst: 10_000_000_000,
      },
    },
  ],
};

const server = createServer(usage);
const hub = new Hub({
  realms: [{ ...realm, authentication: [anonymous()] }],
  limits: { joinTimeoutMs: 60_000, maxConnections: Infinity },
});
serveWebSocket({ hub, server });
await serve(server);
