import type { Clock } from '../wamp/clock.ts';

/** Why thinking is cancelled where the match has gone on without it. */
export const turnIsOver = new Error('the turn is over');

/**
 * What `work` answers, unless `turn` is aborted before; that it is, too, when the work has taken too long.
 * @throws whatever the work throws, or the reason of the abort.
 */
export function patiently<T>(
  turn: AbortController,
  { clock, patienceMs }: { readonly clock: Clock; readonly patienceMs: number },
  work: () => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLong = () => turn.abort(new Error(`there was no answer within ${patienceMs} ms`));
    const timer = clock.setTimeout(tooLong, patienceMs);
    const settled = (settle: () => void) => {
      clock.clearTimeout(timer);
      settle();
    };
    turn.signal.addEventListener('abort', () => settled(() => reject(turn.signal.reason)), { once: true });
    work().then(
      (value) => settled(() => resolve(value)),
      (error: unknown) => settled(() => reject(error)),
    );
  });
}
