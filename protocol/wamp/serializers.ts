/** How messages become bytes or text. WAMP "Serializers". */
import { json } from './json.ts';
import type { Message } from './messages.ts';
import { msgpack } from './msgpack.ts';

export interface Serializer {
  readonly name: 'json' | 'msgpack';
  /** What WebSocket peers negotiate. */
  readonly subprotocol: 'wamp.2.json' | 'wamp.2.msgpack';
  /** Whether the encoded form is bytes, sent in binary frames, or text. */
  readonly binary: boolean;
  /** Takes every message that `decode` returned or whose payload `checkPayload` passed. */
  encode(message: Message): string | Uint8Array<ArrayBuffer>;
  /** @throws ProtocolError for anything that is not a message, and nothing else. */
  decode(data: string | Uint8Array): Message;
}

/** In the order we offer them. */
export const serializers: readonly Serializer[] = [json, msgpack];
