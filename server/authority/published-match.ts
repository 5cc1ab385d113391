import {
  CallError,
  errors,
  wireForms,
  type Applied,
  type Entry,
  type MatchUris,
  type PublishOptions,
  type RunningMatch,
  type SeatView,
  type Session,
  type Telling,
  type Uri,
} from '../../protocol/index.ts';
import type { MatchStore } from '../store/store.ts';
import type { Listeners } from './listeners.ts';
import type { Log } from './log.ts';

interface Edge {
  readonly session: Session;
  readonly store: MatchStore;
  readonly log: Log;
  readonly listeners: Listeners;
}

/** A match whose changes are stored, and then published: nobody sees what a crash could undo. `design.md` §6. */
export class PublishedMatch {
  readonly #id: string;
  readonly #running: RunningMatch;
  readonly #topics: MatchUris['state'];
  readonly #edge: Edge;
  /** Every entry of the log makes one version. */
  #stored = 0;
  #frozen = false;

  constructor(id: string, running: RunningMatch, edge: Edge) {
    this.#id = id;
    this.#running = running;
    this.#topics = running.rules.game.uris.match(id).state;
    this.#edge = edge;
  }

  /**
   * The match as it is stored; read it only while nothing is being applied.
   * @throws CallError when the store has failed: what the match has become was never committed.
   */
  get running(): RunningMatch {
    if (this.#frozen) throw new CallError(errors.unavailable, ['The match is frozen: it could not be stored.']);
    return this.#running;
  }

  /** Nothing in it can change for the players: it has ended, or is frozen. */
  get isOver(): boolean {
    return this.#frozen || this.#running.result !== null;
  }

  /** Of what is stored: may be told at any time. */
  get version(): number {
    return this.#stored;
  }

  /** One change at a time. @throws CallError when it cannot be stored; then the match is frozen. */
  async apply(entry: Entry): Promise<Applied> {
    const applied = this.running.apply(entry);
    if (!applied.ok) return applied;
    try {
      await this.#edge.store.append(this.#id, this.#stored, [entry]);
    } catch (cause) {
      this.#frozen = true;
      this.#edge.log(`match ${this.#id} is frozen: version ${applied.version} could not be stored`, cause);
    }
    const { seats } = this.running; // throws when frozen
    this.#stored += 1;
    this.#publish(applied.told, seats);
    return applied;
  }

  /** In the forms that somebody listens to, and no others are made. */
  #publish(told: Telling, seats: readonly SeatView[]): void {
    for (const form of wireForms) {
      if (!this.#edge.listeners.want(form)) continue;
      const { commit, parts } = told[form];
      for (const [seat, part] of parts) {
        const player = seats[seat]?.player;
        if (player) this.#send(this.#topics[form], part, told.version, { eligible_authid: [player] });
      }
      this.#send(this.#topics[form], commit, told.version);
    }
  }

  #send(topic: Uri, change: unknown, version: number, to: PublishOptions = {}): void {
    const { session, log } = this.#edge;
    session
      .publish(topic, [change], undefined, to)
      .catch((cause: unknown) => log(`match ${this.#id}: version ${version} could not be published`, cause));
  }
}
