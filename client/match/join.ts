/** Finding a match and joining it. */
import type { Game, GameTypes, Rules } from '../../protocol/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import type { Report } from '../listeners.ts';
import type { Lobby } from '../lobby.ts';
import { Following } from './following.ts';
import { JoinError } from './join-error.ts';
import { matchOf, type PredictedMatch } from './match.ts';

/** Which match to join, and how. */
export type JoinMatch<G extends GameTypes> =
  /** The next free place against anybody; the same match again if one has asked before. */
  | { readonly match: 'quick'; readonly options?: G['optionsInput'] }
  /** A new match: for a friend, who gets its id by a link, or against the computer. */
  | {
      readonly match: 'new';
      readonly options?: G['optionsInput'];
      readonly opponent?: 'computer' | 'friend';
      readonly seat?: G['seat'];
    }
  /** One that exists: in this seat; without it in the seat one holds, else in any free one; with `watch` in none. */
  | { readonly match: { readonly id: string }; readonly seat?: G['seat']; readonly watch?: false }
  | { readonly match: { readonly id: string }; readonly watch: true };

interface Around {
  readonly connection: Connection;
  readonly lobby: Lobby;
  readonly clock: ClientClock;
  readonly onError: Report;
}

/** @throws JoinError saying why there is no match. */
export async function joinMatch<G extends GameTypes>(
  { connection, lobby, clock, onError }: Around,
  game: Game<G>,
  how: JoinMatch<G> & { readonly rules?: Rules<G> | undefined },
): Promise<PredictedMatch<G>> {
  const id = await locate(lobby, game, how);
  const seat = 'watch' in how && how.watch ? null : 'seat' in how ? how.seat : undefined;
  const following = new Following({
    connection,
    clock,
    onError,
    uris: game.uris.match(id),
    fingerprint: game.fingerprint,
    seat,
  });
  await following.joined;
  return matchOf(id, game, following, how.rules);
}

async function locate<G extends GameTypes>(lobby: Lobby, game: Game<G>, how: JoinMatch<G>): Promise<string> {
  if (how.match === 'quick') return lobby.quick(game, how.options);
  if (how.match === 'new') return lobby.create(game, how);
  const { id } = how.match;
  // Ids come from links that people mend by hand: what could not be part of a URI is nobody's.
  if (!/^[a-z0-9_]+$/.test(id)) throw new JoinError('no_such_match', 'There is no such match.');
  return id;
}
