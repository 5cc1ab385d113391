/** Why there is no match to show: what the lobby or the match's authority refused, in words that a page can show. */
import {
  CallError,
  errors,
  isFrameworkCode,
  lobbyUris,
  rejectionOf,
  type FrameworkCode,
} from '../../protocol/index.ts';
import { messageOf } from '../message-of.ts';

export type JoinErrorCode =
  /** `no_such_match`, `full`, `over`, `no_seat`, `outdated_client`, `bad_arguments` (options), … */
  | FrameworkCode
  | 'no_such_game'
  | 'too_many_matches'
  /** Nobody answers for it now, or the call failed otherwise: see `cause`. */
  | 'unavailable';

export class JoinError extends Error {
  override readonly name = 'JoinError';
  readonly code: JoinErrorCode;

  constructor(code: JoinErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What a failed call to lobby or match means for whoever wanted to join. */
export function joinError(cause: unknown): JoinError {
  if (cause instanceof JoinError) return cause;
  const rejection = rejectionOf(cause);
  if (rejection && isFrameworkCode(rejection.code)) return new JoinError(rejection.code, rejection.message, { cause });
  const message = messageOf(cause);
  switch (cause instanceof CallError && cause.uri) {
    case lobbyUris.errors.noSuchGame:
      return new JoinError('no_such_game', message, { cause });
    case lobbyUris.errors.tooManyMatches:
      return new JoinError('too_many_matches', message, { cause });
    case errors.noSuchProcedure:
      return new JoinError('unavailable', 'The game server is not ready. Try again in a moment.', { cause });
    default:
      return new JoinError('unavailable', message, { cause });
  }
}
