/** What a page has of Realmkit: one connection, the lobby, and the matches it joins. */
import type { Game, GameTypes, Rules } from '../protocol/index.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectOptions } from './connection/surroundings.ts';
import { lobbyOf, type Lobby } from './lobby.ts';
import { joinMatch, type JoinMatch } from './match/join.ts';
import type { Match, PredictedMatch } from './match/match.ts';

export class Client extends Connection {
  readonly lobby: Lobby = lobbyOf(this, this.around.onError);

  /**
   * Finds or makes a match and joins it, as soon as there is a connection. With `rules` the handle can `check` moves and
   * list the `legal` ones.
   * @throws JoinError: unknown, full, over, outdated page, …
   */
  join<G extends GameTypes, R extends Rules<NoInfer<G>> | undefined = undefined>(
    game: Game<G>,
    how: JoinMatch<NoInfer<G>> & { readonly rules?: R },
  ): Promise<R extends undefined ? Match<G> : PredictedMatch<G>>;
  join<G extends GameTypes>(
    game: Game<G>,
    how: JoinMatch<G> & { readonly rules?: Rules<G> | undefined },
  ): Promise<Match<G>> {
    const { clock, onError } = this.around;
    return joinMatch({ connection: this, lobby: this.lobby, clock, onError }, game, how);
  }
}

/** Connects in the background: the client can be used at once, and what it is asked waits for the connection. */
export const connect = (options?: ConnectOptions): Client => new Client(options);
