import {
  isBatched,
  ProtocolError,
  readAll,
  type Clock,
  type Message,
  type Serializer,
  type Span,
} from '../../protocol/index.ts';
import { backgroundClock } from './background-clock.ts';
import { defaults } from './defaults.ts';
import { encodeInto } from './encode-into.ts';
import type { EncodingTransport, MessageEncoder } from './encoding-transport.ts';
import { PollQueue, type PollQueueLimits } from './poll-queue.ts';
import { bytesOf, spanOf } from './slab.ts';

export interface LongPollTransportOptions extends PollQueueLimits {
  readonly pollTimeoutMs?: number;
  readonly pollIdleMs?: number;
  readonly clock?: Clock;
}

/** An HTTP request that waits for messages. Each is answered once, by one of the two. */
export interface Poll {
  /** Nothing has come: ask again. */
  tell(): void;
  /** @param left called when the peer's system has all of it. */
  answer(body: Uint8Array, left: () => void): void;
  /** There is nothing to ask for any more. */
  end(): void;
  /** Breaks off an answer that has not left. */
  breakOff(): void;
}

/** A peer that sends and asks by HTTP requests. It ends when it stays away. WAMP "HTTP Long-Poll Transport". */
export class LongPollTransport implements EncodingTransport {
  readonly serializer: Body;
  readonly #clock: Clock;
  readonly #options: LongPollTransportOptions;
  readonly backlog: PollQueue;
  #poll: Poll | undefined;
  /** Whose answer has not left yet: the next one waits, so that they arrive in order. */
  #answered: Poll | undefined;
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
    this.backlog = new PollQueue(options);
    this.#clock = options.clock ?? backgroundClock;
    this.#awaitReturn();
  }

  send(message: Message): void {
    this.sendEncoded(this.serializer.encode(message));
  }

  sendEncoded(encoded: Span): void {
    if (this.#state !== 'open') return;
    this.backlog.add(bytesOf(encoded));
    this.#flushSoon();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closing';
    if (this.backlog.isEmpty) this.end('closed');
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
    this.#poll?.tell();
    this.#poll = poll;
    this.#restart(() => this.#tell(), this.#options.pollTimeoutMs ?? defaults.pollTimeoutMs);
    this.#flush();
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
    this.backlog.clear();
    this.#answered?.breakOff();
    this.#poll?.end();
    this.#poll = undefined;
    this.#onEnd();
    this.#close(this.backlog.problem ?? reason);
  }

  /** What comes in one turn of the event loop goes in one batch. */
  #flushSoon(): void {
    if (!this.#poll || this.#isFlushing) return;
    this.#isFlushing = true;
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const poll = this.#poll;
    if (!poll || this.#answered || this.backlog.isEmpty) return;
    const taken = this.backlog.take(isBatched(this.serializer.serializer) ? Infinity : 1);
    this.#poll = undefined;
    this.#answered = poll;
    this.#awaitReturn();
    poll.answer(Buffer.concat(taken), () => this.#left());
  }

  #left(): void {
    this.#answered = undefined;
    this.backlog.left();
    if (this.#state === 'closing' && this.backlog.isEmpty) this.end('closed');
    else this.#flush();
  }

  #tell(): void {
    this.#poll?.tell();
    this.#poll = undefined;
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
}

function bodyOf(serializer: Serializer): Body {
  const known = bodies.get(serializer) ?? {
    serializer,
    encode: (message) => encodeInto(serializer, message, (length) => spanOf(Buffer.allocUnsafeSlow(length))), // it may wait: without neighbours
  };
  bodies.set(serializer, known);
  return known;
}
const bodies = new WeakMap<Serializer, Body>();
