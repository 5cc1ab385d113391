/** The authority: the component that hosts matches. It knows a session, and neither transport nor router. `design.md` §5-6. */
import {
  authorityMatches,
  CallError,
  errors,
  inDevelopment,
  worldInDevelopment,
  OptionsError,
  rejectionOf,
  RunningMatch,
  type AnyRules,
  type AnyWorldRules,
  type Dict,
  type Invocation,
  type LobbyChange,
  type MatchSetup,
  type Procedure,
  type Session,
  type Uri,
} from '../../protocol/index.ts';
import type { MatchRecord, MatchStore } from '../store/store.ts';
import { secureChance, type Chance } from './chance.ts';
import { wallClock, type WallClock } from './clock.ts';
import { HostedMatch, type Host } from './hosted-match.ts';
import { Lags } from './lags.ts';
import { defaultLimits, type AuthorityLimits } from './limits.ts';
import { consoleLog, type Counted, type Log } from './log.ts';
import { MatchProcedures } from './match-procedures.ts';
import { Once } from './once.ts';
import { recall } from './recall.ts';
import { callerOf, createRequest, read, refused } from './requests.ts';
import type { Origin } from './sleeper.ts';
import { tellResumed } from './tell-resumed.ts';
import { Visits } from './visits.ts';
import { Worlds } from './world/worlds.ts';

export interface AuthorityOptions {
  readonly games: readonly (AnyRules | AnyWorldRules)[];
  readonly store: MatchStore;
  readonly clock?: WallClock;
  readonly chance?: Chance;
  readonly limits?: Partial<AuthorityLimits>;
  readonly log?: Log;
  /** Is told each time something happens that a metric counts. */
  readonly count?: (what: Counted) => void;
  /** Whether rules are watched for what a replay could not repeat: Date, chance of the host, state outside the state. */
  readonly development?: boolean;
}

export interface Hosting {
  /** The session is over, and what worlds have become since they were stored last is stored too: the store may be closed. */
  readonly ended: Promise<void>;
}

/**
 * Hosts matches of these games for as long as the session lasts: new ones, and those that the store has, which come back
 * one after another, and at once where they are called. The store is this authority's alone. The session's role must be
 * allowed to register and to publish below `game.`, to publish below `authority.` and to subscribe to
 * `wamp.session.on_leave`.
 */
export async function hostGames(session: Session, options: AuthorityOptions): Promise<Hosting> {
  const authority = new Authority(session, options);
  await session.subscribe('wamp.session.on_leave', ({ args: [ended] }) => authority.dropped(ended));
  const { games, development = false } = options;
  const watched = development
    ? games.map((rules) => ('behaviour' in rules ? inDevelopment(rules) : worldInDevelopment(rules)))
    : games;
  for (const rules of watched) await authority.serve(rules);
  void authority.recover(watched);
  return { ended: session.closed.then(() => authority.stop()) };
}

/** What a match is made of. */
interface NewMatch {
  readonly setup: Omit<MatchSetup, 'seed'>;
  readonly listed: boolean;
  /** Who is seated already, by seat. */
  readonly players: readonly (string | null)[];
}

/** Matches of the store that are taken up at one time. */
const recoveredAtOnce = 64;

class Authority {
  /** By id, oldest first. */
  readonly #matches = new Map<string, HostedMatch>();
  /** Matches that are being taken up. */
  readonly #recoveries = new Once<HostedMatch | null>();
  readonly #visits = new Visits<HostedMatch>();
  readonly #worlds: Worlds;
  readonly #chance: Chance;
  readonly #host: Host;
  #stopped = false;

  constructor(
    session: Session,
    { store, clock = wallClock, chance = secureChance, limits, log = consoleLog, count = () => {} }: AuthorityOptions,
  ) {
    const tell = (change: LobbyChange, kwargs?: Dict) =>
      void session.publish(authorityMatches, [change], kwargs).catch(() => {}); // it fails only with its session
    this.#chance = chance;
    this.#host = {
      session,
      store,
      clock,
      limits: { ...defaultLimits, ...limits },
      log,
      count,
      lags: new Lags(session, clock),
      rematch: (of) => this.#rematch(of),
      expects: (match, visitor) => this.#visits.add(visitor, match),
      procedures: (match) => this.#proceduresOf(match),
      changed: (summary, recovered) =>
        tell({ changed: summary }, recovered ? { options: recovered.setup.options ?? {} } : undefined),
      closed: (match) => {
        this.#matches.delete(match.record.id);
        this.#visits.close(match, match.expected);
        tell({ removed: match.record.id });
      },
    };
    this.#worlds = new Worlds({ ...this.#host, tell }, chance);
  }

  /** Registers what is common to all matches of a game; other authorities may share it. */
  async serve(rules: AnyRules | AnyWorldRules): Promise<void> {
    const { session } = this.#host;
    const { uris } = rules.game;
    const shared = { invoke: 'roundrobin', disclose_caller: true } as const;
    const wake = async (invocation: Invocation) => {
      const id = matchIn(uris.matches, invocation.details.procedure);
      if ('world' in rules) return this.#worlds.serve(rules, id, invocation);
      const match = await this.#hosted(rules, id);
      if (!match) throw refused('no_such_match', {});
      return this.#proceduresOf(match)(invocation);
    };
    await session.register(uris.matches, wake, { ...shared, match: 'prefix' });
    await session.register(
      uris.create,
      async (invocation) => ({ args: [await this.#serveCreate(rules, invocation)] }),
      shared,
    );
  }

  /** @param session as the router's meta event names it. */
  dropped(session: unknown): void {
    if (typeof session !== 'number') return;
    this.#host.lags.forget(session);
    for (const match of this.#visits.end(session)) match.dropped(session);
    this.#worlds.dropped(session);
  }

  /** Resolves when what worlds have become is stored, or cannot be; matches are stored already. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const match of this.#matches.values()) match.stop();
    await this.#worlds.stop();
  }

  /** Takes up all that the store has of these games: their players are waited for, and the lobby hears of them. */
  async recover(games: readonly (AnyRules | AnyWorldRules)[]): Promise<void> {
    const { store, log } = this.#host;
    const byName = new Map(games.map((rules) => [rules.game.name, rules]));
    const kept = await store.list().catch((cause: unknown) => {
      log('the matches of the store cannot be listed', cause);
      return [];
    });
    const waiting = kept.flatMap(({ record: { id, game } }) => {
      const rules = byName.get(game);
      return rules ? [{ id, rules }] : [];
    });
    const work = async () => {
      for (let next = waiting.shift(); next && !this.#stopped; next = waiting.shift()) {
        const { id, rules } = next;
        const taken = 'world' in rules ? this.#worlds.take(rules, id) : this.#hosted(rules, id);
        await taken.catch((cause: unknown) => {
          if (rejectionOf(cause)?.code !== 'outdated_match')
            log(`match ${id} of ${rules.game.name} cannot be taken up`, cause);
        });
      }
    };
    await Promise.all(Array.from({ length: recoveredAtOnce }, work));
  }

  /** A match that is here, or in the store; null: there is none. @throws CallError when it cannot be taken up. */
  #hosted(rules: AnyRules, id: string): Promise<HostedMatch | null> {
    const here = this.#matches.get(id);
    if (here) return Promise.resolve(here.rules === rules ? here : null);
    return this.#recoveries.run(id, () => this.#recovered(rules, id));
  }

  async #recovered(rules: AnyRules, id: string): Promise<HostedMatch | null> {
    const recalled = await recall({ ...this.#host, id, rules, seats: null });
    if (!recalled || this.#stopped) return null;
    const match = this.#keep(recalled.claimed.record, recalled);
    await match.open(); // if it fails now, it will try again
    await tellResumed(this.#host.session, match.uris, recalled.running.epoch);
    return match;
  }

  #proceduresOf(match: HostedMatch): Procedure {
    const procedures = new MatchProcedures(match);
    return async (invocation) => ({ args: [await procedures.serve(invocation)] });
  }

  async #serveCreate(rules: AnyRules | AnyWorldRules, invocation: Invocation): Promise<{ match: string }> {
    const { authrole } = callerOf(invocation);
    if (authrole !== 'service' && authrole !== 'authority') {
      throw new CallError(errors.notAuthorized, ['only services create matches: call lobby.create or lobby.quick']);
    }
    const { options, seats, listed, players } = read(createRequest, invocation.kwargs);
    if ('world' in rules) return { match: await this.#worlds.create(rules, { options, listed }) };
    return { match: await this.#create(rules, { setup: { options, seats }, listed, players }) };
  }

  /** @returns the id of a match that can be called. */
  async #create(rules: AnyRules, { setup, listed, players }: NewMatch): Promise<string> {
    const { store, clock } = this.#host;
    const { name: game, fingerprint } = rules.game;
    this.#makeRoom();
    const record = {
      id: this.#chance.id(),
      game,
      fingerprint,
      setup: { ...setup, seed: this.#chance.seed() },
      listed,
      created: clock.now(),
    };
    const running = this.#start(rules, record.setup);
    const problem = seatingProblem(players, running.seats.length);
    if (problem !== null) throw refused('bad_arguments', { issues: [{ path: 'players', message: problem }] });
    await store.create(record);
    const match = this.#keep(record, { running });
    try {
      await match.open(players);
    } catch (error) {
      await match.forget();
      throw error;
    }
    return record.id;
  }

  #keep(record: MatchRecord, origin: Origin): HostedMatch {
    const match = new HostedMatch(record, origin, this.#host);
    this.#matches.set(record.id, match);
    return match;
  }

  /** @throws CallError when there are as many matches as may be, and none is over. */
  #makeRoom(): void {
    const { limits, log } = this.#host;
    if (this.#matches.size < limits.matches) return;
    const over = [...this.#matches.values()].find(({ isOver }) => isOver);
    if (!over)
      throw new CallError(errors.unavailable, ['This server has as many matches as it can host. Try again later.']);
    this.#matches.delete(over.record.id);
    over
      .inOrder(() => over.close())
      .catch((cause: unknown) => log(`match ${over.record.id} of ${over.record.game} was not closed`, cause));
  }

  #start(rules: AnyRules, setup: MatchSetup): RunningMatch {
    try {
      return new RunningMatch(rules, setup);
    } catch (error) {
      if (error instanceof OptionsError) throw refused('bad_arguments', { issues: error.issues });
      this.#host.log(`${rules.game.name}: a match could not be set up`, error);
      throw refused('rule_failed', {});
    }
  }

  /** Everybody moves one seat on. */
  #rematch({ rules, record, running }: HostedMatch): Promise<string> {
    const { seats, position } = running;
    const players = seats.map((_, seat) => seats[(seat + 1) % seats.length]?.player ?? null);
    return this.#create(rules, {
      setup: { options: position.options, seats: seats.length },
      listed: record.listed,
      players,
    });
  }
}

/** The id of the match that a procedure belongs to; empty where it belongs to none. */
function matchIn(prefix: Uri, procedure: Uri = ''): string {
  const end = procedure.indexOf('.', prefix.length);
  return end < 0 ? '' : procedure.slice(prefix.length, end);
}

/** Why these players cannot sit in so many seats; null when they can. */
function seatingProblem(players: readonly (string | null)[], seats: number): string | null {
  if (players.length > seats) return `${players.length} players for ${seats} seats`;
  const seated = players.filter((player) => player !== null);
  return new Set(seated).size < seated.length ? 'somebody sits in two seats' : null;
}
