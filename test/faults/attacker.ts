/** A peer that says exactly what it is told to, well formed or not. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { parse, type Message } from '../../protocol/index.ts';
import { realm } from './server.ts';

export const roles = { caller: {}, callee: {}, publisher: {}, subscriber: {} };

/** What one peer hears back, in the words of a table: `['abort', uri, message]`, `['error', uri, message]`, or its type. */
export type Heard = readonly unknown[];

export class Attacker {
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  authid = '';
  ticket = '';
  readonly #inbox: Message[] = [];
  #arrived = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {}); // the code of closing tells
    this.closed = once(socket, 'close').then(([code]) => code as number);
    socket.on('message', (data: Buffer) => {
      this.#inbox.push(parse(JSON.parse(data.toString())));
      this.#arrived();
    });
    socket.on('close', () => this.#arrived());
  }

  static async connect(url: string): Promise<Attacker> {
    const attacker = new Attacker(new WebSocket(url, 'wamp.2.json'));
    await once(attacker.socket, 'open');
    return attacker;
  }

  /** Connected and joined as a guest. */
  static async guest(url: string): Promise<Attacker> {
    const attacker = await Attacker.connect(url);
    await attacker.hello();
    return attacker;
  }

  async hello(): Promise<void> {
    this.say([1, realm, { roles }]);
    const welcome = await this.next();
    if (welcome?.type !== 'welcome') throw new Error(`not welcome: ${JSON.stringify(welcome)}`);
    this.authid = welcome.details.authid ?? '';
    this.ticket = String(welcome.details.authextra?.['ticket']);
  }

  /** A text as it is, anything else as JSON. */
  say(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** undefined: the socket was closed without a word. */
  async next(): Promise<Message | undefined> {
    while (this.#inbox.length === 0 && this.socket.readyState === WebSocket.OPEN)
      await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.#inbox.shift();
  }

  async heard(): Promise<Heard> {
    const message = await this.next();
    if (message === undefined) return ['closed'];
    if (message.type === 'abort') return ['abort', message.reason, message.details.message];
    if (message.type === 'error') return ['error', message.error, message.args?.[0]];
    return [message.type];
  }

  async leave(): Promise<void> {
    this.socket.terminate();
    await this.closed;
  }
}
