/**
 * What was asked of a match and is not answered yet: moves, offers, leaving. What is open when the session ends is sent
 * again in the next one, with the same id, so that the authority does it once.
 */
import {
  CallError,
  errors,
  refusal,
  rejectionOf,
  type AnyRejection,
  type Dict,
  type List,
  type Session,
  type Uri,
} from '../../protocol/index.ts';
import { versionAnswer } from './answers.ts';
import { MatchGoneError, type Gone } from './status.ts';

export type AnyOutcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly error: AnyRejection };

interface Request {
  readonly uri: Uri;
  readonly args: List;
  readonly kwargs: Dict;
  resolve(outcome: AnyOutcome): void;
  reject(error: Error): void;
}

interface Surroundings {
  /** Whether this session still is the one. */
  isCurrent(session: Session): boolean;
  /** Resolves when the view has come to a version. */
  reached(version: number): Promise<void>;
  refused(rejection: AnyRejection): void;
}

export class Requests {
  readonly #around: Surroundings;
  readonly #open = new Set<Request>();
  #session: Session | null = null;
  #gone: Gone | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Resolves when the view shows what became of it. @throws CallError when it failed for another reason than a refusal. */
  ask(uri: Uri, args: List = [], kwargs: Dict = {}): Promise<AnyOutcome> {
    return new Promise((resolve, reject) => {
      const request = { uri, args, kwargs, resolve, reject };
      this.#open.add(request);
      if (this.#gone) this.#settleGone(request, this.#gone);
      else if (this.#session && this.#around.isCurrent(this.#session)) void this.#send(request, this.#session);
    });
  }

  /** From here on this is the session to ask in; what is open is sent again. */
  resume(session: Session): void {
    this.#session = session;
    for (const request of this.#open) void this.#send(request, session);
  }

  end(gone: Gone): void {
    this.#gone = gone;
    for (const request of this.#open) this.#settleGone(request, gone);
  }

  async #send(request: Request, session: Session): Promise<void> {
    const outcome = await this.#outcome(request, session).catch((error: unknown) => toError(error));
    if (outcome === 'unanswered' || !this.#open.has(request)) return;
    if (outcome instanceof Error) {
      this.#open.delete(request);
      return request.reject(outcome);
    }
    if (!outcome.ok) this.#around.refused(outcome.error);
    // It stays open while the view catches up; should the match go meanwhile, that is what it is told.
    await this.#around.reached(outcome.ok ? outcome.version : outcome.error.version);
    if (this.#open.delete(request)) request.resolve(outcome);
  }

  async #outcome({ uri, args, kwargs }: Request, session: Session): Promise<AnyOutcome | 'unanswered'> {
    try {
      return { ok: true, version: versionAnswer(await session.call(uri, args, kwargs)) ?? 0 };
    } catch (error) {
      if (!this.#around.isCurrent(session)) return 'unanswered';
      const rejection = rejectionOf(error);
      if (rejection) return { ok: false, error: rejection };
      // Nobody serves the game any more: neither this match.
      if (error instanceof CallError && error.uri === errors.noSuchProcedure)
        return { ok: false, error: refusal('no_such_match', {}) };
      throw error;
    }
  }

  #settleGone(request: Request, gone: Gone): void {
    this.#open.delete(request);
    if (gone.reason === 'no_such_match') request.resolve({ ok: false, error: refusal('no_such_match', {}) });
    else request.reject(new MatchGoneError(gone));
  }
}

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
