import type { BitWriter } from './bits.ts';
import { valueAt, type Column, type Layout } from './columns.ts';
import { entityKeys, hashOfEntities, messageKinds } from './entity-messages.ts';
import { Roster } from './roster.ts';

/** Entities by key, such as a Map of them. */
export interface Entities {
  readonly size: number;
  forEach(look: (entity: object, key: string) => void): void;
}

export interface UpdateOptions {
  /** Which entities are looked at; the others go on as the readers expect, wherever they are. All, if not said. */
  readonly isDue?: (key: string) => boolean;
}

const firstCapacity = 16;

/** One stream of updates. What it has written before is what its readers have. */
export class EntityEncoder {
  readonly #layout: Layout;
  readonly #columns: readonly Column[];
  readonly #roster = new Roster();
  #capacity = firstCapacity;
  /** By entity number: the update that saw it last. */
  #seen = new Uint32Array(firstCapacity);
  #updates = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#columns = layout.columns(firstCapacity);
  }

  /** Entities written so far and not gone. */
  get size(): number {
    return this.#roster.size;
  }

  /**
   * Writes what has changed since the last update; numbers are rounded to their steps. Entities are not kept, and may be
   * written to afterwards.
   * @throws Error naming key and field of a value that does not fit the schema; then only a new encoder helps.
   */
  update(entities: Entities, out: BitWriter, { isDue }: UpdateOptions = {}): void {
    this.#updates += 1;
    const added = this.#look(entities, isDue);
    out.bits(messageKinds.update, 1);
    this.#writeGone(out);
    this.#writeAdded(out, added);
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
      entityKeys.write(out, this.#roster.keyOf(number));
      for (const column of this.#columns) column.writeWhole(out, number);
    }
  }

  /** 32 bits that are the same at every reader that has come as far. */
  hash(): number {
    return hashOfEntities(this.#roster, this.#columns);
  }

  /** Notes where every known entity is now. @returns the others. */
  #look(entities: Entities, isDue: UpdateOptions['isDue']): [key: string, entity: object][] {
    const added: [string, object][] = [];
    const roster = this.#roster;
    entities.forEach((entity, key) => {
      const number = roster.numberOf(key);
      if (number === undefined) return added.push([key, entity]);
      this.#seen[number] = this.#updates;
      if (isDue && !isDue(key)) for (const column of this.#columns) column.expectNothing(number);
      else this.#expect(number, key, entity, false);
    });
    return added;
  }

  #expect(number: number, key: string, entity: object, isNew: boolean): void {
    const { paths } = this.#layout;
    for (let i = 0; i < paths.length; i++) {
      const path = paths[i]!;
      const value = valueAt(entity, path);
      const column = this.#columns[i]!;
      if (!(isNew ? column.expectNew(number, value) : column.expect(number, value)))
        throw new Error(
          `entity ${key}: ${path.join('.')} does not fit its schema: ${JSON.stringify(value) ?? 'undefined'}`,
        );
    }
  }

  #writeGone(out: BitWriter): void {
    const gone = this.#roster.numbers.filter((number) => this.#seen[number] !== this.#updates);
    out.uint(gone.length, 0);
    let last = -1;
    for (const number of gone) {
      out.uint(number - last - 1, 4);
      last = number;
      this.#roster.remove(number);
    }
  }

  #writeAdded(out: BitWriter, added: readonly [key: string, entity: object][]): void {
    out.uint(added.length, 0);
    for (const [key, entity] of added) {
      const number = this.#roster.add(key);
      if (number >= this.#capacity) this.#grow();
      this.#seen[number] = this.#updates;
      this.#expect(number, key, entity, true);
      entityKeys.write(out, key);
      for (const column of this.#columns) column.writeNew(out, number);
    }
  }

  #grow(): void {
    this.#capacity *= 2;
    const seen = new Uint32Array(this.#capacity);
    seen.set(this.#seen);
    this.#seen = seen;
    for (const column of this.#columns) column.grow(this.#capacity);
  }
}
