/** What a page has of Realmkit: one connection, the lobby, and the matches it joins. */
import type { Game, GameTypes, Rules, World, WorldRules, WorldTypes } from '../protocol/index.ts';
import { Connection } from './connection/connection.ts';
import type { ConnectOptions } from './connection/surroundings.ts';
import { lobbyOf, type Lobby, type NewMatch } from './lobby.ts';
import { Following } from './match/following.ts';
import { JoinError } from './match/join-error.ts';
import { matchOf, type Match, type PredictedMatch } from './match/match.ts';
import type { PredictedWorldMatch, WorldMatch } from './world/world-match.ts';

/** Which match to join, and how. */
export type JoinMatch<G extends GameTypes> =
  /** The next free place against anybody; the same match again if one has asked before. */
  | { readonly match: 'quick'; readonly options?: G['optionsInput'] }
  /** A new match: for a friend, who gets its id by a link, or against the computer. */
  | ({ readonly match: 'new' } & NewMatch<G>)
  /** One that exists: in this seat; without it in the seat one holds, else in any free one; with `watch` in none. */
  | { readonly match: { readonly id: string }; readonly seat?: G['seat']; readonly watch?: false }
  | { readonly match: { readonly id: string }; readonly watch: true };

/** Which world to enter, and how. */
export interface EnterWorld<W extends WorldTypes> {
  /** `quick`: one with room, made if there is none. */
  readonly match?: 'quick' | 'new' | { readonly id: string };
  readonly options?: W['optionsInput'];
  /** Only look on. */
  readonly watch?: boolean;
}

export class Client extends Connection {
  readonly lobby: Lobby = lobbyOf(this, this.around.onError);

  /**
   * Finds or makes a match and joins it, as soon as there is a connection. With `rules` the handle can `check` and `predict`
   * moves, and list the `legal` ones.
   * @throws JoinError: unknown, full, over, outdated page, …
   */
  join<G extends GameTypes, R extends Rules<NoInfer<G>> | undefined = undefined>(
    game: Game<G>,
    how: JoinMatch<NoInfer<G>> & { readonly rules?: R },
  ): Promise<R extends undefined ? Match<G> : PredictedMatch<G>>;
  async join<G extends GameTypes>(
    game: Game<G>,
    how: JoinMatch<G> & { readonly rules?: Rules<G> | undefined },
  ): Promise<Match<G>> {
    const { clock, onError } = this.around;
    const id = await this.#locate(game, how);
    const seat = 'watch' in how && how.watch ? null : 'seat' in how ? how.seat : undefined;
    const following = new Following({ connection: this, clock, onError, game, uris: game.uris.match(id), seat });
    await following.joined;
    return matchOf(id, game, following, how.rules);
  }

  /**
   * Enters a world, as soon as there is a connection. With `rules` one's own inputs and moves show at once, and the handle can
   * `check` moves.
   * @throws JoinError: unknown, full, outdated page, …
   */
  enter<W extends WorldTypes, R extends WorldRules<NoInfer<W>> | undefined = undefined>(
    world: World<W>,
    how?: EnterWorld<NoInfer<W>> & { readonly rules?: R },
  ): Promise<R extends undefined ? WorldMatch<W> : PredictedWorldMatch<W>>;
  async enter<W extends WorldTypes>(
    world: World<W>,
    how: EnterWorld<W> & { readonly rules?: WorldRules<W> | undefined } = {},
  ): Promise<WorldMatch<W>> {
    const { clock, onError } = this.around;
    const { match = 'quick', options, watch = false, rules } = how;
    const [id, { WorldFollowing, worldMatchOf }] = await Promise.all([
      this.#locateWorld(world, match, options),
      import('./world/enter.ts'),
    ]);
    const uris = world.uris.match(id);
    const following = new WorldFollowing({ connection: this, clock, onError, game: world, rules, uris, watch });
    await following.joined;
    return worldMatchOf(id, world, following, clock, rules !== undefined);
  }

  async #locateWorld<W extends WorldTypes>(
    world: World<W>,
    match: NonNullable<EnterWorld<W>['match']>,
    options: W['optionsInput'] | undefined,
  ): Promise<string> {
    if (match === 'quick') return this.lobby.quick(world, options);
    if (match === 'new') return this.lobby.create(world, options === undefined ? {} : { options });
    return checkedId(match.id);
  }

  async #locate<G extends GameTypes>(game: Game<G>, how: JoinMatch<G>): Promise<string> {
    if (how.match === 'quick') return this.lobby.quick(game, how.options);
    if (how.match === 'new') return this.lobby.create(game, how);
    return checkedId(how.match.id);
  }
}

/** Ids come from links that people mend by hand: what could not be part of a URI is nobody's. */
function checkedId(id: string): string {
  if (!/^[a-z0-9_]+$/.test(id)) throw new JoinError('no_such_match', 'There is no such match.');
  return id;
}

/** Connects in the background: the client can be used at once, and what it is asked waits for the connection. */
export const connect = (options?: ConnectOptions): Client => new Client(options);
