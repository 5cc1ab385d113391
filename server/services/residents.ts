/** Computer players of worlds, as components: each is in every listed world of its game for as long as a person is. */
import {
  lobbyUris,
  rejectionOf,
  type AnyWorld,
  type Clock,
  type LobbyChange,
  type MatchSummary,
  type Session,
  type WorldBotPlace,
} from '../../protocol/index.ts';
import { consoleLog, type Log } from '../authority/index.ts';

/** A bot of any world: what `worldBot` makes. */
export interface AnyWorldBot {
  readonly game: AnyWorld;
  enter(session: Session, place: WorldBotPlace): Promise<Resident>;
}
interface Resident {
  readonly done: Promise<unknown>;
  leave(): Promise<void>;
}

export interface ResidentOptions {
  readonly bots: readonly AnyWorldBot[];
  /** The authids of all that are no persons, its own among them: alone they keep no world going. */
  readonly residents: readonly string[];
  readonly clock?: Clock;
  readonly log?: Log;
}

/** Ticks from one question to a resident to the next. */
const every = 4;

/** Lives in worlds for as long as the session lasts. Its role is `bot`. */
export async function runResident(session: Session, options: ResidentOptions): Promise<void> {
  const life = new Life(session, options);
  await session.subscribe(lobbyUris.matches, ({ args: [change] }) => life.heard(change as LobbyChange)); // only the lobby publishes there
  for (const { game } of options.bots) {
    const { args } = await session.call(lobbyUris.list, [], { game: game.name });
    for (const summary of (args[0] as { readonly matches: readonly MatchSummary[] }).matches)
      life.heard({ changed: summary });
  }
}

class Life {
  readonly #session: Session;
  readonly #options: ResidentOptions;
  readonly #log: Log;
  /** By world; also while it is coming. */
  readonly #homes = new Map<string, Promise<Resident>>();

  constructor(session: Session, options: ResidentOptions) {
    this.#session = session;
    this.#options = options;
    this.#log = options.log ?? consoleLog;
  }

  heard(change: LobbyChange): void {
    if ('removed' in change) return this.#leave(change.removed);
    const { id, game, seats } = change.changed;
    const bot = this.#options.bots.find((one) => one.game.name === game);
    if (!bot) return;
    const hasPeople = seats.some(
      ({ player, connected }) => connected && player !== null && !this.#options.residents.includes(player),
    );
    if (!hasPeople) this.#leave(id);
    else if (!this.#homes.has(id) && seats.some(({ player }) => player === null)) this.#enter(bot, id);
  }

  #enter(bot: AnyWorldBot, match: string): void {
    const { clock } = this.#options;
    const coming = bot.enter(this.#session, { match, every, report: this.#log, ...(clock && { clock }) });
    this.#homes.set(match, coming);
    coming
      .then(({ done }) => done)
      .catch((cause: unknown) => {
        if (!rejectionOf(cause)) this.#log(`no computer player came to world ${match}`, cause); // full, or gone: as it may be
      })
      .finally(() => this.#homes.get(match) === coming && this.#homes.delete(match));
  }

  #leave(match: string): void {
    const home = this.#homes.get(match);
    this.#homes.delete(match);
    home?.then((resident) => resident.leave()).catch(() => {}); // it never came, or the world is gone
  }
}
