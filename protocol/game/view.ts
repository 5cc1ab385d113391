/** What a seat, a spectator or the public may see of a match. */
import type { PerSeatView } from '../schema/seats.ts';
import { viewOf, type Viewer } from '../schema/view.ts';
import type { Happening } from '../sync/change.ts';
import type { Offer } from './agreements.ts';
import type { ClockView } from './clocks.ts';
import type { AnyRules } from './game.ts';
import type { GameTypes } from './game-types.ts';
import type { Emitted, Position } from './position.ts';
import { seeded } from './random.ts';
import type { MatchResult } from './rules.ts';
import type { Frozen } from '../schema/type.ts';

/** A seat as everybody sees it. */
export interface SeatView {
  /** The authid of who sits there; null while it is free. */
  readonly player: string | null;
  readonly connected: boolean;
  /** While its player is away from a match that is not over: match time until which it is kept, ms. */
  readonly heldUntil?: number;
}

/** A match as a client draws it. */
export interface View<G extends GameTypes> {
  /** Number of committed changes. */
  readonly version: number;
  /** Grows when a match is recovered from its log. */
  readonly epoch: number;
  readonly state: G['view'];
  readonly seats: PerSeatView<SeatView>;
  /** The seats that are to act; empty until every seat is taken, and after the end. */
  readonly toAct: readonly G['seat'][];
  readonly phase: [G['phase']] extends [never] ? null : G['phase'];
  /** What the turn is about, where it is in a stage. */
  readonly stage: [G['stage']] extends [never] ? null : G['stage'] | null;
  /** What each seat has left; null where the match is played without clocks. */
  readonly clocks: G['clocks'];
  readonly options: Frozen<G['options']>;
  readonly result: MatchResult<G['seat']> | null;
  /** What has been asked and not been answered. */
  readonly offers: readonly Offer<G['agreement'], G['seat']>[];
  readonly rematch: {
    /** Seats that have asked for another match. */
    readonly wantedBy: readonly G['seat'][];
    /** Its id, once all seats want it. */
    readonly match: string | null;
  };
}

/** A view whose game the compiler does not know. */
export interface AnyView {
  readonly version: number;
  readonly epoch: number;
  readonly state: unknown;
  readonly seats: readonly SeatView[];
  readonly toAct: readonly number[];
  readonly phase: string | null;
  readonly stage: string | null;
  readonly clocks: readonly ClockView[] | null;
  readonly options: unknown;
  readonly result: MatchResult | null;
  readonly offers: readonly Offer<string>[];
  readonly rematch: { readonly wantedBy: readonly number[]; readonly match: string | null };
}

/** The state as a seat, or for null the public, may see it. */
export const viewState = (rules: AnyRules, position: Position, seat: number | null): unknown =>
  viewOf(rules.game.schemas.state, position.state, viewerOf(rules, position, seat));

/** Events as a seat may see them; concealed parts belong to the seat that acted. */
export const viewEvents = (
  rules: AnyRules,
  position: Position,
  seat: number | null,
  events: readonly Emitted[],
): readonly Happening[] =>
  events.map(({ event, data, by }) => ({
    event,
    data: viewOf(rules.game.schemas.events[event]!, data, viewerOf(rules, position, seat), by),
  }));

/** A rejection's details as the refused seat may see them. */
export const viewDetails = (rules: AnyRules, position: Position, seat: number, code: string, details: object): object =>
  viewOf(rules.game.schemas.errors[code]!, details, viewerOf(rules, position, seat), seat) as object;

/** A seat, or for null the public, as it looks at a position. */
export const viewerOf = ({ behaviour }: AnyRules, { state }: Position, seat: number | null): Viewer => ({
  seat,
  belongs: (audience, owner) =>
    seat !== null && behaviour.seenBy?.[audience]?.({ state, viewer: seat, owner }) === true,
});

/** The position that a view shows. Chance is not in it, unless a seed stands in: a bot's guess. */
export const positionOf = (view: AnyView, seed?: number): Position => ({
  state: view.state,
  options: view.options,
  seats: view.seats.length,
  phase: view.phase,
  stage: view.stage,
  toAct: view.toAct,
  result: view.result,
  random: seed === undefined ? null : seeded(seed),
  timers: [],
});
