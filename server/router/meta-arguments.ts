/** What callers pass to the router's own procedures, checked: each reader throws CallError, naming what is wrong. */
import {
  CallError,
  errors,
  isId,
  isUri,
  type Dict,
  type List,
  type MatchPolicy,
  type Uri,
} from '../../protocol/index.ts';

export const wrong = (problem: string): CallError => new CallError(errors.invalidArgument, [problem]);

export function idAt(args: List, at: number, what: string): number {
  const id = args[at];
  if (!isId(id)) throw wrong(`args[${at}] is not the id of a ${what}`);
  return id;
}

export function textAt(args: List, at: number, what: string): string {
  const text = args[at];
  if (typeof text !== 'string') throw wrong(`args[${at}] is not ${what}`);
  return text;
}

/** A list of texts, or nothing. */
export function textsAt(args: List, at: number, what: string): readonly string[] | undefined {
  const texts = args[at] ?? undefined;
  if (texts === undefined) return undefined;
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string'))
    throw wrong(`args[${at}] is not a list of ${what}`);
  return texts;
}

export function listAt(args: List, at: number): List {
  const list = args[at] ?? [];
  if (!Array.isArray(list)) throw wrong(`args[${at}] is not a list`);
  return list;
}

export const dictAt = (args: List, at: number): Dict => dictOf(args[at], `args[${at}]`);
export const dictNamed = (kwargs: Dict, name: string): Dict => dictOf(kwargs[name], `kwargs.${name}`);

export function textNamed(kwargs: Dict, name: string): string | undefined {
  const text = kwargs[name] ?? undefined;
  if (text !== undefined && typeof text !== 'string') throw wrong(`kwargs.${name} is not a string`);
  return text;
}

export function flagNamed(kwargs: Dict, name: string): boolean {
  const flag = kwargs[name] ?? false;
  if (typeof flag !== 'boolean') throw wrong(`kwargs.${name} is not true or false`);
  return flag;
}

export function idNamed(kwargs: Dict, name: string): number | undefined {
  const id = kwargs[name] ?? undefined;
  if (id !== undefined && !isId(id)) throw wrong(`kwargs.${name} is not an integer from 1`);
  return id;
}

/** Of a reason, which goes to peers as it is. */
export function uriNamed(kwargs: Dict, name: string): Uri | undefined {
  const uri = textNamed(kwargs, name);
  if (uri !== undefined && !isUri(uri)) throw new CallError(errors.invalidUri, [`kwargs.${name} is not a uri`]);
  return uri;
}

export function oneOf<const T extends string>(given: unknown, what: string, choices: readonly T[]): T {
  const choice = choices.find((known) => known === given);
  if (choice === undefined) throw wrong(`${what} is none of ${choices.join(', ')}`);
  return choice;
}

export const matchOf = (given: unknown): MatchPolicy =>
  oneOf(given ?? 'exact', 'match', ['exact', 'prefix', 'wildcard']);

function dictOf(given: unknown, what: string): Dict {
  const dict = given ?? {};
  if (!isDict(dict)) throw wrong(`${what} is not a dict`);
  return dict;
}
const isDict = (given: unknown): given is Dict =>
  typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof Uint8Array);
