/** The other end of a session, played by the test message by message. */
import { expect } from 'vitest';
import { ProtocolError } from '../../../protocol/wamp/errors.ts';
import { join, type JoinOptions } from '../../../protocol/wamp/join.ts';
import { transportPair } from '../../../protocol/wamp/memory.ts';
import type { Message, MessageType } from '../../../protocol/wamp/messages.ts';
import { FakeClock } from './fake-clock.ts';

/** Lets everything under way arrive: all microtasks run before the next turn of the event loop. */
export const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

export class ScriptedRouter {
  readonly #far;
  /** The client's end. */
  readonly transport;
  readonly received: Message[] = [];
  /** Why the transport ended, once it has. */
  closed: string | undefined;

  constructor() {
    [this.transport, this.#far] = transportPair();
    this.#far.onMessage((message) => {
      if (message instanceof ProtocolError) throw message;
      this.received.push(message);
    });
    this.#far.onClose((reason) => (this.closed = reason));
  }

  /** The next message from the client, which must be of this type. */
  async expect<T extends MessageType>(type: T): Promise<Message<T>> {
    await settle();
    const message = this.received.shift();
    if (!isA(type, message)) throw new Error(`expected ${type}, the client sent ${JSON.stringify(message)}`);
    return message;
  }

  /** The client has sent nothing more. */
  async expectSilence(): Promise<void> {
    await settle();
    expect(this.received).toEqual([]);
  }

  async send(...messages: readonly Message[]): Promise<void> {
    for (const message of messages) this.#far.send(message);
    await settle();
  }

  async close(): Promise<void> {
    this.#far.close();
    await settle();
  }
}

function isA<T extends MessageType>(
  type: T,
  message: { readonly type: MessageType } | undefined,
): message is Message<T> {
  return message?.type === type;
}

const features = {
  call_canceling: true,
  call_timeout: true,
  progressive_call_results: true,
  progressive_call_invocations: true,
};
export const welcome: Message<'welcome'> = {
  type: 'welcome',
  session: 7351202498127645,
  details: {
    realm: 'test',
    authid: 'ada',
    authrole: 'player',
    authmethod: 'anonymous',
    roles: { broker: {}, dealer: { features } },
  },
};

/** A session that has just been welcomed. */
export async function joined(options: Partial<JoinOptions> = {}, details = welcome.details) {
  const router = new ScriptedRouter();
  const clock = new FakeClock();
  const reported: unknown[] = [];
  const onError = (error: unknown, where: string) => void reported.push([where, error]);
  const joining = join(router.transport, { realm: 'test', clock, onError, ...options });
  await router.expect('hello');
  await router.send({ ...welcome, details });
  return { session: await joining, router, clock, reported };
}
