/**
 * What the router is compared with: plain `ws` and bare sockets moving the same bytes and knowing no WAMP. /caller and
 * /callee: every message is passed on at once, to the next callee and back to its caller. /durable: as a caller. /subscriber and /publisher:
 * a frame that was built once is written to every socket of a group.
 */
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Disk } from './disk.ts';
import { eventText } from './messages.ts';
import { serve, usage } from './subject.ts';

const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 65_536 });
const binary = { binary: false };

/** Callers in the order in which their messages went to the callee, who answers in that order. */
const waiting: WebSocket[] = [];
let callee: WebSocket | undefined;

/** Streams by the group that their path names. */
const groups = new Map<string, Set<Duplex>>();
const groupOf = (name: string) => groups.get(name) ?? groups.set(name, new Set()).get(name)!;
const event = Buffer.from(eventText);
/** RFC 6455: one text frame of up to 125 bytes. */
const frame = Buffer.concat([Buffer.from([0x81, event.length]), event]);

const roles: Record<string, (socket: WebSocket, stream: Duplex, group: string) => void> = {
  callee(socket) {
    callee = socket;
    waiting.length = 0;
    socket.on('message', (data) => waiting.shift()?.send(data, binary));
  },
  caller: (socket) =>
    socket.on('message', (data) => {
      waiting.push(socket);
      callee?.send(data, binary);
    }),
  /** As a caller, who is not answered: what it says is on the disk first. */
  durable(socket) {
    const disk = new Disk();
    socket.on('message', (data) => disk.write(() => callee?.send(data, binary)));
  },
  subscriber(socket, stream, name) {
    const group = groupOf(name).add(stream);
    socket.on('close', () => group.delete(stream));
  },
  /** Names the group first in each message: the router, too, has a topic to look up. */
  publisher: (socket) =>
    socket.on('message', (data: Buffer) => {
      for (const stream of groupOf(data.toString('latin1', 0, data.indexOf(32)))) stream.write(frame);
    }),
};

const server = createServer(usage);
server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => {
    const [, role = '', group = ''] = (request.url ?? '').split('/');
    socket.on('error', () => socket.terminate());
    roles[role]?.(socket, stream, group);
  });
});
await serve(server);
