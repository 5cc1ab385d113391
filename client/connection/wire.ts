/** A transport that counts what it hears, and can be given up at once: a dead socket takes minutes to say so itself. */
import type { Message, ProtocolError, Transport } from '../../protocol/index.ts';

export class Wire implements Transport {
  readonly #inner: Transport;
  #close: (reason: string) => void = () => {};
  #heard = 0;
  #over = false;
  #told = false;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** How many messages have come. */
  get heard(): number {
    return this.#heard;
  }
  /** From the moment that either side closes it, which is before anybody is told. */
  get over(): boolean {
    return this.#over;
  }

  send(message: Message): void {
    if (!this.#told) this.#inner.send(message);
  }

  close(): void {
    this.#over = true;
    this.#inner.close();
  }

  onMessage(listener: (message: Message | ProtocolError) => void): void {
    this.#inner.onMessage((message) => {
      if (this.#told) return;
      this.#heard += 1;
      listener(message);
    });
  }

  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
    this.#inner.onClose((reason) => this.#end(reason));
  }

  /** Closes it, and says so without waiting for the other side. */
  cut(reason: string): void {
    this.#inner.close();
    this.#end(reason);
  }

  #end(reason: string): void {
    if (this.#told) return;
    this.#over = true;
    this.#told = true;
    this.#close(reason);
  }
}
