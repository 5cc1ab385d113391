/** The entities of several kinds that go one way together: those that everybody sees, or those of one cell. */
import type { BitReader, BitWriter } from '../sync/packed/bits.ts';
import type { EntityDecoder } from '../sync/packed/entity-decoder.ts';
import type { EntityEncoder } from '../sync/packed/entity-encoder.ts';
import type { WorldCodecs } from './world-codecs.ts';

/** By kind, by key. */
export type Kinds = ReadonlyMap<string, ReadonlyMap<string, object>>;
const nothing: ReadonlyMap<string, object> = new Map();

export class OutgoingEntities {
  readonly #encoders: ReadonlyMap<string, EntityEncoder>;
  readonly #codecs: WorldCodecs;
  /** As of the last update. */
  #before: Kinds = new Map();
  #isQuiet = false;

  /** @param kinds which, in the order of writing. */
  constructor(codecs: WorldCodecs, kinds: readonly string[]) {
    this.#codecs = codecs;
    this.#encoders = new Map(kinds.map((kind) => [kind, codecs.kinds.get(kind)!.encoder()]));
  }

  /**
   * Whether there is nothing to write: all look as they did, and did so before. What moved in the last update is
   * expected to go on, so that it has stopped must be written once.
   */
  isAtRest(now: Kinds): boolean {
    return this.#isQuiet && this.#isSame(now);
  }

  update(out: BitWriter, now: Kinds): void {
    this.#isQuiet = this.#isSame(now);
    for (const [kind, encoder] of this.#encoders) encoder.update(now.get(kind) ?? nothing, out);
    this.#before = new Map([...now].map(([kind, entities]) => [kind, new Map(entities)]));
  }

  snapshot(out: BitWriter): void {
    for (const encoder of this.#encoders.values()) encoder.snapshot(out);
  }

  hash(): number {
    return mixed(this.#encoders.values());
  }

  #isSame(now: Kinds): boolean {
    for (const kind of this.#encoders.keys()) {
      const looksSame = this.#codecs.looksSame.get(kind)!;
      const [before, after] = [this.#before.get(kind) ?? nothing, now.get(kind) ?? nothing];
      if (before.size !== after.size) return false;
      for (const [key, entity] of after) {
        const known = before.get(key);
        if (!known || !looksSame(known, entity)) return false;
      }
    }
    return true;
  }
}

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
