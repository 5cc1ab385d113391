/** URIs of games, matches and their services: built here and nowhere else. design.md §5. */
import type { Uri } from '../wamp/uris.ts';
import { isFrameworkCode } from './rejection.ts';

export interface GameUris {
  /** Hosts a new match; every authority registers it, shared round robin. */
  readonly create: Uri;
  /** Prefix of everything addressed to a match; the authorities' shared catch-all answers where nobody hosts it. */
  readonly matches: Uri;
  match(id: string): MatchUris;
  /** URI of a rejection: by the framework, or by the game's rules. */
  error(code: string): Uri;
}
export interface MatchUris {
  /** The match's one registration: everything below it. */
  readonly prefix: Uri;
  readonly join: Uri;
  readonly leave: Uri;
  readonly sync: Uri;
  readonly offer: Uri;
  readonly answer: Uri;
  /** Ends a match whose player does not come back, where the game leaves that to the others. */
  readonly claim: Uri;
  /** Ends hosting it; for services only. */
  readonly close: Uri;
  move(move: string): Uri;
  /** Topic on which the players of a world publish their inputs. */
  readonly input: Uri;
  /** The time of a world, for clients that keep a clock. */
  readonly time: Uri;
  /** Topics of the match's state, one a wire form. */
  readonly state: { readonly json: Uri; readonly packed: Uri };
}

export function gameUris(name: string): GameUris {
  const matches = `game.${name}.match.`;
  return {
    create: `game.${name}.create`,
    matches,
    match: (id) => matchUris(name, id),
    error: (code) => `game.${isFrameworkCode(code) ? '' : `${name}.`}error.${code}`,
  };
}

const matchUris = (game: string, id: string): MatchUris => {
  const prefix = `game.${game}.match.${id}.`;
  return {
    prefix,
    join: `${prefix}join`,
    leave: `${prefix}leave`,
    sync: `${prefix}sync`,
    offer: `${prefix}offer`,
    answer: `${prefix}answer`,
    claim: `${prefix}claim`,
    close: `${prefix}close`,
    move: (move) => `${prefix}move.${move}`,
    input: `input.${game}.${id}`,
    time: `${prefix}time`,
    state: { json: `${prefix}state.json`, packed: `${prefix}state.packed` },
  };
};

/** The lobby: the one place that knows all matches. */
export const lobbyUris = {
  quick: 'lobby.quick',
  create: 'lobby.create',
  list: 'lobby.list',
  find: 'lobby.find',
  /** Topic: what changes in the list. */
  matches: 'lobby.matches',
  errors: {
    noSuchGame: 'lobby.error.no_such_game',
    tooManyMatches: 'lobby.error.too_many_matches',
    noOpponent: 'lobby.error.no_opponent',
  },
} as const;

/** Topic on which authorities tell the lobby of their matches; for services only. */
export const authorityMatches: Uri = 'authority.match';

/** A bot that takes a seat; for services only. */
export const botUri = (game: string): Uri => `bot.${game}.play`;
