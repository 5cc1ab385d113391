/** What a player, or a spectator, may see of a world. */
import { viewOf, type Viewer } from '../schema/view.ts';
import type { Happening } from '../sync/change.ts';
import type { RunningWorld, WorldEvent } from './running-world.ts';
import type { WorldTypes } from './world-types.ts';

/** A world as a client draws it. */
export interface WorldView<W extends WorldTypes> {
  /** Number of published changes. */
  readonly version: number;
  /** Grows when a world is recovered. */
  readonly epoch: number;
  readonly tick: number;
  readonly shared: W['sharedView'];
  /** By id. With `interest` only those near enough. */
  readonly players: { readonly [id: string]: W['playerView'] };
  readonly entities: { readonly [K in keyof W['entityViews']]: { readonly [key: string]: W['entityViews'][K] } };
  /** What this client's player has; null while watching. */
  readonly me: W['me'] | null;
}

/** A world whose types the compiler does not know, as somebody sees it. */
export interface AnyWorldView {
  readonly version: number;
  readonly epoch: number;
  readonly tick: number;
  readonly shared: unknown;
  readonly players: { readonly [id: string]: unknown };
  readonly entities: { readonly [collection: string]: { readonly [key: string]: unknown } };
  readonly me: unknown;
}

/** How one player, or for null everybody else, sees the world: what is public is the very object that the world holds. */
export class WorldSight {
  readonly #world: RunningWorld;
  readonly viewer: string | null;

  constructor(world: RunningWorld, viewer: string | null) {
    this.#world = world;
    this.viewer = viewer;
  }

  get shared(): unknown {
    const { shared } = this.#world.rules.game.schemas;
    return viewOf(shared, this.#world.shared, this.looking(null));
  }

  player(id: string, player: object): unknown {
    return viewOf(this.#world.rules.game.schemas.player, player, this.looking(id), owner);
  }

  entity(collection: string, entity: object): unknown {
    return viewOf(this.#world.rules.game.schemas.entities[collection]!, entity, this.looking(null));
  }

  event({ event, data, by }: WorldEvent): Happening {
    return { event, data: viewOf(this.#world.rules.game.schemas.events[event]!, data, this.looking(by), owner) };
  }

  /** Why a move of the viewer's own was refused. */
  details(code: string, details: object): object {
    const { errors } = this.#world.rules.game.schemas;
    return viewOf(errors[code]!, details, this.looking(this.viewer), owner) as object;
  }

  /** As schemas know viewers. @param of whose fields are looked at: `.owner()` is for that player, who has the seat `owner`. */
  looking(of: string | null): Viewer {
    const { viewer } = this;
    const { players, shared, rules } = this.#world;
    const looking = viewer === null ? undefined : players.get(viewer);
    return {
      seat: looking === undefined ? null : viewer === of ? owner : other,
      belongs: (audience) =>
        rules.world.seenBy?.[audience]?.({
          viewer: looking!,
          owner: of === null ? null : (players.get(of) ?? null),
          shared,
        }) === true,
    };
  }
}

/** Views are made for seats; here there are two: whose something is, and anybody else. */
export const owner = 0;
const other = 1;
