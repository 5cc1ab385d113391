/** WAMP over WebSocket. WAMP "WebSocket Transport". Compression is off: small messages, and memory for every socket. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { ProtocolError, serializers, type Clock, type Message, type Serializer } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';
import type { EncodingTransport, Hub } from './hub.ts';
import { Liveness } from './liveness.ts';

export interface ServeWebSocketOptions {
  readonly hub: Hub;
  /** An HTTP server, whose upgrade requests are all taken over: those for another path are refused. */
  readonly server: Server;
  /** Default '/ws'. */
  readonly path?: string;
  /**
   * Web pages of which origins may connect, beside those of the host itself: `https://example.com`. A request without
   * Origin comes from no browser and is let in. '*': pages from anywhere.
   */
  readonly origins?: readonly string[] | '*';
  /**
   * By which host names it may be addressed; default any. A realm that trusts whoever reaches it must name them: else a
   * web page whose own name was made to point here (DNS rebinding) would count as ours.
   */
  readonly hosts?: readonly string[];
  readonly maxMessageBytes?: number;
  readonly maxBufferedBytes?: number;
  readonly pingIntervalMs?: number;
  readonly pongTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface WebSocketService {
  /** Takes no more connections and drops those that are still open; `hub.stop()` first takes leave of them. */
  close(): void;
}

/** Lets WebSocket peers reach the hub through an HTTP server. */
export function serveWebSocket(options: ServeWebSocketOptions): WebSocketService {
  const { hub, server, path = '/ws', origins = [], hosts, maxMessageBytes = defaults.maxMessageBytes } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => chooseSerializer(offered)?.subprotocol ?? false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const problem = refusal(request, { path, origins, hosts });
    if (problem) return refuse(socket, ...problem);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const serializer = chooseSerializer([webSocket.protocol]);
      if (serializer) hub.accept(new WebSocketTransport(webSocket, serializer, options));
    });
  };
  server.on('upgrade', onUpgrade);
  return {
    close() {
      server.off('upgrade', onUpgrade);
      for (const client of sockets.clients) client.terminate();
    },
  };
}

/** The first of the peer's list that we have: its order decides. */
function chooseSerializer(offered: Iterable<string>): Serializer | undefined {
  for (const subprotocol of offered) {
    const serializer = serializers.find((candidate) => candidate.subprotocol === subprotocol);
    if (serializer) return serializer;
  }
  return undefined;
}

type Refusal = readonly [status: number, explanation: string];

interface Welcome {
  readonly path: string;
  readonly origins: readonly string[] | '*';
  readonly hosts: readonly string[] | undefined;
}

function refusal(request: IncomingMessage, { path, origins, hosts }: Welcome): Refusal | null {
  if (request.url?.split('?')[0] !== path) return [404, `WebSocket connections are served at ${path}.`];
  const { origin, host } = request.headers;
  if (hosts && !hosts.includes(hostnameOf(host ?? ''))) return [403, `This router is not called "${host}".`];
  if (origin !== undefined && origins !== '*' && !origins.includes(origin) && hostOf(origin) !== host) {
    return [403, `Pages of ${origin} may not connect to this router.`];
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (chooseSerializer(offered)) return null;
  return [400, `Offer one of the subprotocols ${serializers.map(({ subprotocol }) => subprotocol).join(', ')}.`];
}

const hostnameOf = (host: string) => host.replace(/:\d+$/, '');
const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);

function refuse(socket: Duplex, status: number, explanation: string): void {
  const body = `${explanation}\n`;
  socket.on('error', () => socket.destroy()); // the peer need not wait for our answer
  socket.once('finish', () => socket.destroy()); // nor may it keep its half of the socket
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Closing codes of RFC 6455. */
const closeCodes = { normal: 1000, unsupportedData: 1003 } as const;

/** One socket, speaking the serializer that was agreed upon. */
class WebSocketTransport implements EncodingTransport {
  readonly serializer: Serializer;
  readonly #socket: WebSocket;
  readonly #liveness: Liveness;
  readonly #maxBufferedBytes: number;
  #closeCode: number = closeCodes.normal;
  /** Why we dropped the socket, where the closing code will not say it. */
  #dropped: string | undefined;

  constructor(socket: WebSocket, serializer: Serializer, options: ServeWebSocketOptions) {
    this.#socket = socket;
    this.serializer = serializer;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? defaults.maxBufferedBytes;
    this.#liveness = new Liveness({
      intervalMs: options.pingIntervalMs ?? defaults.pingIntervalMs,
      timeoutMs: options.pongTimeoutMs ?? defaults.pongTimeoutMs,
      clock: options.clock ?? backgroundClock,
      ping: () => socket.ping(),
      onSilence: () => this.#drop('silent after a ping'),
    });
    socket.on('pong', () => this.#liveness.heard());
    socket.on('error', (error) => (this.#dropped ??= error.message)); // `close` follows
  }

  send(message: Message): void {
    this.sendEncoded(this.serializer.encode(message));
  }

  sendEncoded(encoded: string | Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(encoded, { binary: this.serializer.binary });
    if (this.#socket.bufferedAmount > this.#maxBufferedBytes) this.#drop('reads too slowly');
  }

  close(): void {
    this.#socket.close(this.#closeCode);
  }

  onMessage(listener: (message: Message | ProtocolError) => void): void {
    this.#socket.on('message', (data, isBinary) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return; // we have ended it: nothing is read any more
      this.#liveness.heard();
      listener(this.#decode(data, isBinary));
    });
  }

  onClose(listener: (reason: string) => void): void {
    this.#socket.on('close', (code) => {
      this.#liveness.stop();
      listener(this.#dropped ?? `socket closed (${code})`);
    });
  }

  #decode(data: RawData, isBinary: boolean): Message | ProtocolError {
    if (isBinary !== this.serializer.binary) {
      this.#closeCode = closeCodes.unsupportedData;
      return new ProtocolError(
        `${this.serializer.subprotocol} is sent in ${this.serializer.binary ? 'binary' : 'text'} frames only`,
      );
    }
    try {
      const bytes = asBuffer(data);
      return this.serializer.decode(isBinary ? bytes : bytes.toString());
    } catch (error) {
      return error instanceof ProtocolError ? error : new ProtocolError('a message cannot be read', { cause: error });
    }
  }

  #drop(reason: string): void {
    this.#dropped = reason;
    this.#socket.terminate();
  }
}

/** A server's sockets hand over single buffers, unless told otherwise. */
const asBuffer = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
