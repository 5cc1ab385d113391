/**
 * Makes what is published of a world, tick by tick: pure, and each message encoded once for all who get it. In each tick first
 * the changes of each cell that somebody sees, then what concerns single players, then one commit for everybody. Where there
 * is interest, all that somebody is told of a tick comes in one piece.
 */
import type { Happening } from '../sync/change.ts';
import { BitWriter } from '../sync/packed/bits.ts';
import { hashOf } from '../sync/packed/hash.ts';
import { CellStreams } from './cell-streams.ts';
import { noCells, type CellId } from './cells.ts';
import { OutgoingEntities, type Budget, type Kinds } from './entity-streams.ts';
import { inOrder, writeEvents, type Indexed } from './event-codec.ts';
import { Pieces, type Published } from './pieces.ts';
import type { RunningWorld, Stepped, WorldEvent } from './running-world.ts';
import { isSameSight, sightOf, type Sight } from './sights.ts';
import { Spectators, type Seen, type Watched } from './spectators.ts';
import { movedField, playersKind, takenField, worldCodecs, type WorldCodecs } from './world-codecs.ts';
import { hashEvery, messageKinds, usual, writeCell, type Happened, type MessageKind } from './world-messages.ts';
import { WorldSight, type AnyWorldView } from './world-view.ts';

/** What one player has been told. */
interface Told {
  readonly cells: ReadonlySet<CellId>;
  readonly sight: Sight | null;
  /** The player itself, where that has not been told to everybody. */
  readonly own: object | null;
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
  #budget: Budget | null = null;
  readonly #told = new Map<string, Told>();
  /** Whether there may be something that is for one player alone. */
  readonly #hasPersonal: boolean;
  readonly #spectators: Spectators | null;
  readonly #written = new Map<string, Written>();
  /** The same as they are written. */
  readonly #players = new Map<string, object>();
  #shared: unknown;
  #version: number;

  /** @param version number of the last one of another epoch. */
  constructor(world: RunningWorld, epoch = 1, version = 0) {
    const { game, world: behaviour } = world.rules;
    this.#world = world;
    this.#epoch = epoch;
    this.#version = version;
    this.#codecs = worldCodecs(game);
    const budget = budgetOf(world);
    this.#near = game.interest && new CellStreams(this.#codecs, behaviour, game.interest, budget);
    this.#spectators = this.#near && new Spectators(world, this.#near);
    const { sight, own, hasSecretEvents } = this.#codecs;
    this.#hasPersonal = this.#near !== null || sight !== null || own !== null || hasSecretEvents;
    const placed = this.#near?.kinds ?? [];
    this.#common = new OutgoingEntities(
      this.#codecs,
      [...this.#codecs.kinds.keys()].filter((kind) => !placed.includes(kind)),
    );
    this.#shared = world.shared;
    this.publish({ tick: world.tick, events: [], failures: [] }); // of which nobody hears: it may be of any size
    this.#budget = budget;
  }

  /** Number of what was published last. */
  get version(): number {
    return this.#version;
  }

  /** What a tick has come to, in the order in which it must be published. @param watched whom spectators follow. */
  publish({ tick, events }: Stepped, watched: Iterable<Watched> = []): readonly Published[] {
    this.#version += 1;
    const everybody = new WorldSight(this.#world, null);
    const placed = this.#placedEvents(events);
    const happened = placed.map(({ event, index }) => ({
      ...everybody.event(event),
      index,
      at: this.#near && event.at,
    }));
    const kinds = this.#kinds();
    const lookers = this.#look();
    const watching: ReadonlyMap<Watched, Seen> = this.#spectators?.look(watched) ?? new Map();
    const changes = this.#cellMessages(kinds, happened, [...lookers, ...watching.values()]);
    const pieces = new Pieces(changes, this.#commit(tick, kinds, happened), this.#near ? 'each' : 'all');
    const heard = inOrder(placed);
    for (const looker of lookers) pieces.addPlayer(looker.id, looker, this.#personalMessage(looker, heard));
    for (const [follow, seen] of watching) pieces.addSpectators(follow, seen, this.#watchingMessage(seen));
    return pieces.published;
  }

  /**
   * All that a player, or for null a spectator, needs to follow what is published from now on.
   * @param follow whom the spectator follows.
   */
  snapshot(viewer: string | null, follow: Watched = null): Uint8Array {
    const told = viewer === null || !this.#hasPersonal ? undefined : (this.#told.get(viewer) ?? this.#welcome(viewer));
    const cells = (viewer === null ? this.#spectators?.welcome(follow) : told?.cells) ?? noCells;
    const kinds = [...this.#codecs.kinds.keys()];
    const placed = this.#near?.kinds ?? [];
    const out = this.#message(messageKinds.snapshot);
    out.uint(this.#epoch, usual.version);
    out.uint(this.#world.tick, usual.version);
    for (const kind of kinds) out.bit(placed.includes(kind));
    this.#codecs.shared.write(out, this.#shared);
    this.#common.snapshot(out);
    this.#writeCells(out, [...cells]);
    out.bit(told?.sight != null);
    if (told?.sight) this.#codecs.sight!.write(out, told.sight);
    this.#codecs.own?.write(out, told?.own ?? null);
    return out.bytes();
  }

  /** The same as a value, for clients that cannot read what is packed: as things are now, not as they were published. */
  view(viewer: string | null, follow: Watched = null): AnyWorldView {
    const { players, tick, rules } = this.#world;
    const sight = new WorldSight(this.#world, viewer);
    const player = viewer === null ? undefined : players.get(viewer);
    const cells = this.#cellsOf(viewer, follow);
    const near = this.#near;
    const seen = (kind: string, things: ReadonlyMap<string, object>, of: (key: string, thing: object) => unknown) =>
      Object.fromEntries(
        [...things]
          .filter(([, thing]) => !near?.kinds.includes(kind) || cells.has(near.cellOf(kind, thing)))
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
  seenBy(viewer: string | null, events: Stepped['events'], follow: Watched = null): readonly Happening[] {
    const sight = new WorldSight(this.#world, viewer);
    const cells = this.#cellsOf(viewer, follow);
    const near = this.#near;
    return events.filter(({ at }) => !near || !at || cells.has(near.cellAt(at))).map((event) => sight.event(event));
  }

  /** What a player, or for null a spectator, sees from where it is now. */
  #cellsOf(viewer: string | null, follow: Watched): ReadonlySet<CellId> {
    if (viewer === null) return this.#spectators?.around(follow) ?? noCells;
    const player = this.#world.players.get(viewer);
    return (player && this.#near?.around(player)) ?? noCells;
  }

  /** A player who comes is told of what was published last, as if it had been there. */
  #welcome(id: string): Told | undefined {
    const player = this.#world.players.get(id);
    if (!player) return undefined;
    const cells = this.#near?.around(player) ?? noCells;
    const own = this.#ownOf(id, player);
    const told = { cells, sight: this.#sightOf(id, cells), own, player, shared: this.#world.shared };
    this.#told.set(id, told);
    return told;
  }

  #commit(tick: number, kinds: Kinds, happened: readonly Happened[]): Uint8Array {
    const { shared, rules } = this.#world;
    const out = this.#message(messageKinds.commit);
    out.uint(tick, usual.version);
    const isChanged = !this.#codecs.shared.equal(this.#shared, shared);
    out.bit(isChanged);
    if (isChanged) this.#codecs.shared.writeChange(out, this.#shared, shared);
    this.#shared = shared;
    this.#common.update(out, kinds, this.#budget);
    writeEvents(
      out,
      this.#codecs,
      happened.filter(({ at }) => at === null),
    );
    const isHashed = this.#version % hashEvery === 0;
    out.bit(isHashed);
    if (isHashed) out.bits((hashOf(rules.game.schemas.shared, shared) ^ this.#common.hash()) >>> 0, 32);
    return out.bytes();
  }

  /** The changes of each cell that somebody sees. */
  #cellMessages(kinds: Kinds, happened: readonly Happened[], seers: readonly Seen[]): ReadonlyMap<CellId, Uint8Array> {
    const messages = new Map<CellId, Uint8Array>();
    const sights = new Set(seers.map(({ cells }) => cells)); // few, for many stand in the same cell
    const seen = new Set([...sights].flatMap((cells) => [...cells]));
    for (const { cell, write } of this.#near?.update(kinds, happened, seen) ?? []) {
      const out = this.#message(messageKinds.cell);
      write(out);
      messages.set(cell, out.bytes());
    }
    return messages;
  }

  /** What those who have been told of something see now, from where they are. */
  #look(): Looker[] {
    const lookers: Looker[] = [];
    for (const [id, told] of this.#told) {
      const player = this.#world.players.get(id);
      const cells = told.player === player || !player || !this.#near ? told.cells : this.#near.around(player);
      if (player) lookers.push({ id, player, told, cells, before: told.cells });
      else this.#told.delete(id);
    }
    return lookers;
  }

  /** What concerns those alone who follow the same player. Undefined: nothing. */
  #watchingMessage({ cells, before }: Seen): Uint8Array | undefined {
    const { left, entered } = this.#crossed(before, cells);
    if (left.length + entered.length === 0) return undefined;
    const out = this.#message(messageKinds.personal);
    this.#writeCrossed(out, left, entered);
    out.bit(false);
    if (this.#codecs.own) out.bit(false);
    writeEvents(out, this.#codecs, []);
    return out.bytes();
  }

  /** Cells that have come into sight, as far as there is anything to tell of them, and cells that are out of it. */
  #crossed(before: ReadonlySet<CellId>, cells: ReadonlySet<CellId>) {
    if (before === cells) return { left: [], entered: [] };
    return {
      left: [...before].filter((cell) => !cells.has(cell)),
      entered: [...cells].filter((cell) => !before.has(cell) && this.#near!.has(cell)),
    };
  }

  #writeCrossed(out: BitWriter, left: readonly CellId[], entered: readonly CellId[]): void {
    out.uint(left.length, usual.count);
    for (const cell of left) writeCell(out, cell);
    this.#writeCells(out, entered);
  }

  /** What concerns a player alone. Undefined: nothing. */
  #personalMessage(
    { id, player, told, cells, before }: Looker,
    events: readonly PlacedEvent[],
  ): Uint8Array | undefined {
    if (told.player === player && this.#tellsNothingOf(told)) return undefined;
    const { own: ownCodec, sight: sightCodec } = this.#codecs;
    const sight = this.#seesTheSame(told, player) ? told.sight : this.#sightOf(id, cells);
    const { left, entered } = this.#crossed(before, cells);
    const heard = this.#ownEvents(id, events, ({ cell }) => cell === null || (cells.has(cell) && before.has(cell)));
    const own = this.#ownOf(id, player);
    this.#told.set(id, { cells, sight, own, player, shared: this.#world.shared });
    const isChanged = sight !== told.sight && !isSameSight(told.sight, sight);
    const isOwnChanged = own !== told.own && !ownCodec!.equal(told.own, own);
    if (left.length + entered.length + heard.length === 0 && !isChanged && !isOwnChanged) return undefined;
    const out = this.#message(messageKinds.personal);
    this.#writeCrossed(out, left, entered);
    out.bit(isChanged);
    if (isChanged) sightCodec!.writeChange(out, told.sight, sight);
    if (ownCodec) out.bit(isOwnChanged);
    if (isOwnChanged) ownCodec!.writeChange(out, told.own, own);
    writeEvents(out, this.#codecs, heard);
    return out.bytes();
  }

  /** Whether there cannot be anything for a player alone who is as it was: a quick look, that most ticks of most end with. */
  #tellsNothingOf({ shared }: Told): boolean {
    const { hasSecretEvents } = this.#codecs;
    return shared === this.#world.shared && !hasSecretEvents && !this.#budget && !this.#world.rules.world.seenBy;
  }

  /** Whether nothing secret can have changed for a player: a quick look before a close one. */
  #seesTheSame({ player: before, shared }: Told, player: object): boolean {
    if (this.#world.rules.world.seenBy || shared !== this.#world.shared) return false;
    return this.#codecs.ownSecrets.every((name) => Reflect.get(before, name) === Reflect.get(player, name));
  }

  /** What a player must be told of itself, so that its prediction never waits. */
  #ownOf(id: string, player: object): object | null {
    if (!this.#budget || (this.#near ?? this.#common).tells(playersKind, id)) return null;
    return this.#write(id, player).as;
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

  /** A player with the numbers of its last input and move. The same as last time, where nothing has changed. */
  #write(id: string, player: object): Written {
    const [taken, moved] = [this.#world.taken(id), this.#world.moved(id)];
    const known = this.#written.get(id);
    if (known?.player === player && known.taken === taken && known.moved === moved) return known;
    const written = { player, taken, moved, as: { ...player, [takenField]: taken, [movedField]: moved } };
    this.#written.set(id, written);
    this.#players.set(id, written.as);
    return written;
  }

  /** All things by kind, players with the numbers of their last input and move. */
  #kinds(): Kinds {
    const { players } = this.#world;
    for (const [id, player] of players) this.#write(id, player);
    if (this.#written.size > players.size) {
      for (const id of this.#written.keys()) {
        if (players.has(id)) continue;
        this.#written.delete(id);
        this.#players.delete(id);
      }
    }
    const of = (kind: string) => (kind === playersKind ? this.#players : this.#world.entities(kind));
    return new Map([...this.#codecs.kinds.keys()].map((kind) => [kind, of(kind)]));
  }
}

/** Less is as good as nothing, beside what is 1 by default. */
const leastPriority = 1 / 64;

function budgetOf(world: RunningWorld): Budget | null {
  const { game, world: rules } = world.rules;
  if (game.budget === null) return null;
  const priority = (kind: string, thing: object) => {
    const given = world.ask(() => rules.priority?.[kind]?.(thing), 1) ?? 1;
    return given > leastPriority ? given : leastPriority;
  };
  return { bytes: game.budget, priority };
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
/** A player who has been told of the world. */
interface Looker extends Seen {
  readonly id: string;
  readonly player: object;
  readonly told: Told;
}
