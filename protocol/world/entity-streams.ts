/** The entities of several kinds that go one way together: those that everybody sees, or those of one cell. */
import type { BitReader, BitWriter } from '../sync/packed/bits.ts';
import type { EntityDecoder } from '../sync/packed/entity-decoder.ts';
import type { EntityEncoder, PendingEntity } from '../sync/packed/entity-encoder.ts';
import type { WorldCodecs } from './world-codecs.ts';

/** By kind, by key. */
export type Kinds = ReadonlyMap<string, ReadonlyMap<string, object>>;
const nothing: ReadonlyMap<string, object> = new Map();

/** How much may be told in one update; the rest is told later. */
export interface Budget {
  readonly bytes: number;
  /** How urgent a thing is beside others that have waited as long; above 0. */
  priority(kind: string, thing: object): number;
}
/** Of the things of a stream, by the how manieth kind and key. */
export interface Asked {
  thing(kind: number, key: string): object;
  /** What cannot wait, whatever the budget. */
  isUrgent(kind: number, key: string): boolean;
}

export class OutgoingEntities {
  readonly #kinds: readonly string[];
  readonly #encoders: readonly EntityEncoder[];
  /** By the how manieth kind and key what was left out of the last update, and how urgent it is by now. */
  #left = new Map<number, Map<string, number>>();
  /** Bits by which updates have been larger than their budget: those after them are smaller. */
  #debt = 0;

  /** @param kinds which, in the order of writing. */
  constructor(codecs: WorldCodecs, kinds: readonly string[]) {
    this.#kinds = kinds;
    this.#encoders = kinds.map((kind) => codecs.kinds.get(kind)!.encoder());
  }

  /** Whether a thing is told as it was in the last update. */
  tells(kind: string, key: string): boolean {
    const index = this.#kinds.indexOf(kind);
    return this.#encoders[index]?.has(key) === true && this.#left.get(index)?.has(key) !== true;
  }
  /** Whether an update would tell nothing, and readers need not even know that it has been. */
  get isAtRest(): boolean {
    return this.#left.size === 0 && this.#encoders.every(({ isAtRest }) => isAtRest);
  }

  /** One update with all there is. @param budget null: everything is told. */
  update(out: BitWriter, now: Kinds, budget: Budget | null): void {
    const things = this.#kinds.map((kind) => now.get(kind)!);
    for (const [kind, encoder] of this.#encoders.entries()) encoder.look(things[kind]!);
    this.#write(out, budget, { thing: (kind, key) => things[kind]!.get(key)!, isUrgent: () => false });
  }

  /** What has changed, or is new, since the last update. @param kind the how manieth. @param last as for an encoder. */
  put(kind: number, key: string, thing: object, last = -1): number {
    return this.#encoders[kind]!.put(key, thing, last);
  }
  /** What has gone since the last update. @param kind the how manieth. */
  remove(kind: number, key: string): void {
    this.#encoders[kind]!.remove(key);
    this.#left.get(kind)?.delete(key);
  }

  /** One update with what was put and removed, and what was left out before. @param budget null: everything is told. */
  write(out: BitWriter, budget: Budget | null, asked: Asked): void {
    for (const [kind, keys] of this.#left) for (const key of keys.keys()) this.put(kind, key, asked.thing(kind, key));
    this.#write(out, budget, asked);
  }

  #write(out: BitWriter, budget: Budget | null, asked: Asked): void {
    const { length } = out;
    this.#left = budget ? this.#leave(budget, asked) : new Map();
    for (const encoder of this.#encoders) encoder.write(out);
    this.#debt = budget ? within(this.#debt + out.length - length - budget.bytes * 8, budget.bytes * 8) : 0;
  }

  snapshot(out: BitWriter): void {
    for (const encoder of this.#encoders) encoder.snapshot(out);
  }

  hash(): number {
    return mixed(this.#encoders);
  }

  /**
   * Leaves out what is too much for one update. Waiting makes urgent, and the most urgent always goes: nothing waits for ever.
   * @returns what is left out, and how urgent it is by now.
   */
  #leave(budget: Budget, { thing, isUrgent }: Asked): Map<number, Map<string, number>> {
    let room = budget.bytes * 8 - this.#debt;
    const waiting: (PendingEntity & { readonly kind: number; readonly urgency: number })[] = [];
    for (const [kind, encoder] of this.#encoders.entries()) {
      for (const { key, bits } of encoder.pending()) {
        const waited = this.#left.get(kind)?.get(key) ?? 0;
        if (isUrgent(kind, key)) room -= bits;
        else waiting.push({ kind, key, bits, urgency: waited + budget.priority(this.#kinds[kind]!, thing(kind, key)) });
      }
    }
    const left = new Map<number, Map<string, number>>();
    waiting.sort((a, b) => b.urgency - a.urgency);
    for (const [i, { kind, key, bits, urgency }] of waiting.entries()) {
      if (i === 0 || bits <= room) {
        room -= bits;
        continue;
      }
      this.#encoders[kind]!.leave(key);
      if (!left.get(kind)?.set(key, urgency)) left.set(kind, new Map([[key, urgency]]));
    }
    return left;
  }
}

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

/** What one message has changed, by kind. */
export interface KindChanges {
  readonly kind: string;
  readonly put: readonly string[];
  readonly removed: readonly string[];
}

export class IncomingEntities {
  readonly #decoders: ReadonlyMap<string, EntityDecoder>;

  constructor(codecs: WorldCodecs, kinds: readonly string[]) {
    this.#decoders = new Map(kinds.map((kind) => [kind, codecs.kinds.get(kind)!.decoder()]));
  }

  /** By kind. What changes is a new object. */
  of(kind: string): ReadonlyMap<string, object> {
    return this.#decoders.get(kind)?.entities ?? nothing;
  }
  get kinds(): Iterable<string> {
    return this.#decoders.keys();
  }

  /** One update, or a snapshot. @throws RangeError for what its encoder has not written. */
  read(from: BitReader): readonly KindChanges[] {
    return [...this.#decoders].map(([kind, decoder]) => {
      const { added, changed, removed } = decoder.read(from);
      return { kind, put: [...added, ...changed], removed };
    });
  }

  hash(): number {
    return mixed(this.#decoders.values());
  }
}

function mixed(hashed: Iterable<{ hash(): number }>): number {
  let hash = 0;
  for (const one of hashed) hash = (Math.imul(hash, 31) + one.hash()) >>> 0;
  return hash;
}
