/**
 * Two linked transports in one process: the server's own components talk to the router through a pair, and tests do.
 * A message is copied when it is sent, so that neither side sees what the other does to its objects afterwards. (Freezing
 * would save the copy but forbid the sender its own objects; structuredClone takes longer and keeps what no wire carries.)
 */
import type { Message } from './messages.ts';
import type { Transport } from './transport.ts';

export function transportPair(): [Transport, Transport] {
  const left = new MemoryTransport();
  const right = new MemoryTransport();
  left.peer = right;
  right.peer = left;
  return [left, right];
}

/** Every delivery is one microtask, and those run in order: what was sent before the close arrives before it. */
class MemoryTransport implements Transport {
  peer!: MemoryTransport;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #message: (message: Message) => void = () => {};
  #close: (reason: string) => void = () => {};

  send(message: Message): void {
    if (this.#state !== 'open') return;
    const sent = copy(message);
    queueMicrotask(() => this.peer.#receive(sent));
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    queueMicrotask(() => {
      this.peer.#end('closed by the other side');
      queueMicrotask(() => this.#end('closed')); // after what the other side sent until now
    });
  }

  onMessage(listener: (message: Message) => void): void {
    this.#message = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
  }

  #receive(message: Message): void {
    if (this.#state !== 'closed') this.#message(message);
  }

  #end(reason: string): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#close(reason);
  }
}

/** Lists, dicts and binary anew, as they would come out of a serializer. */
function copy<T>(value: T): T;
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : copy(item)));
  const dict: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) dict[key] = copy(item);
  return dict;
}
