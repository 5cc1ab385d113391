/**
 * A match as its authority holds it, and what each seat has been told of it. One door, `apply`: every change is an entry of
 * the log, so that replaying the log gives the same match. Knows no clock, network or store.
 */
import type { ClockView } from './clocks.ts';
import type { Entry } from './entry.ts';
import type { AnyRules } from './game.ts';
import { entered, newMatch, nextDue, type MatchSetup, type MatchState } from './match-state.ts';
import { legal } from './play.ts';
import type { AnyMove, Emitted, Position } from './position.ts';
import type { AnyRejection } from './rejection.ts';
import type { MatchResult } from './rules.ts';
import { Telling, type Glance } from './telling.ts';
import { viewEvents, viewState, type AnyView, type SeatView } from './view.ts';

export type Applied =
  /**
   * `told` is to be published. `failure` is what rules threw that nobody had called, for the log of the authority: the
   * match goes on without them.
   */
  | {
      readonly ok: true;
      readonly version: number;
      readonly told: Telling;
      readonly failure?: { readonly cause: unknown };
    }
  | { readonly ok: false; readonly error: AnyRejection; readonly cause?: unknown };

export class RunningMatch {
  readonly rules: AnyRules;
  readonly epoch: number;
  #state: MatchState;
  /** What each seat's client, and at -1 the public, has been told. */
  readonly #told = new Map<number, AnyView>();

  /**
   * A new match, or for a state the one of which it is.
   * @param epoch grows whenever a match is taken up again.
   * @throws OptionsError; whatever the rules' `setup` throws.
   */
  constructor(rules: AnyRules, from: MatchSetup | MatchState, epoch = 1) {
    this.rules = rules;
    this.epoch = epoch;
    this.#state = 'position' in from ? from : newMatch(rules, from);
    for (const seat of [publicView, ...this.#audience()]) this.#told.set(seat, this.#look(seat));
  }

  /** All there is of it, as plain data: JSON loses nothing of it. */
  get state(): MatchState {
    return this.#state;
  }
  get version(): number {
    return this.#state.version;
  }
  get position(): Position {
    return this.#state.position;
  }
  get seats(): readonly SeatView[] {
    return this.#state.seats;
  }
  get begun(): boolean {
    return this.#state.begun;
  }
  get result(): MatchResult | null {
    return this.#state.position.result;
  }
  get rematch(): AnyView['rematch'] {
    return this.#state.rematch;
  }
  /** Match time of the latest change, ms. A match that is recovered goes on from here, so nobody's clock has run meanwhile. */
  get time(): number {
    return this.#state.time;
  }

  /** The entry that is due next if nothing else happens: `nextDue`. */
  due(lag: (seat: number) => number): (Entry & { readonly type: 'timer' | 'flag' }) | null {
    return nextDue(this.#state, lag);
  }

  /** The match as a seat, or for null the public, sees it now. */
  view(seat: number | null): AnyView {
    return this.#told.get(seat ?? publicView) ?? this.#told.get(publicView)!;
  }

  /** The moves that the rules list for a seat now. */
  legal(seat: number): readonly AnyMove[] {
    return this.begun ? legal(this.rules, this.position, seat) : [];
  }

  /** Applies one change, or refuses it and changes nothing. */
  apply(entry: Entry): Applied {
    const made = entered(this.rules, this.#state, entry);
    if (!made.ok) return made;
    this.#state = made.state;
    return { ...this.#commit(made.events), ...(made.failure ? { failure: made.failure } : {}) };
  }

  #commit(events: readonly Emitted[]): Applied & { readonly ok: true } {
    const open = this.#tell(publicView, events);
    const seats = new Map(this.#audience().map((seat) => [seat, this.#tell(seat, events)]));
    return { ok: true, version: this.version, told: new Telling(this.rules.game, { open, seats }) };
  }

  #tell(seat: number, events: readonly Emitted[]): Glance {
    const before = this.#told.get(seat)!;
    const after = this.#look(seat);
    this.#told.set(seat, after);
    return { before, after, events: viewEvents(this.rules, this.position, seat === publicView ? null : seat, events) };
  }

  #look(seat: number): AnyView {
    const { position, version, seats, begun, clocks, offers, rematch } = this.#state;
    const { options, phase, stage, toAct, result } = position;
    return {
      version,
      epoch: this.epoch,
      // Before it begins a seat may be taken, looked at and left again, so until then it sees what everybody sees.
      state: viewState(this.rules, position, seat === publicView || !begun ? null : seat),
      seats: result ? seats.map(unheld) : seats,
      toAct: begun ? toAct : [],
      phase,
      stage,
      clocks: clocks && clocks.map(shown),
      options,
      result,
      offers,
      rematch,
    };
  }

  /** Who sees something of their own: every seat where the game has secrets. */
  #audience(): readonly number[] {
    const { state, events } = this.rules.game.schemas;
    const secrets = state.secret || Object.values(events).some(({ secret }) => secret);
    return secrets ? [...this.seats.keys()] : [];
  }
}

const publicView = -1;

/** After the end nobody is waited for. */
const unheld = ({ player, connected }: SeatView): SeatView => ({ player, connected });
const shown = ({ leftMs, runningSince }: ClockView): ClockView => ({ leftMs, runningSince });

/**
 * The match that a log tells of, from its beginning or from a state on.
 * @throws Error naming the entry that does not fit: the log is of other rules.
 */
export function replay(rules: AnyRules, from: MatchSetup | MatchState, log: readonly Entry[]): RunningMatch {
  const match = new RunningMatch(rules, from);
  for (const [index, entry] of log.entries()) {
    const applied = match.apply(entry);
    if (!applied.ok)
      throw new Error(`log entry ${index} (${entry.type}) was refused: ${applied.error.code}`, {
        cause: applied.cause,
      });
  }
  return match;
}
