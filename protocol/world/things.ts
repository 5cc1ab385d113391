/** The things of one kind in a world, players or a kind of entities: as rules write to them, and as they were last settled. */
import type { Settle } from './settle.ts';
import { copyOf } from '../schema/copy.ts';
import { fitting } from '../game/fit.ts';
import type { AnyType } from '../schema/type.ts';

export class Things {
  readonly #what: string;
  readonly #type: AnyType;
  readonly #settle: Settle;
  readonly #live: Record<string, object> = Object.create(null) as Record<string, object>;
  readonly #settled = new Map<string, object>();
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
  /** As of the last `settle`, in the order in which they came. An unchanged thing is the same object as before; none is written to. */
  get settled(): ReadonlyMap<string, object> {
    return this.#settled;
  }
  get size(): number {
    return Object.keys(this.#live).length;
  }

  /** @param given may lack what has a default. @throws Error naming what does not fit. */
  put(key: string, given: unknown): object {
    return (this.#live[key] = fitting(this.#type, given, `${this.#what}.${key}`) as object);
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
    return key in this.#live && delete this.#live[key];
  }

  /** What a rule has written since the last `settle` is undone. */
  putBack(key: string): void {
    const before = this.#settled.get(key);
    if (before) this.#live[key] = copyOf(before);
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
  }

  /** Makes what rules have written the new state. What does not fit its schema is put back as it was, and `failed` is told. */
  settle(failed: (error: unknown) => void): void {
    for (const key of this.#settled.keys()) if (!(key in this.#live) && this.#settled.delete(key)) this.#kept = null;
    for (const key in this.#live) this.settleOne(key, failed);
  }

  settleOne(key: string, failed: (error: unknown) => void): void {
    const before = this.#settled.get(key);
    try {
      const after = this.#settle(this.#live[key], before, `${this.#what}.${key}`) as object;
      if (after === before) return;
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
