/** The lobby, typed: quick match, new matches, the list. Everything rejects with a JoinError. */
import {
  lobbyUris,
  type AnyGame,
  type Dict,
  type LobbyChange,
  type MatchSummary,
  type Result,
  type Session,
} from '../protocol/index.ts';
import type { Connection } from './connection/connection.ts';
import type { Off, Report } from './listeners.ts';
import { lobbyChangeOf, matchAnswer, summariesAnswer, summaryAnswer } from './match/answers.ts';
import { joinError } from './match/join-error.ts';

/** A game or a world. */
export interface Hosted<G extends HostedTypes> {
  readonly name: string;
  readonly types: G;
}
export interface HostedTypes {
  readonly optionsInput: object;
}

export interface NewMatch<G extends HostedTypes> {
  readonly options?: G['optionsInput'];
  readonly opponent?: 'computer' | 'friend';
  /** Against the computer: where the person wants to sit. */
  readonly seat?: G extends { readonly seat: infer S } ? S : never;
}

export interface Lobby {
  /** The id of a match with a free place, made if there is none; of one's own quick match if there is one already. */
  quick<G extends HostedTypes>(game: Hosted<G>, options?: NoInfer<G>['optionsInput']): Promise<string>;
  /** The id of a new match. */
  create<G extends HostedTypes>(game: Hosted<G>, how?: NewMatch<NoInfer<G>>): Promise<string>;
  /** The public matches; of one game, or of all. */
  list(game?: Pick<AnyGame, 'name'>): Promise<readonly MatchSummary[]>;
  find(id: string): Promise<MatchSummary>;
  /** The public matches, now and whenever they change, until stopped. Newest first. */
  watch(listener: (matches: readonly MatchSummary[]) => void): Off;
}

export function lobbyOf(connection: Connection, onError: Report): Lobby {
  const ask = async <T>(procedure: string, kwargs: Dict, answer: (result: Result) => T): Promise<T> => {
    try {
      return await connection.insist(async (session) => answer(await session.call(procedure, [], kwargs)));
    } catch (error) {
      throw joinError(error);
    }
  };
  return {
    quick: (game, options) => ask(lobbyUris.quick, { game: game.name, ...given({ options }) }, matchAnswer),
    create: (game, { options, opponent, seat } = {}) =>
      ask(lobbyUris.create, { game: game.name, ...given({ options, opponent, seat }) }, matchAnswer),
    list: (game) => ask(lobbyUris.list, given({ game: game?.name }), summariesAnswer),
    find: (match) => ask(lobbyUris.find, { match }, summaryAnswer),
    watch: (listener) => watchMatches(connection, onError, listener),
  };
}

/** The list is asked for in every session; changes that come before it are applied to it, so that none is missed. */
function watchMatches(
  connection: Connection,
  onError: Report,
  listener: (matches: readonly MatchSummary[]) => void,
): Off {
  let stopped = false;
  let unsubscribe = () => {};
  const attach = async (session: Session) => {
    unsubscribe(); // from an attempt that failed
    const matches = new Map<string, MatchSummary>();
    const early: LobbyChange[] = [];
    let listed = false;
    const tell = () => !stopped && listener([...matches.values()].toSorted(newestFirst));
    const subscription = await session.subscribe(lobbyUris.matches, ({ args: [value] }) => {
      const change = lobbyChangeOf(value);
      if (!listed) return void early.push(change);
      apply(matches, change);
      tell();
    });
    unsubscribe = () => void subscription.unsubscribe().catch(() => {}); // it fails only with its session
    if (stopped) return unsubscribe();
    for (const match of summariesAnswer(await session.call(lobbyUris.list))) matches.set(match.id, match);
    for (const change of early) apply(matches, change);
    listed = true;
    tell();
  };
  const off = connection.each(attach, (error) => !stopped && onError(error, 'watching the lobby'));
  return () => {
    stopped = true;
    off();
    unsubscribe();
  };
}

function apply(matches: Map<string, MatchSummary>, change: LobbyChange): void {
  if ('removed' in change) matches.delete(change.removed);
  else if (change.changed.listed) matches.set(change.changed.id, change.changed);
  else matches.delete(change.changed.id);
}

const newestFirst = (a: MatchSummary, b: MatchSummary) => b.created.localeCompare(a.created);

/** Without what was not said. */
const given = (dict: Dict): Dict => Object.fromEntries(Object.entries(dict).filter(([, value]) => value !== undefined));
