/** The lobby: the one place that knows all matches. It pairs players, makes matches and lists them. `design.md` §5. */
import {
  authorityMatches,
  botUri,
  CallError,
  errors,
  gameUris,
  issuesText,
  lobbyUris,
  t,
  validate,
  type AnyRules,
  type AnyWorldRules,
  type Dict,
  type Event,
  type Invocation,
  type LobbyChange,
  type MatchSummary,
  type Result,
  type Session,
  type Uri,
} from '../../protocol/index.ts';
import { Rates } from '../rate.ts';
import { callerOf, Queue, read, refused, wallClock, type WallClock } from '../authority/index.ts';
import { isOnShow, MatchList } from './match-list.ts';
import { matchNews } from './match-news.ts';
import { declaredGame, foreignGame, type OfferedGame } from './offered-game.ts';

/** What the lobby allows, and how long it waits. */
export const defaultLobbyLimits = {
  /** Matches that a player may have asked for, or sit in, at one time, not counting those that are over. */
  matchesPerPlayer: 8,
  /** Matches that a player may have made a minute, on average and at once after a pause. */
  matchesPerMinute: 20,
  /** How long a seat is kept for a player who has been sent to a match, ms. */
  promiseMs: 15_000,
  /** How long an authority or a computer opponent may take to answer, ms. */
  answerMs: 10_000,
  /** Most matches in one list. */
  listLength: 50,
} as const;
export type LobbyLimits = { readonly [K in keyof typeof defaultLobbyLimits]: number };

export interface LobbyOptions {
  /** Those whose schemas are known here. Others can be played too, while an authority hosts them. */
  readonly games: readonly (AnyRules | AnyWorldRules)[];
  readonly clock?: Pick<WallClock, 'now'>;
  readonly limits?: Partial<LobbyLimits>;
  /** Who plays for the computer, and comes back to a match when asked: it may have been restarted with us. */
  readonly computers?: readonly string[];
}

/** Serves the lobby for as long as the session lasts. Its role is `service`. */
export async function runLobby(session: Session, options: LobbyOptions): Promise<void> {
  const lobby = new Lobby(session, options);
  await session.subscribe(authorityMatches, (event) => lobby.heard(event));
  await session.subscribe('wamp.session.on_leave', ({ args: [ended] }) => lobby.dropped(ended));
  const procedures: readonly [Uri, (kwargs: Dict, player: string) => Dict | Promise<Dict>][] = [
    [lobbyUris.quick, (kwargs, player) => lobby.quick(kwargs, player)],
    [lobbyUris.create, (kwargs, player) => lobby.create(kwargs, player)],
    [lobbyUris.list, (kwargs) => lobby.list(kwargs)],
    [lobbyUris.find, (kwargs) => lobby.find(kwargs)],
  ];
  for (const [uri, serve] of procedures) {
    const answer = async (invocation: Invocation) => ({
      args: [await serve(invocation.kwargs, callerOf(invocation).authid)],
    });
    await session.register(uri, answer, { disclose_caller: true });
  }
}

const name = t.str(100);
const quickRequest = t.object({ game: name, options: t.json().default({}) });
const createRequest = t.object({
  game: name,
  options: t.json().default({}),
  /** Who else plays: not said, whoever comes. */
  opponent: t.oneOf('computer', 'friend').optional(),
  /** How many; the fewest that the game has, if not said. */
  seats: t.int(1, 16).optional(),
  /** Where the caller wants to sit. */
  seat: t.int(0, 15).optional(),
});
const listRequest = t.object({ game: name.optional() });
const findRequest = t.object({ match: name });

/** A match to be made. */
interface Wanted {
  readonly game: OfferedGame;
  readonly player: string;
  readonly options: unknown;
  /** undefined: as many as its authority says. */
  readonly seats: number | undefined;
  readonly listed: boolean;
  readonly players: readonly (string | null)[];
}

class Lobby {
  readonly #session: Session;
  readonly #games: ReadonlyMap<string, OfferedGame>;
  /** Worlds that are kept: those that are there though nobody is. */
  readonly #worlds: ReadonlySet<string>;
  readonly #limits: LobbyLimits;
  readonly #clock: Pick<WallClock, 'now'>;
  readonly #matches: MatchList;
  readonly #computers: readonly string[];
  /** Seats to which a computer is asked to come back. */
  readonly #calledBack = new Set<string>();
  /** How often each player has matches made. */
  readonly #makings: Rates;
  /** Who asks for a match is served after who asked before: so two never make one each that could share one. */
  readonly #queue = new Queue();
  /** Of each game that only its authority knows: one that does not answer keeps nobody else waiting. */
  readonly #foreignQueues = new Map<string, Queue>();

  constructor(session: Session, { games, clock = wallClock, limits, computers = [] }: LobbyOptions) {
    this.#computers = computers;
    this.#session = session;
    this.#games = new Map(games.map((rules) => [rules.game.name, declaredGame(rules)]));
    this.#limits = { ...defaultLobbyLimits, ...limits };
    this.#clock = clock;
    const worlds = games.filter((rules) => 'world' in rules && rules.game.keep !== null);
    this.#worlds = new Set(worlds.map(({ game }) => game.name));
    this.#matches = new MatchList(() => clock.now(), this.#worlds);
    const { matchesPerMinute } = this.#limits;
    this.#makings = new Rates({ perSecond: matchesPerMinute / 60, burst: matchesPerMinute });
  }

  /** Sends a player to a match that waits for one, else to a new one. */
  async quick(kwargs: Dict, player: string): Promise<Dict> {
    const request = read(quickRequest, kwargs);
    const game = await this.#offered(request.game);
    const options = game.options(request.options);
    return this.#queueOf(game).run(async () => {
      const before = this.#matches.quickOf(player, game.name);
      if (before !== null) return { match: before };
      this.#checkLimit(player);
      const { seats } = game;
      const open = this.#matches.openFor(game.name, quickKey(options, seats));
      const match = open ?? (await this.#make({ game, player, options, seats, listed: true, players: [] })).match;
      this.#matches.promise(match, player, this.#limits.promiseMs);
      return { match };
    });
  }

  /** Makes a match: for whoever comes, for a friend with the link, or against the computer. */
  async create(kwargs: Dict, player: string): Promise<Dict> {
    const { opponent, seat, ...request } = read(createRequest, kwargs);
    const game = await this.#offered(request.game);
    const options = game.options(request.options);
    const { seats = game.seats } = request;
    if (seat !== undefined && seats !== undefined && seat >= seats) {
      throw refused('bad_arguments', { issues: [{ path: 'seat', message: `there are seats 0 to ${seats - 1}` }] });
    }
    const own = seat ?? (opponent === 'computer' ? 0 : null);
    const players = own === null ? [] : Array.from({ length: own + 1 }, (_, other) => (other === own ? player : null));
    const { match, seats: made } = await this.#queueOf(game).run(async () => {
      this.#checkLimit(player);
      const answer = await this.#make({ game, player, options, seats, listed: opponent === undefined, players });
      this.#matches.promise(answer.match, player, this.#limits.promiseMs);
      return answer;
    });
    if (opponent === 'computer') await this.#seatComputers(game, match, seatsBut(own, made));
    return { match };
  }

  async list(kwargs: Dict): Promise<Dict> {
    const { game } = read(listRequest, kwargs);
    if (game !== undefined) await this.#offered(game);
    return { matches: this.#matches.listed({ game, most: this.#limits.listLength }) };
  }

  find(kwargs: Dict): Dict {
    const summary = this.#matches.find(read(findRequest, kwargs).match);
    if (!summary) throw refused('no_such_match', {});
    return { ...summary };
  }

  /** An authority tells of a match. Only authorities may publish there. */
  heard({ args: [change], kwargs: { options }, details: { publisher } }: Event): void {
    const told = matchNews(change);
    if ('removed' in told) return this.#remove(told.removed);
    const { changed } = told;
    const before = this.#matches.find(changed.id);
    this.#matches.changed(changed, publisher ?? null, before ? null : this.#quickKeyOf(changed, options));
    this.#callBack(changed);
    if (isOnShow(changed)) this.#tell({ changed });
    else if (before && isOnShow(before)) this.#tell({ removed: changed.id });
  }

  /** With an authority its matches have gone. */
  dropped(session: unknown): void {
    if (typeof session === 'number') for (const id of this.#matches.hostedBy(session)) this.#remove(id);
  }

  #remove(id: string): void {
    const summary = this.#matches.find(id);
    this.#matches.removed(id);
    if (summary && isOnShow(summary)) this.#tell({ removed: id });
  }

  #tell(change: LobbyChange): void {
    void this.#session.publish(lobbyUris.matches, [change]).catch(() => {}); // it fails only with its session
  }

  /** Has an authority host a new match. @returns its id, and how many seats it has. */
  async #make({ game, player, options, seats, listed, players }: Wanted): Promise<Made> {
    this.#checkPace(player);
    const asked = { options, listed, players, ...(seats === undefined ? {} : { seats }) };
    const made = madeBy(game, seats, await this.#call(game.uris.create, asked));
    const free = Array.from({ length: made.seats }, () => ({ player: null, connected: false }));
    const created = new Date(this.#clock.now()).toISOString();
    const id = made.match;
    const summary: MatchSummary = { id, game: game.name, status: 'open', listed, seats: free, created, spectators: 0 };
    this.#matches.created(summary, { creator: player, quick: listed ? quickKey(options, seats) : null });
    return made;
  }

  /** @throws CallError when a seat stays empty; then the match is closed again. */
  async #seatComputers(game: OfferedGame, match: string, seats: readonly number[]): Promise<void> {
    try {
      for (const seat of seats) await this.#call(botUri(game.name), { match, seat });
    } catch (cause) {
      await this.#call(game.uris.match(match).close);
      const isNone = cause instanceof CallError && cause.uri === errors.noSuchProcedure;
      const message = `The computer cannot play ${game.name}: ${isNone ? 'there is none here' : 'it did not come'}.`;
      throw lobbyError(lobbyUris.errors.noOpponent, message, { game: game.name }, cause);
    }
  }

  /** What a quick match looks for; only of matches that were made before us are we told the options. */
  #quickKeyOf({ game, listed, seats }: MatchSummary, options: unknown): string | null {
    const known = this.#games.get(game);
    if (!known || !listed || options === undefined) return null;
    const count = this.#worlds.has(game) ? known.seats : seats.length; // of a world there are more seats as more come
    try {
      return quickKey(known.options(options), count);
    } catch {
      return null; // of an earlier form of the game
    }
  }

  /** A person is back, and the computer is not. */
  #callBack({ id, game, status, seats }: MatchSummary): void {
    if (status !== 'playing' || !seats.some(({ connected }) => connected)) return;
    for (const [seat, { player, connected }] of seats.entries()) {
      const place = `${id} ${seat}`;
      if (connected || player === null || !this.#computers.includes(player) || this.#calledBack.has(place)) continue;
      this.#calledBack.add(place);
      this.#call(botUri(game), { match: id, seat })
        .catch(() => {}) // whoever waits sees that it is not there, and will be given the match
        .finally(() => this.#calledBack.delete(place));
    }
  }

  #call(procedure: Uri, kwargs: Dict = {}): Promise<Result> {
    return this.#session.call(procedure, [], kwargs, { timeoutMs: this.#limits.answerMs });
  }

  #queueOf({ name: game }: OfferedGame): Queue {
    if (this.#games.has(game)) return this.#queue;
    const queue = this.#foreignQueues.get(game) ?? new Queue();
    this.#foreignQueues.set(game, queue);
    return queue;
  }

  /** The game of this name. @throws CallError when neither we know it nor anybody hosts it. */
  async #offered(wanted: string): Promise<OfferedGame> {
    const known = this.#games.get(wanted);
    if (known) return known;
    if (/^[a-z][a-z0-9_]*$/.test(wanted)) {
      const { args } = await this.#session.call('wamp.registration.lookup', [gameUris(wanted).create]);
      if (args[0] !== null) return foreignGame(wanted);
    }
    const games = [...this.#games.keys()];
    const message = `There is no game "${wanted}"; there are ${games.join(', ')}.`;
    throw lobbyError(lobbyUris.errors.noSuchGame, message, { games });
  }

  #checkLimit(player: string): void {
    const { matchesPerPlayer: limit } = this.#limits;
    if (this.#matches.unfinished(player) < limit) return;
    const message = `You have ${limit} unfinished matches. Finish or leave one first.`;
    throw lobbyError(lobbyUris.errors.tooManyMatches, message, { limit });
  }

  #checkPace(player: string): void {
    const retryAfterMs = this.#makings.take(player, this.#clock.now());
    if (retryAfterMs === 0) return;
    const { matchesPerMinute: limit } = this.#limits;
    const message = `You have made ${limit} matches within a minute. Try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    throw lobbyError(lobbyUris.errors.tooManyMatches, message, { limit, retryAfterMs });
  }
}

interface Made {
  readonly match: string;
  readonly seats: number;
}

/** An authority need not say how many seats it has made where it was told. */
const createAnswer = t.object({ match: name, seats: t.int(1, 16).optional() });

/** What the authority of a game answers, be it ours or not. @throws CallError when it makes no sense. */
function madeBy({ name: game }: OfferedGame, wanted: number | undefined, { args }: Result): Made {
  const checked = validate(createAnswer, args[0]);
  const problem = (what: string) =>
    new CallError(errors.runtimeError, [`The authority of ${game} is faulty: ${what}.`]);
  if (!checked.ok) throw problem(`its answer to create does not fit: ${issuesText(checked.issues)}`);
  const { match, seats = wanted } = checked.value;
  if (seats === undefined) throw problem('it does not say how many seats the match has');
  if (!/^[a-z0-9_]+$/.test(match)) throw problem(`"${match}" is no id of a match: a-z, 0-9 and _ may be in it`);
  return { match, seats };
}

/** Equal where a quick match may bring players together: options have their defaults by now. */
const quickKey = (options: unknown, seats: number | undefined): string => JSON.stringify([seats, options]);

/** In the form of all rejections. */
function lobbyError(uri: Uri, message: string, details: Dict, cause?: unknown): CallError {
  const code = uri.slice(uri.lastIndexOf('.') + 1);
  return new CallError(uri, [message], { code, details, version: 0 }, { cause });
}

const seatsBut = (one: number | null, count: number): readonly number[] =>
  Array.from({ length: count }, (_, seat) => seat).filter((seat) => seat !== one);
