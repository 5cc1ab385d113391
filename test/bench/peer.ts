/**
 * A WebSocket client that costs the load little, so that one process can keep a router busy: messages of one turn leave
 * in one write, frames are walked where they arrived. It masks as RFC 6455 demands, and answers pings that carry nothing.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const mask = Buffer.from([0x5a, 0xc3, 0x99, 0x1e]);
const opcodes = { text: 1, binary: 2, ping: 9, pong: 10 } as const;

const pong = Buffer.from([0x80 | opcodes.pong, 0x80, ...mask]);

export class Peer {
  /** What to do with a message; it lies in `data` from `start` to `end`, and only during the call. */
  onMessage: (data: Buffer, start: number, end: number) => void = () => {};
  readonly #socket: Socket;
  #rest: Buffer | null = null;
  #pending: Buffer[] = [];

  constructor(socket: Socket, head: Buffer) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', () => socket.destroy());
    if (head.length === 0) return;
    this.#rest = head; // whoever waits for the peer gets to listen first
    setImmediate(() => this.#read(Buffer.alloc(0)));
  }

  send(message: string | Uint8Array): void {
    this.sendFrame(frameOf(message));
  }

  /** One that `frameOf` made. */
  sendFrame(frame: Buffer): void {
    if (this.#pending.push(frame) === 1) setImmediate(() => this.#flush());
  }

  /** Sends a message and waits for the next one that comes. @throws Error when none will come. */
  ask(message: string | Uint8Array): Promise<Buffer> {
    const answer = this.next();
    this.send(message);
    return answer;
  }

  /** The next message whose first byte is wanted. @throws Error when the connection ends before. */
  async next(isWanted: (firstByte: number) => boolean = () => true): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const lost = () => reject(new Error('the server has ended a connection that waited for it'));
    this.onMessage = (data, start, end) => {
      if (isWanted(data[start]!)) resolve(Buffer.from(data.subarray(start, end)));
    };
    this.#socket.once('close', lost);
    try {
      return await promise;
    } finally {
      this.#socket.off('close', lost);
      this.onMessage = () => {};
    }
  }

  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }

  #flush(): void {
    const frames = this.#pending;
    this.#pending = [];
    this.#socket.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
  }

  #read(chunk: Buffer): void {
    const data = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at + 2 <= data.length) {
      const short = data[at + 1]!;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (at + header > data.length) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      const start = at + header;
      if (start + length > data.length) break;
      const opcode = data[at]! & 0x0f;
      if (opcode <= opcodes.binary) this.onMessage(data, start, start + length);
      else if (opcode === opcodes.ping) this.sendFrame(pong);
      at = start + length;
    }
    this.#rest = at < data.length ? data.subarray(at) : null;
  }
}

/**
 * Each connection comes from the next of 64 addresses of this machine: one has 28,000 ports for all its connections to the
 * same server, those of a minute ago among them, and long before they are used up the kernel spends milliseconds on
 * finding another.
 * @throws Error when the server does not switch to WebSocket.
 */
export function open(url: string, subprotocol?: string): Promise<Peer> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, localAddress: nextAddress() });
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
      `${subprotocol ? `Sec-WebSocket-Protocol: ${subprotocol}\r\n` : ''}\r\n`,
  );
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData).off('error', reject);
      const status = head.toString('latin1', 0, head.indexOf('\r\n'));
      if (status.includes(' 101 ')) resolve(new Peer(socket, head.subarray(end + 4)));
      else reject(new Error(`${url} answered ${status}`));
    };
    socket.on('data', onData).on('error', reject);
  });
}

let opened = 0;
const nextAddress = () => `127.0.0.${1 + (opened++ % 64)}`;

/** A message as a client sends it; text is ASCII. */
export function frameOf(message: string | Uint8Array): Buffer {
  const { length } = message;
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + 4 + length);
  frame[0] = 0x80 | (typeof message === 'string' ? opcodes.text : opcodes.binary);
  frame[1] = 0x80 | (header === 2 ? length : header === 4 ? 126 : 127);
  if (header === 4) frame.writeUInt16BE(length, 2);
  if (header === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(mask, header);
  const start = header + 4;
  if (typeof message === 'string')
    for (let i = 0; i < length; i++) frame[start + i] = message.charCodeAt(i) ^ mask[i & 3]!;
  else for (let i = 0; i < length; i++) frame[start + i] = message[i]! ^ mask[i & 3]!;
  return frame;
}
