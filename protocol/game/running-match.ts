/**
 * A match as its authority holds it: who sits where, the position, the version. One door, `apply`: every change is an
 * entry of the log, so that replaying the log gives the same match. Knows no clock, network or store.
 */
import type { AnyRules } from './game.ts';
import { legal, play, start } from './play.ts';
import type { AnyMove, Emitted, Position } from './position.ts';
import { refusal, type AnyRejection } from './rejection.ts';
import type { MatchResult } from './rules.ts';
import { Telling, type Glance } from './telling.ts';
import { viewEvents, viewState, type AnyView, type SeatView } from './view.ts';

/** What a match starts from. */
export interface MatchSetup {
  /** As its creator gave them, before defaults. */
  readonly options?: unknown;
  readonly seats?: number | undefined;
  readonly seed: number;
}

/** One change of a match, as the log keeps it. `at` is match time, ms. */
export type Entry =
  | { readonly type: 'sit'; readonly seat: number; readonly player: string }
  /** A seat is given up before the match has begun. */
  | { readonly type: 'stand'; readonly seat: number }
  | { readonly type: 'connection'; readonly seat: number; readonly connected: boolean }
  | {
      readonly type: 'move';
      readonly seat: number;
      readonly move: string;
      readonly args: object;
      readonly at: number;
      /** Of the attempt: sent again, it gets its first answer. */
      readonly id?: string;
    }
  /** The match ends by something else than its rules: somebody left. */
  | { readonly type: 'end'; readonly result: MatchResult }
  | { readonly type: 'rematch'; readonly seat: number; readonly wanted: boolean }
  /** All want another match: this is its id. */
  | { readonly type: 'successor'; readonly match: string };

/** All that a match is at one version, as plain data: JSON loses nothing of it. */
export interface MatchSnapshot {
  readonly version: number;
  readonly position: Position;
  readonly seats: readonly SeatView[];
  readonly begun: boolean;
  readonly rematch: AnyView['rematch'];
}

export type Applied =
  | { readonly ok: true; readonly version: number; readonly told: Telling }
  | { readonly ok: false; readonly error: AnyRejection; readonly cause?: unknown };

export class RunningMatch {
  readonly rules: AnyRules;
  readonly epoch: number;
  #position: Position;
  #seats: readonly SeatView[];
  #version: number;
  #begun: boolean;
  #rematch: AnyView['rematch'];
  /** What each seat's client, and at -1 the public, has been told. */
  readonly #told = new Map<number, AnyView>();

  /**
   * A new match, or for a snapshot the one of which it was taken.
   * @param epoch grows whenever a match is taken up again.
   * @throws OptionsError; whatever the rules' `setup` throws.
   */
  constructor(rules: AnyRules, from: MatchSetup | MatchSnapshot, epoch = 1) {
    const { version, position, seats, begun, rematch } = 'position' in from ? from : beginning(rules, from);
    this.rules = rules;
    this.epoch = epoch;
    this.#version = version;
    this.#position = position;
    this.#seats = seats;
    this.#begun = begun;
    this.#rematch = rematch;
    for (const seat of [publicView, ...this.#audience()]) this.#told.set(seat, this.#look(seat));
  }

  get version(): number {
    return this.#version;
  }
  get position(): Position {
    return this.#position;
  }
  get seats(): readonly SeatView[] {
    return this.#seats;
  }
  /** Whether all seats have been taken: from then on they are kept, and moves are possible. */
  get begun(): boolean {
    return this.#begun;
  }
  get result(): MatchResult | null {
    return this.#position.result;
  }
  get rematch(): AnyView['rematch'] {
    return this.#rematch;
  }

  snapshot(): MatchSnapshot {
    return {
      version: this.#version,
      position: this.#position,
      seats: this.#seats,
      begun: this.#begun,
      rematch: this.#rematch,
    };
  }

  /** The match as a seat, or for null the public, sees it now. */
  view(seat: number | null): AnyView {
    return this.#told.get(seat ?? publicView) ?? this.#told.get(publicView)!;
  }

  /** The moves that the rules list for a seat now. */
  legal(seat: number): readonly AnyMove[] {
    return this.#begun ? legal(this.rules, this.#position, seat) : [];
  }

  /** Applies one change, or refuses it and changes nothing. */
  apply(entry: Entry): Applied {
    if (entry.type === 'move') return this.#move(entry);
    const blocked = this.#change(entry);
    return blocked ? { ok: false, error: { ...blocked, version: this.#version } } : this.#commit([]);
  }

  #move({ seat, move, args, at }: Entry & { type: 'move' }): Applied {
    const played = this.#begun
      ? play(this.rules, this.#position, seat, { move, args }, at)
      : { ok: false as const, error: this.result ? refusal('over', {}) : refusal('not_your_turn', { toAct: [] }) };
    if (!played.ok) return { ...played, error: { ...played.error, version: this.#version } };
    this.#position = played.position;
    return this.#commit(played.events);
  }

  /** Everything but moves. Answers why not, where it cannot be. */
  #change(entry: Exclude<Entry, { type: 'move' }>): AnyRejection | null {
    switch (entry.type) {
      case 'sit':
        if (this.result) return refusal('over', {});
        if (this.#seats[entry.seat] === undefined) return refusal('no_seat', {});
        if (this.#seats[entry.seat]?.player !== null) return refusal('full', {});
        this.#seat(entry.seat, { player: entry.player, connected: true });
        this.#begun = this.#seats.every(({ player }) => player !== null);
        return null;
      case 'stand':
        if (this.#begun) return refusal('no_seat', {});
        this.#seat(entry.seat, { player: null, connected: false });
        return null;
      case 'connection':
        this.#seat(entry.seat, { ...this.#seats[entry.seat]!, connected: entry.connected });
        return null;
      case 'end':
        if (this.result) return refusal('over', {});
        this.#position = { ...this.#position, result: entry.result, toAct: [] };
        return null;
      case 'rematch': {
        const others = this.#rematch.wantedBy.filter((seat) => seat !== entry.seat);
        this.#rematch = {
          ...this.#rematch,
          wantedBy: entry.wanted ? [...others, entry.seat].toSorted((a, b) => a - b) : others,
        };
        return null;
      }
      case 'successor':
        this.#rematch = { ...this.#rematch, match: entry.match };
        return null;
    }
  }

  #seat(seat: number, to: SeatView): void {
    this.#seats = this.#seats.with(seat, to);
  }

  #commit(events: readonly Emitted[]): Applied {
    this.#version += 1;
    const open = this.#tell(publicView, events);
    const seats = new Map(this.#audience().map((seat) => [seat, this.#tell(seat, events)]));
    return { ok: true, version: this.#version, told: new Telling(this.rules.game, { open, seats }) };
  }

  #tell(seat: number, events: readonly Emitted[]): Glance {
    const before = this.#told.get(seat)!;
    const after = this.#look(seat);
    this.#told.set(seat, after);
    return { before, after, events: viewEvents(this.rules, this.#position, seat === publicView ? null : seat, events) };
  }

  #look(seat: number): AnyView {
    const { options, phase, toAct, result } = this.#position;
    return {
      version: this.#version,
      epoch: this.epoch,
      // Before it begins a seat may be taken, looked at and left again, so until then it sees what everybody sees.
      state: viewState(this.rules, this.#position, seat === publicView || !this.#begun ? null : seat),
      seats: this.#seats,
      toAct: this.#begun ? toAct : [],
      phase,
      options,
      result,
      rematch: this.#rematch,
    };
  }

  /** Who sees something of their own: every seat where the game has secrets. */
  #audience(): readonly number[] {
    const { state, events } = this.rules.game.schemas;
    const secrets = state.secret || Object.values(events).some(({ secret }) => secret);
    return secrets ? [...this.#seats.keys()] : [];
  }
}

const publicView = -1;

function beginning(rules: AnyRules, setup: MatchSetup): MatchSnapshot {
  const position = start(rules, setup);
  const seats = Array.from({ length: position.seats }, () => ({ player: null, connected: false }));
  return { version: 0, position, seats, begun: false, rematch: { wantedBy: [], match: null } };
}

/**
 * The match that a log tells of, from its beginning or from a snapshot on.
 * @throws Error naming the entry that does not fit: the log is of other rules.
 */
export function replay(rules: AnyRules, from: MatchSetup | MatchSnapshot, log: readonly Entry[]): RunningMatch {
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
