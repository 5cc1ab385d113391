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
type IsUrgent = (kind: string, key: string) => boolean;

export class OutgoingEntities {
  readonly #encoders: ReadonlyMap<string, EntityEncoder>;
  /** By kind and key what was left out of the last update, and how urgent it is by now. */
  #left = new Map<string, Map<string, number>>();
  /** Bits by which updates have been larger than their budget: those after them are smaller. */
  #debt = 0;

  /** @param kinds which, in the order of writing. */
  constructor(codecs: WorldCodecs, kinds: readonly string[]) {
    this.#encoders = new Map(kinds.map((kind) => [kind, codecs.kinds.get(kind)!.encoder()]));
  }

  /** Whether a thing is told as it was in the last update. */
  tells(kind: string, key: string): boolean {
    return this.#encoders.get(kind)?.has(key) === true && this.#left.get(kind)?.has(key) !== true;
  }
  /** Whether the last update has told everything. */
  get hasToldAll(): boolean {
    return this.#left.size === 0;
  }

  /** @param budget null: everything is told. @param isUrgent what cannot wait, whatever the budget. */
  update(out: BitWriter, now: Kinds, budget: Budget | null = null, isUrgent: IsUrgent = () => false): void {
    const { length } = out;
    for (const [kind, encoder] of this.#encoders) encoder.look(now.get(kind) ?? nothing);
    this.#left = budget ? this.#leave(now, budget, isUrgent) : new Map();
    for (const encoder of this.#encoders.values()) encoder.write(out);
    this.#debt = budget ? within(this.#debt + out.length - length - budget.bytes * 8, budget.bytes * 8) : 0;
  }

  snapshot(out: BitWriter): void {
    for (const encoder of this.#encoders.values()) encoder.snapshot(out);
  }

  hash(): number {
    return mixed(this.#encoders.values());
  }

  /**
   * Leaves out what is too much for one update. Waiting makes urgent, and the most urgent always goes: nothing waits for ever.
   * @returns what is left out, and how urgent it is by now.
   */
  #leave(now: Kinds, budget: Budget, isUrgent: IsUrgent): Map<string, Map<string, number>> {
    let room = budget.bytes * 8 - this.#debt;
    const waiting: (PendingEntity & { readonly kind: string; readonly urgency: number })[] = [];
    for (const [kind, encoder] of this.#encoders) {
      for (const { key, bits } of encoder.pending()) {
        const waited = this.#left.get(kind)?.get(key) ?? 0;
        if (isUrgent(kind, key)) room -= bits;
        else waiting.push({ kind, key, bits, urgency: waited + budget.priority(kind, now.get(kind)!.get(key)!) });
      }
    }
    const left = new Map<string, Map<string, number>>();
    waiting.sort((a, b) => b.urgency - a.urgency);
    for (const [i, { kind, key, bits, urgency }] of waiting.entries()) {
      if (i === 0 || bits <= room) {
        room -= bits;
        continue;
      }
      this.#encoders.get(kind)!.leave(key);
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
