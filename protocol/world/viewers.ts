import type { CellId } from './cells.ts';
import type { Seen } from './spectators.ts';

/** Who sees which cell. */
export class Viewers<Who> {
  /** All cells that anybody sees. */
  readonly seen = new Set<CellId>();
  readonly #byCell = new Map<CellId, Who[]>();

  add(who: Who, { cells, before }: Seen): void {
    for (const cell of cells) {
      this.seen.add(cell);
      if (!before.has(cell)) continue; // what comes into sight is told by a snapshot
      const others = this.#byCell.get(cell);
      if (others) others.push(who);
      else this.#byCell.set(cell, [who]);
    }
  }

  /** Those who have been told of a cell before. */
  of(cell: CellId): readonly Who[] {
    return this.#byCell.get(cell) ?? [];
  }
}
