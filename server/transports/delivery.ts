import { withValues, type Message, type Span, type Transport } from '../../protocol/index.ts';
import type { ConnectionId, Effect } from '../router/index.ts';
import type { EncodingTransport, MessageEncoder } from './encoding-transport.ts';

/** A peer as it is sent to. */
export interface Receiver {
  readonly transport: Transport | EncodingTransport;
}

/** Sends what the core says, encoded once for each serializer among the receivers. */
export class Delivery {
  readonly #receivers: ReadonlyMap<ConnectionId, Receiver>;
  readonly #onTooLarge: (connection: ConnectionId, message: Message) => void;
  #eventsTooLarge = 0;
  #eventsDropped = 0;

  /** @param onTooLarge told of what was not sent, because it is larger than its receiver takes. */
  constructor(
    receivers: ReadonlyMap<ConnectionId, Receiver>,
    onTooLarge: (connection: ConnectionId, message: Message) => void,
  ) {
    this.#receivers = receivers;
    this.#onTooLarge = onTooLarge;
  }

  get eventsTooLarge(): number {
    return this.#eventsTooLarge;
  }

  get eventsDropped(): number {
    return this.#eventsDropped;
  }

  send({ to, message, droppable = false }: Effect & { do: 'send' }): void {
    let encodings: Map<MessageEncoder, Span> | undefined;
    let last: MessageEncoder | undefined;
    let encoded: Span | undefined;
    for (const connection of to) {
      const transport = this.#receivers.get(connection)?.transport;
      if (!transport) continue;
      if (!('serializer' in transport)) {
        transport.send(withValues(message));
        continue;
      }
      if (!encoded || transport.serializer !== last) {
        if (last && encoded) (encodings ??= new Map()).set(last, encoded);
        last = transport.serializer;
        encoded = encodings?.get(last) ?? last.encode(message);
      }
      if (transport.takes?.(encoded) === false) this.#tooLarge(connection, message);
      else if (droppable && transport.backlog?.isBehind) this.#eventsDropped++;
      else transport.sendEncoded(encoded);
    }
  }

  #tooLarge(connection: ConnectionId, message: Message): void {
    if (message.type === 'event') this.#eventsTooLarge++;
    this.#onTooLarge(connection, message);
  }
}
