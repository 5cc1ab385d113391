import { OptionsError, RunningWorld, type AnyWorldRules, type LobbyChange } from '../../../protocol/index.ts';
import type { Chance } from '../chance.ts';
import { refused } from '../requests.ts';
import { Visits } from '../visits.ts';
import { HostedWorld, type WorldHost } from './hosted-world.ts';

/** What a world is made of. */
export interface NewWorld {
  readonly options: unknown;
  readonly listed: boolean;
}

/** The worlds of one authority. They live as long as somebody is there, and as the process does. */
export class Worlds {
  readonly #host: WorldHost;
  readonly #chance: Chance;
  readonly #worlds = new Set<HostedWorld>();
  readonly #visits = new Visits<HostedWorld>();

  constructor(host: Around, chance: Chance) {
    this.#chance = chance;
    this.#host = {
      ...host,
      expects: (world, session) => this.#visits.add(session, world),
      changed: (summary) => host.tell({ changed: summary }),
      closed: (world, sessions) => {
        this.#worlds.delete(world);
        this.#visits.close(world, sessions);
        host.tell({ removed: world.record.id });
      },
    };
  }

  get size(): number {
    return this.#worlds.size;
  }

  /** @returns the id of a world that can be called. @throws CallError for options that do not fit, rules that fail. */
  async create(rules: AnyWorldRules, { options, listed }: NewWorld): Promise<string> {
    const { clock } = this.#host;
    const record = { id: this.#chance.id(), listed, created: clock.now() };
    const world = new HostedWorld(record, this.#start(rules, options), this.#host);
    this.#worlds.add(world);
    try {
      await world.open();
    } catch (error) {
      this.#worlds.delete(world);
      throw error;
    }
    return record.id;
  }

  dropped(session: number): void {
    for (const world of this.#visits.end(session)) world.dropped(session);
  }

  stop(): void {
    for (const world of this.#worlds) world.stop();
  }

  #start(rules: AnyWorldRules, options: unknown): RunningWorld {
    try {
      return new RunningWorld(rules, { options, seed: this.#chance.seed() });
    } catch (error) {
      if (error instanceof OptionsError) throw refused('bad_arguments', { issues: error.issues });
      this.#host.log(`${rules.game.name}: a world could not be set up`, error);
      throw refused('rule_failed', {});
    }
  }
}

interface Around extends Pick<WorldHost, 'session' | 'clock' | 'limits' | 'log'> {
  /** The lobby hears of it. */
  tell(change: LobbyChange): void;
}
