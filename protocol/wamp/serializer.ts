import type { Message } from './messages.ts';
import type { RawForm } from './payload.ts';

/** How messages become bytes or text. WAMP "Serializers". */
export interface Serializer {
  readonly name: 'json' | 'msgpack' | 'cbor';
  /** What WebSocket and long-poll peers negotiate. */
  readonly subprotocol: Subprotocol;
  /** Whether the encoded form is bytes, sent in binary frames, or text. */
  readonly binary: boolean;
  /** Takes every message that `decode` returned or whose payload `checkPayload` passed. */
  encode(message: Message): string | Uint8Array<ArrayBuffer>;
  /** @throws ProtocolError for anything that is not a message, and nothing else. */
  decode(data: string | Uint8Array): Message;
  /** For routers, which pass payloads on as they came; absent: they are decoded and encoded again. */
  readonly raw?: RawForm;
}

export type Subprotocol = `wamp.2.${Serializer['name']}${'' | '.batched'}`;
