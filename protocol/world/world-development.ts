import { watchedPart } from '../game/development.ts';
import type { WorldBehaviour } from './world-rules.ts';
import type { AnyWorldRules } from './world.ts';

/**
 * A world's rules, watched as `inDevelopment` watches those of games: Date, Math.random and the like throw in them, and name
 * the rule and the line. Each call costs some microseconds.
 */
export function worldInDevelopment<R extends AnyWorldRules>(rules: R): R {
  if (rules.watched) return rules;
  return { ...rules, watched: true, world: watchedPart(rules.world, rules.game.name) as WorldBehaviour };
}
