/** A world in the parts in which it is stored, so that what has not changed need not be written again; and again from them. */
import { RunningWorld, type AnyWorldRules, type KeptThings, type KeptWorld } from '../../protocol/index.ts';
import type { StoredWorld, WorldParts } from './store.ts';

/** Accepted moves that a player may send again: by player, by the id of the attempt, the version of the answer. */
export interface KeptAnswers {
  readonly [player: string]: { readonly [id: string]: number };
}

/** Always written, and small. */
type Now = Pick<KeptWorld, 'tick' | 'random' | 'timers'>;
const entities = 'entities.';

export function partsOf({ shared, players, entities: kinds, ...now }: KeptWorld, answers: KeptAnswers): WorldParts {
  const things = Object.entries(kinds).map(([kind, kept]) => [`${entities}${kind}`, kept]);
  return { now: now satisfies Now, shared, players, answers, ...Object.fromEntries(things) };
}

/**
 * The world as it was stored; one of which nothing is stored yet begins.
 * @throws Error saying what does not fit the rules: their schemas may be others than those it was stored by, where what it is
 * fits them too.
 */
export function worldOf(
  rules: AnyWorldRules,
  { record, parts }: Pick<StoredWorld, 'record' | 'parts'>,
): { readonly world: RunningWorld; readonly answers: KeptAnswers } {
  if (record.game !== rules.game.name) throw new Error(`world ${record.id} is a ${record.game}, no ${rules.game.name}`);
  const isNew = Object.keys(parts).length === 0;
  const world = new RunningWorld(rules, record.setup, isNew ? undefined : stateIn(parts));
  return { world, answers: answersIn(parts['answers'] ?? {}) };
}

function answersIn(value: unknown): KeptAnswers {
  if (!isDict(value)) throw new Error('part answers is no dict of players');
  const answers = Object.entries(value).map(([player, versions]) => {
    if (isVersions(versions)) return [player, versions] as const;
    throw new Error(`part answers has for ${player} no dict of versions, which are whole numbers`);
  });
  return Object.fromEntries(answers);
}

const isVersions = (value: unknown): value is KeptAnswers[string] =>
  isDict(value) && Object.values(value).every(Number.isSafeInteger);

function stateIn(parts: WorldParts): KeptWorld {
  const { now, shared, players, answers: _, ...kinds } = parts;
  const things = Object.entries(kinds).map(([part, kept]) => [part.slice(entities.length), thingsIn(part, kept)]);
  if (!isNow(now)) throw new Error('part now says no tick, no chance or no timers');
  return { ...now, shared, players: thingsIn('players', players), entities: Object.fromEntries(things) };
}

const isNow = (value: unknown): value is Now =>
  isDict(value) &&
  Number.isSafeInteger(value['tick']) &&
  Array.isArray(value['random']) &&
  value['random'].length === 4 &&
  value['random'].every(Number.isInteger) &&
  Array.isArray(value['timers']) &&
  value['timers'].every((timer) => isDict(timer) && Number.isInteger(timer['due']) && isDict(timer['args']));

function thingsIn(part: string, value: unknown): KeptThings {
  if (!isDict(value) || !Number.isInteger(value['nextKey']) || !isDict(value['things']))
    throw new Error(`part ${part} holds no things`);
  return value as unknown as KeptThings; // each of them is checked by its schema when it is put into the world
}

const isDict = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
