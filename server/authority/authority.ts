/** The authority: the component that hosts matches. It knows a session, and neither transport nor router. `design.md` §5-6. */
import {
  authorityMatches,
  CallError,
  errors,
  inDevelopment,
  OptionsError,
  RunningMatch,
  type AnyRules,
  type Invocation,
  type LobbyChange,
  type MatchSetup,
  type Session,
} from '../../protocol/index.ts';
import type { MatchStore } from '../store/store.ts';
import { secureChance, type Chance } from './chance.ts';
import { wallClock, type WallClock } from './clock.ts';
import { HostedMatch, type Host } from './hosted-match.ts';
import { Lags } from './lags.ts';
import { defaultLimits, type AuthorityLimits } from './limits.ts';
import { consoleLog, type Log } from './log.ts';
import { MatchProcedures } from './match-procedures.ts';
import { callerOf, createRequest, read, refused } from './requests.ts';
import { Visits } from './visits.ts';

export interface AuthorityOptions {
  readonly games: readonly AnyRules[];
  readonly store: MatchStore;
  readonly clock?: WallClock;
  readonly chance?: Chance;
  readonly limits?: Partial<AuthorityLimits>;
  readonly log?: Log;
  /** Whether rules are watched for what a replay could not repeat: Date, chance of the host, state outside the state. */
  readonly development?: boolean;
}

/**
 * Hosts matches of these games for as long as the session lasts. The session's role must be allowed to register and to
 * publish below `game.`, to publish below `authority.` and to subscribe to `wamp.session.on_leave`.
 */
export async function hostGames(session: Session, options: AuthorityOptions): Promise<void> {
  const authority = new Authority(session, options);
  await session.subscribe('wamp.session.on_leave', ({ args: [ended] }) => authority.dropped(ended));
  const { games, development = false } = options;
  for (const rules of games) await authority.serve(development ? inDevelopment(rules) : rules);
  void session.closed.then(() => authority.stop());
}

/** What a match is made of. */
interface NewMatch {
  readonly setup: Omit<MatchSetup, 'seed'>;
  readonly listed: boolean;
  /** Who is seated already, by seat. */
  readonly players: readonly (string | null)[];
}

class Authority {
  readonly #matches = new Set<HostedMatch>();
  readonly #visits = new Visits<HostedMatch>();
  readonly #chance: Chance;
  readonly #host: Host;

  constructor(
    session: Session,
    { store, clock = wallClock, chance = secureChance, limits, log = consoleLog }: AuthorityOptions,
  ) {
    const tell = (change: LobbyChange) => void session.publish(authorityMatches, [change]).catch(() => {}); // it fails only with its session
    this.#chance = chance;
    this.#host = {
      session,
      store,
      clock,
      limits: { ...defaultLimits, ...limits },
      log,
      lags: new Lags(session, clock),
      rematch: (of) => this.#rematch(of),
      expects: (match, visitor) => this.#visits.add(visitor, match),
      changed: (summary) => tell({ changed: summary }),
      closed: (match) => {
        this.#matches.delete(match);
        this.#visits.close(match, match.expected);
        tell({ removed: match.record.id });
      },
    };
  }

  /** Registers what is common to all matches of a game; other authorities may share it. */
  async serve(rules: AnyRules): Promise<void> {
    const { session } = this.#host;
    const { uris } = rules.game;
    const shared = { invoke: 'roundrobin', disclose_caller: true } as const;
    const nobodyHosts = () => {
      throw refused('no_such_match', {});
    };
    await session.register(uris.matches, nobodyHosts, { ...shared, match: 'prefix' });
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
  }

  stop(): void {
    for (const match of this.#matches) match.stop();
  }

  async #serveCreate(rules: AnyRules, invocation: Invocation): Promise<{ match: string }> {
    const { authrole } = callerOf(invocation);
    if (authrole !== 'service' && authrole !== 'authority') {
      throw new CallError(errors.notAuthorized, ['only services create matches: call lobby.create or lobby.quick']);
    }
    const { options, seats, listed, players } = read(createRequest, invocation.kwargs);
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
    const match = new HostedMatch(record, running, this.#host);
    this.#matches.add(match);
    const procedures = new MatchProcedures(match);
    try {
      await match.open(players, (invocation) => procedures.serve(invocation));
    } catch (error) {
      this.#matches.delete(match);
      throw error;
    }
    return record.id;
  }

  /** @throws CallError when there are as many matches as may be, and none is over. */
  #makeRoom(): void {
    const { limits, log } = this.#host;
    if (this.#matches.size < limits.matches) return;
    const over = [...this.#matches].find(({ isOver }) => isOver);
    if (!over)
      throw new CallError(errors.unavailable, ['This server has as many matches as it can host. Try again later.']);
    this.#matches.delete(over);
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

/** Why these players cannot sit in so many seats; null when they can. */
function seatingProblem(players: readonly (string | null)[], seats: number): string | null {
  if (players.length > seats) return `${players.length} players for ${seats} seats`;
  const seated = players.filter((player) => player !== null);
  return new Set(seated).size < seated.length ? 'somebody sits in two seats' : null;
}
