import {
  CallError,
  errors,
  wireForms,
  type Applied,
  type Entry,
  type MatchState,
  type MatchUris,
  type PublishOptions,
  type RunningMatch,
  type SeatView,
  type Session,
  type Telling,
  type Uri,
  type WireForm,
} from '../../protocol/index.ts';
import { isKept, type MatchStore } from '../store/store.ts';
import type { Listeners } from './listeners.ts';
import type { Log } from './log.ts';

export interface Edge {
  readonly session: Session;
  readonly store: MatchStore;
  readonly log: Log;
  readonly listeners: Listeners;
  readonly limits: { readonly snapshotEvery: number };
}

/** A match whose changes are stored, and then published: nobody sees what a crash could undo. `design.md` §6. */
export class PublishedMatch {
  readonly #id: string;
  readonly #running: RunningMatch;
  readonly #topics: MatchUris['state'];
  readonly #edge: Edge;
  /** The version that is stored. */
  #version: number;
  /** Of the latest change, and so of all before it. */
  #stored: Promise<void> = Promise.resolve();
  /** What the store keeps beyond the latest snapshot. */
  #sinceSnapshot: number;
  #frozen = false;

  /** @param sinceSnapshot how many entries of the log no snapshot spares. */
  constructor(id: string, running: RunningMatch, { sinceSnapshot, ...edge }: Edge & { sinceSnapshot: number }) {
    this.#id = id;
    this.#running = running;
    this.#topics = running.rules.game.uris.match(id).state;
    this.#edge = edge;
    this.#version = running.version;
    this.#sinceSnapshot = sinceSnapshot;
  }

  /**
   * The match with all its changes; as it is stored while none is on its way.
   * @throws CallError when the store has failed: what the match has become was never committed.
   */
  get running(): RunningMatch {
    if (this.#frozen) throw frozen();
    return this.#running;
  }

  /** As the latest change has left them, also when frozen. */
  get seats(): readonly SeatView[] {
    return this.#running.seats;
  }

  /** The store has failed: what is stored has to be read again. */
  get isFrozen(): boolean {
    return this.#frozen;
  }

  /** Of what is stored: may be told at any time. */
  get version(): number {
    return this.#version;
  }

  /** When all that was applied is stored and published. It rejects with a CallError if not; then the match is frozen. */
  get stored(): Promise<void> {
    return this.#stored;
  }

  /** Applies a change to what may not be stored yet; `stored` then includes it. @throws CallError when frozen. */
  apply(entry: Entry): Applied {
    const applied = this.running.apply(entry);
    if (!applied.ok) return applied;
    this.#stored = this.#keep(entry, applied.told, this.#running.state);
    this.#stored.catch(() => {}); // whoever waits for it is told
    return applied;
  }

  /** Stores a change after those before it, and publishes it. @throws CallError for one that failed, and all that follow it. */
  async #keep(entry: Entry, told: Telling, state: MatchState): Promise<void> {
    const { store, log, limits } = this.#edge;
    const { version, seats } = state;
    const connected = [...seats.keys()].filter((seat) => seats[seat]!.connected);
    const { epoch } = this.#running;
    const change = { match: this.#id, epoch, after: version - 1, entries: [entry], connected };
    try {
      await Promise.all([this.#stored, store.append(change), this.#prepare(told)]);
    } catch (cause) {
      if (!this.#frozen) log(`match ${this.#id} is frozen: version ${version} could not be stored`, cause);
      this.#frozen = true;
      throw frozen(cause);
    }
    this.#version = version;
    this.#publish(told, seats);
    if (isKept(entry)) this.#sinceSnapshot += 1;
    if (this.#sinceSnapshot >= limits.snapshotEvery) void this.takeSnapshot(state);
  }

  /**
   * Stores the match whole. It never rejects: the log alone tells the same, only slower.
   * @param state one that is stored.
   */
  async takeSnapshot(state = this.#running.state): Promise<void> {
    if (this.#sinceSnapshot === 0) return;
    this.#sinceSnapshot = 0;
    const { store, log } = this.#edge;
    await store
      .snapshot(this.#id, this.#running.epoch, state)
      .catch((cause: unknown) => log(`match ${this.#id}: no snapshot could be stored`, cause));
  }

  /** Makes what will be published while the store is at work. */
  async #prepare(told: Telling): Promise<void> {
    for (const form of this.#wanted) void told[form];
  }

  #publish(told: Telling, seats: readonly SeatView[]): void {
    for (const form of this.#wanted) {
      const { commit, parts } = told[form];
      for (const [seat, part] of parts) {
        const player = seats[seat]?.player;
        if (player) this.#send(this.#topics[form], part, told.version, { eligible_authid: [player] });
      }
      this.#send(this.#topics[form], commit, told.version);
    }
  }

  /** The forms that somebody listens to: no others are made. */
  get #wanted(): readonly WireForm[] {
    return wireForms.filter((form) => this.#edge.listeners.want(form));
  }

  #send(topic: Uri, change: unknown, version: number, to: PublishOptions = {}): void {
    const { session, log } = this.#edge;
    session
      .publish(topic, [change], undefined, to)
      .catch((cause: unknown) => log(`match ${this.#id}: version ${version} could not be published`, cause));
  }
}

/** What callers of a match hear while the store does not work. */
export const frozen = (cause?: unknown): CallError =>
  new CallError(
    errors.unavailable,
    ['The match is frozen: it cannot be stored. It goes on when the store works again.'],
    {},
    { cause },
  );
