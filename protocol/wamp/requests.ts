/** Requests that await one answer with an id, and the session's one counter of request ids. WAMP "IDs", "Session Scope". */
import { CallError, ProtocolError } from './errors.ts';
import { sequence } from './ids.ts';
import { messages, type Message } from './messages.ts';

type Acknowledgement = 'published' | 'subscribed' | 'unsubscribed' | 'registered' | 'unregistered';

interface Waiting {
  readonly code: number;
  readonly answer: Acknowledgement;
  accept(id: number): void;
  reject(error: CallError): void;
}

export class Requests {
  readonly #send: (message: Message) => void;
  readonly #next = sequence();
  readonly #waiting = new Map<number, Waiting>();
  #refusal: CallError | undefined;

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  /** The id of a new request. @throws CallError once the session ends. */
  begin(): number {
    if (this.#refusal) throw this.#refusal;
    return this.#next();
  }

  /**
   * Sends a request and waits for its answer. `accept` gets the id that was answered (of the publication, subscription,
   * registration; else of the request) at once, before the next message is looked at; what it throws rejects.
   */
  ask<T>(answer: Acknowledgement, request: (id: number) => Message, accept: (id: number) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const id = this.begin();
      const message = request(id);
      this.#waiting.set(id, {
        code: messages[message.type].code,
        answer,
        accept(answered) {
          try {
            resolve(accept(answered));
          } catch (error) {
            reject(error);
          }
        },
        reject,
      });
      this.#send(message);
    });
  }

  answered(message: Message<Acknowledgement>): void {
    const waiting = this.#waiting.get(message.request);
    if (waiting?.answer !== message.type)
      throw new ProtocolError(`${message.type}.request ${message.request} is no open request`);
    this.#waiting.delete(message.request);
    switch (message.type) {
      case 'published':
        return waiting.accept(message.publication);
      case 'subscribed':
        return waiting.accept(message.subscription);
      case 'registered':
        return waiting.accept(message.registration);
      default:
        return waiting.accept(message.request);
    }
  }

  failed({ requestType, request, error, args, kwargs }: Message<'error'>): void {
    const waiting = this.#waiting.get(request);
    if (waiting?.code !== requestType)
      throw new ProtocolError(`error.request ${request} is no open request of type ${requestType}`);
    this.#waiting.delete(request);
    waiting.reject(new CallError(error, args, kwargs));
  }

  /** From now on no request begins. */
  refuse(error: CallError): void {
    this.#refusal = error;
  }

  end(error: CallError): void {
    this.refuse(error);
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
