/**
 * What is under way in a session, by request id. Ids count up, so that nearly every one has a place of its own, and what
 * comes and goes all the time moves nothing: a `Map` would be made anew again and again.
 */
export class IdTable<T> {
  /** Twice as many places as values, at least, so that looking ends soon. A power of two. */
  #ids: number[] = [0, 0, 0, 0];
  #values: (T | undefined)[] = [undefined, undefined, undefined, undefined];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): T | undefined {
    return this.#values[this.#placeOf(id)];
  }

  /** @param id not there yet. */
  add(id: number, value: T): void {
    if (2 * ++this.#size > this.#values.length) this.#grow();
    this.#put(id, value);
  }

  delete(id: number): void {
    const values = this.#values;
    let free = this.#placeOf(id);
    if (values[free] === undefined) return;
    this.#size--;
    const mask = values.length - 1;
    // Whatever was put further on because its place was taken moves up.
    for (let at = (free + 1) & mask; values[at] !== undefined; at = (at + 1) & mask) {
      const wanted = this.#ids[at]! & mask;
      if (((at - wanted) & mask) < ((at - free) & mask)) continue;
      values[free] = values[at];
      this.#ids[free] = this.#ids[at]!;
      free = at;
    }
    values[free] = undefined;
  }

  /** By their ids, the least first. */
  values(): readonly T[] {
    const places = [...this.#values.keys()].filter((at) => this.#values[at] !== undefined);
    return places.toSorted((a, b) => this.#ids[a]! - this.#ids[b]!).map((at) => this.#values[at]!);
  }

  /** Where it is, or would be. */
  #placeOf(id: number): number {
    const mask = this.#values.length - 1;
    let at = id & mask;
    while (this.#values[at] !== undefined && this.#ids[at] !== id) at = (at + 1) & mask;
    return at;
  }

  #put(id: number, value: T): void {
    const at = this.#placeOf(id);
    this.#ids[at] = id;
    this.#values[at] = value;
  }

  #grow(): void {
    const [ids, values] = [this.#ids, this.#values];
    this.#ids = Array.from({ length: 2 * ids.length }, () => 0);
    this.#values = Array.from({ length: 2 * ids.length });
    for (let i = 0; i < values.length; i++) if (values[i] !== undefined) this.#put(ids[i]!, values[i]!);
  }
}
