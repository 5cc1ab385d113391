/**
 * Finds out that a socket is dead. Browsers show pages no pings, and after sleep or a change of network a socket may
 * stay open with nobody at its other end. So after silence, and whenever the page wakes, something is asked.
 */
import type { Clock, Session } from '../../protocol/index.ts';
import type { Off } from '../listeners.ts';
import type { Wire } from './wire.ts';

/** Milliseconds: how long silence may last before we ask, and how long the answer may take. */
export const watchdog = { quietMs: 20_000, answerMs: 5_000 };

/** Any answer proves life, "no such procedure" and "not authorized" too. */
const question = 'wamp.session.count';

export function watch({
  session,
  wire,
  clock,
  onWake,
}: {
  readonly session: Session;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly onWake: (listener: () => void) => Off;
}): Off {
  let heard = wire.heard;
  let quiet: unknown;
  let answer: unknown;

  const listen = () => {
    clock.clearTimeout(quiet);
    quiet = clock.setTimeout(() => (wire.heard === heard ? ask() : listen()), watchdog.quietMs);
    heard = wire.heard;
  };
  const ask = () => {
    clock.clearTimeout(quiet);
    clock.clearTimeout(answer);
    const before = wire.heard;
    session.call(question).catch(() => {});
    const judge = () =>
      wire.heard === before ? wire.cut(`nothing heard within ${watchdog.answerMs / 1000} s`) : listen();
    answer = clock.setTimeout(judge, watchdog.answerMs);
  };

  listen();
  const off = onWake(ask);
  return () => {
    off();
    clock.clearTimeout(quiet);
    clock.clearTimeout(answer);
  };
}
