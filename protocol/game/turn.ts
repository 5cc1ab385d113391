import { issuesText, validate } from '../schema/standard.ts';
import type { AnyRules } from './game.ts';
import { atOnce, fitting, fittingState } from './fit.ts';
import { seatNumbers, type Emitted, type Position } from './position.ts';
import { SeededRandom, type Random, type RandomState } from './random.ts';
import type { MatchResult } from './rules.ts';
import { mostTimers, type Timer } from './timers.ts';

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
  #stage: string | null;
  #toAct: readonly number[];
  #timers: readonly Timer[];
  #result: MatchResult | null = null;

  constructor(rules: AnyRules, before: Position, seat: number | null, now: number) {
    this.#rules = rules;
    this.#before = before;
    this.#seat = seat;
    this.#now = now;
    this.#random = before.random ? new SeededRandom(before.random) : unknowable;
    this.#draft = copy(before.state);
    this.#phase = before.phase;
    this.#stage = before.stage;
    this.#toAct = before.toAct;
    this.#timers = before.timers;
  }

  run(rule: () => unknown, what: string): void {
    atOnce(rule(), `${this.#rules.game.name}: ${what}`);
  }

  context(): object {
    const phase = () => this.#phase;
    const stage = () => this.#stage;
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
      get stage() {
        return stage();
      },
      get toAct() {
        return toAct();
      },
      reject: (code: string, details: object = {}) => this.#reject(code, details),
      emit: (event: string, data: object = {}) => this.#emit(event, data),
      next: (to: NextTurn = {}) => this.#next(to),
      end: (result: MatchResult) => void (this.#result = result),
      after: (ms: number, move: string, args: object = {}) => this.#after(ms, move, args),
    };
  }

  /** @param first who is to act in the phase where its rules say `in_turn`. */
  enter(phase: string, first: number): void {
    const rules = this.#rules.behaviour.phases?.[phase];
    if (!rules) throw new Error(`${this.#rules.game.name} has no phase "${phase}"`);
    this.#phase = phase;
    this.#stage = null;
    this.#toAct = rules.toAct === 'everyone' ? seatNumbers(this.#before.seats) : [first];
    this.run(() => rules.enter?.(this.context()), `enter of phase ${phase}`);
  }

  finished(): Position {
    return {
      ...this.#before,
      state: fittingState(this.#rules.game.schemas.state, this.#draft, this.#before.seats),
      phase: this.#phase,
      stage: this.#result ? null : this.#stage,
      toAct: this.#result ? [] : this.#toAct,
      result: this.#result,
      random: this.#random.state,
      timers: this.#result ? [] : this.#timers,
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
      by: this.#seat,
    });
  }

  #next({ seat, phase, stage }: NextTurn): void {
    const { seats } = this.#before;
    const named = seat === undefined ? undefined : typeof seat === 'number' ? [seat] : seat;
    for (const one of named ?? [])
      if (!seatNumbers(seats).includes(one)) throw new RangeError(`next: there is no seat ${one}`);
    if (stage !== undefined && !this.#rules.game.stages.includes(stage))
      throw new Error(`${this.#rules.game.name} has no stage "${stage}"`);
    const others = this.#seat === null ? [] : this.#toAct.filter((other) => other !== this.#seat);
    const following = ((this.#seat ?? this.#toAct.at(-1) ?? 0) + 1) % seats;
    if (phase !== undefined) {
      this.enter(phase, named?.[0] ?? following);
      if (named) this.#toAct = named;
    } else if (named) {
      this.#toAct = named;
    } else if (this.#toAct.length > 1 && others.length > 0) {
      this.#toAct = others;
      stage ??= this.#stage ?? undefined; // it goes on for them
    } else {
      const everyone = this.#phase !== null && this.#rules.behaviour.phases?.[this.#phase]?.toAct === 'everyone';
      this.#toAct = everyone ? seatNumbers(seats) : [following];
    }
    this.#stage = stage ?? (phase === undefined ? null : this.#stage);
  }

  #after(ms: number, move: string, args: object): void {
    const { name, schemas } = this.#rules.game;
    const isTimer = Object.hasOwn(schemas.timers, move);
    const schema = isTimer ? schemas.timers[move] : this.#seat === null ? undefined : schemas.moves[move];
    if (!schema) throw new Error(`after: ${name} has no ${this.#seat === null ? 'timer' : 'timer or move'} "${move}"`);
    if (!(ms >= 1 && ms < Infinity)) throw new RangeError(`after(${ms}, "${move}"): milliseconds wanted, 1 or more`);
    if (this.#timers.length >= mostTimers) throw new RangeError(`after: ${mostTimers} timers are set already`);
    const checked = validate(schema, copy(args));
    if (!checked.ok) throw new Error(`arguments of ${move} do not fit: ${issuesText(checked.issues)}`);
    const id = 1 + Math.max(0, ...this.#timers.map((timer) => timer.id));
    const seat = isTimer ? null : this.#seat;
    this.#timers = [...this.#timers, { id, at: this.#now + ms, move, args: copy(args), seat }];
  }
}

/** What `next` is told. */
interface NextTurn {
  readonly seat?: number | readonly number[];
  readonly phase?: string;
  stage?: string | undefined;
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
