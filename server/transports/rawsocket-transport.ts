import type { Socket } from 'node:net';
import {
  errors,
  messages,
  ProtocolError,
  type Clock,
  type Message,
  type Serializer,
  type Span,
} from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import type { BacklogLimits } from './backlog.ts';
import { boundless } from './backlogs.ts';
import { defaults } from './defaults.ts';
import type { EncodingTransport } from './encoding-transport.ts';
import { Liveness } from './liveness.ts';
import { Outbox } from './outbox.ts';
import { lengthOf } from './slab.ts';
import {
  frame,
  FrameReader,
  frameTypes,
  headerOctets,
  rawFramingOf,
  type Frame,
  type RawFraming,
} from './rawsocket-frames.ts';

export interface RawSocketTransportOptions extends BacklogLimits {
  /**
   * How often a PING asks whether the peer is there. Default: never, since Autobahn for Python's asyncio breaks off when
   * it is asked; TCP itself notices a peer that has gone.
   */
  readonly pingIntervalMs?: number;
  readonly pongTimeoutMs?: number;
  readonly closeTimeoutMs?: number;
  readonly clock?: Clock;
}

export interface Agreed {
  readonly serializer: Serializer;
  /** The messages of a frame: for a router by `readAll`, so that payloads may stay encoded, for a client by `decodeAll`. */
  readonly read: (serializer: Serializer, payload: Uint8Array) => Iterable<Message | ProtocolError>;
  /** Largest message we take, as announced. */
  readonly maxMessageBytes: number;
  /** Largest message the peer takes. */
  readonly maxPeerBytes: number;
}

/** A RawSocket after its handshake, from either end. WAMP "RawSocket Transport". */
export class RawSocketTransport implements EncodingTransport {
  readonly serializer: RawFraming;
  readonly #maxPeerBytes: number;
  readonly #socket: Socket;
  readonly backlog: Outbox;
  readonly #reader: FrameReader;
  readonly #read: Agreed['read'];
  readonly #liveness: Liveness | undefined;
  readonly #clock: Clock;
  readonly #closeTimeoutMs: number;
  #listener: (input: Message | ProtocolError) => void = () => {};
  receivedBytes = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closeTimer: unknown;
  /** Why it ended, where we ended it. */
  #reason: string | undefined;

  constructor(
    socket: Socket,
    { serializer, read, maxMessageBytes, maxPeerBytes }: Agreed,
    options: RawSocketTransportOptions,
  ) {
    this.#socket = socket;
    this.serializer = rawFramingOf(serializer);
    this.#read = read;
    this.#maxPeerBytes = maxPeerBytes;
    this.backlog = new Outbox(socket, options);
    this.backlog.join(boundless, (problem) => this.#drop(problem));
    this.#reader = new FrameReader(maxMessageBytes);
    this.#closeTimeoutMs = options.closeTimeoutMs ?? defaults.closeTimeoutMs;
    this.#clock = options.clock ?? backgroundClock;
    this.#liveness = this.#watch(options);
    socket.setKeepAlive(true, defaults.pingIntervalMs);
    socket.on('error', (error) => (this.#reason ??= error.message)); // `close` follows
  }

  /** What the peer would not take is not sent: an answer becomes an error, and of anything else the end says so. */
  send(message: Message): void {
    const encoded = this.serializer.encode(message);
    if (this.takes(encoded)) return this.sendEncoded(encoded);
    const words = `a message of ${lengthOf(encoded) - headerOctets} bytes is larger than the ${this.#maxPeerBytes} that the peer takes`;
    if (message.type === 'yield' || (message.type === 'error' && message.args))
      this.send(tooLarge(message.request, words));
    else this.#drop(words);
  }

  takes(encoded: Span): boolean {
    return lengthOf(encoded) - headerOctets <= this.#maxPeerBytes;
  }

  sendEncoded(encoded: Span): void {
    this.#write(encoded);
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.backlog.finish();
    this.#socket.end();
    this.#closeTimer = this.#clock.setTimeout(() => this.#socket.destroy(), this.#closeTimeoutMs);
  }

  onMessage(listener: (input: Message | ProtocolError) => void): void {
    this.#listener = listener;
    this.#socket.on('data', (piece) => this.#receive(piece));
  }

  onRoundTrip(listener: (ms: number) => void): void {
    this.#liveness?.onRoundTrip(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#socket.on('close', () => {
      this.#state = 'closed';
      this.#liveness?.stop();
      this.#clock.clearTimeout(this.#closeTimer);
      this.backlog.clear();
      listener(this.#reason ?? this.backlog.problem ?? 'socket closed');
    });
  }

  #watch({ pingIntervalMs: intervalMs, pongTimeoutMs }: RawSocketTransportOptions): Liveness | undefined {
    if (intervalMs === undefined) return undefined;
    return new Liveness({
      intervalMs,
      timeoutMs: pongTimeoutMs ?? defaults.pongTimeoutMs,
      clock: this.#clock,
      ping: (payload) => this.#write(frame(frameTypes.ping, Buffer.from(payload))), // AutobahnJS answers an empty one only when something else follows
      onSilence: () => this.#drop('silent after a ping'),
    });
  }

  #receive(piece: Buffer): void {
    if (this.#state !== 'open') return; // we have ended it: nothing is read any more
    this.#liveness?.heard();
    try {
      for (const whole of this.#reader.read(piece)) {
        this.#handle(whole);
        if (this.#state !== 'open') return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#listener(error);
      this.close();
    }
  }

  #handle({ type, payload }: Frame): void {
    this.receivedBytes += payload.length;
    if (type === frameTypes.ping) this.#write(frame(frameTypes.pong, payload));
    else if (type === frameTypes.pong) this.#liveness?.pong(Buffer.from(payload).toString('latin1'));
    else if (type === frameTypes.message)
      for (const message of this.#read(this.serializer.serializer, payload)) this.#listener(message);
  }

  #write(whole: Span): void {
    if (this.#state !== 'open' || !this.#socket.writable) return;
    this.backlog.add(whole);
  }

  #drop(reason: string): void {
    this.#reason = reason;
    this.backlog.clear();
    this.#socket.destroy();
  }
}

/** What a callee answers in place of too large a result. */
const tooLarge = (request: number, words: string): Message => ({
  type: 'error',
  requestType: messages.invocation.code,
  request,
  details: { message: words },
  error: errors.payloadSizeExceeded,
});
