/** Something that no client of ours says, and what the specification has a router answer. */

/** What comes back: the end of the session, or an error after which it goes on. */
export type Answer =
  | { readonly abort: string; readonly reason?: string }
  | { readonly error: string; readonly message: string };

export interface Hostile {
  readonly title: string;
  /** Whether HELLO has been said and welcomed before. */
  readonly joined: boolean;
  /** What is said first; its answers are not looked at. */
  readonly before?: readonly (readonly unknown[])[];
  readonly message: unknown;
  readonly answer: Answer;
  /** It is not even a message: long-poll says so at once. */
  readonly malformed?: boolean;
}

export const roles = { caller: {}, callee: {}, publisher: {}, subscriber: {} };
export const hello = [1, 'realm1', { roles }] as const;

type Row = readonly [title: string, message: unknown, answer: Answer, before?: readonly (readonly unknown[])[]];
/** Each as it is said, after HELLO or before it, and its answer. */
export const rows = (joined: boolean, of: readonly Row[]) =>
  of.map(([title, message, answer, before]): Hostile => ({
    title,
    joined,
    message,
    answer,
    ...(before && { before }),
  }));
export const abort = (words: string, reason?: string): Answer => ({
  abort: words,
  ...(reason !== undefined && { reason }),
});
export const error = (uri: string, message: string): Answer => ({ error: uri, message });
