/** Runs something later; the returned function calls it off. Passed in, so that tests need not wait. */
export type After = (ms: number, run: () => void) => () => void;

/** The host's timers. They keep no process alive. */
export const after: After = (ms, run) => {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
};
