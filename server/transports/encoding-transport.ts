import type { Message, Span, Transport } from '../../protocol/index.ts';
import type { Backlog } from './backlog.ts';

/** Makes what a transport sends: the encoded message, in its frame where the transport has some. */
export interface MessageEncoder {
  encode(message: Message): Span;
}

/** A transport that encodes: one message to many such receivers is encoded once for each serializer among them. */
export interface EncodingTransport extends Transport {
  /** The same object in all transports that send the same bytes. */
  readonly serializer: MessageEncoder;
  /** Sends what `serializer` has encoded. Never throws; after the end it does nothing. */
  sendEncoded(encoded: Span): void;
  /** Whether the peer is ready for so large a message. Absent: for any. What it does not take is not sent. */
  takes?(encoded: Span): boolean;
  /** How long all messages so far were, encoded: by it the hub limits what comes. Absent: their number alone counts. */
  readonly receivedBytes?: number;
  /** What waits for the peer. Absent: it takes everything at once. */
  readonly backlog?: Backlog;
  /** Tells how long a message takes to the peer and back, ms, whenever that is measured. */
  onRoundTrip?(listener: (ms: number) => void): void;
}
