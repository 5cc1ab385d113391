import type { ProtocolError } from './errors.ts';
import type { Message } from './messages.ts';

/**
 * A connected peer, from either end. Carries whole messages in order; knows no realm, topic or game. Each listener
 * is set once, before the first message can arrive; after `onClose` nothing more is called.
 */
export interface Transport {
  /** Never throws; after the end it does nothing. */
  send(message: Message): void;
  /** Ends the transport after what was sent has left. `onClose` follows. */
  close(): void;
  /** A ProtocolError in place of a message: what came cannot be read, and whoever listens sends ABORT and closes. */
  onMessage(listener: (message: Message | ProtocolError) => void): void;
  /** @param reason for people and logs: `socket closed (1006)`. */
  onClose(listener: (reason: string) => void): void;
}
