import { isDeepStrictEqual } from 'node:util';
import type { MatchStore, WorldParts } from '../../store/store.ts';
import type { WallClock } from '../clock.ts';
import type { Log } from '../log.ts';

/** What a world is at one moment. */
export interface Moment {
  readonly version: number;
  readonly parts: WorldParts;
}

export interface WorldKeeperOptions {
  readonly store: MatchStore;
  readonly clock: WallClock;
  readonly log: Log;
  readonly id: string;
  readonly epoch: number;
  /** How long after the last time was begun, ms. */
  readonly everyMs: number;
  /** How long a store that has failed is left alone, ms. */
  readonly retryMs: number;
  /** Between two ticks. */
  moment(): Moment;
}

/**
 * Stores what a world has become, as often as its game wants, and of it only what has changed. The world does not wait for
 * it; while the store fails it goes on, and the log says so.
 */
export class WorldKeeper {
  readonly #with: WorldKeeperOptions;
  #stored: WorldParts;
  #begun: number;
  #writing: Promise<boolean> | null = null;
  #isFailing = false;
  #isOver = false;

  /** @param stored what the store has already. */
  constructor(options: WorldKeeperOptions, stored: WorldParts) {
    this.#with = options;
    this.#stored = stored;
    this.#begun = options.clock.now();
  }

  /** To be called between two ticks: stores when it is time. A store that is slower than that is asked less often. */
  ticked(): void {
    const { clock, everyMs, retryMs } = this.#with;
    const wait = this.#isFailing ? Math.max(everyMs, retryMs) : everyMs;
    if (!this.#writing && clock.now() - this.#begun >= wait) void this.#write();
  }

  /** @returns whether the store now has the world as it is. What the store is doing yet is waited for. */
  async keep(): Promise<boolean> {
    while (this.#writing) await this.#writing;
    return this.#write();
  }

  /** Nothing more is stored: the world is to be forgotten. */
  end(): void {
    this.#isOver = true;
  }

  #write(): Promise<boolean> {
    const writing = this.#put().finally(() => (this.#writing = null));
    this.#writing = writing;
    return writing;
  }

  async #put(): Promise<boolean> {
    const { store, clock, log, id, epoch, moment } = this.#with;
    if (this.#isOver) return false;
    this.#begun = clock.now();
    const { version, parts } = moment();
    const changed = Object.entries(parts).filter(([name, part]) => !isSame(part, this.#stored[name]));
    if (changed.length === 0) return true;
    try {
      await store.keepWorld({ match: id, epoch, version, parts: Object.fromEntries(changed) });
    } catch (cause) {
      if (this.#isOver) return false;
      if (!this.#isFailing) log(`world ${id} cannot be stored: it goes on, but a crash would take it back`, cause);
      this.#isFailing = true;
      return false;
    }
    this.#stored = parts;
    if (this.#isFailing) log(`world ${id} is stored again`, null);
    this.#isFailing = false;
    return true;
  }
}

/** Mostly what has not changed is the same object, and what has differs soon. */
const isSame = (a: unknown, b: unknown): boolean => a === b || isDeepStrictEqual(a, b);
