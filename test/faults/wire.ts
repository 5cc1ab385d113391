/** Peers that say exactly the bytes they are told to, framed as their transport wants it, over every transport. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { decodeAll, isBatched, type Message, type Serializer } from '../../protocol/index.ts';
import { batch, encoders, type Bytes } from './encoders.ts';
import type { Place } from './router.ts';

export interface Wire {
  /** One frame, or one body of a request, in the order of the calls. */
  say(bytes: Bytes): void;
  /** undefined: nothing comes any more. */
  next(): Promise<Message | undefined>;
  /**
   * How it has ended: the closing code of a WebSocket, whether a RawSocket ended in order or was reset, the status of the
   * last request with which a long-poll peer has sent.
   */
  readonly ended: Promise<number | 'end' | 'reset'>;
  /** Reads nothing from now on. */
  pause(): void;
  /** Goes without a word. */
  leave(): Promise<void>;
}

export type Connect = (place: Place, serializer: Serializer) => Promise<Wire>;

/** Messages in the order in which they came, for somebody who asks for one after another. */
class Inbox {
  readonly #messages: Message[] = [];
  #isOver = false;
  #arrived = () => {};

  put(serializer: Serializer, data: Bytes): void {
    for (const message of decodeAll(serializer, data)) {
      if (message instanceof Error) throw message;
      this.#messages.push(message);
    }
    this.#arrived();
  }

  end(): void {
    this.#isOver = true;
    this.#arrived();
  }

  async next(): Promise<Message | undefined> {
    while (this.#messages.length === 0 && !this.#isOver)
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.#messages.shift();
  }
}

async function byWebSocket({ port }: Place, serializer: Serializer): Promise<Wire> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, serializer.subprotocol);
  const inbox = new Inbox();
  socket.on('error', () => {}); // the code of closing tells
  socket.on('message', (data: Buffer) => inbox.put(serializer, data));
  const ended = once(socket, 'close').then(([code]) => {
    inbox.end();
    return code as number;
  });
  await once(socket, 'open');
  return {
    say: (bytes) => socket.send(bytes, { binary: serializer.binary }),
    next: () => inbox.next(),
    ended,
    pause: () => socket.pause(),
    async leave() {
      socket.terminate();
      await ended;
    },
  };
}

const handshake: Readonly<Record<Serializer['name'], string>> = {
  json: '7ff10000',
  msgpack: '7ff20000',
  cbor: '7ff30000',
};

/** The header of a RawSocket's message. */
export function framed(bytes: Bytes): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(Buffer.byteLength(bytes));
  return Buffer.concat([header, Buffer.from(bytes)]);
}

async function byRawSocket(socket: Socket, serializer: Serializer): Promise<Wire> {
  const inbox = new Inbox();
  let wasReset = false;
  socket.on('error', () => (wasReset = true));
  const ended = once(socket, 'close').then(() => {
    inbox.end();
    return wasReset ? 'reset' : 'end';
  });
  socket.write(Buffer.from(handshake[serializer.name], 'hex'));
  let bytes = ((await once(socket, 'data')) as [Buffer])[0].subarray(4);
  socket.on('data', (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece]);
    for (
      let end = 0;
      bytes.length >= 4 && bytes.length >= (end = 4 + bytes.readUIntBE(1, 3));
      bytes = bytes.subarray(end)
    )
      if (bytes[0] === 0) inbox.put(serializer, bytes.subarray(4, end));
  });
  return {
    say: (message) => void socket.write(framed(message)),
    next: () => inbox.next(),
    ended,
    pause: () => void socket.pause(),
    async leave() {
      socket.destroy();
      await ended;
    },
  };
}

export const post = (url: string, body: Bytes = '') =>
  fetch(url, { method: 'POST', body: typeof body === 'string' ? body : Buffer.from(body) });

async function byLongPoll({ port }: Place, serializer: Serializer): Promise<Wire> {
  const base = `http://127.0.0.1:${port}/lp`;
  const opened = await post(`${base}/open`, JSON.stringify({ protocols: [serializer.subprotocol] }));
  const { transport } = (await opened.json()) as { transport: string };
  const inbox = new Inbox();
  let turn = Promise.resolve(0);
  let isReading = true;
  async function receive(): Promise<number> {
    for (;;) {
      const answer = await post(`${base}/${transport}/receive`);
      if (answer.status === 200) inbox.put(serializer, new Uint8Array(await answer.arrayBuffer()));
      if (!isReading || (answer.status !== 200 && answer.status !== 204)) break;
    }
    inbox.end();
    return turn;
  }
  const ended = receive();
  return {
    say(bytes) {
      turn = turn.then(async () => (await post(`${base}/${transport}/send`, bytes)).status);
    },
    next: () => inbox.next(),
    ended,
    pause: () => (isReading = false),
    async leave() {
      await turn;
      await post(`${base}/${transport}/close`);
      await ended;
    },
  };
}

/** Every transport of a router that peers outside of its process can reach. */
export const transports: Readonly<
  Record<'WebSocket' | 'RawSocket over TCP' | 'RawSocket over a Unix socket' | 'long-poll', Connect>
> = {
  WebSocket: byWebSocket,
  'RawSocket over TCP': ({ port }, serializer) => byRawSocket(connect({ port, host: '127.0.0.1' }), serializer),
  'RawSocket over a Unix socket': ({ path }, serializer) => byRawSocket(connect({ path }), serializer),
  'long-poll': byLongPoll,
};
export type TransportName = keyof typeof transports;

/** With a session. @param hello what it says of itself. */
export async function joined(
  connectBy: Connect,
  place: Place,
  serializer: Serializer,
  hello: unknown = [1, 'realm1', { roles: { caller: {}, callee: {}, publisher: {}, subscriber: {} } }],
): Promise<Wire & { readonly session: number }> {
  const wire = await connectBy(place, serializer);
  const greeting = encoders[serializer.name](hello);
  wire.say(isBatched(serializer) ? batch(greeting) : greeting);
  const welcome = await wire.next();
  if (welcome?.type !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(welcome)}`);
  return { ...wire, session: welcome.session };
}
