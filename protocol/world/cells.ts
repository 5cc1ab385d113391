/** Space cut into squares: what is near enough to matter. */
import type { Place } from './world-rules.ts';

/** A square of space, by its column and row: `3,-1`. */
export type CellId = string;
/** The same, taken apart. */
export interface Square {
  readonly column: number;
  readonly row: number;
}
export const noCells: ReadonlySet<CellId> = new Set();

export class Grid {
  readonly #cell: number;
  readonly #radius: number;
  /** By column, by row: made once, since texts that are new are slow to look up. */
  readonly #ids = new Map<number, Map<number, CellId>>();
  #known = 0;
  /** What is seen from each cell: players stay in one for many ticks. */
  readonly #around = new Map<CellId, ReadonlySet<CellId>>();

  /** @param cell side of a square, in units. @param radius how many squares away one still sees. */
  constructor({ cell, radius }: { readonly cell: number; readonly radius: number }) {
    this.#cell = cell;
    this.#radius = radius;
  }

  cellAt([x, y]: Place): CellId {
    const [column, row] = [this.#index(x), this.#index(y)];
    return this.#ids.get(column)?.get(row) ?? this.#newId(column, row);
  }

  squareOf(id: CellId): Square {
    const [column, row] = id.split(',').map(Number) as [number, number];
    return { column, row };
  }
  isIn({ column, row }: Square, [x, y]: Place): boolean {
    return this.#index(x) === column && this.#index(y) === row;
  }

  /** What is seen from a place: its own square and those around it. From the same square the same object. */
  around(place: Place): ReadonlySet<CellId> {
    const from = this.cellAt(place);
    const known = this.#around.get(from);
    if (known) return known;
    if (this.#around.size >= mostKnown) this.#around.clear();
    const cells = new Set<CellId>();
    const [column, row] = place.map((coordinate) => this.#index(coordinate)) as [number, number];
    for (let dx = -this.#radius; dx <= this.#radius; dx++)
      for (let dy = -this.#radius; dy <= this.#radius; dy++) cells.add(`${column + dx},${row + dy}`);
    this.#around.set(from, cells);
    return cells;
  }

  #newId(column: number, row: number): CellId {
    if (this.#known++ >= mostKnown) {
      this.#ids.clear();
      this.#known = 1;
    }
    const id = `${column},${row}`;
    const rows = this.#ids.get(column);
    if (rows) rows.set(row, id);
    else this.#ids.set(column, new Map([[row, id]]));
    return id;
  }

  #index(coordinate: number): number {
    return Math.floor(coordinate / this.#cell);
  }
}

const mostKnown = 10_000;
