/** Every way to reach the router, with every serializer, on one hub. */
import { createServer, type Server as WebServer } from 'node:http';
import { createServer as createStreamServer, type Server } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { batched, connectWebSocket, loadSerializers, type Transport } from '../../protocol/index.ts';
import { anonymous } from '../../server/authentication/index.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { connectRawSocket, Hub, serveLongPoll, serveRawSocket, serveWebSocket } from '../../server/transports/index.ts';
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

export async function listenEverywhere(): Promise<Everywhere> {
  const history = [{ uri: 'com.history.', match: 'prefix', limit: 3 }] as const;
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), history, authentication: [anonymous()] }] });
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
