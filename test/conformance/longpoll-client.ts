/** A client's transport over long-poll, as the specification wants it: one receive at a time, sends one after another. */
import { decodeAll, type Message, type ProtocolError, type Serializer, type Transport } from '../../protocol/index.ts';

export async function connectLongPoll(url: string, serializer: Serializer): Promise<Transport> {
  const opened = await post(`${url}/open`, JSON.stringify({ protocols: [serializer.subprotocol] }));
  if (opened.status !== 200) throw new Error(`${opened.status} ${await opened.text()}`);
  const { transport } = (await opened.json()) as { transport: string };
  return new LongPollClient(`${url}/${transport}`, serializer);
}

const post = (url: string, body: string | Uint8Array<ArrayBuffer> = '') =>
  fetch(url, { method: 'POST', body: typeof body === 'string' ? body : new Blob([body]) });

class LongPollClient implements Transport {
  readonly #url: string;
  readonly #serializer: Serializer;
  #turn: Promise<unknown> = Promise.resolve();
  #isEnded = false;
  #close: (reason: string) => void = () => {};

  constructor(url: string, serializer: Serializer) {
    this.#url = url;
    this.#serializer = serializer;
  }

  send(message: Message): void {
    const body = this.#serializer.encode(message);
    this.#turn = this.#turn.then(async () => {
      const answer = this.#isEnded ? null : await post(`${this.#url}/send`, body).catch(() => null);
      if (!answer?.ok) this.#end('a message was refused');
    });
  }

  close(): void {
    const closed = this.#turn.then(() => post(`${this.#url}/close`));
    void closed.catch(() => null).then(() => this.#end('closed'));
  }

  onMessage(listener: (input: Message | ProtocolError) => void): void {
    void this.#receive(listener);
  }

  onClose(listener: (reason: string) => void): void {
    this.#close = listener;
  }

  async #receive(listener: (input: Message | ProtocolError) => void): Promise<void> {
    for (;;) {
      const answer = await post(`${this.#url}/receive`).catch(() => null);
      if (answer?.status === 204) continue;
      if (answer?.status !== 200) return this.#end('there is no such transport any more');
      const body = new Uint8Array(await answer.arrayBuffer());
      const data = this.#serializer.binary ? body : new TextDecoder().decode(body);
      for (const input of decodeAll(this.#serializer, data)) listener(input);
    }
  }

  #end(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#close(reason);
  }
}
