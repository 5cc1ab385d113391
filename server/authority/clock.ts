import { hostClock, type Clock } from '../../protocol/index.ts';

/** Time, passed in so that no test waits. */
export interface WallClock extends Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const wallClock: WallClock = { ...hostClock, now: Date.now };
