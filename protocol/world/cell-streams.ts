/** Interest: the changes of each cell, encoded once for all who see it. What nobody near sees never leaves. */
import type { BitWriter } from '../sync/packed/bits.ts';
import { Grid, type CellId } from './cells.ts';
import { OutgoingEntities, type Budget, type Kinds } from './entity-streams.ts';
import { writeEvents } from './event-codec.ts';
import { playersKind, type WorldCodecs } from './world-codecs.ts';
import { hashEvery, usual, writeCell, type Happened } from './world-messages.ts';
import type { Place, WorldBehaviour } from './world-rules.ts';

interface Cell {
  readonly entities: OutgoingEntities;
  /** As of the last update. */
  before: Kinds;
  /** Whether that one had nothing to tell that was new. */
  isQuiet: boolean;
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
  /** By kind and key, where things were in the last update. */
  #places: ReadonlyMap<string, ReadonlyMap<string, CellId>> = new Map();

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
  }

  /** Whether a thing is told as it was in the last update; known where there is a budget. */
  tells(kind: string, key: string): boolean {
    const cell = this.#places.get(kind)?.get(key);
    return cell !== undefined && this.#cells.get(cell)?.entities.tells(kind, key) === true;
  }
  has(cell: CellId): boolean {
    return this.#cells.has(cell);
  }

  /** The cells that are seen from where a player is. */
  around(player: object): ReadonlySet<CellId> {
    return this.from(this.#placeOf(playersKind, player));
  }
  from(place: Place): ReadonlySet<CellId> {
    return this.#grid.around(place);
  }
  cellAt(place: Place): CellId {
    return this.#grid.cellAt(place);
  }
  cellOf(kind: string, thing: object): CellId {
    return this.#grid.cellAt(this.#placeOf(kind, thing));
  }

  /** Takes in a tick. @param seen the cells that anybody sees: others that are empty are forgotten. */
  update(kinds: Kinds, happened: readonly Happened[], seen: ReadonlySet<CellId>): CellMessage[] {
    const before = this.#places;
    const now = this.#byCell(kinds);
    const events = new Map<CellId, Happened[]>();
    for (const event of happened)
      if (event.at) entry(events, this.#grid.cellAt(event.at), () => [] as Happened[]).push(event);
    for (const id of [...now.keys(), ...events.keys()]) entry(this.#cells, id, () => this.#newCell());
    const messages: CellMessage[] = [];
    for (const [id, cell] of this.#cells) {
      const inside = now.get(id) ?? empty;
      const here = events.get(id) ?? [];
      if (inside.size === 0 && !seen.has(id)) this.#cells.delete(id);
      else if (here.length > 0 || !this.#isAtRest(cell, inside)) {
        const update = (out: BitWriter) => {
          cell.entities.update(out, inside, seen.has(id) ? this.#budget : null, (kind, key) => {
            const from = before.get(kind)?.get(key);
            return from !== undefined && from !== id; // it is gone there
          });
          cell.isQuiet = cell.entities.hasToldAll && this.#isSame(cell.before, inside);
          cell.before = inside;
        };
        messages.push(this.#message(id, cell, update, here));
      }
    }
    return messages;
  }

  /** All that a new reader of a cell must know. */
  writeSnapshot(out: BitWriter, id: CellId): void {
    const { sequence, entities } = this.#cells.get(id)!;
    writeCell(out, id);
    out.uint(sequence, usual.sequence);
    entities.snapshot(out);
  }

  #message(id: CellId, cell: Cell, update: (out: BitWriter) => void, happened: readonly Happened[]): CellMessage {
    cell.sequence += 1;
    const write = (out: BitWriter) => {
      writeCell(out, id);
      out.uint(cell.sequence, usual.sequence);
      update(out);
      writeEvents(out, this.#codecs, happened);
      const isHashed = cell.sequence % hashEvery === 0;
      out.bit(isHashed);
      if (isHashed) out.bits(cell.entities.hash(), 32);
    };
    return { cell: id, write };
  }

  /** Also notes where everything is, if that will be asked. */
  #byCell(kinds: Kinds): Map<CellId, Map<string, Map<string, object>>> {
    const cells = new Map<CellId, Map<string, Map<string, object>>>();
    const places = new Map<string, Map<string, CellId>>();
    for (const kind of this.kinds) {
      const here = new Map<CellId, Map<string, object>>();
      for (const [key, thing] of kinds.get(kind)!) {
        const id = this.cellOf(kind, thing);
        const things = here.get(id);
        if (things) things.set(key, thing);
        else here.set(id, new Map([[key, thing]]));
        if (this.#budget) entry(places, kind, () => new Map<string, CellId>()).set(key, id);
      }
      for (const [id, things] of here) entry(cells, id, () => new Map<string, Map<string, object>>()).set(kind, things);
    }
    this.#places = places;
    return cells;
  }

  /**
   * Whether there is nothing to tell: all look as they did, and did so before. What moved in the last update is expected to
   * go on, so that it has stopped must be told once.
   */
  #isAtRest({ isQuiet, before }: Cell, now: Kinds): boolean {
    return isQuiet && this.#isSame(before, now);
  }

  #isSame(before: Kinds, now: Kinds): boolean {
    return this.kinds.every((kind) => {
      const looksSame = this.#codecs.looksSame.get(kind)!;
      const [was, is] = [before.get(kind), now.get(kind)];
      if ((was?.size ?? 0) !== (is?.size ?? 0)) return false;
      for (const [key, thing] of is ?? []) {
        const known = was?.get(key);
        if (!known || !looksSame(known, thing)) return false;
      }
      return true;
    });
  }

  #newCell(): Cell {
    return { entities: new OutgoingEntities(this.#codecs, this.kinds), before: empty, isQuiet: false, sequence: 0 };
  }

  #placeOf(kind: string, thing: object): Place {
    return kind === playersKind ? this.#rules.at!(thing) : this.#rules.entitiesAt![kind]!(thing);
  }
}

const empty: Kinds = new Map();

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
