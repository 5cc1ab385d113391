/**
 * Plain `ws` doing the least that moves the same bytes: /relay passes every message to the other socket of a pair,
 * /fan-out answers each message of a publisher with one event to all.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { eventText } from './fan-out.ts';
import { reportTo } from './subject.ts';

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const listeners = new Map<WebSocket, Duplex>();
let waiting: WebSocket | undefined;

const event = Buffer.from(eventText);
/** The event as it goes over the wire: RFC 6455, one text frame of 126 to 65,535 bytes. */
const frame = Buffer.concat([Buffer.from([0x81, 126, event.length >> 8, event.length & 0xff]), event]);

const roles: Record<string, (socket: WebSocket, stream: Duplex) => void> = {
  '/relay': pair,
  '/subscriber'(socket, stream) {
    listeners.set(socket, stream);
    socket.on('close', () => listeners.delete(socket));
  },
  '/publisher': (socket) =>
    socket.on('message', () => listeners.forEach((_, listener) => listener.send(event, { binary: false }))),
  '/publisher/frame': (socket) => socket.on('message', () => listeners.forEach((stream) => stream.write(frame))),
};

function pair(socket: WebSocket): void {
  const other = waiting;
  if (!other) {
    waiting = socket;
    return;
  }
  waiting = undefined;
  for (const [from, to] of [
    [socket, other],
    [other, socket],
  ] as const) {
    from.on('message', (data, isBinary) => to.send(data, { binary: isBinary }));
    from.on('close', () => to.close());
  }
}

const server = createServer();
server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => roles[request.url ?? '']?.(socket, stream));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
reportTo(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
