import {
  CallError,
  errors,
  OptionsError,
  type AnyWorldRules,
  type Dict,
  type Invocation,
  type LobbyChange,
  type Procedure,
} from '../../../protocol/index.ts';
import type { ClaimedWorld, MatchRecord } from '../../store/store.ts';
import { worldOf } from '../../store/world-parts.ts';
import type { Chance } from '../chance.ts';
import { Once } from '../once.ts';
import { refused } from '../requests.ts';
import { tellResumed } from '../tell-resumed.ts';
import { Visits } from '../visits.ts';
import { HostedWorld, type WorldHost, type WorldOrigin } from './hosted-world.ts';

/** What a world is made of. */
export interface NewWorld {
  readonly options: unknown;
  readonly listed: boolean;
}

/**
 * Seconds of ticks by which versions leap when a world is taken up: more than can have been published since it was stored, so
 * that clients whose sessions have outlived its authority find a gap, and ask.
 */
const versionsApartSeconds = 600;

/** The worlds of one authority. They are in memory as long as somebody is there; the store has those that are to last. */
export class Worlds {
  readonly #host: WorldHost;
  readonly #chance: Chance;
  readonly #worlds = new Map<string, HostedWorld>();
  readonly #asleep = new Set<string>();
  readonly #arrivals = new Once<HostedWorld | null>();
  readonly #visits = new Visits<HostedWorld>();
  #isStopped = false;

  constructor(host: Around, chance: Chance) {
    this.#chance = chance;
    this.#host = {
      ...host,
      expects: (world, session) => this.#visits.add(session, world),
      changed: (summary, recovered) =>
        host.tell({ changed: summary }, recovered ? { options: recovered.setup.options ?? {} } : undefined),
      closed: (world, sessions) => {
        this.#worlds.delete(world.record.id);
        this.#visits.close(world, sessions);
        host.tell({ removed: world.record.id });
      },
      slept: ({ record: { id } }) => {
        this.#worlds.delete(id);
        this.#asleep.add(id);
      },
      wake: (world, invocation) => this.serve(world.rules, world.record.id, invocation),
    };
  }

  /** @returns the id of a world that can be called. @throws CallError for options that do not fit, rules that fail. */
  async create(rules: AnyWorldRules, { options, listed }: NewWorld): Promise<string> {
    const { clock, store, limits } = this.#host;
    if (this.#worlds.size + this.#asleep.size >= limits.worlds)
      throw new CallError(errors.unavailable, ['This server has as many worlds as it can host. Try again later.']);
    const { name: game, fingerprint, keep } = rules.game;
    const setup = { options, seed: this.#chance.seed() };
    const record = { id: this.#chance.id(), game, fingerprint, setup, listed, created: clock.now() };
    const origin = { ...this.#begin(rules, record), epoch: 1, version: 0, stored: {} };
    if (keep) await store.create(record);
    await this.#open(record, origin);
    return record.id;
  }

  /** A call of a world that nobody hosts yet. @throws CallError where there is none, or it cannot be taken up. */
  serve(rules: AnyWorldRules, id: string, invocation: Invocation): ReturnType<Procedure> {
    return this.take(rules, id).then((world) => {
      if (!world) throw refused('no_such_match', {});
      return world.serve(invocation);
    });
  }

  /** A world that is here, or in the store; null: there is none. @throws CallError when it cannot be taken up. */
  take(rules: AnyWorldRules, id: string): Promise<HostedWorld | null> {
    const here = this.#worlds.get(id);
    if (here?.isOpen) return Promise.resolve(here.rules === rules ? here : null);
    return this.#arrivals.run(id, async () => {
      await here?.left; // it is falling asleep
      return this.#takeUp(rules, id);
    });
  }

  dropped(session: number): void {
    for (const world of this.#visits.end(session)) world.dropped(session);
  }

  /** Resolves when what they have become is stored, or cannot be. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#worlds.values()].map((world) => world.stop()));
  }

  async #takeUp(rules: AnyWorldRules, id: string): Promise<HostedWorld | null> {
    const { name, keep, tick } = rules.game;
    if (!keep) return null;
    const claimed = await this.#host.store.claimWorld(id).catch((cause: unknown) => {
      throw new CallError(
        errors.unavailable,
        ['The world cannot be read from the store. Try again later.'],
        {},
        { cause },
      );
    });
    if (claimed?.record.game !== name || this.#isStopped) return null;
    this.#asleep.delete(id);
    const { record, epoch, version, parts } = claimed;
    const origin = { ...this.#recall(rules, claimed), epoch, stored: parts };
    const world = await this.#open(record, { ...origin, version: version + versionsApartSeconds * tick });
    await tellResumed(this.#host.session, world.uris, epoch);
    return world;
  }

  async #open(record: MatchRecord, origin: WorldOrigin): Promise<HostedWorld> {
    const world = new HostedWorld(record, origin, this.#host);
    this.#worlds.set(record.id, world);
    try {
      await world.open();
    } catch (error) {
      await world.forget();
      throw error;
    }
    return world;
  }

  #begin(rules: AnyWorldRules, record: MatchRecord): ReturnType<typeof worldOf> {
    try {
      return worldOf(rules, { record, parts: {} });
    } catch (error) {
      if (error instanceof OptionsError) throw refused('bad_arguments', { issues: error.issues });
      this.#host.log(`${rules.game.name}: a world could not be set up`, error);
      throw refused('rule_failed', {});
    }
  }

  #recall(rules: AnyWorldRules, claimed: ClaimedWorld): ReturnType<typeof worldOf> {
    try {
      return worldOf(rules, claimed);
    } catch (cause) {
      const { id } = claimed.record;
      this.#host.log(
        `world ${id} of ${rules.game.name} is kept, but cannot be taken up: it does not fit the game's rules`,
        cause,
      );
      throw refused('outdated_match', {}, claimed.version);
    }
  }
}

interface Around extends Pick<WorldHost, 'session' | 'store' | 'clock' | 'limits' | 'log'> {
  /** The lobby hears of it. */
  tell(change: LobbyChange, kwargs?: Dict): void;
}
