/** The latest past of a world's players, and which moment of it each player was looking at. */
export class History {
  readonly #length: number;
  /** Oldest first; the last is of tick `#tick`. */
  readonly #ticks: ReadonlyMap<string, object>[] = [];
  readonly #seen = new Map<string, number>();
  #tick = 0;

  /** @param length ticks that are kept. */
  constructor(length: number) {
    this.#length = length;
  }

  keep(tick: number, players: ReadonlyMap<string, object>): void {
    this.#tick = tick;
    this.#ticks.push(new Map(players));
    if (this.#ticks.length > this.#length) this.#ticks.shift();
  }

  /** @param tick perhaps between two ticks; what is not in the past that is kept counts as the nearest that is. */
  saw(id: string, tick: number): void {
    this.#seen.set(id, tick);
  }

  /** The players as somebody saw them last: as they stood in the tick nearest to it. */
  seenBy(id: string): { readonly [id: string]: object } {
    const seen = this.#seen.get(id) ?? this.#tick;
    const back = Math.min(Math.max(Math.round(this.#tick - seen), 0), this.#ticks.length - 1);
    return Object.fromEntries(this.#ticks.at(-1 - back) ?? []);
  }

  forget(id: string): void {
    this.#seen.delete(id);
  }
}
