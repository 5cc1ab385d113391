/** The things of one kind in a world, players or a kind of entities: as rules write to them, and as they were last settled. */
import type { Settle } from './settle.ts';
import { copyOf } from '../schema/copy.ts';
import { fitting } from '../game/fit.ts';
import type { AnyType } from '../schema/type.ts';

/** One of them, as long as it is there. */
export interface Thing {
  readonly key: string;
  /** What rules write to; null: it has gone. */
  live: object | null;
  /** As of the last `settle`; undefined: it is new. */
  settled: object | undefined;
}

export class Things {
  readonly #what: string;
  readonly #type: AnyType;
  readonly #settle: Settle;
  readonly #byKey = new Map<string, Thing>();
  readonly #live: Record<string, object> = Object.create(null) as Record<string, object>;
  readonly #settled = new Map<string, object>();
  /** Null: something has come or gone since. */
  #all: readonly Thing[] | null = null;
  #nextKey: number;
  /** As `keep` gave it last; null: something has changed since. */
  #kept: KeptThings | null = null;

  /** @param what names the kind in errors: `players`, `coins`. */
  constructor(what: string, type: AnyType, settle: Settle, kept: KeptThings = { nextKey: 1, things: {} }) {
    this.#what = what;
    this.#type = type;
    this.#settle = settle;
    this.#nextKey = kept.nextKey;
    for (const [key, thing] of Object.entries(kept.things)) this.put(key, thing);
  }

  /** What rules write to, by key. */
  get live(): Readonly<Record<string, object>> {
    return this.#live;
  }
  /** As they are now, in the order of `live`: numbers first. What goes afterwards says so, what comes is not among them. */
  get all(): readonly Thing[] {
    return (this.#all ??= Object.keys(this.#live).map((key) => this.#byKey.get(key)!));
  }
  /** As of the last `settle`, in the order in which they came. An unchanged thing is the same object as before; none is written to. */
  get settled(): ReadonlyMap<string, object> {
    return this.#settled;
  }
  get size(): number {
    return this.#byKey.size;
  }

  /** @param given may lack what has a default. @throws Error naming what does not fit. */
  put(key: string, given: unknown): object {
    const thing = fitting(this.#type, given, `${this.#what}.${key}`) as object;
    this.restore(key, thing);
    return thing;
  }

  /** @returns the key, which none has had before. */
  add(given: unknown): string {
    const key = `${this.#nextKey}`;
    this.put(key, given);
    this.#nextKey += 1;
    this.#kept = null;
    return key;
  }

  remove(key: string): boolean {
    const thing = this.#byKey.get(key);
    if (!thing) return false;
    thing.live = null;
    this.#byKey.delete(key);
    delete this.#live[key];
    this.#all = null;
    return true;
  }

  /** What a rule has written since the last `settle` is undone. */
  putBack(key: string): void {
    const thing = this.#byKey.get(key);
    if (thing?.settled) thing.live = this.#live[key] = copyOf(thing.settled);
  }

  /** As if the last `add` had not been. */
  takeBack(key: string): void {
    this.remove(key);
    this.#nextKey = Number(key);
    this.#kept = null;
  }

  /** What `remove` took away is there again. */
  restore(key: string, thing: object): void {
    this.#live[key] = thing;
    this.#byKey.set(key, { key, live: thing, settled: this.#settled.get(key) });
    this.#all = null;
  }

  /** Makes what rules have written the new state. What does not fit its schema is put back as it was, and `failed` is told. */
  settle(failed: (error: unknown) => void): void {
    for (const thing of this.all) this.#settleThing(thing, failed);
    if (this.#settled.size === this.size) return;
    for (const key of this.#settled.keys()) if (!this.#byKey.has(key) && this.#settled.delete(key)) this.#kept = null;
  }

  settleOne(key: string, failed: (error: unknown) => void): void {
    const thing = this.#byKey.get(key);
    if (thing) this.#settleThing(thing, failed);
  }

  #settleThing(thing: Thing, failed: (error: unknown) => void): void {
    const { key, settled: before } = thing;
    try {
      const after = this.#settle(thing.live, before, this.#what, key) as object;
      if (after === before) return;
      thing.settled = after;
      this.#settled.set(key, after);
      this.#kept = null;
    } catch (error) {
      if (before) this.putBack(key);
      else this.remove(key);
      failed(error);
    }
  }

  /** What is needed to go on from the last `settle`. Plain data; the same object as before while nothing has changed. */
  keep(): KeptThings {
    return (this.#kept ??= { nextKey: this.#nextKey, things: Object.fromEntries(this.#settled) });
  }
}

export interface KeptThings {
  readonly nextKey: number;
  readonly things: { readonly [key: string]: object };
}
