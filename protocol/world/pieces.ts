/** What each is told of a tick, in one piece: the same piece for all who see the same. */
import type { CellId } from './cells.ts';
import type { Seen, Watched } from './spectators.ts';

/** What some are told of a tick. */
export interface Published {
  /** The ids of those players; null: everybody, spectators too. */
  readonly to: readonly string[] | null;
  /** And the spectators that follow these players, or for null nobody. */
  readonly watching: readonly Watched[];
  /** In the order in which they are to be followed. */
  readonly messages: readonly Uint8Array[];
}

interface Piece extends Published {
  readonly to: string[];
  readonly watching: Watched[];
}

/** The pieces of one tick. */
export class Pieces {
  readonly #changes: ReadonlyMap<CellId, Uint8Array>;
  readonly #commit: Uint8Array;
  readonly #commitTo: 'each' | 'all';
  /** By the cells that are seen. */
  readonly #shared = new Map<ReadonlySet<CellId>, Piece>();
  readonly #alone: Piece[] = [];

  /** @param changes by cell. @param commitTo whether each gets the commit in its piece; else one for all comes last. */
  constructor(changes: ReadonlyMap<CellId, Uint8Array>, commit: Uint8Array, commitTo: 'each' | 'all') {
    this.#changes = changes;
    this.#commit = commit;
    this.#commitTo = commitTo;
  }

  /** @param personal what concerns it alone. */
  addPlayer(id: string, seen: Seen, personal: Uint8Array | undefined): void {
    this.#pieceFor(seen, personal)?.to.push(id);
  }
  /** @param personal what concerns those alone who follow the same player. */
  addSpectators(follow: Watched, seen: Seen, personal: Uint8Array | undefined): void {
    this.#pieceFor(seen, personal)?.watching.push(follow);
  }

  get published(): readonly Published[] {
    const pieces: Published[] = [...this.#shared.values(), ...this.#alone];
    if (this.#commitTo === 'all') pieces.push({ to: null, watching: [], messages: [this.#commit] });
    return pieces;
  }

  /** Null: there is nothing but the commit for all. */
  #pieceFor({ cells, before }: Seen, personal: Uint8Array | undefined): Piece | null {
    const isShared = cells === before && !personal;
    if (isShared && this.#commitTo === 'all') return null;
    const known = isShared && this.#shared.get(cells);
    if (known) return known;
    const messages: Uint8Array[] = [];
    for (const cell of cells) {
      const change = before.has(cell) ? this.#changes.get(cell) : undefined; // what comes into sight comes as a snapshot
      if (change) messages.push(change);
    }
    if (personal) messages.push(personal);
    if (this.#commitTo === 'each') messages.push(this.#commit);
    const piece: Piece = { to: [], watching: [], messages };
    if (isShared) this.#shared.set(cells, piece);
    else this.#alone.push(piece);
    return piece;
  }
}
