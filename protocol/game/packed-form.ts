/**
 * The packed form of what an authority publishes and answers of a match: bytes by the game's schemas. design.md §6.
 * Whole: the public view, and the seat's own as a change of it. Change: whether a commit or a part, its version, every so
 * often a hash, events, and what changed.
 */
import type { AnyType } from '../schema/type.ts';
import type { Happening } from '../sync/change.ts';
import { diff, patch } from '../sync/delta.ts';
import { BitReader, BitWriter, malformed, widthOf } from '../sync/packed/bits.ts';
import type { Codec } from '../sync/packed/codec.ts';
import { codecOf } from '../sync/packed/codec-of.ts';
import { hashOfBytes } from '../sync/packed/hash.ts';
import type { AnyGame } from './game.ts';
import type { AnyView } from './view.ts';
import { viewType } from './view-type.ts';

/** What a seat's client knows: its own view, and the public one, which the next commit changes. */
export interface Seen {
  readonly view: AnyView;
  readonly open: AnyView;
}

/** A change between two views of one audience. */
export interface PackedStep {
  readonly before: AnyView;
  readonly after: AnyView;
  /** Absent from a part whose events are the commit's. */
  readonly events?: readonly Happening[];
}

/** Every so many versions a change carries the hash of the view that it leads to. */
const hashEvery = 16;
const usual = { version: 6, events: 0 };
const hashBits = 32;

export class PackedForm {
  readonly #views: Codec;
  readonly #openViews: Codec;
  readonly #events: readonly { readonly event: string; readonly codec: Codec }[];

  private constructor(game: AnyGame) {
    const { schemas } = game;
    const type: AnyType = viewType(game);
    this.#views = codecOf(type);
    this.#openViews = codecOf(type, 'common');
    this.#events = Object.entries(schemas.events).map(([event, schema]) => ({ event, codec: codecOf(schema) }));
  }

  /** Compiled once for each game. */
  static of(game: AnyGame): PackedForm {
    const known = forms.get(game.schemas);
    if (known) return known;
    const form = new PackedForm(game);
    forms.set(game.schemas, form);
    return form;
  }

  whole({ view, open }: Seen): Uint8Array {
    const out = new BitWriter();
    this.#views.write(out, open);
    this.#change(out, open, view);
    return out.bytes();
  }

  /** @throws RangeError for bytes that are no view of this game. */
  readWhole(bytes: Uint8Array): Seen {
    const from = new BitReader(bytes);
    const open = this.#views.read(from) as AnyView;
    const view = from.bit() ? (this.#views.readChange(from, open) as AnyView) : open;
    from.end();
    return { view, open };
  }

  commit({ before, after, events = [] }: PackedStep): Uint8Array {
    const out = this.#begin('commit', after);
    if (hasHash(after.version)) out.bits(this.#hash(this.#openViews, after), hashBits);
    this.#writeEvents(out, events);
    this.#change(out, counted(before), counted(after));
    return out.bytes();
  }

  /** @param step from what the commit alone would leave, which `afterCommit` tells, to what the seat is to see. */
  part({ before, after, events }: PackedStep): Uint8Array {
    const out = this.#begin('part', after);
    if (hasHash(after.version)) out.bits(this.#hash(this.#views, after), hashBits);
    out.bit(events !== undefined);
    if (events) this.#writeEvents(out, events);
    this.#change(out, counted(before), counted(after));
    return out.bytes();
  }

  /**
   * What a change makes of what a client knows.
   * @param part of the same version, where there was one.
   * @throws RangeError for bytes that do not fit; DivergedError where the result is not what the authority has.
   */
  apply(
    seen: Seen,
    commit: Uint8Array,
    part: Uint8Array | null,
  ): { readonly seen: Seen; readonly events: readonly Happening[] } {
    const { from, version } = opened(commit);
    const hash = hasHash(version) ? from.bits(hashBits) : null;
    const events = this.#readEvents(from);
    const open = { ...this.#readChange(from, seen.open), version };
    let view = afterCommit(seen, open);
    let own: readonly Happening[] | null = null;
    if (part) {
      const { from: rest } = opened(part);
      const ownHash = hasHash(version) ? rest.bits(hashBits) : null;
      own = rest.bit() ? this.#readEvents(rest) : null;
      view = { ...this.#readChange(rest, view), version };
      if (ownHash !== null && ownHash !== this.#hash(this.#views, view)) throw new DivergedError(version);
    }
    if (hash !== null && hash !== this.#hash(this.#openViews, view)) throw new DivergedError(version);
    return { seen: { view, open }, events: own ?? events };
  }

  #begin(type: 'commit' | 'part', { version }: AnyView): BitWriter {
    const out = new BitWriter();
    out.bit(type === 'part');
    out.uint(version, usual.version);
    return out;
  }

  #change(out: BitWriter, before: AnyView, after: AnyView): void {
    const differs = !this.#views.equal(before, after);
    out.bit(differs);
    if (differs) this.#views.writeChange(out, before, after);
  }
  #readChange(from: BitReader, before: AnyView): AnyView {
    const after = from.bit() ? (this.#views.readChange(from, counted(before)) as AnyView) : before;
    from.end();
    return { ...after, epoch: before.epoch };
  }

  #writeEvents(out: BitWriter, events: readonly Happening[]): void {
    out.uint(events.length, usual.events);
    for (const { event, data } of events) {
      const index = this.#events.findIndex((one) => one.event === event);
      out.bits(index, widthOf(this.#events.length));
      this.#events[index]!.codec.write(out, data);
    }
  }
  #readEvents(from: BitReader): readonly Happening[] {
    return Array.from({ length: from.count(usual.events, 100_000) }, () => {
      const one = this.#events[from.bits(widthOf(this.#events.length))];
      if (!one) throw malformed('an event that the game has not');
      return { event: one.event, data: one.codec.read(from) };
    });
  }

  #hash(codec: Codec, view: AnyView): number {
    const out = new BitWriter();
    codec.write(out, view);
    return hashOfBytes(out.bytes());
  }
}

const forms = new WeakMap<AnyGame['schemas'], PackedForm>();

/** The result of a change is not what the authority has: one of the two is wrong. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';

  constructor(version: number) {
    super(`the view of version ${version} is not the authority's`);
  }
}

/** Whether it is a commit or a part, and of which version. @throws RangeError */
export function packedHead(bytes: Uint8Array): { readonly type: 'commit' | 'part'; readonly version: number } {
  const { type, version } = opened(bytes);
  return { type, version };
}

function opened(bytes: Uint8Array) {
  const from = new BitReader(bytes);
  const type = from.bit() ? ('part' as const) : ('commit' as const);
  return { from, type, version: from.uint(usual.version) };
}

/** What a commit alone makes of a seat's view: what has changed for everybody is taken over. */
export function afterCommit({ view, open }: Seen, after: AnyView): AnyView {
  if (view === open) return after;
  const delta = diff(counted(open), counted(after));
  return { ...(delta ? (patch(view, delta) as AnyView) : view), version: after.version };
}

const hasHash = (version: number): boolean => version % hashEvery === 0;

/** Without what every change says by itself. */
const counted = (view: AnyView): AnyView => ({ ...view, version: 0, epoch: 0 });
