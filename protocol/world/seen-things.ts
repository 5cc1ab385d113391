/** The things of one kind that a client sees, as a move may use them there: a `Collection` of drafts. */
import { fitting } from '../game/fit.ts';
import { viewOf } from '../schema/view.ts';
import type { AnyType } from '../schema/type.ts';
import { cannotKnow, type Drafter } from './draft.ts';

/** A thing that a move has changed. Undefined: it was not there, or is gone. */
export interface ThingChange {
  readonly kind: string;
  readonly key: string;
  readonly before: object | undefined;
  readonly after: object | undefined;
}

interface Seen {
  readonly kind: string;
  readonly type: AnyType;
  readonly drafter: Drafter;
  readonly things: { readonly [key: string]: object };
  /** Whether the world has no others of the kind. Else nobody can say how many there are, or that one is not there. */
  readonly isAll: boolean;
}

export class SeenThings {
  readonly #of: Seen;
  readonly #drafts = new Map<string, object>();
  readonly #added = new Map<string, object>();
  readonly #gone = new Set<string>();

  constructor(of: Seen) {
    this.#of = of;
  }

  get kind(): string {
    return this.#of.kind;
  }
  get size(): number {
    return this.keys().length;
  }

  /** @throws Error where there may be others. */
  keys(): string[] {
    return this.#of.isAll ? this.#seenKeys() : cannotKnow();
  }

  get(key: string): object | undefined {
    const { things, drafter, isAll } = this.#of;
    const known = this.#added.get(key) ?? this.#drafts.get(key);
    if (known || this.#gone.has(key)) return known;
    if (!Object.hasOwn(things, key)) return isAll ? undefined : cannotKnow();
    const draft = drafter.draft(things[key]!);
    this.#drafts.set(key, draft);
    return draft;
  }

  /** @returns a key for the time being: the authority will give it another one. */
  add(given: object): string {
    const { kind, type } = this.#of;
    const key = `new ${this.#added.size + 1}`;
    this.#added.set(key, fitting(type, given, `${kind}.${key}`) as object);
    return key;
  }

  remove(key: string): boolean {
    if (!this.get(key)) return false;
    if (!this.#added.delete(key)) this.#gone.add(key);
    this.#drafts.delete(key);
    return true;
  }

  *[Symbol.iterator](): Iterator<readonly [key: string, thing: object]> {
    for (const key of this.#seenKeys()) {
      const thing = this.#gone.has(key) ? undefined : this.get(key);
      if (thing) yield [key, thing];
    }
    if (!this.#of.isAll) cannotKnow();
  }

  /** What a move has come to. @throws Error for what does not fit. */
  settle(): { readonly things: Seen['things']; readonly changes: readonly ThingChange[] } {
    const { kind, type, drafter, things } = this.#of;
    const changes: ThingChange[] = [];
    const after: Record<string, object> = { ...things };
    for (const [key, draft] of this.#drafts) {
      const before = things[key]!;
      after[key] = drafter.settle(draft, before, `${kind}.${key}`);
      if (after[key] !== before) changes.push({ kind, key, before, after: after[key] });
    }
    for (const [key, thing] of this.#added) {
      after[key] = viewOf(type, fitting(type, thing, `${kind}.${key}`), nobody) as object;
      changes.push({ kind, key, before: undefined, after: after[key] });
    }
    for (const key of this.#gone) {
      delete after[key];
      changes.push({ kind, key, before: things[key], after: undefined });
    }
    return { things: after, changes };
  }

  #seenKeys(): string[] {
    return [...Object.keys(this.#of.things), ...this.#added.keys()].filter((key) => !this.#gone.has(key));
  }
}

const nobody = { seat: null, belongs: () => false };

/** The same as rules have players: a record by id. */
export function asRecord(things: SeenThings): object {
  return new Proxy(
    {},
    {
      get: (_, key) => (typeof key === 'string' ? things.get(key) : undefined),
      has: (_, key) => typeof key === 'string' && things.get(key) !== undefined,
      ownKeys: () => things.keys(),
      getOwnPropertyDescriptor: (_, key) => {
        const value = typeof key === 'string' ? things.get(key) : undefined;
        return value && { value, enumerable: true, configurable: true };
      },
      set: () => false,
      deleteProperty: () => false,
      defineProperty: () => false,
    },
  );
}
