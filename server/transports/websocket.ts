/** WAMP over WebSocket. WAMP "WebSocket Transport". Compression is off: small messages, and memory for every socket. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import {
  isBatched,
  readAll,
  readOne,
  ProtocolError,
  type Clock,
  type Message,
  type Serializer,
  type Span,
} from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import type { BacklogLimits } from './backlog.ts';
import { defaults } from './defaults.ts';
import { framingOf, type Framing } from './frame.ts';
import type { Reception } from './entrance.ts';
import type { EncodingTransport } from './encoding-transport.ts';
import { Liveness } from './liveness.ts';
import { Outbox } from './outbox.ts';
import { readPlainFrames } from './plain-frames.ts';
import { chooseSerializer, offerOneOf } from './subprotocols.ts';
import { trackingCookie } from './tracking-cookie.ts';
import { visitorProblem, webFacts, type Refusal, type WebVisitors } from './web-visitor.ts';

export interface ServeWebSocketOptions extends WebVisitors, BacklogLimits {
  readonly hub: Reception;
  /** An HTTP server, whose upgrade requests are all taken over: those for another path are refused. */
  readonly server: Server;
  /** Default '/ws'. */
  readonly path?: string;
  /** Default: JSON and MessagePack; each also batched. */
  readonly serializers?: readonly Serializer[];
  readonly maxMessageBytes?: number;
  readonly pingIntervalMs?: number;
  readonly pongTimeoutMs?: number;
  readonly closeTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface WebSocketService {
  /** Takes no more connections and drops those that are still open; `hub.stop()` first takes leave of them. */
  close(): void;
  /** How connections that come from now on are served. Those that are there, and the server, stay as they are. */
  change(options: ServeWebSocketOptions): void;
}

/** Lets WebSocket peers reach the hub through an HTTP server. */
export function serveWebSocket(given: ServeWebSocketOptions): WebSocketService {
  let options = given;
  const { server } = given;
  const sockets = new WebSocketServer({
    ...limitsOf(options),
    noServer: true,
    perMessageDeflate: false,
    WebSocket: FarewellSocket,
    handleProtocols: (offered) => chooseSerializer(offered, options.serializers)?.subprotocol ?? false,
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const problem = refusal(request, options);
    if (problem) return refuse(socket, ...problem);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const serializer = chooseSerializer([webSocket.protocol], options.serializers);
      if (!serializer) return;
      const facts = webFacts(request, options);
      const transport = new WebSocketTransport(webSocket, socket, serializer, options);
      options.hub.accept(transport, { type: 'websocket', protocol: webSocket.protocol, ...facts });
    });
  };
  sockets.on('headers', (headers, request) => {
    const { header } = (options.cookie && trackingCookie(request, options.cookie)) ?? {};
    if (header) headers.push(`Set-Cookie: ${header}`);
  });
  server.on('upgrade', onUpgrade);
  return {
    close() {
      server.off('upgrade', onUpgrade);
      for (const client of sockets.clients) client.terminate();
    },
    change(changed) {
      options = changed;
      Object.assign(sockets.options, limitsOf(changed));
    },
  };
}

/** What `ws` keeps. Its types do not know the second. */
const limitsOf = ({ maxMessageBytes, closeTimeoutMs }: ServeWebSocketOptions) => ({
  maxPayload: maxMessageBytes ?? defaults.maxMessageBytes,
  closeTimeout: closeTimeoutMs ?? defaults.closeTimeoutMs,
});

function refusal(request: IncomingMessage, options: ServeWebSocketOptions): Refusal | null {
  const { path = '/ws', serializers } = options;
  if (request.url?.split('?')[0] !== path) return [404, `WebSocket connections are served at ${path}.`];
  const problem = visitorProblem(request, options);
  if (problem) return problem;
  const { remoteAddress, remotePort } = request.socket;
  const crowded = options.hub.crowdProblem(`${remoteAddress}:${remotePort}`);
  if (crowded !== null) return [503, `Nobody more can connect: ${crowded}.`];
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return chooseSerializer(offered, serializers) ? null : [400, offerOneOf(serializers)];
}

function refuse(socket: Duplex, status: number, explanation: string): void {
  const body = `${explanation}\n`;
  socket.on('error', () => socket.destroy()); // the peer need not wait for our answer
  socket.once('finish', () => socket.destroy()); // nor may it keep its half of the socket
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Larger messages mostly come in pieces, which `ws` copies less often. */
const maxPlainBytes = 16 * 1024;

/** Closing codes of RFC 6455. */
const closeCodes = { normal: 1000, unsupportedData: 1003, policyViolation: 1008 } as const;

/** Says what it still has to say before it closes, whichever side wants to. */
class FarewellSocket extends WebSocket {
  farewell: () => void = () => {};

  override close(code?: number, reason?: string | Buffer): void {
    this.farewell();
    super.close(code, reason);
  }
}

/**
 * One socket, speaking the serializer that was agreed upon. `ws` shakes hands, answers pings and closes; messages
 * go past it, from and to the stream, as whole frames, so that its own frames come between them and never into them.
 */
class WebSocketTransport implements EncodingTransport {
  readonly serializer: Framing;
  readonly #socket: WebSocket;
  readonly backlog: Outbox;
  readonly #stream: Duplex;
  readonly #maxPlainBytes: number;
  readonly #liveness: Liveness;
  receivedBytes = 0;
  /** One of the two has begun to close it: nothing is read or sent any more. */
  #isOver = false;
  #closeCode: number = closeCodes.normal;
  /** Why we dropped the socket, where the closing code will not say it. */
  #dropped: string | undefined;

  constructor(socket: FarewellSocket, stream: Duplex, serializer: Serializer, options: ServeWebSocketOptions) {
    this.#socket = socket;
    this.#stream = stream;
    this.#maxPlainBytes = Math.min(options.maxMessageBytes ?? defaults.maxMessageBytes, maxPlainBytes);
    this.serializer = framingOf(serializer);
    this.backlog = new Outbox(stream, options);
    this.#liveness = new Liveness({
      intervalMs: options.pingIntervalMs ?? defaults.pingIntervalMs,
      timeoutMs: options.pongTimeoutMs ?? defaults.pongTimeoutMs,
      clock: options.clock ?? backgroundClock,
      ping: (payload) => socket.ping(payload),
      onSilence: () => this.#drop('silent after a ping'),
    });
    socket.farewell = () => {
      this.#isOver = true;
      this.backlog.finish();
    };
    socket.on('pong', (payload) => this.#liveness.pong(payload.toString('latin1')));
    socket.on('error', (error) => (this.#dropped ??= error.message)); // `close` follows
  }

  send(message: Message): void {
    this.sendEncoded(this.serializer.encode(message));
  }

  sendEncoded(frame: Span): void {
    if (!this.#isOver) this.backlog.add(frame);
  }

  close(): void {
    const { problem } = this.backlog;
    if (problem === null) this.#socket.close(this.#closeCode);
    else this.#socket.close(closeCodes.policyViolation, problem);
  }

  onMessage(listener: (message: Message | ProtocolError) => void): void {
    const { serializer } = this.serializer;
    const isOne = !isBatched(serializer);
    const onMessage = (data: Uint8Array, start: number, end: number, isBinary: boolean) => {
      if (this.#isOver) return;
      this.#liveness.heard();
      if (isBinary !== serializer.binary) return listener(this.#wrongKind());
      this.receivedBytes += end - start;
      if (isOne) return listener(readOne(serializer, data, start, end));
      for (const message of readAll(serializer, data, start, end)) if (!this.#isOver) listener(message);
    };
    this.#socket.on('message', (data, isBinary) => {
      const whole = asBuffer(data);
      onMessage(whole, 0, whole.length, isBinary);
    });
    readPlainFrames(this.#stream, { maxBytes: this.#maxPlainBytes, onMessage });
  }

  onRoundTrip(listener: (ms: number) => void): void {
    this.#liveness.onRoundTrip(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#socket.on('close', (code) => {
      this.#isOver = true;
      this.#liveness.stop();
      this.backlog.clear();
      listener(this.#dropped ?? this.backlog.problem ?? `socket closed (${code})`);
    });
  }

  #wrongKind(): ProtocolError {
    const { binary, subprotocol } = this.serializer.serializer;
    this.#closeCode = closeCodes.unsupportedData;
    return new ProtocolError(`${subprotocol} is sent in ${binary ? 'binary' : 'text'} frames only`);
  }

  #drop(reason: string): void {
    this.#dropped = reason;
    this.#isOver = true;
    this.backlog.clear();
    this.#socket.terminate();
  }
}

/** A server's sockets hand over single buffers, unless told otherwise. */
const asBuffer = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
