/** Tells the operator what went wrong; `cause` is what was thrown. */
export type Log = (message: string, cause: unknown) => void;

export const consoleLog: Log = (message, cause) => console.error(message, cause);
