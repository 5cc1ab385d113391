import type { Clock } from './clock.ts';
import type { Message } from './messages.ts';
import type { ProtocolError } from './errors.ts';
import type { Transport } from './transport.ts';

/** A network as it might be. Milliseconds of a round trip; each way takes half, and messages keep their order. */
export interface Latency {
  readonly roundTripMs: number;
  /** A round trip takes so much more or less, by chance. */
  readonly jitterMs?: number;
}

/** Where time and chance come from. */
interface Around {
  readonly clock: Clock;
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * The same transport behind a slow network, for development: what is sent and what comes is held back.
 * @throws RangeError for a time that is none.
 */
export function slowed(
  transport: Transport,
  { roundTripMs, jitterMs = 0 }: Latency,
  { clock, now, random }: Around,
): Transport {
  for (const [name, ms] of Object.entries({ roundTripMs, jitterMs }))
    if (!(ms >= 0 && ms < Infinity))
      throw new RangeError(`${name} of a simulated network is ${ms}; milliseconds from 0 are wanted`);
  const line = () => {
    let last = 0;
    const underway: (() => void)[] = []; // first in, first out, whichever timer rings first
    return (arrive: () => void) => {
      const ms = Math.max(0, (roundTripMs + (2 * random() - 1) * jitterMs) / 2);
      last = Math.max(last, now() + ms);
      underway.push(arrive);
      clock.setTimeout(() => underway.shift()?.(), last - now());
    };
  };
  const [up, down] = [line(), line()];
  return {
    send: (message) => up(() => transport.send(message)),
    close: () => up(() => transport.close()),
    onMessage: (listener: (message: Message | ProtocolError) => void) =>
      transport.onMessage((message) => down(() => listener(message))),
    onClose: (listener) => transport.onClose((...why) => down(() => listener(...why))),
  };
}
