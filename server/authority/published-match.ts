import {
  CallError,
  errors,
  type Applied,
  type Change,
  type Entry,
  type RunningMatch,
  type Session,
  type Uri,
} from '../../protocol/index.ts';
import type { MatchStore } from '../store/store.ts';
import type { Log } from './log.ts';

/** A match whose changes are stored, and then published: nobody sees what a crash could undo. `design.md` §6. */
export class PublishedMatch {
  readonly #id: string;
  readonly #running: RunningMatch;
  readonly #topic: Uri;
  readonly #edge: { readonly session: Session; readonly store: MatchStore; readonly log: Log };
  /** Every entry of the log makes one version. */
  #stored = 0;
  #frozen = false;

  constructor(id: string, running: RunningMatch, edge: { session: Session; store: MatchStore; log: Log }) {
    this.#id = id;
    this.#running = running;
    this.#topic = running.rules.game.uris.match(id).state.json;
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
    for (const [seat, part] of applied.parts) {
      const player = seats[seat]?.player;
      if (player) this.#publish(part, [player]);
    }
    this.#publish(applied.commit);
    return applied;
  }

  #publish(change: Change, players?: readonly string[]): void {
    const { session, log } = this.#edge;
    session
      .publish(this.#topic, [change], undefined, players ? { eligible_authid: players } : {})
      .catch((cause: unknown) => log(`match ${this.#id}: version ${change.version} could not be published`, cause));
  }
}
