/** Interest: the changes of each cell, encoded once for all who see it. What nobody near sees never leaves. */
import { BitWriter } from '../sync/packed/bits.ts';
import { Grid, noCells, type CellId, type Square } from './cells.ts';
import { OutgoingEntities, type Budget, type Kinds } from './entity-streams.ts';
import { writeEvents } from './event-codec.ts';
import { playersKind, type WorldCodecs } from './world-codecs.ts';
import { hashEvery, usual, writeCell, type Happened } from './world-messages.ts';
import type { Place, WorldBehaviour } from './world-rules.ts';

/** A thing, as of the last update. */
interface Placed {
  /** The how manieth kind. */
  readonly kind: number;
  readonly key: string;
  /** In the stream of its cell; -1: not known. */
  number: number;
  thing: object;
  cell: Cell;
  /** The update that saw it last. */
  seen: number;
  /** The update in which it came from another cell, if any. */
  crossed: number;
}

/** One that is seen, or has things in it. */
interface Cell extends Square {
  readonly id: CellId;
  readonly things: Set<Placed>;
  /** Null: nobody sees it. */
  stream: Stream | null;
}

interface Stream {
  readonly entities: OutgoingEntities;
  /** Whether the next update tells all, whatever the budget: it is for those who ask for a snapshot. */
  isWhole: boolean;
  /** Number of the last message. */
  sequence: number;
}

/** The content of one message, after its head. */
export interface CellMessage {
  readonly cell: CellId;
  readonly write: (out: BitWriter) => void;
}

export class CellStreams {
  /** The kinds that have places. */
  readonly kinds: readonly string[];
  readonly #codecs: WorldCodecs;
  readonly #rules: WorldBehaviour;
  readonly #grid: Grid;
  readonly #budget: Budget | null;
  readonly #cells = new Map<CellId, Cell>();
  /** Those of them that are seen. */
  readonly #streamed = new Set<Cell>();
  /** What was seen in the last update, also where nothing is. */
  #seen: ReadonlySet<CellId> = noCells;
  /** For each kind, by key. */
  readonly #placed: readonly Map<string, Placed>[];
  #updates = 0;

  constructor(
    codecs: WorldCodecs,
    rules: WorldBehaviour,
    interest: { readonly cell: number; readonly radius: number },
    budget: Budget | null,
  ) {
    this.#codecs = codecs;
    this.#rules = rules;
    this.#budget = budget;
    this.#grid = new Grid(interest);
    this.kinds = [...codecs.kinds.keys()].filter((kind) => kind === playersKind || rules.entitiesAt?.[kind]);
    this.#placed = this.kinds.map(() => new Map<string, Placed>());
  }

  /** Whether a thing is told as it was in the last update. */
  tells(kind: string, key: string): boolean {
    return this.#placed[this.kinds.indexOf(kind)]?.get(key)?.cell.stream?.entities.tells(kind, key) === true;
  }
  /** Whether there is anything to tell of a cell. */
  has(cell: CellId): boolean {
    return this.#cells.has(cell);
  }

  /** The cells that are seen from where a player is. */
  around(player: object): ReadonlySet<CellId> {
    return this.from(this.#placesOf(playersKind)(player));
  }
  from(place: Place): ReadonlySet<CellId> {
    return this.#grid.around(place);
  }
  cellAt(place: Place): CellId {
    return this.#grid.cellAt(place);
  }
  cellOf(kind: string, thing: object): CellId {
    return this.#grid.cellAt(this.#placesOf(kind)(thing));
  }

  /** Takes in a tick. @param seen the cells that anybody sees: of others nothing is told. */
  update(kinds: Kinds, happened: readonly Happened[], seen: ReadonlySet<CellId>): CellMessage[] {
    this.#updates += 1;
    for (const kind of this.kinds.keys()) this.#take(kind, kinds.get(this.kinds[kind]!)!);
    const events = new Map<Cell, Happened[]>();
    for (const event of happened) {
      const id = event.at && this.#grid.cellAt(event.at);
      if (id === null || !seen.has(id)) continue;
      const cell = this.#cell(id);
      events.set(cell, [...(events.get(cell) ?? []), event]);
    }
    for (const cell of this.#streamed) if (!seen.has(cell.id)) this.#close(cell);
    for (const id of seen) {
      const cell = this.#cells.get(id);
      if (cell && !cell.stream) this.#open(cell);
    }
    this.#seen = seen;
    return [...this.#streamed].flatMap((cell) => {
      const here = events.get(cell) ?? [];
      return here.length > 0 || !cell.stream!.entities.isAtRest ? [this.#message(cell, here)] : [];
    });
  }

  /** All that a new reader of a cell must know. */
  writeSnapshot(out: BitWriter, id: CellId): void {
    const cell = this.#cells.get(id)!;
    if (!cell.stream) this.#tell(this.#open(cell), new BitWriter());
    const { sequence, entities } = cell.stream!;
    writeCell(out, id);
    out.uint(sequence, usual.sequence);
    entities.snapshot(out);
  }

  #message({ id, stream }: Cell, happened: readonly Happened[]): CellMessage {
    const { entities } = stream!;
    const sequence = (stream!.sequence += 1);
    const write = (out: BitWriter) => {
      writeCell(out, id);
      out.uint(sequence, usual.sequence);
      this.#tell(stream!, out);
      writeEvents(out, this.#codecs, happened);
      const isHashed = sequence % hashEvery === 0;
      out.bit(isHashed);
      if (isHashed) out.bits(entities.hash(), 32);
    };
    return { cell: id, write };
  }

  #tell(stream: Stream, out: BitWriter): void {
    stream.entities.write(out, stream.isWhole ? null : this.#budget, {
      thing: (kind, key) => this.#placed[kind]!.get(key)!.thing,
      isUrgent: (kind, key) => this.#placed[kind]!.get(key)!.crossed === this.#updates, // it is gone where it was
    });
    stream.isWhole = false;
  }

  /** Takes in how all things of the how manieth kind are. */
  #take(kind: number, things: ReadonlyMap<string, object>): void {
    const known = this.#placed[kind]!;
    const placeOf = this.#placesOf(this.kinds[kind]!);
    for (const [key, thing] of things) {
      const placed = known.get(key);
      if (placed) {
        placed.seen = this.#updates;
        if (placed.thing !== thing) this.#change(placed, thing, placeOf(thing));
        continue;
      }
      const cell = this.#cell(this.cellAt(placeOf(thing)));
      const come: Placed = { kind, key, number: -1, thing, cell, seen: this.#updates, crossed: 0 };
      known.set(key, come);
      this.#enter(come);
    }
    if (known.size === things.size) return;
    for (const placed of known.values()) {
      if (placed.seen === this.#updates) continue;
      known.delete(placed.key);
      this.#depart(placed);
    }
  }

  #change(placed: Placed, thing: object, place: Place): void {
    placed.thing = thing;
    if (this.#grid.isIn(placed.cell, place)) return this.#tellOf(placed);
    this.#depart(placed);
    placed.crossed = this.#updates;
    placed.cell = this.#cell(this.cellAt(place));
    this.#enter(placed);
  }

  #enter(placed: Placed): void {
    placed.cell.things.add(placed);
    this.#tellOf(placed);
  }

  #tellOf(placed: Placed): void {
    const { kind, key, thing, number, cell } = placed;
    if (cell.stream) placed.number = cell.stream.entities.put(kind, key, thing, number);
  }

  #depart(placed: Placed): void {
    const { kind, key, cell } = placed;
    cell.things.delete(placed);
    if (cell.stream) cell.stream.entities.remove(kind, key);
    else if (cell.things.size === 0) this.#cells.delete(cell.id);
  }

  #cell(id: CellId): Cell {
    const known = this.#cells.get(id);
    if (known) return known;
    const cell: Cell = { id, ...this.#grid.squareOf(id), things: new Set(), stream: null };
    this.#cells.set(id, cell);
    return cell;
  }

  #open(cell: Cell): Stream {
    const entities = new OutgoingEntities(this.#codecs, this.kinds);
    const isWhole = !this.#seen.has(cell.id);
    const stream = { entities, isWhole, sequence: 0 };
    cell.stream = stream;
    this.#streamed.add(cell);
    for (const placed of cell.things) this.#tellOf(placed);
    return stream;
  }

  #close(cell: Cell): void {
    cell.stream = null;
    this.#streamed.delete(cell);
    if (cell.things.size === 0) this.#cells.delete(cell.id);
  }

  #placesOf(kind: string): (thing: object) => Place {
    return kind === playersKind ? this.#rules.at! : this.#rules.entitiesAt![kind]!;
  }
}
