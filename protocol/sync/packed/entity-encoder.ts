import { BitWriter } from './bits.ts';
import { valueAt, type Column, type Layout } from './columns.ts';
import { writeKey } from './entity-keys.ts';
import { hashOfEntities, messageKinds } from './entity-messages.ts';
import { Roster } from './roster.ts';

/** Entities by key, such as a Map of them. */
export interface Entities {
  readonly size: number;
  forEach(look: (entity: object, key: string) => void): void;
}

/** An entity of which readers have something else than it is, or nothing. */
export interface PendingEntity {
  readonly key: string;
  /** About what it takes to tell. */
  readonly bits: number;
}

const firstCapacity = 16;

/** One stream of updates. What it has written before is what its readers have. */
export class EntityEncoder {
  readonly #layout: Layout;
  readonly #columns: readonly Column[];
  readonly #roster = new Roster();
  #capacity = firstCapacity;
  /** By entity number: the `look` that saw it last. */
  #seen = new Uint32Array(firstCapacity);
  #looks = 0;
  /** By entity number: as it was when it was last taken in. */
  readonly #taken: (object | undefined)[] = [];
  /** In the update under way, in the order in which they came. */
  readonly #added = new Map<string, object>();
  /** Numbers, in the update under way. */
  #gone: number[] = [];

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#columns = layout.columns(firstCapacity);
  }

  /** Entities written so far and not gone. */
  get size(): number {
    return this.#roster.size;
  }

  /** Whether an entity has been written and not gone. */
  has(key: string): boolean {
    return this.#roster.numberOf(key) !== undefined;
  }

  /** Whether an update would tell nothing, and readers need not even know that it has been. */
  get isAtRest(): boolean {
    return this.#added.size === 0 && this.#gone.length === 0 && this.#columns.every(({ isAtRest }) => isAtRest);
  }

  /**
   * Writes what has changed since the last update; numbers are rounded to their steps. An entity that has changed is
   * another object than before: the same one is not looked into again.
   * @throws Error naming key and field of a value that does not fit the schema; then only a new encoder helps.
   */
  update(entities: Entities, out: BitWriter): void {
    this.look(entities);
    this.write(out);
  }

  /** The first half of an update, for who does not want to tell everything at once: takes in how all is. @throws as `update`. */
  look(entities: Entities): void {
    this.#looks += 1;
    let known = 0;
    entities.forEach((entity, key) => {
      const number = this.#roster.numberOf(key);
      if (number === undefined) return this.#added.set(key, entity);
      known += 1;
      this.#seen[number] = this.#looks;
      this.#take(number, key, entity);
    });
    const { size, numbers } = this.#roster;
    this.#gone = known === size ? [] : numbers.filter((number) => this.#seen[number] !== this.#looks);
  }

  /**
   * Instead of `look`, for who knows what has changed: an entity that has, or is new.
   * @param last what the last `put` of it answered, to be faster. @returns its number; -1: it has none yet. @throws as `update`.
   */
  put(key: string, entity: object, last = -1): number {
    const number = this.#roster.numberOf(key, last);
    if (number === undefined) {
      this.#added.set(key, entity);
      return -1;
    }
    if (this.#gone.length > 0) this.#gone = this.#gone.filter((gone) => gone !== number); // it is back
    this.#take(number, key, entity);
    return number;
  }

  /** Instead of `look`: an entity is not there any more. One that readers have not been told of never was. */
  remove(key: string): void {
    const number = this.#roster.numberOf(key);
    if (number === undefined) this.#added.delete(key);
    else this.#gone.push(number);
  }

  /** What there is to tell of each entity in the update under way. That some have gone is told in any case. */
  pending(): PendingEntity[] {
    const { numbers } = this.#roster;
    const gone = new Set(this.#gone);
    const known = numbers.flatMap((number) => {
      if (gone.has(number)) return [];
      let bits = 0;
      for (const column of this.#columns) bits += column.bitsOfChange(number, numbers.length);
      return bits === 0 ? [] : [{ key: this.#roster.keyOf(number)!, bits }];
    });
    const added = [...this.#added].map(([key, entity]) => ({ key, bits: this.#bitsOfNew(key, entity) }));
    return [...known, ...added];
  }

  /**
   * An entity is not told of in the update under way. It goes on as readers expect, wherever it is, and a new one is not
   * there, until it is looked at or put again.
   */
  leave(key: string): void {
    const number = this.#roster.numberOf(key);
    if (number === undefined) return void this.#added.delete(key);
    this.#taken[number] = undefined;
    for (const column of this.#columns) column.expectNothing(number);
  }

  /** The second half of an update. @throws as `update`. */
  write(out: BitWriter): void {
    out.bits(messageKinds.update, 1);
    this.#writeGone(out);
    this.#writeAdded(out);
    for (const column of this.#columns) column.writeUpdate(out, this.#roster);
  }

  /** Writes all that a reader must know to follow the updates after this one. */
  snapshot(out: BitWriter): void {
    out.bits(messageKinds.snapshot, 1);
    out.uint(this.#roster.size);
    let last = -1;
    for (const number of this.#roster.numbers) {
      out.uint(number - last - 1, 0);
      last = number;
      writeKey(out, this.#roster.keyOf(number)!);
      for (const column of this.#columns) column.writeWhole(out, number);
    }
  }

  /** 32 bits that are the same at every reader that has come as far. */
  hash(): number {
    return hashOfEntities(this.#roster, this.#columns);
  }

  #bitsOfNew(key: string, entity: object): number {
    const out = new BitWriter();
    writeKey(out, key);
    for (const [i, path] of this.#layout.paths.entries()) this.#columns[i]!.writeValue(out, valueAt(entity, path));
    return out.length;
  }

  #take(number: number, key: string, entity: object): void {
    if (this.#taken[number] !== entity) this.#expect(number, key, entity, false);
  }

  #expect(number: number, key: string, entity: object, isNew: boolean): void {
    const { paths } = this.#layout;
    this.#taken[number] = entity;
    for (let i = 0; i < paths.length; i++) {
      const path = paths[i]!;
      const value = path.length === 1 ? (entity as Record<string, unknown>)[path[0]!] : valueAt(entity, path);
      const column = this.#columns[i]!;
      if (!(isNew ? column.expectNew(number, value) : column.expect(number, value)))
        throw new Error(
          `entity ${key}: ${path.join('.')} does not fit its schema: ${JSON.stringify(value) ?? 'undefined'}`,
        );
    }
  }

  #writeGone(out: BitWriter): void {
    const gone = this.#gone.toSorted((a, b) => a - b);
    out.uint(gone.length, 0);
    let last = -1;
    for (const number of gone) {
      out.uint(number - last - 1, 4);
      last = number;
      this.#roster.remove(number);
      this.#taken[number] = undefined;
    }
    this.#gone = [];
  }

  #writeAdded(out: BitWriter): void {
    out.uint(this.#added.size, 0);
    for (const [key, entity] of this.#added) {
      const number = this.#roster.add(key);
      if (number >= this.#capacity) this.#grow();
      this.#expect(number, key, entity, true);
      writeKey(out, key);
      for (const column of this.#columns) column.writeNew(out, number);
    }
    this.#added.clear();
  }

  #grow(): void {
    this.#capacity *= 2;
    const seen = new Uint32Array(this.#capacity);
    seen.set(this.#seen);
    this.#seen = seen;
    for (const column of this.#columns) column.grow(this.#capacity);
  }
}
