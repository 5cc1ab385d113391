/** Rules as they are run while a game is made: what a replay could not repeat is caught where it happens. */
import { firstDifference } from '../sync/first-difference.ts';
import type { AnyRules } from './game.ts';
import type { Behaviour } from './rules.ts';
import { watched } from './watched.ts';

/**
 * The same rules, watched: Date, Math.random and the like throw in them.
 * @param twice whether authority and harness also run each rule a second time, and compare. It takes as long again.
 */
export function inDevelopment<R extends AnyRules>(rules: R, { twice = true }: { readonly twice?: boolean } = {}): R {
  if (rules.watched) return rules;
  const { game, behaviour } = rules;
  const watching = watchedPart(behaviour, game.name) as Behaviour;
  return { ...rules, watched: twice ? 'twice' : 'once', behaviour: watching };
}

/** Every function of it watched, whatever it is inside: `moves`, `phases`, … */
export function watchedPart(part: unknown, name: string): unknown {
  if (typeof part === 'function') return watchedRule(part as Rule, name);
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, watchedPart(inner, `${name}.${key}`)]));
}

type Rule = (...args: unknown[]) => unknown;

function watchedRule(rule: Rule, name: string): Rule {
  return (...args) => {
    const answer = watched(name, () => rule(...args));
    if (!(answer instanceof Promise)) return answer;
    answer.catch(() => {}); // what it comes to is of no interest any more
    throw new Error(`${name} is async; rules must answer at once: ${rule.toString().split('\n')[0]}`);
  };
}

/** What is wrong when rules that are watched twice run again and make something else than the first time; null: nothing. */
export function secondLook(
  { watched: how, game }: AnyRules,
  what: string,
  first: unknown,
  again: () => unknown,
): Error | null {
  if (how !== 'twice') return null;
  const difference = firstDifference(plain(first), plain(again()));
  if (difference === null) return null;
  const { path, one, other } = difference;
  const gave = `${path}: ${one}, and the second time ${other}`;
  return new Error(
    `${game.name}: ${what} gave ${gave}. It reads or changes something outside the state, which no replay has.`,
  );
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');
