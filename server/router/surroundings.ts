import { sequence } from '../../protocol/index.ts';
import type { Effect } from './effects.ts';

/** What the core knows of the world: passed in, so that a test can predict it. */
export interface Surroundings {
  readonly chance: Chance;
  /** The time of day, in milliseconds since 1970. It may repeat, and go back. */
  now(): number;
}

/** Where a router's randomness comes from. */
export interface Chance {
  /** An id of global scope (session, publication): from 1 to 2^53, from a secure source. */
  id(): number;
  /** Uniform in [0, 1): which callee a `random` registration picks. */
  fraction(): number;
}

/** The longest delay that every host's timers keep, in milliseconds: 24 days. */
const longestMs = 2 ** 31 - 1;

/** A delay under way, as its owner holds it. */
export type Alarm = number;

/** Delays: the core asks the edge for a `wake`, and knows here what to do when it comes. */
export class Alarms {
  readonly #waiting = new Map<Alarm, () => Effect[]>();
  readonly #next = sequence();

  /** After `ms`, unless cancelled, `then` says what happens. The effect starts the delay at the edge. */
  set(ms: number, then: () => Effect[]): { readonly alarm: Alarm; readonly effect: Effect } {
    const alarm = this.#next();
    this.#waiting.set(alarm, then);
    return { alarm, effect: { do: 'wake', key: alarm, ms: Math.min(ms, longestMs) } };
  }

  /** Nothing, where it has rung or was cancelled already. */
  cancel(alarm: Alarm | undefined): Effect[] {
    return alarm !== undefined && this.#waiting.delete(alarm) ? [{ do: 'let sleep', key: alarm }] : [];
  }

  /** The edge says that the time has come; of one that was cancelled meanwhile, nothing. */
  ring(alarm: Alarm): Effect[] {
    const then = this.#waiting.get(alarm);
    this.#waiting.delete(alarm);
    return then?.() ?? [];
  }
}
