/** One port, or one Unix socket, and what is served on it: a web page, WebSocket, long-poll and RawSocket, plain or by TLS. */
import { createServer as createHttp, type RequestListener, type Server as WebServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer as createNet, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import type { Clock, Serializer } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { loadCertificates, type CertificateFiles } from './certificates.ts';
import { defaults } from './defaults.ts';
import type { Hub } from './hub.ts';
import { serveLongPoll, type ServeLongPollOptions } from './longpoll.ts';
import { magicOctet } from './rawsocket-handshake.ts';
import { serveRawSocket, type RawSocketService, type ServeRawSocketOptions } from './rawsocket.ts';
import { serveWebSocket, type ServeWebSocketOptions } from './websocket.ts';

type Own<Options> = Omit<Options, 'hub' | 'server' | 'serializers' | 'clock'>;

/** What is to be served; at least one, if there is no page. RawSocket is told from the others by its first octet. */
export interface Ways {
  readonly websocket?: Own<ServeWebSocketOptions>;
  readonly longpoll?: Own<ServeLongPollOptions>;
  readonly rawsocket?: Own<ServeRawSocketOptions>;
}

export interface EndpointOptions extends Ways {
  readonly hub: Hub;
  /** Of several, a peer gets the one whose names fit the name that it asks for; else the first. */
  readonly tls?: EndpointTls | readonly [EndpointTls, ...EndpointTls[]];
  /** Default: JSON and MessagePack. `await loadSerializers()` gives CBOR too. */
  readonly serializers?: readonly Serializer[];
  readonly page?: RequestListener;
  readonly http?: Partial<HttpPatience>;
  /** For TLS, and for the first octet on a port that RawSocket shares. */
  readonly handshakeTimeoutMs?: number;
  readonly clock?: Clock;
  readonly report?: (error: unknown) => void;
}

/** How long HTTP peers are waited for, by the host's own clock; see `defaults`. */
export interface HttpPatience {
  readonly headTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly stillTimeoutMs: number;
}

export interface EndpointTls extends CertificateFiles {
  /** Peers are asked for a certificate; they need not have one. Whether it proves anything, authentication decides. */
  readonly askClients?: boolean;
}

export interface Endpoint {
  /** It does not listen yet. */
  readonly server: Server;
  /** How those who come from now on are served, in the same ways as before; who is there stays. */
  change(ways: Ways): void;
  /** Frees the port at once, and resolves when all who came by it have answered GOODBYE, or were dropped. */
  close(): Promise<void>;
}

/** @throws Error when the files of the certificate cannot be used. */
export async function createEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { page = nothing, websocket, longpoll, rawsocket, clock, report, serializers } = options;
  const { handshakeTimeoutMs = defaults.handshakeTimeoutMs } = options;
  const entrance = options.hub.entrance();
  const common = { hub: entrance, ...(clock && { clock }), ...(serializers && { serializers }) };
  const tls = options.tls && ('key' in options.tls ? ([options.tls] as const) : options.tls);
  const certificates = tls && (await loadCertificates(tls, { ...(clock && { clock }), ...(report && { report }) }));
  const secured = certificates && {
    ...certificates.options,
    requestCert: tls.some(({ askClients }) => askClients),
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTimeoutMs,
  };

  const raw = rawsocket && serveRawSocket({ ...rawsocket, ...common });
  const polls = longpoll && serveLongPoll({ ...longpoll, ...common });
  const serve: RequestListener = (request, response) => polls?.handle(request, response) || page(request, response);
  const isWeb = options.page !== undefined || websocket !== undefined || longpoll !== undefined;
  const { headTimeoutMs, requestTimeoutMs, stillTimeoutMs } = { ...defaults, ...options.http };
  const poll = longpoll?.pollTimeoutMs ?? defaults.pollTimeoutMs; // while it waits, nothing moves
  const patience = { headTimeoutMs, requestTimeoutMs, stillTimeoutMs: Math.max(stillTimeoutMs, 2 * poll) };
  const server = isWeb ? webServer(serve, patience, secured) : streamServer(secured);
  const sockets = websocket && 'closeAllConnections' in server && serveWebSocket({ ...websocket, ...common, server });
  if (raw) takeRawSockets(server, raw, { clock: clock ?? backgroundClock, ms: handshakeTimeoutMs });
  if ('setSecureContext' in server) certificates?.keepFresh(server);
  const connected = connections(server);
  return {
    server,
    change(ways) {
      if (sockets && ways.websocket) sockets.change({ ...ways.websocket, ...common, server });
      if (polls && ways.longpoll) polls.change({ ...ways.longpoll, ...common });
      if (raw && ways.rawsocket) raw.change({ ...ways.rawsocket, ...common });
    },
    async close() {
      certificates?.close();
      const closed = new Promise((resolve) => server.close(resolve));
      await entrance.close();
      for (const service of [sockets, polls, raw]) if (service) service.close();
      for (const socket of connected) socket.destroy();
      await closed;
    },
  };
}

function webServer(serve: RequestListener, patience: HttpPatience, tls: TlsOptions | undefined): WebServer {
  const { headTimeoutMs: headersTimeout, requestTimeoutMs: requestTimeout, stillTimeoutMs } = patience;
  const waits = { headersTimeout, requestTimeout, connectionsCheckingInterval: headersTimeout / 2 };
  const server = tls ? createHttps({ ...tls, ...waits }, serve) : createHttp(waits, serve);
  return server.setTimeout(stillTimeoutMs); // WebSockets leave it behind with HTTP
}
const streamServer = (tls: TlsOptions | undefined) => (tls ? createTls(tls) : createNet());

/** Those without a page, too, answer what they are asked. */
const nothing: RequestListener = (_, response) => {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n');
};

/** Every socket that is open, whatever it has become. */
function connections(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

/** Looks at the first octet of each connection, and leaves those that are no RawSockets to who was there before. */
function takeRawSockets(server: Server, raw: RawSocketService, patience: Patience): void {
  const event = 'setSecureContext' in server ? 'secureConnection' : 'connection';
  const others = server.listeners(event);
  server.removeAllListeners(event);
  if (others.length === 0) server.on(event, raw.accept);
  else
    server.on(event, (socket: Socket) => {
      firstOctet(socket, patience, (octet) => {
        if (octet === magicOctet) raw.accept(socket);
        else for (const listener of others) listener.call(server, socket);
      });
    });
}

interface Patience {
  readonly clock: Clock;
  readonly ms: number;
}

/** The socket itself still has it to give. Who says nothing is dropped. */
function firstOctet(socket: Socket, { clock, ms }: Patience, then: (octet: number) => void): void {
  const timer = clock.setTimeout(() => socket.destroy(), ms);
  const dropped = () => clock.clearTimeout(timer);
  socket.on('error', dropped).once('close', dropped);
  socket.once('data', (piece: Buffer) => {
    dropped();
    socket.off('error', dropped).off('close', dropped);
    socket.pause();
    socket.unshift(piece);
    then(piece[0]!);
    socket.resume();
  });
}
