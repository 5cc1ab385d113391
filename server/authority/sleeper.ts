import type { Applied, Entry, RunningMatch, SeatView } from '../../protocol/index.ts';
import type { MatchRecord } from '../store/store.ts';
import type { AuthorityLimits } from './limits.ts';
import { MoveMemory } from './move-memory.ts';
import { PublishedMatch, type Edge } from './published-match.ts';
import { recall, type Recalled } from './recall.ts';

/** What a new match, or one that has been taken up again, starts from. */
export type Origin = { readonly running: RunningMatch } | Recalled;

interface Surroundings extends Edge {
  readonly limits: AuthorityLimits;
  readonly clock: { now(): number };
}

type State =
  | { readonly is: 'awake'; readonly match: PublishedMatch; readonly memory: MoveMemory }
  /** Only the store has it: nobody has called for long, or the store has failed. */
  | {
      readonly is: 'asleep';
      readonly version: number;
      readonly isOver: boolean;
      /** As they were last, stored or not. */
      readonly seats: readonly SeatView[];
    };

/** A match that is in memory only while it is in use. Nothing but `wake` may be asked of it while it sleeps. */
export class Sleeper {
  readonly #record: MatchRecord;
  readonly #with: Surroundings;
  readonly #rules: RunningMatch['rules'];
  #state: State;

  constructor(record: MatchRecord, origin: Origin, surroundings: Surroundings) {
    this.#record = record;
    this.#with = surroundings;
    this.#rules = origin.running.rules;
    this.#state = this.#awake(origin);
  }

  /** The match with all its changes. @throws CallError when the store has failed. */
  get running(): RunningMatch {
    return this.#use().match.running;
  }

  get memory(): MoveMemory {
    return this.#use().memory;
  }

  /** Applies a change to what may not be stored yet. @throws CallError when the store has failed. */
  apply(entry: Entry): Applied {
    return this.#use().match.apply(entry);
  }

  /** When all that was applied is stored, and published. It rejects with a CallError if that failed. */
  get stored(): Promise<void> {
    return this.#state.is === 'asleep' ? Promise.resolve() : this.#state.match.stored;
  }

  get isAsleep(): boolean {
    return this.#state.is === 'asleep';
  }

  /** Of what is stored: may be told at any time, awake or not. */
  get version(): number {
    return this.#state.is === 'asleep' ? this.#state.version : this.#state.match.version;
  }

  /** Nothing in it can change for the players. Awake or not. */
  get isOver(): boolean {
    if (this.#state.is === 'asleep') return this.#state.isOver;
    const { match } = this.#state;
    return !match.isFrozen && match.running.result !== null;
  }

  /** Afterwards it is awake; false: the store has it no more. @throws CallError as `recall`. */
  async wake(): Promise<boolean> {
    if (this.#state.is === 'awake') return true;
    const { seats } = this.#state;
    const recalled = await recall({ ...this.#with, rules: this.#rules, id: this.#record.id, seats });
    if (recalled) this.#state = this.#awake(recalled);
    return recalled !== null;
  }

  /** Stores what spares replaying its log, and leaves memory. */
  async sleep(): Promise<void> {
    if (this.#state.is === 'asleep') return;
    const { match } = this.#state;
    await match.takeSnapshot();
    this.#leaveMemory(match);
  }

  /** What could not be stored is forgotten: the next `wake` finds what is. */
  forgetUnstored(): void {
    if (this.#state.is === 'awake' && this.#state.match.isFrozen) this.#leaveMemory(this.#state.match);
  }

  #leaveMemory({ seats }: PublishedMatch): void {
    this.#state = { is: 'asleep', version: this.version, isOver: this.isOver, seats };
  }

  #use(): State & { is: 'awake' } {
    if (this.#state.is === 'asleep') throw new Error(`match ${this.#record.id} is asleep`);
    return this.#state;
  }

  #awake(origin: Origin): State {
    const { limits, clock } = this.#with;
    const { running } = origin;
    const { log, sinceSnapshot } =
      'claimed' in origin ? { log: origin.claimed.log, sinceSnapshot: origin.replayed } : { log: [], sinceSnapshot: 0 };
    return {
      is: 'awake',
      match: new PublishedMatch(this.#record.id, running, { ...this.#with, sinceSnapshot }),
      memory: new MoveMemory(running, { log, limits, now: clock.now() }),
    };
  }
}
