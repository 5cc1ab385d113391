/** Worlds that could be in the place of another: some other secret, or something else out of a player's sight. */
import type { Random } from '../game/random.ts';
import { copyOf } from '../schema/copy.ts';
import type { AnyType } from '../schema/type.ts';
import { Grid } from '../world/cells.ts';
import type { KeptWorld, RunningWorld } from '../world/running-world.ts';
import { fieldsOf, playersKind } from '../world/world-codecs.ts';
import type { Collection, Place } from '../world/world-rules.ts';
import { owner, WorldSight } from '../world/world-view.ts';
import type { AnyWorld, AnyWorldRules } from '../world/world.ts';
import { sampleOf } from './sample.ts';
import { changeSecrets } from './secrets.ts';

/** What `onTick` is given, its world unknown to the compiler. */
export interface TickContext {
  readonly tick: number;
  readonly shared: Fields;
  readonly players: { readonly [id: string]: Fields };
  readonly entities: { readonly [kind: string]: Collection<Fields> };
  emit(event: string, data: object): void;
  emitAt(at: Place, event: string, data: object): void;
}
type Fields = Record<string, unknown>;

/** A field of a world that is not for everybody. */
export class Secret {
  /** `players.basket`, `shared.deck`, `coin.trap`. */
  readonly name: string;
  readonly #part: string;
  readonly #field: string;
  readonly #type: AnyType;

  static of({ schemas }: AnyWorld): readonly Secret[] {
    const parts = Object.entries({ ...schemas.entities, shared: schemas.shared, [playersKind]: schemas.player });
    return parts.flatMap(([part, type]) =>
      Object.entries(fieldsOf(type)).flatMap(([field, of]) => (of.secret ? [new Secret(part, field, of)] : [])),
    );
  }

  private constructor(part: string, field: string, type: AnyType) {
    this.name = `${part}.${field}`;
    this.#part = part;
    this.#field = field;
    this.#type = type;
  }

  /** Other values of it, where none of the viewers may see them. @param world the one that was kept. */
  changed(kept: KeptWorld, world: RunningWorld, viewers: readonly (string | null)[], random: Random): KeptWorld {
    const other = copyOf(kept);
    const isPlayers = this.#part === playersKind;
    const seats = isPlayers ? owner : null;
    changeSecrets(
      this.#holders(other).map(([key, parent]) => ({
        type: this.#type,
        parent,
        key: this.#field,
        owner: seats,
        viewers: viewers.map((viewer) => new WorldSight(world, viewer).looking(isPlayers ? key : null)),
      })),
      random,
    );
    return other;
  }

  /** Gives it the values that it has in a world that was kept. */
  write(context: TickContext, kept: KeptWorld): void {
    for (const [key, holder] of this.#holders(kept)) {
      const live =
        this.#part === 'shared'
          ? context.shared
          : this.#part === playersKind
            ? context.players[key]
            : context.entities[this.#part]!.get(key);
      if (live) overwrite(live, { ...live, [this.#field]: Reflect.get(holder, this.#field) });
    }
  }

  #holders(kept: KeptWorld): readonly [key: string, holder: object][] {
    if (this.#part === 'shared') return [['', kept.shared as object]];
    return Object.entries((this.#part === playersKind ? kept.players : kept.entities[this.#part]!).things);
  }
}

/** What is out of a player's sight. */
export class Unseen {
  /** Where the player is. */
  readonly place: Place;
  readonly #rules: AnyWorldRules;
  readonly #grid: Grid;
  readonly #cells: ReadonlySet<string>;
  readonly #things: readonly { readonly kind: string; readonly key: string }[];

  constructor(rules: AnyWorldRules, interest: NonNullable<AnyWorld['interest']>, kept: KeptWorld, viewer: string) {
    this.#rules = rules;
    this.#grid = new Grid(interest);
    this.place = rules.world.at!(kept.players.things[viewer]!);
    this.#cells = this.#grid.around(this.place);
    this.#things = [playersKind, ...Object.keys(rules.world.entitiesAt ?? {})].flatMap((kind) =>
      Object.entries(thingsOf(kept, kind)).flatMap(([key, thing]) => (this.#isFar(kind, thing) ? [{ kind, key }] : [])),
    );
  }

  /** All of it elsewhere, and otherwise, and some of it gone. */
  changed(kept: KeptWorld, random: Random): KeptWorld {
    const other = copyOf(kept);
    for (const { kind, key } of this.#things) {
      const things = thingsOf(other, kind) as Record<string, object>;
      const { schemas } = this.#rules.game;
      const thing = sampleOf(kind === playersKind ? schemas.player : schemas.entities[kind]!, random) as object;
      if (kind !== playersKind && random.int(1, 4) === 1) delete things[key];
      else if (this.#isFar(kind, thing)) things[key] = thing;
    }
    return other;
  }

  /** Makes it as it is in a world that was kept. */
  write({ players, entities }: TickContext, kept: KeptWorld): void {
    for (const { kind, key } of this.#things) {
      const live = kind === playersKind ? players[key] : entities[kind]!.get(key);
      const thing = thingsOf(kept, kind)[key];
      if (live && thing) overwrite(live, copyOf(thing));
      else if (kind !== playersKind) entities[kind]!.remove(key);
    }
  }

  /** Where something unseen is; null: there is nothing. */
  placeIn(kept: KeptWorld, random: Random): Place | null {
    const places = this.#things.flatMap(({ kind, key }) => {
      const thing = thingsOf(kept, kind)[key];
      return thing ? [this.#placeOf(kind, thing)] : [];
    });
    return places.length > 0 ? random.pick(places) : null;
  }

  #isFar(kind: string, thing: object): boolean {
    return !this.#cells.has(this.#grid.cellAt(this.#placeOf(kind, thing)));
  }

  #placeOf(kind: string, thing: object): Place {
    return kind === playersKind ? this.#rules.world.at!(thing) : this.#rules.world.entitiesAt![kind]!(thing);
  }
}

const thingsOf = (kept: KeptWorld, kind: string): { readonly [key: string]: object } =>
  (kind === playersKind ? kept.players : kept.entities[kind]!).things;

function overwrite(live: Fields, thing: object): void {
  for (const name of Object.keys(live)) if (Reflect.get(thing, name) === undefined) delete live[name];
  for (const [name, value] of Object.entries(thing)) if (value !== undefined) live[name] = value;
}
