/** What one game object of a collection does; the Phaser it is made with stays outside. */
export interface Keeper<T, O> {
  /** Makes it when its key appears. `update` follows at once. */
  create(thing: T, key: string): O;
  /** Puts it where the thing is now: called for each thing, each time. */
  update(object: O, thing: T, key: string): void;
  /** Takes it away when its key is gone, perhaps after a tween; if absent, by its `destroy`. */
  remove?(object: O, key: string): void;
}

/** The game objects of a collection, by the keys of its things. */
export interface Keyed<T, O> {
  /** Makes the game objects follow: creates those of new keys, updates all, removes those whose keys are gone. */
  sync(things: { readonly [key: string]: T }): void;
  get(key: string): O | undefined;
  readonly size: number;
  /** As for an empty collection. */
  clear(): void;
}

/**
 * Keeps one game object for each thing of a collection: players, entities. For a scene's `update`:
 *
 *     this.coins = syncKeyed({
 *       create: () => this.add.image(0, 0, 'coin'),
 *       update: (image, { x, y }) => image.setPosition(x, y),
 *     });
 *     this.coins.sync(match.frame().entities.coin);
 */
export function syncKeyed<T, O extends { destroy(): void }>({ create, update, remove }: Keeper<T, O>): Keyed<T, O> {
  const objects = new Map<string, O>();
  const sync = (things: { readonly [key: string]: T }) => {
    for (const [key, object] of objects) {
      if (Object.hasOwn(things, key)) continue;
      objects.delete(key);
      if (remove) remove(object, key);
      else object.destroy();
    }
    for (const [key, thing] of Object.entries(things)) {
      const object = objects.get(key) ?? create(thing, key);
      objects.set(key, object);
      update(object, thing, key);
    }
  };
  return {
    sync,
    get: (key) => objects.get(key),
    get size() {
      return objects.size;
    },
    clear: () => sync({}),
  };
}
