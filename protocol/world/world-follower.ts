/** A world as a client follows it: from a snapshot, by every message that is published after it. */
import type { Happening } from '../sync/change.ts';
import { BitReader, malformed } from '../sync/packed/bits.ts';
import { hashOf } from '../sync/packed/hash.ts';
import { IncomingEntities } from './entity-streams.ts';
import type { CellId } from './cells.ts';
import { inOrder, readEvents, type Indexed } from './event-codec.ts';
import type { Sight } from './sights.ts';
import { movedField, playersKind, takenField, worldCodecs, type Taken, type WorldCodecs } from './world-codecs.ts';
import { hashEvery, messageKinds, readCell, usual } from './world-messages.ts';
import type { AnyWorld } from './world.ts';
import type { AnyWorldView } from './world-view.ts';

/** What a message has come to. `lost`: it cannot be followed any more, a snapshot is needed; `diverged`: and it should have been. */
export type Followed = 'nothing yet' | 'lost' | 'diverged' | { readonly events: readonly Happening[] };

interface Cell {
  readonly entities: IncomingEntities;
  sequence: number;
}

export class WorldFollower {
  readonly #game: AnyWorld;
  readonly #codecs: WorldCodecs;
  #me: string | null = null;
  #epoch = 0;
  #version = 0;
  #tick = 0;
  #shared: unknown = {};
  #sight: Sight | null = null;
  #placed: readonly string[] = [];
  #common: IncomingEntities;
  readonly #cells = new Map<CellId, Cell>();
  /** Of the version that is coming. */
  #events: (Indexed & { readonly cell: CellId | null })[] = [];
  #own: Indexed[] = [];
  #view: AnyWorldView;
  #isLost = true;

  constructor(game: AnyWorld) {
    this.#game = game;
    this.#codecs = worldCodecs(game);
    this.#common = new IncomingEntities(this.#codecs, []);
    this.#view = this.#look();
  }

  /** As of the last commit; never written to. */
  get view(): AnyWorldView {
    return this.#view;
  }

  /** What of a player's is in the view. */
  taken(id: string): Taken {
    const player: Numbered | undefined = this.#things(playersKind).get(id);
    return { input: player?.[takenField] ?? 0, move: player?.[movedField] ?? 0 };
  }

  /** @param me the player's own id; null while watching. @throws RangeError for what is no snapshot of such a world. */
  reset(snapshot: Uint8Array, me: string | null): void {
    const from = new BitReader(snapshot);
    if (from.bits(usual.kind) !== messageKinds.snapshot) throw malformed('it is no snapshot');
    this.#isLost = true;
    this.#me = me;
    this.#version = from.uint(usual.version);
    this.#epoch = from.uint(usual.version);
    this.#tick = from.uint(usual.version);
    const kinds = [...this.#codecs.kinds.keys()];
    this.#placed = kinds.filter(() => from.bit());
    this.#shared = this.#codecs.shared.read(from);
    this.#common = new IncomingEntities(
      this.#codecs,
      kinds.filter((kind) => !this.#placed.includes(kind)),
    );
    this.#common.read(from);
    this.#cells.clear();
    this.#readCells(from);
    this.#sight = from.bit() && this.#codecs.sight ? (this.#codecs.sight.read(from) as Sight) : null;
    from.end();
    this.#events = [];
    this.#own = [];
    this.#isLost = false;
    this.#view = this.#look();
  }

  accept(message: Uint8Array): Followed {
    if (this.#isLost) return 'lost';
    try {
      return this.#accept(new BitReader(message));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#lose('diverged');
    }
  }

  #accept(from: BitReader): Followed {
    const kind = from.bits(usual.kind);
    const version = from.uint(usual.version);
    if (version <= this.#version) return 'nothing yet';
    if (version !== this.#version + 1) return this.#lose('lost');
    if (kind === messageKinds.cell) return this.#readCellMessage(from);
    if (kind === messageKinds.personal) return this.#readPersonal(from);
    if (kind === messageKinds.commit) return this.#readCommit(from, version);
    throw malformed('a snapshot came unasked');
  }

  #readCellMessage(from: BitReader): Followed {
    const id = readCell(from);
    const sequence = from.uint(usual.sequence);
    const known = this.#cells.get(id);
    if (sequence !== (known?.sequence ?? 0) + 1)
      return known && sequence <= known.sequence ? 'nothing yet' : this.#lose('lost');
    const cell = known ?? { entities: new IncomingEntities(this.#codecs, this.#placed), sequence: 0 };
    cell.sequence = sequence;
    this.#cells.set(id, cell);
    cell.entities.read(from);
    for (const event of readEvents(from, this.#codecs)) this.#events.push({ ...event, cell: id });
    if (from.bit() !== (sequence % hashEvery === 0)) throw malformed('a hash is missing, or too many');
    if (sequence % hashEvery === 0 && from.bits(32) !== cell.entities.hash()) return this.#lose('diverged');
    from.end();
    return 'nothing yet';
  }

  #readPersonal(from: BitReader): Followed {
    for (let left = from.count(usual.count, mostCells); left > 0; left--) this.#cells.delete(readCell(from));
    this.#readCells(from);
    if (from.bit()) {
      if (!this.#codecs.sight || !this.#sight) throw malformed('there is nothing secret in this world');
      this.#sight = this.#codecs.sight.readChange(from, this.#sight) as Sight;
    }
    this.#own.push(...readEvents(from, this.#codecs));
    from.end();
    return 'nothing yet';
  }

  #readCommit(from: BitReader, version: number): Followed {
    this.#tick = from.uint(usual.version);
    if (from.bit()) this.#shared = this.#codecs.shared.readChange(from, this.#shared);
    this.#common.read(from);
    for (const event of readEvents(from, this.#codecs)) this.#events.push({ ...event, cell: null });
    const isHashed = from.bit();
    const hash = () => (hashOf(this.#game.schemas.shared, this.#shared) ^ this.#common.hash()) >>> 0;
    if (isHashed && from.bits(32) !== hash()) return this.#lose('diverged');
    from.end();
    this.#version = version;
    const own = new Map(this.#own.map((event) => [event.index, event]));
    const events = inOrder(this.#events).map((heard, index) => {
      const { event, data } = own.get(index) ?? heard;
      return { event, data };
    });
    this.#events = [];
    this.#own = [];
    this.#view = this.#look();
    return { events };
  }

  #readCells(from: BitReader): void {
    for (let left = from.count(usual.count, mostCells); left > 0; left--) {
      const id = readCell(from);
      const cell = { sequence: from.uint(usual.sequence), entities: new IncomingEntities(this.#codecs, this.#placed) };
      cell.entities.read(from);
      this.#cells.set(id, cell);
    }
  }

  /** What the messages so far show. */
  #look(): AnyWorldView {
    const dicts = Object.fromEntries([...this.#codecs.kinds.keys()].map((kind) => [kind, this.#seen(kind)]));
    const { [playersKind]: players = {}, ...entities } = dicts;
    const me = this.#me === null ? null : (players[this.#me] ?? null);
    const shared = this.#sight && 'shared' in this.#sight ? this.#sight.shared : this.#shared;
    return { version: this.#version, epoch: this.#epoch, tick: this.#tick, shared, players, entities, me };
  }

  /** The things of one kind, with what we see of them beyond what everybody does. */
  #seen(kind: string): { readonly [key: string]: object } {
    const seen: Record<string, object> = {};
    const secrets = this.#sight?.kinds[kind];
    for (const [key, thing] of this.#things(kind)) {
      const shown = kind === playersKind ? withoutTaken(thing) : thing;
      const secret = secrets?.[key];
      seen[key] = secret ? { ...shown, ...secret } : shown;
    }
    return seen;
  }

  #things(kind: string): ReadonlyMap<string, object> {
    if (!this.#placed.includes(kind)) return this.#common.of(kind);
    return new Map([...this.#cells.values()].flatMap(({ entities }) => [...entities.of(kind)]));
  }

  #lose(why: 'lost' | 'diverged'): 'lost' | 'diverged' {
    this.#isLost = true;
    return why;
  }
}

const mostCells = 100_000;

interface Numbered {
  readonly [takenField]?: number;
  readonly [movedField]?: number;
}

function withoutTaken(player: Numbered): object {
  const { [takenField]: _, [movedField]: __, ...rest } = player;
  return rest;
}
