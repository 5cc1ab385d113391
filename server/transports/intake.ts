import type { SessionLimits } from '../router/index.ts';
import { Rate } from '../rate.ts';

/** How much a peer may send, however it is connected. Infinity: as much as it likes. */
export interface IntakeLimits {
  readonly messagesPerSecond: number;
  /** Messages at once after a pause. */
  readonly messageBurst: number;
  readonly bytesPerSecond: number;
  /** Bytes at once after a pause. */
  readonly byteBurst: number;
}

/** What one connection has sent lately, against what it may. */
export class Intake {
  #limits: IntakeLimits;
  readonly #messages: Rate;
  readonly #bytes: Rate;
  /** Of all messages so far. */
  #received = 0;

  constructor(limits: IntakeLimits, now: number) {
    this.#limits = limits;
    this.#messages = new Rate(messageRate(limits), now);
    this.#bytes = new Rate(byteRate(limits), now);
  }

  /** What its role says, once it has a session, goes before what holds for all. */
  change(general: IntakeLimits, ofRole: SessionLimits | undefined, now: number): void {
    this.#limits = { ...general, ...given(ofRole ?? {}) };
    this.#messages.change(messageRate(this.#limits), now);
    this.#bytes.change(byteRate(this.#limits), now);
  }

  /**
   * One more message has come.
   * @param received how many bytes have come so far, with it and all that came in one batch with it.
   * @returns which limit it breaks, for the peer; null for none.
   */
  take(received: number, now: number): string | null {
    const bytes = received - this.#received;
    this.#received = received;
    const { messagesPerSecond, messageBurst, bytesPerSecond, byteBurst } = this.#limits;
    if (this.#messages.take(now) > 0) return exceeded('messages', messagesPerSecond, messageBurst, now);
    if (bytes > 0 && this.#bytes.take(now, bytes) > 0) return exceeded('bytes', bytesPerSecond, byteBurst, now);
    return null;
  }
}

const messageRate = ({ messagesPerSecond: perSecond, messageBurst: burst }: IntakeLimits) => ({ perSecond, burst });
const byteRate = ({ bytesPerSecond: perSecond, byteBurst: burst }: IntakeLimits) => ({ perSecond, burst });

const given = ({ messagesPerSecond, messageBurst, bytesPerSecond, byteBurst }: SessionLimits) => ({
  ...(messagesPerSecond !== undefined && { messagesPerSecond }),
  ...(messageBurst !== undefined && { messageBurst }),
  ...(bytesPerSecond !== undefined && { bytesPerSecond }),
  ...(byteBurst !== undefined && { byteBurst }),
});

const exceeded = (what: string, perSecond: number, burst: number, now: number) =>
  `more than ${perSecond} ${what} a second, or ${burst} at once, at ${new Date(now).toISOString()}`;
