/**
 * Makes what is published of a world, tick by tick: pure, and each piece encoded once for all who get it. In each tick first
 * the changes of each cell that somebody sees, then what concerns single players, then one commit for everybody.
 */
import type { Happening } from '../sync/change.ts';
import { BitWriter } from '../sync/packed/bits.ts';
import { hashOf } from '../sync/packed/hash.ts';
import { CellStreams } from './cell-streams.ts';
import type { CellId } from './cells.ts';
import { OutgoingEntities, type Kinds } from './entity-streams.ts';
import { inOrder, writeEvents, type Indexed } from './event-codec.ts';
import type { RunningWorld, Stepped, WorldEvent } from './running-world.ts';
import { isSameSight, sightOf, type Sight } from './sights.ts';
import { movedField, playersKind, takenField, worldCodecs, type WorldCodecs } from './world-codecs.ts';
import { hashEvery, messageKinds, usual, writeCell, type Happened, type MessageKind } from './world-messages.ts';
import { WorldSight, type AnyWorldView } from './world-view.ts';

/** One message. `to`: the ids of those players; null: everybody. */
export interface Published {
  readonly to: readonly string[] | null;
  readonly bytes: Uint8Array;
}

/** What one player has been told. */
interface Told {
  readonly cells: ReadonlySet<CellId>;
  readonly sight: Sight | null;
  /** From these the sight was made. */
  readonly player: object;
  readonly shared: unknown;
}

export class WorldPublisher {
  readonly #world: RunningWorld;
  readonly #epoch: number;
  readonly #codecs: WorldCodecs;
  /** Null: everybody sees all. */
  readonly #near: CellStreams | null;
  readonly #common: OutgoingEntities;
  readonly #told = new Map<string, Told>();
  /** Players as they are written. */
  #players = new Map<string, Written>();
  #shared: unknown;
  #version: number;

  /** @param version number of the last one of another epoch. */
  constructor(world: RunningWorld, epoch = 1, version = 0) {
    const { game, world: behaviour } = world.rules;
    this.#world = world;
    this.#epoch = epoch;
    this.#version = version;
    this.#codecs = worldCodecs(game);
    this.#near = game.interest && new CellStreams(this.#codecs, behaviour, game.interest);
    const placed = this.#near?.kinds ?? [];
    this.#common = new OutgoingEntities(
      this.#codecs,
      [...this.#codecs.kinds.keys()].filter((kind) => !placed.includes(kind)),
    );
    this.#shared = world.shared;
    this.publish({ tick: world.tick, events: [], failures: [] });
  }

  /** Number of what was published last. */
  get version(): number {
    return this.#version;
  }

  /** What a tick has come to, in the order in which it must be published. */
  publish({ tick, events }: Stepped): Published[] {
    this.#version += 1;
    const everybody = new WorldSight(this.#world, null);
    const placed = this.#placedEvents(events);
    const happened = placed.map(({ event, index }) => ({
      ...everybody.event(event),
      index,
      at: this.#near && event.at,
    }));
    const kinds = this.#kinds();
    const near = this.#look();
    return [
      ...this.#cellMessages(kinds, happened, near),
      ...this.#personalMessages(inOrder(placed), near),
      this.#commit(tick, kinds, happened),
    ];
  }

  /** All that a player, or for null a spectator, needs to follow what is published from now on. */
  snapshot(viewer: string | null): Uint8Array {
    const told = viewer === null ? undefined : (this.#told.get(viewer) ?? this.#welcome(viewer));
    const kinds = [...this.#codecs.kinds.keys()];
    const placed = this.#near?.kinds ?? [];
    const out = this.#message(messageKinds.snapshot);
    out.uint(this.#epoch, usual.version);
    out.uint(this.#world.tick, usual.version);
    for (const kind of kinds) out.bit(placed.includes(kind));
    this.#codecs.shared.write(out, this.#shared);
    this.#common.snapshot(out);
    this.#writeCells(out, [...(told?.cells ?? none)]);
    out.bit(told?.sight != null);
    if (told?.sight) this.#codecs.sight!.write(out, told.sight);
    return out.bytes();
  }

  /** The same as a value, for clients that cannot read what is packed: as things are now, not as they were published. */
  view(viewer: string | null): AnyWorldView {
    const { players, tick, rules } = this.#world;
    const sight = new WorldSight(this.#world, viewer);
    const player = viewer === null ? undefined : players.get(viewer);
    const cells = player ? this.#near?.around(player) : undefined;
    const near = this.#near;
    const seen = (kind: string, things: ReadonlyMap<string, object>, of: (key: string, thing: object) => unknown) =>
      Object.fromEntries(
        [...things]
          .filter(([, thing]) => !near?.kinds.includes(kind) || cells?.has(near.cellOf(kind, thing)))
          .map(([key, thing]) => [key, of(key, thing)]),
      );
    const entities = Object.keys(rules.game.schemas.entities).map((kind) => [
      kind,
      seen(kind, this.#world.entities(kind), (_, thing) => sight.entity(kind, thing)),
    ]);
    return {
      version: this.#version,
      epoch: this.#epoch,
      tick,
      shared: sight.shared,
      players: seen(playersKind, players, (id, thing) => sight.player(id, thing)),
      entities: Object.fromEntries(entities) as AnyWorldView['entities'],
      me: viewer !== null && player ? sight.player(viewer, player) : null,
    };
  }

  /** What a player, or for null a spectator, hears of a tick. */
  seenBy(viewer: string | null, events: Stepped['events']): readonly Happening[] {
    const sight = new WorldSight(this.#world, viewer);
    const cells = viewer === null ? none : (this.#told.get(viewer)?.cells ?? none);
    const near = this.#near;
    return events.filter(({ at }) => !near || !at || cells.has(near.cellAt(at))).map((event) => sight.event(event));
  }

  /** A player who comes is told of what was published last, as if it had been there. */
  #welcome(id: string): Told | undefined {
    const player = this.#world.players.get(id);
    if (!player) return undefined;
    const cells = this.#near?.around(player) ?? none;
    const told = { cells, sight: this.#sightOf(id, cells), player, shared: this.#world.shared };
    this.#told.set(id, told);
    return told;
  }

  #commit(tick: number, kinds: Kinds, happened: readonly Happened[]): Published {
    const { shared, rules } = this.#world;
    const out = this.#message(messageKinds.commit);
    out.uint(tick, usual.version);
    const isChanged = !this.#codecs.shared.equal(this.#shared, shared);
    out.bit(isChanged);
    if (isChanged) this.#codecs.shared.writeChange(out, this.#shared, shared);
    this.#shared = shared;
    this.#common.update(out, kinds);
    writeEvents(
      out,
      this.#codecs,
      happened.filter(({ at }) => at === null),
    );
    const isHashed = this.#version % hashEvery === 0;
    out.bit(isHashed);
    if (isHashed) out.bits((hashOf(rules.game.schemas.shared, shared) ^ this.#common.hash()) >>> 0, 32);
    return { to: null, bytes: out.bytes() };
  }

  #cellMessages(kinds: Kinds, happened: readonly Happened[], near: ReadonlyMap<string, Near>): Published[] {
    if (!this.#near) return [];
    const viewers = new Map<CellId, string[]>();
    const seen = new Set<CellId>();
    for (const [id, { cells, before }] of near) {
      for (const cell of cells) {
        seen.add(cell);
        if (!before?.cells.has(cell)) continue; // who enters gets a snapshot
        const others = viewers.get(cell);
        if (others) others.push(id);
        else viewers.set(cell, [id]);
      }
    }
    return this.#near.update(kinds, happened, seen).flatMap(({ cell, write }) => {
      const out = this.#message(messageKinds.cell);
      write(out); // also where nobody sees it: its stream goes on
      const to = viewers.get(cell);
      return to ? [{ to, bytes: out.bytes() }] : [];
    });
  }

  /** What each player sees from where it is now, beside what it was told. */
  #look(): ReadonlyMap<string, Near> {
    for (const id of this.#told.keys()) if (!this.#world.players.has(id)) this.#told.delete(id);
    return new Map(
      [...this.#world.players].map(([id, player]) => [
        id,
        { player, cells: this.#near?.around(player) ?? none, before: this.#told.get(id) },
      ]),
    );
  }

  #personalMessages(events: readonly PlacedEvent[], near: ReadonlyMap<string, Near>): Published[] {
    if (!this.#near && !this.#codecs.sight && !this.#codecs.hasSecretEvents) return [];
    const messages: Published[] = [];
    for (const [id, { player, cells, before }] of near) {
      if (!before) continue; // who comes asks for a snapshot
      const sight = this.#seesTheSame(before, player) ? before.sight : this.#sightOf(id, cells);
      const isMoved = cells !== before.cells;
      const left = isMoved ? [...before.cells].filter((cell) => !cells.has(cell)) : [];
      const entered = isMoved ? [...cells].filter((cell) => !before.cells.has(cell) && this.#near!.has(cell)) : [];
      const own = this.#ownEvents(
        id,
        events,
        ({ cell }) => cell === null || (cells.has(cell) && before.cells.has(cell)),
      );
      this.#told.set(id, { cells, sight, player, shared: this.#world.shared });
      const isChanged = sight !== before.sight && !isSameSight(before.sight, sight);
      if (left.length + entered.length + own.length === 0 && !isChanged) continue;
      const out = this.#message(messageKinds.personal);
      out.uint(left.length, usual.count);
      for (const cell of left) writeCell(out, cell);
      this.#writeCells(out, entered);
      out.bit(isChanged);
      if (isChanged) this.#codecs.sight!.writeChange(out, before.sight, sight);
      writeEvents(out, this.#codecs, own);
      messages.push({ to: [id], bytes: out.bytes() });
    }
    return messages;
  }

  /** Whether nothing secret can have changed for a player: a quick look before a close one. */
  #seesTheSame({ player: before, shared }: Told, player: object): boolean {
    if (this.#world.rules.world.seenBy || shared !== this.#world.shared) return false;
    return this.#codecs.ownSecrets.every((name) => Reflect.get(before, name) === Reflect.get(player, name));
  }

  #sightOf(id: string, cells: ReadonlySet<CellId>): Sight | null {
    const near = this.#near;
    return sightOf(this.#world, this.#codecs, id, (kind, thing) =>
      near?.kinds.includes(kind) ? cells.has(near.cellOf(kind, thing)) : true,
    );
  }

  /** Events of which a player sees more than everybody does. @param hears whether it hears an event at all. */
  #ownEvents(id: string, events: readonly PlacedEvent[], hears: (event: PlacedEvent) => boolean): Indexed[] {
    if (!this.#codecs.hasSecretEvents) return [];
    const sight = new WorldSight(this.#world, id);
    const { schemas } = this.#world.rules.game;
    return events
      .filter(hears)
      .flatMap(({ event }, index) => (schemas.events[event.event]!.secret ? [{ index, ...sight.event(event) }] : []));
  }

  #placedEvents(events: Stepped['events']): readonly PlacedEvent[] {
    let common = 0;
    return events.map((event) => {
      const cell = this.#near && event.at ? this.#near.cellAt(event.at) : null;
      return { event, cell, index: cell === null ? common++ : common };
    });
  }

  #message(kind: MessageKind): BitWriter {
    const out = new BitWriter();
    out.bits(kind, usual.kind);
    out.uint(this.#version, usual.version);
    return out;
  }

  #writeCells(out: BitWriter, cells: readonly CellId[]): void {
    const known = cells.filter((cell) => this.#near?.has(cell));
    out.uint(known.length, usual.count);
    for (const cell of known) this.#near!.writeSnapshot(out, cell);
  }

  /** All things by kind, players with the numbers of their last input and move. */
  #kinds(): Kinds {
    const before = this.#players;
    this.#players = new Map();
    const players = new Map<string, object>();
    for (const [id, player] of this.#world.players) {
      const [taken, moved] = [this.#world.taken(id), this.#world.moved(id)];
      const known = before.get(id);
      const written =
        known?.player === player && known.taken === taken && known.moved === moved
          ? known
          : { player, taken, moved, as: { ...player, [takenField]: taken, [movedField]: moved } };
      this.#players.set(id, written);
      players.set(id, written.as);
    }
    return new Map(
      [...this.#codecs.kinds.keys()].map((kind) => [kind, kind === playersKind ? players : this.#world.entities(kind)]),
    );
  }
}

interface Written {
  readonly player: object;
  readonly taken: number;
  readonly moved: number;
  readonly as: object;
}
/** `cell`: where it is heard; null: everywhere. */
interface PlacedEvent {
  readonly event: WorldEvent;
  readonly cell: CellId | null;
  readonly index: number;
}
interface Near {
  readonly player: object;
  readonly cells: ReadonlySet<CellId>;
  /** Undefined: not yet. */
  readonly before: Told | undefined;
}
const none: ReadonlySet<CellId> = new Set();
