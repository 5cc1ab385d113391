/** A client's transport over a RawSocket, for components in Node. WAMP "RawSocket Transport". */
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { decodeAll, serializers, type Serializer, type Transport } from '../../protocol/index.ts';
import { announceable, greeting, handshakeOctets, readAnswer } from './rawsocket-handshake.ts';
import { RawSocketTransport, type RawSocketTransportOptions } from './rawsocket-transport.ts';

export interface ConnectRawSocketOptions extends RawSocketTransportOptions {
  /** Default: MessagePack. */
  readonly serializer?: Serializer;
  /** Largest message we take; what is announced is the next power of two below, from 512 B to 16 MiB. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Connect by TLS. */
  readonly tls?: ConnectionOptions;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}

/** Where the router is: a port, or a Unix socket. */
export type RawSocketAddress = { readonly port: number; readonly host?: string } | { readonly path: string };

/** @throws Error saying why there is no connection; the signal's reason when that was aborted. */
export async function connectRawSocket(
  address: RawSocketAddress,
  options: ConnectRawSocketOptions = {},
): Promise<Transport> {
  const { serializer = serializers.at(-1)!, signal, tls } = options;
  const maxMessageBytes = announceable(options.maxMessageBytes ?? 2 ** 24);
  signal?.throwIfAborted();
  const socket = tls ? connectTls({ ...tls, ...address }) : connect(address as NetConnectOpts);
  const abort = () => socket.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    socket.setNoDelay(true).write(greeting({ serializer, maxMessageBytes }));
    const agreed = readAnswer(await firstOctets(socket), serializer);
    const limits = { maxMessageBytes, maxPeerBytes: agreed.maxMessageBytes };
    return new RawSocketTransport(socket, { serializer, read: decodeAll, ...limits }, options);
  } catch (cause) {
    socket.destroy();
    if (signal?.aborted) throw signal.reason;
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot connect to ${nameOf(address)}: ${words}`, { cause });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

const nameOf = (address: RawSocketAddress) =>
  'path' in address ? address.path : `${address.host ?? 'localhost'}:${address.port}`;

/** What the router says behind them stays in the socket. */
function firstOctets(socket: Socket): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const onReadable = () => {
      const octets: Buffer | null = socket.read(handshakeOctets);
      if (!octets) return;
      socket.off('readable', onReadable).off('close', onClose).off('error', reject);
      resolve(octets);
    };
    const onClose = () => reject(new Error('it closed the connection'));
    socket.on('readable', onReadable).on('close', onClose).on('error', reject);
  });
}
