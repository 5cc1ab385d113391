/** A transport over a WebSocket, for clients in browsers and Node. WAMP "WebSocket Transport". */
import { decodeAll } from './batched.ts';
import { ProtocolError } from './errors.ts';
import { plainJson } from './plain-json.ts';
import type { Serializer, Subprotocol } from './serializer.ts';
import type { Transport } from './transport.ts';

/** What we use of a WebSocket: the browser's, Node's and that of npm `ws` have it. */
export interface WebSocketLike {
  readonly protocol: string;
  readonly readyState: number;
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

export interface WebSocketOptions {
  /** What to offer, best first. Default: JSON, then MessagePack, which is loaded when a router takes no JSON. */
  readonly serializers?: readonly Serializer[];
  /** Default: the host's. */
  readonly WebSocket?: WebSocketClass;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}

interface Offer {
  readonly subprotocol: Subprotocol;
  load(): Serializer | Promise<Serializer>;
}
const usual: readonly Offer[] = [
  { subprotocol: plainJson.subprotocol, load: () => plainJson },
  { subprotocol: 'wamp.2.msgpack', load: async () => (await import('./msgpack.ts')).msgpack },
];
const offerOf = (serializer: Serializer): Offer => ({ subprotocol: serializer.subprotocol, load: () => serializer });

/** @throws Error saying why there is no connection; the signal's reason when that was aborted. */
export function connectWebSocket(url: string, options: WebSocketOptions = {}): Promise<Transport> {
  const { serializers, WebSocket = hostWebSocket(), signal } = options;
  const offers = serializers?.map(offerOf) ?? usual;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = new WebSocket(
      url,
      offers.map(({ subprotocol }) => subprotocol),
    );
    socket.binaryType = 'arraybuffer';
    let detail = '';
    const abort = () => {
      reject(signal?.reason);
      socket.close();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const settled = () => signal?.removeEventListener('abort', abort);
    socket.addEventListener('open', () => {
      settled();
      const offer = offers.find(({ subprotocol }) => subprotocol === socket.protocol);
      if (offer) return resolve(transportOver(socket, offer));
      const chosen = socket.protocol === '' ? 'no subprotocol' : `the subprotocol ${socket.protocol}`;
      reject(new Error(`${url} speaks no WAMP that we know: it chose ${chosen}`));
      socket.close();
    });
    socket.addEventListener('error', (event) => (detail = messageOf(event))); // browsers do not say why
    socket.addEventListener('close', (event) => {
      settled();
      reject(new Error(`cannot connect to ${url}: ${detail || reasonOf(event)}`));
    });
  });
}

async function transportOver(socket: WebSocketLike, { load }: Offer): Promise<Transport> {
  try {
    return new WebSocketTransport(socket, await load());
  } catch (error) {
    socket.close();
    throw error;
  }
}

const open = 1;

class WebSocketTransport implements Transport {
  readonly #socket: WebSocketLike;
  readonly #serializer: Serializer;

  constructor(socket: WebSocketLike, serializer: Serializer) {
    this.#socket = socket;
    this.#serializer = serializer;
  }

  send(message: Parameters<Transport['send']>[0]): void {
    if (this.#socket.readyState === open) this.#socket.send(this.#serializer.encode(message));
  }

  close(): void {
    this.#socket.close(1000);
  }

  onMessage(listener: Parameters<Transport['onMessage']>[0]): void {
    this.#socket.addEventListener('message', ({ data }) => {
      for (const message of this.#decode(data)) listener(message);
    });
  }

  onClose(listener: (reason: string) => void): void {
    this.#socket.addEventListener('close', (event) => listener(reasonOf(event)));
  }

  #decode(data: unknown): Iterable<Parameters<Parameters<Transport['onMessage']>[0]>[0]> {
    const { binary, subprotocol } = this.#serializer;
    if (binary && data instanceof ArrayBuffer) return decodeAll(this.#serializer, new Uint8Array(data));
    if (!binary && typeof data === 'string') return decodeAll(this.#serializer, data);
    return [new ProtocolError(`a ${typeof data === 'string' ? 'text' : 'binary'} frame came on ${subprotocol}`)];
  }
}

function hostWebSocket(): WebSocketClass {
  if (typeof WebSocket === 'undefined') throw new Error('this host has no WebSocket: pass one, such as that of npm ws');
  return WebSocket;
}

const reasonOf = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
  `socket closed (${code})${reason === '' ? '' : `: ${reason}`}`;

const messageOf = (event: object) => ('message' in event && typeof event.message === 'string' ? event.message : '');
