import type { Clock } from '../../protocol/index.ts';

/** The host's timers, which keep no process alive: whoever has nothing else to do may end. */
export const backgroundClock: Clock = {
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
