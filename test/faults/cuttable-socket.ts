/** Real sockets that break where a test says: at the next thing that is sent, before it, in it, behind it, or at its answer. */
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

export const cuts = [
  /** Before the request has left. */
  'unsent',
  /** Half a frame has been sent. */
  'half sent',
  /** The request has left, and nobody is there to be answered. */
  'sent',
  /** Something has come back, so that the request is carried out; it is not read. */
  'unread',
  /** Half of that has been read. */
  'half read',
] as const;
export type Cut = (typeof cuts)[number];

interface Break {
  readonly at: Cut;
  /** By RST, which throws away what is on its way, instead of FIN. */
  readonly byReset: boolean;
  /** It has happened. */
  made(): void;
}

/** A TCP connection as `ws` uses it. */
class Line extends Duplex {
  readonly #socket: Socket;
  #break: Break | null = null;
  #isAnswerNext = false;

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket.setNoDelay(true);
    socket.on('data', (data) => this.#came(data));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** At the next thing that is sent. */
  breakAt(at: Break): void {
    this.#break = at;
  }

  cut({ byReset }: { readonly byReset: boolean }): void {
    if (byReset) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk, done);
  }

  /** A frame is written in pieces. */
  override _writev(pieces: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #send(bytes: Buffer, done: (error?: Error | null) => void): void {
    const { at } = this.#break ?? {};
    if (at === 'unsent') return this.#breakNow();
    if (at === 'sent') return void this.#socket.write(bytes, () => this.#breakNow());
    if (at === 'half sent') return void this.#socket.write(half(bytes), () => this.#breakNow());
    this.#isAnswerNext = at !== undefined;
    this.#socket.write(bytes, done);
  }

  #came(bytes: Buffer): void {
    if (!this.#isAnswerNext) {
      if (!this.push(bytes)) this.#socket.pause();
      return;
    }
    if (this.#break?.at === 'half read') this.push(half(bytes));
    this.#breakNow();
  }

  #breakNow(): void {
    const how = this.#break;
    if (!how || this.#socket.destroyed) return;
    how.made();
    this.cut(how);
  }
}

const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

/** The sockets of one client, one after another. */
export class CuttableSockets {
  #line: Line | null = null;
  /** For `connectWebSocket`. */
  readonly WebSocket: new (url: string, protocols: string[]) => WebSocket;

  constructor() {
    const opened = (line: Line) => (this.#line = line);
    this.WebSocket = class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        const { port, hostname } = new URL(url);
        super(url, protocols, {
          createConnection: () => opened(new Line(connect({ port: Number(port), host: hostname }))),
        });
      }
    };
  }

  breakAt(at: Break): void {
    this.#line?.breakAt(at);
  }

  /** Now, whatever is on its way. */
  cut(how: { readonly byReset: boolean }): void {
    this.#line?.cut(how);
  }
}
