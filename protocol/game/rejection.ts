/** Why a move was refused: one form for what the framework and what a game's rules refuse. design.md §4. */
import { issuesText, type Issue } from '../schema/standard.ts';
import { CallError } from '../wamp/errors.ts';
import type { Uri } from '../wamp/uris.ts';

/** Codes of the framework with their details. A game may not take these names for its own. */
export interface FrameworkErrors {
  /** Arguments do not fit the move's schema. */
  bad_arguments: { readonly issues: readonly Issue[] };
  not_your_turn: { readonly toAct: readonly number[] };
  /** A turn in a stage has only the stage's moves. */
  wrong_phase: { readonly phase: string | null; readonly stage: string | null };
  /** The caller does not sit where the move would have to come from. */
  no_seat: object;
  /** The match has ended. */
  over: object;
  no_such_match: object;
  /** Every seat is taken. */
  full: object;
  /** Made on a view that has been overtaken; `version` is the current one. */
  stale: { readonly version: number };
  /** The page was built with other schemas than the server's: reload it. */
  outdated_client: object;
  /** The match is of an earlier form of the game: the server cannot go on with it. */
  outdated_match: object;
  rate_limited: { readonly retryAfterMs: number };
  /** The game's rules failed: our bug, nothing changed. */
  rule_failed: object;
}
export type FrameworkCode = keyof FrameworkErrors;

type Coded<V> = {
  [K in keyof V]: { readonly code: K; readonly details: V[K]; readonly message: string; readonly version: number };
}[keyof V];
/** `code` tells which, and `details` follow it. `version` is the match's when it refused, 0 where there is no match. */
export type Rejection<V> = Coded<V> | Coded<FrameworkErrors>;
/** What became of a move. */
export type Outcome<V> =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly error: Rejection<V> };

/** A rejection whose game is not known to the compiler. */
export interface AnyRejection {
  readonly code: string;
  readonly details: object;
  readonly message: string;
  readonly version: number;
}

const messages: { readonly [K in FrameworkCode]: (details: FrameworkErrors[K]) => string } = {
  bad_arguments: ({ issues }) => issuesText(issues),
  not_your_turn: ({ toAct }) => (toAct.length === 0 ? 'Nobody is to act now.' : 'It is not your turn.'),
  wrong_phase: ({ phase, stage }) =>
    stage === null ? `That cannot be done in the phase "${phase}".` : `That cannot be done in the stage "${stage}".`,
  no_seat: () => 'You do not sit in that seat.',
  over: () => 'The match is over.',
  no_such_match: () => 'There is no such match.',
  full: () => 'The match is full.',
  stale: () => 'The match has moved on since you decided.',
  outdated_client: () => 'This page is outdated. Reload it.',
  outdated_match: () => 'This match was begun with an earlier version of the game, and cannot go on.',
  rate_limited: ({ retryAfterMs }) => `Too many moves. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`,
  rule_failed: () => 'The rules of this game failed. Nothing has changed.',
};

export const isFrameworkCode = (code: string): code is FrameworkCode => Object.hasOwn(messages, code);

/** A rejection by the framework, with its message for people. */
export function refusal<K extends FrameworkCode>(
  code: K,
  details: FrameworkErrors[K],
  version = 0,
): AnyRejection & { readonly code: K; readonly details: FrameworkErrors[K] } {
  return { code, details, message: messages[code](details), version };
}

/** The rejection as the ERROR that answers the call. */
export const rejectionError = (
  uris: { error(code: string): Uri },
  { code, details, message, version }: AnyRejection,
): CallError => new CallError(uris.error(code), [message], { code, details, version });

/** The rejection that a failed call tells of; null where the call failed otherwise: no network, no permission. */
export function rejectionOf(error: unknown): AnyRejection | null {
  if (!(error instanceof CallError) || !/^game\.([a-z0-9_]+\.)?error\./.test(error.uri)) return null;
  const { code, details, version } = error.kwargs;
  if (typeof code !== 'string' || typeof details !== 'object' || details === null || typeof version !== 'number')
    return null;
  return { code, details, message: error.message, version };
}
