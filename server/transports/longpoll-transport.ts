import { isBatched, ProtocolError, readAll, type Clock, type Message, type Serializer } from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';
import { encodeInto } from './encode-into.ts';
import type { EncodingTransport, MessageEncoder } from './hub.ts';

export interface LongPollTransportOptions {
  readonly maxBufferedBytes?: number;
  readonly maxQueuedMessages?: number;
  readonly pollTimeoutMs?: number;
  readonly pollIdleMs?: number;
  readonly clock?: Clock;
}

/** An HTTP request that waits for messages. Each is answered once, by one of the two. */
export interface Poll {
  /** @param body null: nothing has come, ask again. */
  answer(body: Uint8Array | null): void;
  /** There is nothing to ask for any more. */
  end(): void;
}

/** A peer that sends and asks by HTTP requests. It ends when it stays away. WAMP "HTTP Long-Poll Transport". */
export class LongPollTransport implements EncodingTransport {
  readonly serializer: Body;
  readonly #clock: Clock;
  readonly #options: LongPollTransportOptions;
  /** What the peer has not fetched yet. */
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #poll: Poll | undefined;
  #isFlushing = false;
  readonly #onEnd: () => void;
  /** Of the poll that waits; without one, of the peer's return. */
  #timer: unknown;
  receivedBytes = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #message: (input: Message | ProtocolError) => void = () => {};
  #close: (reason: string) => void = () => {};

  /** @param onEnd for whoever finds transports by their ids. */
  constructor(serializer: Serializer, options: LongPollTransportOptions, onEnd: () => void) {
    this.serializer = bodyOf(serializer);
    this.#onEnd = onEnd;
    this.#options = options;
    this.#clock = options.clock ?? backgroundClock;
    this.#awaitReturn();
  }

  send(message: Message): void {
    this.sendEncoded(this.serializer.encode(message));
  }

  sendEncoded(encoded: Uint8Array): void {
    if (this.#state !== 'open') return;
    this.#queue.push(encoded);
    this.#queuedBytes += encoded.length;
    const { maxBufferedBytes = defaults.maxBufferedBytes, maxQueuedMessages = defaults.maxQueuedMessages } =
      this.#options;
    if (this.#queuedBytes > maxBufferedBytes || this.#queue.length > maxQueuedMessages) this.end('reads too slowly');
    else this.#flushSoon();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    if (this.#queue.length === 0) this.end('closed');
  }

  onMessage(listener: (input: Message | ProtocolError) => void): void {
    this.#message = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
  }

  /** What the peer has sent. Whether it could be read. */
  receive(body: Uint8Array): boolean {
    this.receivedBytes += body.length;
    for (const input of readAll(this.serializer.serializer, body)) {
      if (this.#state !== 'open') return true; // we have ended it: nothing is read any more
      this.#message(input);
      if (input instanceof ProtocolError) return false;
    }
    return true;
  }

  /** Takes the place of a request that still waits, whose peer has perhaps given it up. */
  poll(poll: Poll): void {
    if (this.#state === 'closed') return poll.end();
    this.#answer(null);
    this.#poll = poll;
    this.#restart(() => this.#answer(null), this.#options.pollTimeoutMs ?? defaults.pollTimeoutMs);
    if (this.#queue.length > 0) this.#flush();
  }

  /** The peer has given the request up. */
  abandon(poll: Poll): void {
    if (this.#poll !== poll) return;
    this.#poll = undefined;
    this.#awaitReturn();
  }

  /** The end, whatever is still queued. */
  end(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#clock.clearTimeout(this.#timer);
    this.#queue = [];
    this.#poll?.end();
    this.#poll = undefined;
    this.#onEnd();
    this.#close(reason);
  }

  /** What comes in one turn of the event loop goes in one batch. */
  #flushSoon(): void {
    if (!this.#poll || this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      if (this.#queue.length > 0) this.#flush();
    });
  }

  #flush(): void {
    if (!this.#poll) return;
    const taken = this.#queue.splice(0, isBatched(this.serializer.serializer) ? Infinity : 1);
    for (const { length } of taken) this.#queuedBytes -= length;
    this.#answer(Buffer.concat(taken));
    if (this.#state === 'closing' && this.#queue.length === 0) this.end('closed');
  }

  #answer(body: Uint8Array | null): void {
    const poll = this.#poll;
    this.#poll = undefined;
    poll?.answer(body);
    this.#awaitReturn();
  }

  #awaitReturn(): void {
    this.#restart(() => this.end('stays away'), this.#options.pollIdleMs ?? defaults.pollIdleMs);
  }

  #restart(callback: () => void, ms: number): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(callback, ms);
  }
}

/** Makes the bodies of answers; the same for all who speak the serializer, so that they can share them. */
interface Body extends MessageEncoder {
  readonly serializer: Serializer;
  encode(message: Message): Uint8Array;
}

function bodyOf(serializer: Serializer): Body {
  const known = bodies.get(serializer) ?? {
    serializer,
    encode: (message) => encodeInto(serializer, message, Buffer.allocUnsafe),
  };
  bodies.set(serializer, known);
  return known;
}
const bodies = new WeakMap<Serializer, Body>();
