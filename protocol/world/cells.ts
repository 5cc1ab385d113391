/** Space cut into squares: what is near enough to matter. */
import type { Place } from './world-rules.ts';

/** A square of space, by its column and row: `3,-1`. */
export type CellId = string;

export class Grid {
  readonly #cell: number;
  readonly #radius: number;

  /** @param cell side of a square, in units. @param radius how many squares away one still sees. */
  constructor({ cell, radius }: { readonly cell: number; readonly radius: number }) {
    this.#cell = cell;
    this.#radius = radius;
  }

  cellAt([x, y]: Place): CellId {
    return `${this.#index(x)},${this.#index(y)}`;
  }

  /** What is seen from a place: its own square and those around it. */
  around([x, y]: Place): ReadonlySet<CellId> {
    const [column, row] = [this.#index(x), this.#index(y)];
    const cells = new Set<CellId>();
    for (let dx = -this.#radius; dx <= this.#radius; dx++)
      for (let dy = -this.#radius; dy <= this.#radius; dy++) cells.add(`${column + dx},${row + dy}`);
    return cells;
  }

  #index(coordinate: number): number {
    return Math.floor(coordinate / this.#cell);
  }
}
