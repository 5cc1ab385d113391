/**
 * A world as its authority holds it: players, entities, what all share, the inputs that wait, and the tick. Knows no clock,
 * network or store: who drives it calls `step` as often as the world ticks, and says what came in between.
 */
import { fitting, atOnce } from '../game/fit.ts';
import { SeededRandom, seeded, type RandomState } from '../game/random.ts';
import { refusal, type AnyRejection } from '../game/rejection.ts';
import { codeText, OptionsError } from '../game/play.ts';
import { Rejected } from '../game/turn.ts';
import { copyOf } from '../schema/copy.ts';
import { issuesText, validate, type Issue } from '../schema/standard.ts';
import { asCollection } from './collection.ts';
import { History } from './history.ts';
import { sanitized } from './input.ts';
import { InputQueue } from './input-queue.ts';
import { settler, type Settle } from './settle.ts';
import { Things, type KeptThings } from './things.ts';
import { Undo } from './undo.ts';
import type { AnyWorldRules } from './world.ts';
import type { Place } from './world-rules.ts';
import { WorldSight } from './world-view.ts';

/** What a world starts from. */
export interface WorldSetup {
  /** As its creator gave them, before defaults. */
  readonly options?: unknown;
  readonly seed: number;
}

/** All that a world is, between two ticks. Plain data, never written to; what has not changed since is the same object. */
export interface KeptWorld {
  readonly tick: number;
  readonly shared: unknown;
  readonly players: KeptThings;
  readonly entities: { readonly [collection: string]: KeptThings };
  readonly random: RandomState;
  readonly timers: readonly WaitingTimer[];
}
export interface WaitingTimer {
  /** The tick in which it runs. */
  readonly due: number;
  readonly timer: string;
  readonly args: object;
}

/** Something that happened. */
export interface WorldEvent {
  readonly event: string;
  readonly data: object;
  /** By whose move; null: nobody's. */
  readonly by: string | null;
  /** Where; null: everywhere. */
  readonly at: Place | null;
}

/** What one tick has come to, with what was done since the tick before. */
export interface Stepped {
  readonly tick: number;
  readonly events: readonly WorldEvent[];
  /** What rules threw. The others went on; a player whose step failed stands still. */
  readonly failures: readonly unknown[];
}
export type WorldPlayed =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: AnyRejection; readonly cause?: unknown };

/** How long the past is kept for `rewind`, and how long a late player may catch up, ms. */
export const worldWaits = { maxRewindMs: 1_000, catchUpMs: 500 } as const;

export class RunningWorld {
  readonly rules: AnyWorldRules;
  readonly options: unknown;
  readonly #players: Things;
  readonly #entities: ReadonlyMap<string, Things>;
  readonly #settleShared: Settle;
  readonly #queues = new Map<string, InputQueue>();
  /** By player: the number of its last move that was accepted. */
  readonly #moved = new Map<string, number>();
  readonly #history: History;
  #random: SeededRandom;
  #timers: WaitingTimer[];
  #tick: number;
  #shared: unknown;
  #settledShared: unknown;
  #events: WorldEvent[] = [];
  #failures: unknown[] = [];

  /** @throws OptionsError; whatever the rules' `setup` throws; Error saying what of `kept` does not fit the schemas. */
  constructor(rules: AnyWorldRules, setup: WorldSetup, kept?: KeptWorld) {
    const { schemas, tick } = rules.game;
    const checked = validate(schemas.options, setup.options ?? {});
    if (!checked.ok) throw new OptionsError(checked.issues);
    this.rules = rules;
    this.options = checked.value;
    this.#random = new SeededRandom(kept?.random ?? seeded(setup.seed));
    this.#tick = kept?.tick ?? 0;
    this.#timers = (kept?.timers ?? []).map((waiting) => this.#keptTimer(waiting));
    for (const [kind, { things }] of Object.entries(kept?.entities ?? {}))
      if (!Object.hasOwn(schemas.entities, kind) && Object.keys(things).length > 0)
        throw new Error(`${rules.game.name} has no entities "${kind}"`);
    this.#players = new Things('players', schemas.player, settler(schemas.player), kept?.players);
    this.#entities = new Map(
      Object.entries(schemas.entities).map(([name, type]) => [
        name,
        new Things(name, type, settler(type), kept?.entities[name]),
      ]),
    );
    this.#history = new History(ticksOf(worldWaits.maxRewindMs, tick));
    this.#settleShared = settler(schemas.shared);
    const context = { options: this.options, random: this.#random, entities: this.#collections(null) };
    const given = kept ? kept.shared : (atOnce(rules.world.setup?.(context), `${rules.game.name}: setup`) ?? {});
    this.#shared = fitting(schemas.shared, given, 'shared');
    this.#settle();
    this.#history.keep(this.#tick, this.players);
    for (const id of this.players.keys()) this.#queues.set(id, this.#newQueue());
  }

  /** Ticks so far. */
  get tick(): number {
    return this.#tick;
  }
  /** Match time, ms. */
  get now(): number {
    return (this.#tick * 1000) / this.rules.game.tick;
  }
  /** As of the last tick or move, as are the other two: what does not change is the same object as before. */
  get shared(): unknown {
    return this.#settledShared;
  }
  get players(): ReadonlyMap<string, object> {
    return this.#players.settled;
  }
  entities(collection: string): ReadonlyMap<string, object> {
    return this.#entities.get(collection)!.settled;
  }

  /** Number of the last input of a player that has been taken. */
  taken(id: string): number {
    return this.#queues.get(id)?.taken ?? 0;
  }

  /** Number of the last move of a player that has been accepted, of those with numbers. */
  moved(id: string): number {
    return this.#moved.get(id) ?? 0;
  }

  /** A player comes; who is there stays as it is. @throws whatever the rules' `spawn` throws. */
  enter(id: string): void {
    if (id in this.#players.live) return;
    const { name } = this.rules.game;
    const context = { id, options: this.options, shared: this.#settledShared, random: this.#random };
    this.#players.put(id, atOnce(this.rules.world.spawn(context), `${name}: spawn`));
    this.#queues.set(id, this.#newQueue());
    this.#run(() => this.rules.world.onEnter?.({ ...this.#context(null), id, me: this.#players.live[id]! }), 'onEnter');
    this.#settle();
  }

  leave(id: string): void {
    if (!(id in this.#players.live)) return;
    this.#run(() => this.rules.world.onLeave?.({ ...this.#context(null), id, me: this.#players.live[id]! }), 'onLeave');
    this.#players.remove(id);
    this.#queues.delete(id);
    this.#moved.delete(id);
    this.#history.forget(id);
    this.#settle();
  }

  /** The inputs and moves of a player are numbered anew, as those of a client that has just joined are. */
  restart(id: string): void {
    if (this.#queues.has(id)) this.#queues.set(id, this.#newQueue());
    this.#moved.delete(id);
  }

  /**
   * Inputs of a player for ticks to come; ones that have come before are known by their numbers. Of nobody: nothing.
   * @param last number of the last of them, the others precede it. @param seen the tick that its player looked at, for `rewind`.
   */
  input(id: string, last: number, inputs: readonly unknown[], seen?: number): void {
    const { schemas, idle } = this.rules.game;
    const { structure } = schemas.input;
    if (structure.kind !== 'object') return;
    this.#queues.get(id)?.put(last, inputs, (input) => sanitized(structure.fields, idle, input));
    if (seen !== undefined) this.#history.saw(id, seen);
  }

  /**
   * A move, between two ticks. Refused or failed it has changed nothing.
   * @param number by which a client that predicts it will know it; null: nobody does.
   */
  move(id: string, move: string, given: object, number: number | null = null): WorldPlayed {
    const { game, world } = this.rules;
    const schema = Object.hasOwn(game.schemas.moves, move) ? game.schemas.moves[move] : undefined;
    const bad = (issues: readonly Issue[]): WorldPlayed => ({
      ok: false,
      error: refusal('bad_arguments', { issues }, this.#tick),
    });
    if (!schema) return bad([{ path: 'move', message: `${game.name} has no move "${move}"` }]);
    if (!(id in this.#players.live)) return { ok: false, error: refusal('no_seat', {}, this.#tick) };
    const checked = validate(schema, given);
    if (!checked.ok) return bad(checked.issues);
    const undo = new Undo();
    const events = this.#events.length;
    const timers = this.#timers.length;
    const random = this.#random.state;
    try {
      const context = {
        ...this.#context(undo, id),
        id,
        me: undo.record(this.#players.live[id]!),
        rewind: () => this.#history.seenBy(id),
        reject: (code: string, details: object = {}) => this.#reject(code, details),
      };
      atOnce(world.moves![move]!(context, checked.value), `${game.name}: move ${move}`);
      this.#settle((error) => {
        throw error;
      });
      if (number !== null) this.#moved.set(id, number);
      return { ok: true };
    } catch (thrown) {
      undo.undo();
      this.#events.length = events;
      this.#timers.length = timers;
      this.#random = new SeededRandom(random);
      this.#settle();
      if (!(thrown instanceof Rejected))
        return { ok: false, error: refusal('rule_failed', {}, this.#tick), cause: thrown };
      const { code } = thrown;
      const details = new WorldSight(this, id).details(code, thrown.details);
      return { ok: false, error: { code, details, message: codeText(code), version: this.#tick } };
    }
  }

  /** One tick: timers that are due, a step of each player, and `onTick`. What a rule throws is answered, not thrown. */
  step(): Stepped {
    const { game, world } = this.rules;
    this.#tick += 1;
    const due = this.#timers.filter((timer) => timer.due <= this.#tick);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#tick);
    for (const { timer, args } of due)
      this.#run(() => world.timers?.[timer]?.(this.#context(null), args), `timer ${timer}`);
    const context = { dt: 1 / game.tick, options: this.options, shared: this.#settledShared };
    for (const [id, queue] of this.#queues) {
      for (const input of queue.take()) {
        const me = this.#players.live[id]!;
        if (!this.#run(() => world.step(me, input ?? game.idle, context), 'step')) this.#players.putBack(id);
        this.#players.settleOne(id, this.#failed); // each by itself, as a predicting client does: rounding must agree
      }
    }
    if (world.onTick) {
      const around = { ...this.#context(null), dt: context.dt };
      this.#run(() => world.onTick!(around), 'onTick');
    }
    this.#settle();
    this.#history.keep(this.#tick, this.#players.settled);
    const stepped = { tick: this.#tick, events: this.#events, failures: this.#failures };
    this.#events = [];
    this.#failures = [];
    return stepped;
  }

  /** What a rule answers. What it throws is one of the failures of the next tick. */
  ask<T>(rule: () => T, otherwise: T): T {
    try {
      return rule();
    } catch (error) {
      this.#failures.push(error);
      return otherwise;
    }
  }

  /** What is needed to go on from here: all but what was heard since the last tick. */
  keep(): KeptWorld {
    return {
      tick: this.#tick,
      shared: this.#settledShared,
      players: this.#players.keep(),
      entities: Object.fromEntries([...this.#entities].map(([name, things]) => [name, things.keep()])),
      random: this.#random.state,
      timers: [...this.#timers],
    };
  }

  /** Whether a rule has done without a failure. */
  #run(rule: () => unknown, what: string): boolean {
    try {
      atOnce(rule(), `${this.rules.game.name}: ${what}`);
      return true;
    } catch (error) {
      this.#failures.push(error);
      return false;
    }
  }

  readonly #failed = (error: unknown): void => void this.#failures.push(error);

  #settle(failed = this.#failed): void {
    this.#players.settle(failed);
    for (const things of this.#entities.values()) things.settle(failed);
    try {
      this.#settledShared = this.#settleShared(this.#shared, this.#settledShared, 'shared');
    } catch (error) {
      this.#shared = copyOf(this.#settledShared);
      failed(error);
    }
  }

  /** @param undo records what is written, so that it can be taken back; null: it stays. */
  #context(undo: Undo | null, by: string | null = null) {
    const recorded = <T>(value: T): T => (undo ? undo.record(value) : value);
    return {
      options: this.options,
      shared: recorded(this.#shared),
      players: recorded(this.#players.live),
      entities: this.#collections(undo),
      random: this.#random,
      tick: this.#tick,
      now: this.now,
      emit: (event: string, data: object = {}) => this.#emit(event, data, by, this.#placeOf(by)),
      emitAt: (at: Place, event: string, data: object = {}) => this.#emit(event, data, by, at),
      after: (ms: number, timer: string, args: object = {}) => this.#after(ms, timer, args),
    };
  }

  #collections(undo: Undo | null): { readonly [collection: string]: object } {
    return Object.fromEntries([...this.#entities].map(([name, things]) => [name, asCollection(things, undo)]));
  }

  #emit(event: string, data: object, by: string | null, at: Place | null): void {
    const { name, schemas } = this.rules.game;
    const schema = schemas.events[event];
    if (!schema) throw new Error(`${name} has no event "${event}"`);
    this.#events.push({ event, data: fitting(schema, data, `data of event ${event}`) as object, by, at });
  }

  #placeOf(id: string | null): Place | null {
    const player = id === null ? undefined : this.#players.live[id];
    return player ? (this.rules.world.at?.(player) ?? null) : null;
  }

  #after(ms: number, timer: string, given: object): void {
    const args = this.#timerArgs(timer, given);
    this.#timers.push({ due: this.#tick + Math.max(1, ticksOf(ms, this.rules.game.tick)), timer, args });
  }

  #timerArgs(timer: string, given: object): object {
    const { name, schemas } = this.rules.game;
    const schema = schemas.timers[timer];
    if (!schema) throw new Error(`${name} has no timer "${timer}"`);
    const checked = validate(schema, given);
    if (!checked.ok) throw new Error(`arguments of timer ${timer} do not fit: ${issuesText(checked.issues)}`);
    return checked.value;
  }

  /** Arguments that another library's schema may have changed already are not put through it again. */
  #keptTimer(kept: WaitingTimer): WaitingTimer {
    const { timer, args } = kept;
    const schema = this.rules.game.schemas.timers[timer];
    return schema && !('structure' in schema) ? kept : { ...kept, args: this.#timerArgs(timer, args) };
  }

  #reject(code: string, details: object): never {
    const { name, schemas } = this.rules.game;
    const schema = schemas.errors[code];
    if (!schema) throw new Error(`${name} has no error "${code}"`);
    throw new Rejected(code, fitting(schema, details, `details of error ${code}`) as object);
  }

  #newQueue(): InputQueue {
    return new InputQueue(ticksOf(worldWaits.catchUpMs, this.rules.game.tick));
  }
}

const ticksOf = (ms: number, tick: number) => Math.ceil((ms * tick) / 1000);
