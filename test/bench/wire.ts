/** Bare sockets for the load: frames are written as text, so that measuring costs the same on both sides. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}

/** A socket with a session in realm1. */
export async function joined(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, 'wamp.2.json', { perMessageDeflate: false });
  await once(socket, 'open');
  const roles = { caller: {}, callee: {}, publisher: {}, subscriber: {} };
  await answered(socket, JSON.stringify([1, 'realm1', { roles }]));
  return socket;
}

/** The text of the next message after this one. */
export async function answered(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, 'message');
  socket.send(text);
  const [data] = (await answer) as [Buffer];
  return data.toString();
}

/** The number after a message's code: `[68,17,…` is 17. */
export const secondOf = (data: Buffer): number => Number(data.toString('latin1', 4, data.indexOf(44, 4)));

export async function close(...sockets: WebSocket[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      socket.close();
      if (socket.readyState !== socket.CLOSED) await once(socket, 'close');
    }),
  );
}
