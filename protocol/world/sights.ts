/** What single players see beyond what everybody does: their own secrets, and those of audiences that they belong to. */
import { diff } from '../sync/delta.ts';
import { fieldsOf, playersKind, type WorldCodecs } from './world-codecs.ts';
import type { RunningWorld } from './running-world.ts';
import { WorldSight } from './world-view.ts';

/** For each kind with secrets, by key, its secret fields as seen; and what is shared, where that has secrets. */
export interface Sight {
  readonly shared?: unknown;
  readonly kinds: { readonly [kind: string]: { readonly [key: string]: object } };
}

/** @param sees whether somebody is near enough to matter. @returns null where the world has no secrets. */
export function sightOf(
  world: RunningWorld,
  codecs: WorldCodecs,
  viewer: string,
  sees: (kind: string, thing: object) => boolean,
): Sight | null {
  if (!codecs.sight) return null;
  const sight = new WorldSight(world, viewer);
  const hasAudiences = world.rules.world.seenBy !== undefined;
  const kinds: Record<string, Record<string, object>> = {};
  for (const [kind, type] of codecs.secrets) {
    const secret = Object.keys(fieldsOf(type));
    const seen: Record<string, object> = (kinds[kind] = {});
    const look = (key: string, thing: object) => {
      const view = (kind === playersKind ? sight.player(key, thing) : sight.entity(kind, thing)) as Record<
        string,
        unknown
      >;
      seen[key] = Object.fromEntries(secret.flatMap((name) => (name in view ? [[name, view[name]]] : [])));
    };
    const things = kind === playersKind ? world.players : world.entities(kind);
    const own = kind === playersKind ? things.get(viewer) : undefined;
    if (own) look(viewer, own);
    if (hasAudiences) for (const [key, thing] of things) if (key !== viewer && sees(kind, thing)) look(key, thing);
  }
  return world.rules.game.schemas.shared.secret ? { shared: sight.shared, kinds } : { kinds };
}

export const isSameSight = (a: Sight | null, b: Sight | null): boolean => diff(a, b) === undefined;
