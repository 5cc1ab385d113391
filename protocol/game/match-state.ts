/** All there is of a match, as plain data, and what an entry of its log makes of it. Pure. */
import { afterMove, lastPast, takenBack, without, withOffer, withPast, type Offer, type Past } from './agreements.ts';
import { flagFall, newClocks, turnClocks, type ClockSetting, type SeatClock, type TurnChange } from './clocks.ts';
import { secondLook } from './development.ts';
import type { Entry, EntryOf } from './entry.ts';
import type { AnyRules } from './game.ts';
import { mayUndo, play, ring, start, timeUp, type Advanced } from './play.ts';
import type { Emitted, Position } from './position.ts';
import { refusal, type AnyRejection } from './rejection.ts';
import type { MatchResult } from './rules.ts';
import { firstTimer, postponed } from './timers.ts';
import type { AnyView, SeatView } from './view.ts';

/** What a match starts from. */
export interface MatchSetup {
  /** As its creator gave them, before defaults. */
  readonly options?: unknown;
  readonly seats?: number | undefined;
  readonly seed: number;
}

export interface MatchState {
  /** Match time of the latest entry, ms. It stands while nobody hosts the match. */
  readonly time: number;
  /** Whether all seats have been taken: from then on they are kept, and moves are possible. */
  readonly begun: boolean;
  readonly position: Position;
  readonly seats: readonly SeatView[];
  readonly clockSetting: ClockSetting | null;
  readonly clocks: readonly SeatClock[] | null;
  readonly offers: readonly Offer[];
  readonly rematch: AnyView['rematch'];
  /** Positions that moves can be taken back to, oldest first; empty in games without. */
  readonly past: readonly Past[];
  /** Number of the latest entry that ended, or took back, a turn that was one seat's alone. */
  readonly lastTurn: number;
  /** Number of entries so far. */
  readonly version: number;
}

export type Entered =
  /** `failure` is what rules threw that nobody had called: the match goes on without them. */
  | {
      readonly ok: true;
      readonly state: MatchState;
      readonly events: readonly Emitted[];
      readonly failure?: { readonly cause: unknown };
    }
  | { readonly ok: false; readonly error: AnyRejection; readonly cause?: unknown };

/** @throws OptionsError; whatever the rules' `setup` throws. */
export function newMatch(rules: AnyRules, setup: MatchSetup): MatchState {
  const position = start(rules, setup);
  const wrong = secondLook(rules, 'setup', position, () => start(rules, setup));
  if (wrong) throw wrong;
  const clockSetting = rules.game.clock(position.options);
  return {
    time: 0,
    begun: false,
    position,
    seats: Array.from({ length: position.seats }, () => ({ player: null, connected: false })),
    clockSetting,
    clocks: clockSetting && newClocks(clockSetting, position.seats),
    offers: [],
    rematch: { wantedBy: [], match: null },
    past: [],
    lastTurn: 0,
    version: 0,
  };
}

/** The state after one more entry, or why it cannot be. */
export function entered(rules: AnyRules, before: MatchState, entry: Entry): Entered {
  const made = watchedTwice(rules, before, entry);
  if (!made.ok) return { ...made, error: { ...made.error, version: before.version } };
  const time = Math.max(before.time, entry.at);
  const settled = made.state.position.result ? { offers: [], past: [] } : {}; // nothing is asked, or taken back, any more
  return { ...made, state: { ...made.state, ...settled, time, version: before.version + 1 } };
}

/**
 * The entry that is due next if nothing else happens, with the time when it is; null: nothing is.
 * @param lag measured round trip of a seat's player, ms.
 */
export function nextDue(state: MatchState, lag: (seat: number) => number): EntryOf<'timer' | 'flag'> | null {
  if (!state.begun || state.position.result) return null;
  const due: EntryOf<'timer' | 'flag'>[] = [];
  const first = firstTimer(state.position.timers);
  if (first) due.push({ type: 'timer', timer: first.id, at: Math.max(state.time, first.at) });
  for (const [seat, clock] of (state.clocks ?? []).entries()) {
    const at = flagFall(clock, lag(seat));
    if (at !== null) due.push({ type: 'flag', seat, lag: lag(seat), at: Math.max(state.time, at) });
  }
  return due.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

/** Watched rules that make something else the second time have failed. */
function watchedTwice(rules: AnyRules, before: MatchState, entry: Entry): Entered {
  const first = byType(rules, before, entry);
  const what = entry.type === 'move' ? `move ${entry.move}` : entry.type;
  const cause = secondLook(rules, what, decided(first), () => decided(byType(rules, before, entry)));
  if (!cause) return first;
  if (first.ok && entry.type !== 'move') return { ...first, failure: { cause } };
  return { ok: false, error: refusal('rule_failed', {}), cause };
}

/** What rules have a say in. */
const decided = (made: Entered) => (made.ok ? { ...made.state.position, events: made.events } : { error: made.error });

function byType(rules: AnyRules, state: MatchState, entry: Entry): Entered {
  switch (entry.type) {
    case 'sit':
      return sit(state, entry);
    case 'stand':
      if (state.begun) return refused(refusal('no_seat', {}));
      return changed(withSeat(state, entry.seat, { player: null, connected: false }));
    case 'connection':
      return connection(state, entry);
    case 'move':
      return move(rules, state, entry);
    case 'timer':
      return timer(rules, state, entry);
    case 'flag':
      return flag(rules, state, entry);
    case 'end':
      return state.position.result ? refused(refusal('over', {})) : changed(ended(state, entry.result, entry.at));
    case 'offer':
      return offer(rules, state, entry);
    case 'decline':
      return changed(declined(state, entry.what));
    case 'successor':
      return changed({ ...state, rematch: { ...state.rematch, match: entry.match } });
  }
}

// Seats

function sit(state: MatchState, { seat, player, at }: EntryOf<'sit'>): Entered {
  if (state.position.result) return refused(refusal('over', {}));
  if (state.seats[seat] === undefined) return refused(refusal('no_seat', {}));
  if (state.seats[seat].player !== null) return refused(refusal('full', {}));
  const taken = withSeat(state, seat, { player, connected: true });
  if (!taken.seats.every((one) => one.player !== null)) return changed(taken);
  const { position } = state; // what its first phase has set begins to run now
  return changed(
    atTurn({ ...taken, begun: true, position: { ...position, timers: postponed(position.timers, at) } }, at),
  );
}

function connection(state: MatchState, { seat, connected, heldUntil }: EntryOf<'connection'>): Entered {
  const { player } = state.seats[seat]!;
  return changed(withSeat(state, seat, { player, connected, ...(heldUntil === undefined ? {} : { heldUntil }) }));
}

const withSeat = (state: MatchState, seat: number, to: SeatView): MatchState => ({
  ...state,
  seats: state.seats.with(seat, to),
});

// What happens on the board

function move(rules: AnyRules, state: MatchState, { seat, move: name, args, at, lag = 0 }: EntryOf<'move'>): Entered {
  const { position } = state;
  if (!state.begun) return refused(position.result ? refusal('over', {}) : refusal('not_your_turn', { toAct: [] }));
  const played = play(rules, position, seat, { move: name, args }, at);
  if (!played.ok) return played;
  return { ok: true, ...afterMoveOf(rules, state, { seat, move: name, at, lag }, played) };
}

/** What else a move in turn does: it can be taken back, and answers what was offered. */
function afterMoveOf(
  rules: AnyRules,
  state: MatchState,
  made: { readonly seat: number; readonly move: string; readonly at: number; readonly lag: number },
  { position, events }: Advanced,
): { readonly state: MatchState; readonly events: readonly Emitted[] } {
  const { seat, at, lag } = made;
  const after = atTurn({ ...state, position }, at, { seat, lag });
  if (rules.behaviour.anyTime?.includes(made.move)) return { state: after, events };
  const past = rules.game.agreements.includes('takeback')
    ? withPast(state.past, { seat, at, position: state.position })
    : state.past;
  const lastTurn = isAlone(rules, state.position) ? state.version + 1 : state.lastTurn;
  return { state: { ...after, past, lastTurn, offers: afterMove(state.offers, seat) }, events };
}

/** Whether the turn is one seat's alone: of moves made at once none overtakes another. */
export function isAlone({ behaviour }: AnyRules, { phase, toAct }: Position): boolean {
  return toAct.length < 2 && !(phase !== null && behaviour.phases?.[phase]?.toAct === 'everyone');
}

/** A timer that fails, or a move that cannot be made now, is over all the same: it would be due for ever. */
function timer(rules: AnyRules, state: MatchState, { timer: id, at }: EntryOf<'timer'>): Entered {
  const due = state.position.timers.find((one) => one.id === id);
  if (!due || due.at > at || state.position.result) return refused(refusal('stale', { version: state.version }));
  const left = state.position.timers.filter((one) => one !== due);
  const rest: MatchState = { ...state, position: { ...state.position, timers: left } };
  if (due.seat !== null) {
    const played = move(rules, rest, { type: 'move', seat: due.seat, move: due.move, args: due.args, at });
    if (played.ok || played.error.code !== 'rule_failed') return played.ok ? played : changed(rest);
    return { ...changed(rest), failure: { cause: played.cause } };
  }
  try {
    const { position, events } = ring(rules, rest.position, due, at);
    return { ok: true, state: atTurn({ ...rest, position }, at), events };
  } catch (cause) {
    return { ...changed(rest), failure: { cause } };
  }
}

/** A seat whose time is up loses, unless the rules say otherwise. */
function flag(rules: AnyRules, state: MatchState, { seat, at, lag }: EntryOf<'flag'>): Entered {
  const { clocks } = state;
  const clock = clocks?.[seat];
  const falls = clock ? flagFall(clock, lag) : null;
  if (!clock || falls === null || falls > at) return refused(refusal('stale', { version: state.version }));
  const empty = { ...state, clocks: clocks.with(seat, { ...clock, leftMs: 0, runningSince: at }) };
  const othersWin = wonBy(
    [...state.seats.keys()].filter((other) => other !== seat),
    'time',
  );
  try {
    return changed(ended(empty, timeUp(rules, state.position, seat) ?? othersWin, at));
  } catch (cause) {
    return { ...changed(ended(empty, othersWin, at)), failure: { cause } };
  }
}

/** Clocks follow from who is to act. */
function atTurn(state: MatchState, at: number, mover?: TurnChange['mover']): MatchState {
  const { clocks, clockSetting, position } = state;
  if (!clocks || !clockSetting) return state;
  const turn = { at, toAct: position.toAct, ...(mover ? { mover } : {}) };
  return { ...state, clocks: turnClocks(clocks, clockSetting, turn) };
}

const ended = (state: MatchState, result: MatchResult, at: number): MatchState =>
  atTurn({ ...state, position: { ...state.position, result, toAct: [], stage: null, timers: [] } }, at);

/** Nobody, one or several have won. */
export function wonBy(seats: readonly number[], reason: string): MatchResult {
  const [winner, ...others] = seats;
  if (winner === undefined) return { draw: true, reason };
  return others.length === 0 ? { winner, reason } : { winners: seats, reason };
}

// Agreements

function offer(rules: AnyRules, state: MatchState, { seat, what, at }: EntryOf<'offer'>): Entered {
  const { position, seats } = state;
  if (what === 'rematch') return rematch(state, seat);
  if (!rules.game.agreements.includes(what)) return refused(cannot(`${rules.game.name} has no ${what}`));
  if (position.result) return refused(refusal('over', {}));
  if (!state.begun) return refused(refusal('not_your_turn', { toAct: [] }));
  const offers = withOffer(state.offers, what, seat);
  const { wantedBy } = offers.at(-1)!;
  const asker = wantedBy[0]!;
  if (what === 'takeback' && wantedBy.length === 1) {
    if (lastPast(state.past, asker) === null) return refused(cannot('there is no move of yours to take back'));
    if (!mayUndo(rules, position, asker)) return refused(cannot('the rules do not let you take that move back'));
  }
  if (wantedBy.length < seats.length) return changed({ ...state, offers });
  if (what === 'draw') return changed(ended(state, { draw: true, reason: 'agreed' }, at));
  return changed(undone(state, asker, at));
}

/** The position before a seat's last move, and everything that came after it is gone. */
function undone(state: MatchState, seat: number, at: number): MatchState {
  const index = lastPast(state.past, seat)!;
  const position = takenBack(state.past[index]!, state.position, at);
  const past = state.past.slice(0, index);
  return atTurn({ ...state, position, past, offers: [], lastTurn: state.version + 1 }, at);
}

function rematch(state: MatchState, seat: number): Entered {
  if (!state.position.result) return refused(cannot('there is no rematch before the end of the match'));
  const others = state.rematch.wantedBy.filter((other) => other !== seat);
  const wantedBy = [...others, seat].toSorted((a, b) => a - b);
  return changed({ ...state, rematch: { ...state.rematch, wantedBy } });
}

const declined = (state: MatchState, what: EntryOf<'decline'>['what']): MatchState =>
  what === 'rematch'
    ? { ...state, rematch: state.rematch.match === null ? { wantedBy: [], match: null } : state.rematch }
    : { ...state, offers: without(state.offers, what) };

const cannot = (message: string): AnyRejection => refusal('bad_arguments', { issues: [{ path: 'what', message }] });

const changed = (state: MatchState): Entered & { readonly ok: true } => ({ ok: true, state, events: [] });
const refused = (error: AnyRejection): Entered => ({ ok: false, error });
