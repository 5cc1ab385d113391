import type { Session } from '../../protocol/index.ts';
import type { WallClock } from './clock.ts';

/** How long a measurement is good for, ms: the router pings as often. */
const freshMs = 10_000;

/** Round trips of players' sessions, as the router has measured them: asked for now and then, never for each move. */
export class Lags {
  readonly #session: Session;
  readonly #clock: WallClock;
  readonly #known = new Map<number, { ms: number; asked: number }>();

  constructor(session: Session, clock: WallClock) {
    this.#session = session;
    this.#clock = clock;
  }

  /** The latest known, ms; 0 until there is one. */
  of(session: number): number {
    const now = this.#clock.now();
    const known = this.#known.get(session);
    if (known && now - known.asked < freshMs) return known.ms;
    const entry = known ?? { ms: 0, asked: now };
    entry.asked = now;
    this.#known.set(session, entry);
    void this.#ask(session, entry);
    return entry.ms;
  }

  forget(session: number): void {
    this.#known.delete(session);
  }

  async #ask(session: number, entry: { ms: number }): Promise<void> {
    const details = await this.#session.call('wamp.session.get', [session]).then(
      ({ args }) => args[0],
      () => null, // the session has ended, or ours: nothing is known of it
    );
    if (typeof details !== 'object' || details === null || !('x_rtt' in details)) return;
    if (typeof details.x_rtt === 'number') entry.ms = Math.round(details.x_rtt);
  }
}
