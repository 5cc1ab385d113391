import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket as NpmWebSocket, WebSocketServer, type ServerOptions, type WebSocket as Peer } from 'ws';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { json } from '../../../protocol/wamp/json.ts';
import type { Message } from '../../../protocol/wamp/messages.ts';
import { msgpack } from '../../../protocol/wamp/msgpack.ts';
import { connectWebSocket, type WebSocketClass } from '../../../protocol/wamp/websocket.ts';

const servers: WebSocketServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
  }
});

async function serve(options: ServerOptions = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...options });
  servers.push(server);
  const peer = new Promise<Peer>((resolve) => server.once('connection', resolve));
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, peer };
}
const classes: readonly (readonly [string, WebSocketClass])[] = [
  ['the host', WebSocket],
  ['npm ws', NpmWebSocket],
];
const published: Message = { type: 'published', request: 1, publication: 2 };

describe.each(classes)('over the WebSocket of %s', (_, WebSocket) => {
  test.each([json, msgpack])('[WebSocket Transport] messages go both ways as $subprotocol', async (serializer) => {
    const { url, peer } = await serve();
    const transport = await connectWebSocket(url, { serializers: [serializer], WebSocket });
    const remote = await peer;
    expect(remote.protocol).toBe(serializer.subprotocol);
    const arriving = once(remote, 'message');
    transport.send(published);
    const [data, isBinary] = await arriving;
    expect(isBinary).toBe(serializer.binary);
    expect(serializer.decode(data)).toEqual(published);
    const received = new Promise((resolve) => transport.onMessage(resolve));
    remote.send(serializer.encode(published));
    expect(await received).toEqual(published);
  });

  test('[WebSocket Transport] a router that takes no JSON is spoken to in MessagePack', async () => {
    const { url, peer } = await serve({ handleProtocols: () => msgpack.subprotocol });
    const transport = await connectWebSocket(url, { WebSocket });
    const arriving = once(await peer, 'message');
    transport.send(published);
    expect(msgpack.decode((await arriving)[0])).toEqual(published);
  });

  test('[WebSocket Transport] what cannot be read arrives as a ProtocolError, the wrong kind of frame too', async () => {
    const { url, peer } = await serve();
    const transport = await connectWebSocket(url, { WebSocket });
    const received: unknown[] = [];
    const both = new Promise<void>((resolve) =>
      transport.onMessage((message) => void (received.push(message) === 2 && resolve())),
    );
    const remote = await peer;
    remote.send('[');
    remote.send(Buffer.from([0x90]));
    await both;
    expect(received).toEqual([
      new ProtocolError('a message is not JSON'),
      new ProtocolError('a binary frame came on wamp.2.json'),
    ]);
  });

  test('onClose says why, and sending afterwards does nothing', async () => {
    const { url, peer } = await serve();
    const transport = await connectWebSocket(url, { WebSocket });
    const closed = new Promise((resolve) => transport.onClose(resolve));
    (await peer).close(4000, 'too slow');
    expect(await closed).toBe('socket closed (4000): too slow');
    transport.send(published);
    transport.close();
  });

  test('[WebSocket Transport] close ends the socket normally', async () => {
    const { url, peer } = await serve();
    const transport = await connectWebSocket(url, { WebSocket });
    const closed = once(await peer, 'close');
    transport.close();
    expect((await closed)[0]).toBe(1000);
  });

  test('a server that is not there is named', async () => {
    const { url } = await serve();
    servers.splice(0).forEach((server) => server.close());
    await expect(connectWebSocket(url, { WebSocket })).rejects.toThrow(`cannot connect to ${url}`);
  });

  test('[WebSocket Transport] a server that chooses no subprotocol is refused', async () => {
    const { url } = await serve({ handleProtocols: () => false });
    await expect(connectWebSocket(url, { WebSocket })).rejects.toThrow(url);
  });

  test('connecting can be given up', async () => {
    const { url } = await serve({ verifyClient: (_request, _answer) => {} });
    const controller = new AbortController();
    const connecting = connectWebSocket(url, { WebSocket, signal: controller.signal });
    controller.abort(new Error('left the page'));
    await expect(connecting).rejects.toThrow('left the page');
  });
});
