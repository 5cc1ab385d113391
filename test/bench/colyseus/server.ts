/** A server of Colyseus under measurement, as `@colyseus/ws-transport` has it. */
import { createServer } from 'node:http';
import { Server } from '@colyseus/core';
import { Encoder } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import type { AddressInfo } from 'node:net';
import { usage } from '../subject.ts';
import { CellsRoom, ChessRoom, SwarmRoom } from './rooms.ts';

Encoder.BUFFER_SIZE = 64 * 1024;

const http = createServer();
const server = new Server({
  transport: new WebSocketTransport({ server: http }),
  greet: false,
  express: (app) => void app.get('/usage', usage),
});
server.define('swarm', SwarmRoom);
server.define('open', SwarmRoom);
server.define('cells', CellsRoom);
server.define('chess', ChessRoom);
await server.listen(0, '127.0.0.1', 8192);
process.on('disconnect', () => process.exit());
process.send?.(`127.0.0.1:${(http.address() as AddressInfo).port}`);
