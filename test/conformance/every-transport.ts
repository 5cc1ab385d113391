/** Every way to reach the router, with every serializer, on one hub. */
import { createServer, type Server as WebServer } from 'node:http';
import { createServer as createStreamServer, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { batched, connectWebSocket, loadSerializers, type Transport } from '../../protocol/index.ts';
import { anonymous, cryptosign, scram, ticket, wampcra } from '../../server/authentication/index.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import {
  connectRawSocket,
  Hub,
  type HubRealm,
  serveLongPoll,
  serveRawSocket,
  serveWebSocket,
} from '../../server/transports/index.ts';
import { connectLongPoll } from './longpoll-client.ts';

/** A router that listens everywhere. */
export interface Everywhere {
  readonly hub: Hub;
  readonly port: number;
  readonly rawPort: number;
  readonly unixPath: string;
  close(): Promise<void>;
}

const serializers = await loadSerializers();
export const longest = 64 * 1024;

/** An Ed25519 seed and its public half, in hex digits. WAMP "Cryptosign-based Authentication". */
export const key = {
  seed: 'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf',
  publicKey: '4fd099ccd47d7893dfe9ec24414ecb0d9b5420232aad30d91c465be33cbe65c4',
};
export const secret = 'open-sesame';
/** The same as SCRAM keeps it, at the least cost that clients accept. */
const keptSecret = {
  kdf: 'pbkdf2',
  salt: 'QEFCQ0RFRkdISUpLTE1OTw==',
  iterations: 4096,
  storedKey: 'd3a72b8a1b7f224479a6d65a117e73b83bb72491a33b5d0be56af47f3b9a7c42',
  serverKey: 'e1d0f7e16aa3151d87abcc52a1abe2a6f11d32455b6c9d11f5b8ba9b16be40bd',
} as const;

/** Anonymous sessions, and `ada` who proves it, may do everything; she may also forward for others. */
function realm(): HubRealm {
  const {
    name,
    roles: [anyone],
  } = permissiveRealm('realm1');
  const everything = anyone!.permissions[0]!;
  const permissions = [everything, { ...everything, uri: 'com.trusted.', trustlevel: 7 }];
  const role = 'trusted';
  return {
    name,
    roles: [
      { ...anyone!, permissions },
      { ...anyone!, name: role, permissions, forwards: true },
    ],
    history: [{ uri: 'com.history.', match: 'prefix', limit: 3 }],
    authentication: [
      anonymous(),
      ticket({ principals: { ada: { role, ticket: secret } } }),
      wampcra({ principals: { ada: { role, secret } } }),
      scram({ principals: { ada: { role, ...keptSecret } } }),
      cryptosign({ principals: { ada: { role, authorizedKeys: [key.publicKey] } } }),
    ],
  };
}

export async function listenEverywhere(): Promise<Everywhere> {
  const hub = new Hub({ realms: [realm()] });
  const folder = mkdtempSync(joinPath(tmpdir(), 'realmkit-'));
  const unixPath = joinPath(folder, 'router.sock');
  const polls = serveLongPoll({ hub, serializers });
  const web = createServer((request, response) => void (polls.handle(request, response) || response.end()));
  const [tcp, unix] = [createStreamServer(), createStreamServer()];
  const services = [
    polls,
    serveWebSocket({ hub, server: web, serializers }),
    serveRawSocket({ hub, serializers }, tcp),
    serveRawSocket({ hub, serializers }, unix),
  ];
  await listening(unix, unixPath);
  return {
    hub,
    port: await listening(web, 0),
    rawPort: await listening(tcp, 0),
    unixPath,
    async close() {
      await hub.stop();
      for (const service of services) service.close();
      web.closeAllConnections();
      await Promise.all([web, tcp, unix].map((server) => new Promise((resolve) => server.close(resolve))));
      rmSync(folder, { recursive: true });
    },
  };
}

function listening(server: Server | WebServer, where: number | string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const done = () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    };
    if (typeof where === 'string') server.listen(where, done);
    else server.listen(where, '127.0.0.1', done);
  });
}

type Connect = (router: Everywhere) => Promise<Transport>;

const forms = serializers.flatMap((serializer) => [serializer, batched(serializer)]);
const table: [name: string, connect: Connect][] = [
  ['memory', async ({ hub }) => hub.link()],
  ...forms.map((serializer): [string, Connect] => [
    `WebSocket, ${serializer.subprotocol}`,
    ({ port }) => connectWebSocket(`ws://127.0.0.1:${port}/ws`, { serializers: [serializer] }),
  ]),
  ...serializers.flatMap((serializer): [string, Connect][] => [
    [
      `RawSocket over TCP, ${serializer.name}`,
      ({ rawPort }) => connectRawSocket({ port: rawPort, host: '127.0.0.1' }, { serializer }),
    ],
    [
      `RawSocket over a Unix socket, ${serializer.name}`,
      ({ unixPath }) => connectRawSocket({ path: unixPath }, { serializer }),
    ],
  ]),
  ...forms.map((serializer): [string, Connect] => [
    `long-poll, ${serializer.subprotocol}`,
    ({ port }) => connectLongPoll(`http://127.0.0.1:${port}/lp`, serializer),
  ]),
];

export const everyTransport: readonly (readonly [name: string, connect: Connect])[] = table;
