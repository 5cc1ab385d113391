import type { AnyRules } from './game.ts';
import { atOnce, fitting, fittingState } from './fit.ts';
import { seatNumbers, type Emitted, type Position } from './position.ts';
import { SeededRandom, type Random, type RandomState } from './random.ts';
import type { MatchResult } from './rules.ts';

/** One rule at work: a draft of the state, and what the verbs of its context have said so far. */
export class Turn {
  readonly events: Emitted[] = [];
  readonly #rules: AnyRules;
  readonly #before: Position;
  readonly #seat: number | null;
  readonly #now: number;
  readonly #random: Random & { readonly state: RandomState | null };
  readonly #draft: unknown;
  #phase: string | null;
  #toAct: readonly number[];
  #result: MatchResult | null = null;

  constructor(rules: AnyRules, before: Position, seat: number | null, now: number) {
    this.#rules = rules;
    this.#before = before;
    this.#seat = seat;
    this.#now = now;
    this.#random = before.random ? new SeededRandom(before.random) : unknowable;
    this.#draft = copy(before.state);
    this.#phase = before.phase;
    this.#toAct = before.toAct;
  }

  run(rule: () => unknown, what: string): void {
    atOnce(rule(), `${this.#rules.game.name}: ${what}`);
  }

  context(): object {
    const phase = () => this.#phase;
    const toAct = () => this.#toAct;
    return {
      state: this.#draft,
      seat: this.#seat,
      seats: seatNumbers(this.#before.seats),
      options: this.#before.options,
      random: this.#random,
      now: this.#now,
      get phase() {
        return phase();
      },
      get toAct() {
        return toAct();
      },
      reject: (code: string, details: object = {}) => this.#reject(code, details),
      emit: (event: string, data: object = {}) => this.#emit(event, data),
      next: (to: { seat?: number | readonly number[]; phase?: string } = {}) => this.#next(to),
      end: (result: MatchResult) => void (this.#result = result),
    };
  }

  /** @param first who is to act in the phase where its rules say `in_turn`. */
  enter(phase: string, first: number): void {
    const rules = this.#rules.behaviour.phases?.[phase];
    if (!rules) throw new Error(`${this.#rules.game.name} has no phase "${phase}"`);
    this.#phase = phase;
    this.#toAct = rules.toAct === 'everyone' ? seatNumbers(this.#before.seats) : [first];
    this.run(() => rules.enter?.(this.context()), `enter of phase ${phase}`);
  }

  finished(): Position {
    return {
      ...this.#before,
      state: fittingState(this.#rules.game.schemas.state, this.#draft, this.#before.seats),
      phase: this.#phase,
      toAct: this.#result ? [] : this.#toAct,
      result: this.#result,
      random: this.#random.state,
    };
  }

  #reject(code: string, details: object): never {
    const schema = this.#rules.game.schemas.errors[code];
    if (!schema) throw new Error(`${this.#rules.game.name} has no error "${code}"`);
    throw new Rejected(code, fitting(schema, details, `details of error ${code}`) as object);
  }

  #emit(event: string, data: object): void {
    const schema = this.#rules.game.schemas.events[event];
    if (!schema) throw new Error(`${this.#rules.game.name} has no event "${event}"`);
    this.events.push({
      event,
      data: fitting(schema, copy(data), `data of event ${event}`) as object,
      by: this.#seat ?? 0,
    });
  }

  #next({ seat, phase }: { seat?: number | readonly number[]; phase?: string }): void {
    const { seats } = this.#before;
    const named = seat === undefined ? undefined : typeof seat === 'number' ? [seat] : seat;
    for (const one of named ?? [])
      if (!seatNumbers(seats).includes(one)) throw new RangeError(`next: there is no seat ${one}`);
    const mover = this.#seat ?? 0;
    const following = (mover + 1) % seats;
    if (phase !== undefined) {
      this.enter(phase, named?.[0] ?? following);
      if (named) this.#toAct = named;
    } else if (named) {
      this.#toAct = named;
    } else if (this.#toAct.length > 1) {
      this.#toAct = this.#toAct.filter((other) => other !== mover);
    } else {
      const everyone = this.#phase !== null && this.#rules.behaviour.phases?.[this.#phase]?.toAct === 'everyone';
      this.#toAct = everyone ? seatNumbers(seats) : [following];
    }
  }
}

const unknowable = {
  get state() {
    return null;
  },
  int: () => cannotKnow(),
  pick: () => cannotKnow(),
  shuffle: () => cannotKnow(),
};
function cannotKnow(): never {
  throw new Error('chance is not known here');
}

/** Thrown by `reject`, so that a rule stops where it refuses. */
export class Rejected extends Error {
  readonly code: string;
  readonly details: object;

  constructor(code: string, details: object) {
    super(`rejected: ${code}`);
    this.code = code;
    this.details = details;
  }
}

/** A deep copy of a JSON value: 0.6 us for a chess state of 80 moves, where structuredClone takes 4.6 us. */
function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(value)) made[key] = copy((value as Record<string, unknown>)[key]);
  return made as T;
}
