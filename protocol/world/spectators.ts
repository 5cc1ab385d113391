import type { CellStreams } from './cell-streams.ts';
import { noCells, type CellId } from './cells.ts';
import type { RunningWorld } from './running-world.ts';

/** The id of the player whom a spectator follows; null: none. */
export type Watched = string | null;

/** What somebody sees now, beside what was told of before. */
export interface Seen {
  readonly cells: ReadonlySet<CellId>;
  readonly before: ReadonlySet<CellId>;
}

/** Spectators of a world with interest, and which cells they have been told of. All who follow the same player are one. */
export class Spectators {
  readonly #world: RunningWorld;
  readonly #near: CellStreams;
  readonly #told = new Map<Watched, ReadonlySet<CellId>>();

  constructor(world: RunningWorld, near: CellStreams) {
    this.#world = world;
    this.#near = near;
  }

  /** What they see from where they look now. */
  around(follow: Watched): ReadonlySet<CellId> {
    const { players, shared, rules } = this.#world;
    const followed = follow === null ? null : (players.get(follow) ?? null);
    const place = this.#world.ask(() => rules.world.spectator?.({ follow: followed, shared }), null);
    return place ? this.#near.from(place) : noCells;
  }

  /** What they have been told of. Who comes first is told as if it had been there. */
  welcome(follow: Watched): ReadonlySet<CellId> {
    const cells = this.#told.get(follow) ?? this.around(follow);
    this.#told.set(follow, cells);
    return cells;
  }

  /** @param watched all whom somebody follows: others are forgotten. @returns those who have been told of something. */
  look(watched: Iterable<Watched>): ReadonlyMap<Watched, Seen> {
    const told = new Map(this.#told);
    this.#told.clear();
    const seen = new Map<Watched, Seen>();
    for (const follow of watched) {
      const before = told.get(follow);
      if (!before) continue; // who comes asks for a snapshot
      const cells = this.around(follow);
      this.#told.set(follow, cells);
      seen.set(follow, { cells, before });
    }
    return seen;
  }
}
