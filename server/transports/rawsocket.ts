/** WAMP over plain streams: TCP, TLS and Unix sockets. WAMP "RawSocket Transport". */
import type { Server, Socket } from 'node:net';
import { readAll, serializers as always, type Serializer } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';
import type { Reception } from './entrance.ts';
import {
  announceable,
  greeting,
  handshakeOctets,
  magicOctet,
  readRequest,
  refusal,
  type Greeting,
  type RefusalCode,
} from './rawsocket-handshake.ts';
import { RawSocketTransport, type RawSocketTransportOptions } from './rawsocket-transport.ts';
import { socketFacts } from './socket-facts.ts';

export interface ServeRawSocketOptions extends RawSocketTransportOptions {
  readonly hub: Reception;
  /** Default: JSON and MessagePack. */
  readonly serializers?: readonly Serializer[];
  /** What is announced is the next power of two below, from 512 B to 16 MiB. A larger message ends the connection. */
  readonly maxMessageBytes?: number;
  /** Smallest limit of a peer that is accepted. */
  readonly leastPeerBytes?: number;
  /** Default: no limit. */
  readonly maxConnections?: number;
  readonly handshakeTimeoutMs?: number;
}

export interface RawSocketService {
  /** Takes over a socket of which nothing has been read: as listener of a server, or from a port that is shared. */
  accept(socket: Socket): void;
  /** Drops those that are still open; `hub.stop()` first takes leave of them. */
  close(): void;
  /** How sockets that come from now on are served; those that are there stay as they are. */
  change(options: ServeRawSocketOptions): void;
}

/** Lets RawSocket peers reach the hub. @param server a server of `node:net` or `node:tls`; without, see `accept`. */
export function serveRawSocket(given: ServeRawSocketOptions, server?: Server): RawSocketService {
  let options = given;
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Arrival(socket, options, () => sockets.size).await();
  };
  const event = server && 'setSecureContext' in server ? 'secureConnection' : 'connection';
  server?.on(event, accept);
  return {
    accept,
    close() {
      server?.off(event, accept);
      for (const socket of sockets) socket.destroy();
    },
    change(changed) {
      options = changed;
    },
  };
}

/** A socket until its four octets have come. */
class Arrival {
  readonly #socket: Socket;
  readonly #options: ServeRawSocketOptions;
  /** How many sockets there are, this one among them. */
  readonly #count: () => number;
  #timer: unknown;
  #octets = Buffer.alloc(0);

  constructor(socket: Socket, options: ServeRawSocketOptions, count: () => number) {
    this.#socket = socket;
    this.#options = options;
    this.#count = count;
  }

  await(): void {
    const { clock = backgroundClock, handshakeTimeoutMs = defaults.handshakeTimeoutMs } = this.#options;
    const socket = this.#socket.setNoDelay(true);
    this.#timer = clock.setTimeout(() => socket.destroy(), handshakeTimeoutMs);
    socket.on('data', this.#read);
    socket.on('end', () => socket.end()); // on a port shared with HTTP it would stay half open
    socket.on('error', this.#gone).on('close', this.#gone);
  }

  readonly #gone = (): void => {
    (this.#options.clock ?? backgroundClock).clearTimeout(this.#timer);
  };

  readonly #read = (piece: Buffer): void => {
    this.#octets = Buffer.concat([this.#octets, piece]);
    if (this.#octets[0] !== magicOctet) return void this.#socket.destroy();
    if (this.#octets.length < handshakeOctets) return;
    this.#gone();
    this.#socket.off('data', this.#read);
    const asked = this.#verdict();
    if (typeof asked === 'number') this.#refuse(asked);
    else this.#welcome(asked);
  };

  #verdict(): Greeting | RefusalCode {
    const { serializers = always, leastPeerBytes = defaults.leastPeerBytes, maxConnections = Infinity } = this.#options;
    const asked = readRequest(this.#octets, serializers);
    if (typeof asked === 'number') return asked;
    if (asked.maxMessageBytes < leastPeerBytes) return 2;
    const isFull =
      this.#count() > maxConnections || this.#options.hub.crowdProblem(socketFacts(this.#socket).peer) !== null;
    return isFull ? 4 : asked;
  }

  #welcome({ serializer, maxMessageBytes: maxPeerBytes }: Greeting): void {
    const socket = this.#socket;
    const { hub, maxMessageBytes: wanted = defaults.maxMessageBytes } = this.#options;
    const maxMessageBytes = announceable(wanted);
    socket.write(greeting({ serializer, maxMessageBytes }));
    const agreed = { serializer, read: readAll, maxMessageBytes, maxPeerBytes };
    const transport = new RawSocketTransport(socket, agreed, this.#options);
    hub.accept(transport, { type: 'rawsocket', protocol: serializer.name, ...socketFacts(socket) });
    const rest = this.#octets.subarray(handshakeOctets);
    if (rest.length > 0) socket.emit('data', rest);
  }

  #refuse(code: RefusalCode): void {
    this.#socket.once('finish', () => this.#socket.destroy());
    this.#socket.resume().end(refusal(code));
  }
}
