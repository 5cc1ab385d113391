/** Tells the operator what went wrong; `cause` is what was thrown. */
export type Log = (message: string, cause: unknown) => void;

export const consoleLog: Log = (message, cause) => console.error(message, cause);

/** What metrics count: a client's view that turned out not to be the authority's. */
export type Counted = 'diverged';
