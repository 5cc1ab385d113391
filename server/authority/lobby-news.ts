import type { MatchSummary, RunningMatch } from '../../protocol/index.ts';
import type { MatchRecord } from '../store/store.ts';
import type { WallClock } from './clock.ts';

interface LobbyNewsOptions {
  readonly clock: WallClock;
  /** How long spectators who come and go are news no more, ms. */
  readonly spectatorsMs: number;
  tell(summary: MatchSummary): void;
}

/** What the lobby hears of one match: every change at once, but of spectators alone only now and then. */
export class LobbyNews {
  readonly #options: LobbyNewsOptions;
  #told: { readonly summary: MatchSummary; readonly at: number } | null = null;
  /** What it will hear, unless something else comes first. */
  #next: { summary: MatchSummary; readonly timer: unknown } | null = null;

  constructor(options: LobbyNewsOptions) {
    this.#options = options;
  }

  /** This is how things are. */
  changed(summary: MatchSummary): void {
    const { clock, spectatorsMs } = this.#options;
    const told = this.#told;
    if (!told || !equalButSpectators(told.summary, summary)) return this.#tell(summary);
    if (told.summary.spectators === summary.spectators) return this.stop();
    const wait = told.at + spectatorsMs - clock.now();
    if (wait <= 0) this.#tell(summary);
    else if (this.#next) this.#next.summary = summary;
    else this.#next = { summary, timer: clock.setTimeout(() => this.#tellNext(), wait) };
  }

  /** What it has not heard yet it will not hear. */
  stop(): void {
    if (this.#next) this.#options.clock.clearTimeout(this.#next.timer);
    this.#next = null;
  }

  #tellNext(): void {
    if (this.#next) this.#tell(this.#next.summary);
  }

  #tell(summary: MatchSummary): void {
    this.stop();
    this.#told = { summary, at: this.#options.clock.now() };
    this.#options.tell(summary);
  }
}

/** Most tasks of a match leave its seats as they are, to the very object. */
const equalButSpectators = (a: MatchSummary, b: MatchSummary): boolean =>
  a.status === b.status && (a.seats === b.seats || JSON.stringify(a.seats) === JSON.stringify(b.seats));

/** What the lobby tells of a match. */
export function summaryOf(record: MatchRecord, running: RunningMatch, spectators: number): MatchSummary {
  const { id, game, listed, created } = record;
  const { result, begun, seats } = running;
  return {
    id,
    game,
    status: result ? 'over' : begun ? 'playing' : 'open',
    listed,
    seats: seats.map(({ player, connected }) => ({ player, connected })),
    created: new Date(created).toISOString(),
    spectators,
  };
}
