import { malformed, type BitReader } from './bits.ts';
import { entityOf, type Column, type Layout } from './columns.ts';
import { readKey } from './entity-keys.ts';
import { hashOfEntities, messageKinds } from './entity-messages.ts';
import { Roster } from './roster.ts';

/** What one message has done, by key. */
export interface EntityChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

const firstCapacity = 16;
/** Numbers that may be free between two entities of a snapshot. */
const mostFree = 1_000_000;

/** Follows one encoder, from a snapshot or from its first update on. */
export class EntityDecoder {
  /** As they are now. An entity that changes is a new object; old ones are never written to. */
  readonly entities = new Map<string, object>();
  readonly #layout: Layout;
  #columns: readonly Column[];
  #roster = new Roster();
  #capacity = firstCapacity;
  /** By entity number, while an update is read: whether something of it is new. */
  #changed = new Uint8Array(firstCapacity);

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#columns = layout.columns(firstCapacity);
  }

  /** Reads one message. @throws RangeError for what its encoder has not written; then only a snapshot helps. */
  read(from: BitReader): EntityChanges {
    return from.bits(1) === messageKinds.snapshot ? this.#snapshot(from) : this.#update(from);
  }

  /** As the encoder's. */
  hash(): number {
    return hashOfEntities(this.#roster, this.#columns);
  }

  #update(from: BitReader): EntityChanges {
    const removed = this.#readGone(from);
    const added = this.#readAdded(from);
    const changed = this.#changed.fill(0);
    for (const column of this.#columns) column.readUpdate(from, this.#roster, changed);
    for (const number of added) {
      this.#show(number);
      changed[number] = 0;
    }
    const keys: string[] = [];
    for (const number of this.#roster.numbers) {
      if (changed[number] === 0) continue;
      this.#show(number);
      keys.push(this.#roster.keyOf(number)!);
    }
    return { added: added.map((number) => this.#roster.keyOf(number)!), changed: keys, removed };
  }

  #snapshot(from: BitReader): EntityChanges {
    const before = new Set(this.entities.keys());
    this.entities.clear();
    this.#roster = new Roster();
    this.#columns = this.#layout.columns(this.#capacity);
    for (let left = from.uint(); left > 0; left--) {
      const number = this.#add(from, this.#roster.end + from.count(0, mostFree));
      for (const column of this.#columns) column.readWhole(from, number);
      this.#show(number);
    }
    const removed = [...before].filter((key) => !this.entities.has(key));
    const keys = [...this.entities.keys()];
    return {
      added: keys.filter((key) => !before.has(key)),
      changed: keys.filter((key) => before.has(key)),
      removed,
    };
  }

  #readGone(from: BitReader): string[] {
    const removed: string[] = [];
    let number = -1;
    for (let left = from.uint(0); left > 0; left--) {
      number += from.uint(4) + 1;
      const key = this.#roster.remove(number);
      this.entities.delete(key);
      removed.push(key);
    }
    return removed;
  }

  #readAdded(from: BitReader): number[] {
    const added: number[] = [];
    for (let left = from.uint(0); left > 0; left--) {
      const number = this.#add(from);
      for (const column of this.#columns) column.readNew(from, number);
      added.push(number);
    }
    return added;
  }

  #add(from: BitReader, least?: number): number {
    const key = readKey(from);
    if (key === '__proto__') throw malformed('an entity cannot have this key');
    const number = this.#roster.add(key, least);
    while (number >= this.#capacity) {
      this.#capacity *= 2;
      this.#changed = new Uint8Array(this.#capacity);
      for (const column of this.#columns) column.grow(this.#capacity);
    }
    return number;
  }

  #show(number: number): void {
    const entity = entityOf(this.#layout.fields, (column) => this.#columns[column]!.valueAt(number));
    this.entities.set(this.#roster.keyOf(number)!, entity);
  }
}
