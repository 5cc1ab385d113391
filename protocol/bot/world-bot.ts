/** `worldBot(world, steer)`: a player of a world that is a program, in any process that has a session. design.md §4. */
import type { MoveCalls } from '../game/harness.ts';
import { SeededRandom, seeded, type Random } from '../game/random.ts';
import type { Outcome } from '../game/rejection.ts';
import type { Frozen } from '../schema/type.ts';
import { hostClock, type Clock } from '../wamp/clock.ts';
import { randomId } from '../wamp/ids.ts';
import type { Session } from '../wamp/session.ts';
import type { WorldTypes } from '../world/world-types.ts';
import type { WorldView } from '../world/world-view.ts';
import type { World } from '../world/world.ts';
import { EnteredBot, type Parting } from './entered-bot.ts';
import type { AnyWorldTurn } from './helm.ts';

/** What a bot is asked with. */
export interface WorldBotTurn<W extends WorldTypes> {
  /** What its player may see, and nothing else. */
  readonly view: WorldView<W>;
  /** Its player, as in the view. */
  readonly me: W['me'];
  /** The id of its player. */
  readonly player: string;
  /** What it has noticed since it was asked the last time. */
  readonly events: readonly WorldBotEvent<W>[];
  readonly options: Frozen<W['options']>;
  readonly moves: WorldBotMoves<W>;
  /** Timers. */
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted when nobody waits for the answer any more: it leaves, its session ends, or its time is up. */
  readonly signal: AbortSignal;
}
export type WorldBotEvent<W extends WorldTypes> = {
  readonly [K in keyof W['eventViews']]: { readonly event: K; readonly data: W['eventViews'][K] };
}[keyof W['eventViews']];
/** Each resolves when the view shows what became of it; rejects where no answer comes, which harms nobody who does not wait. */
export type WorldBotMoves<W extends WorldTypes> = MoveCalls<W['calls'], Promise<Outcome<W['errorViews']>>>;

/**
 * Answers what its player holds from now on; null: what it holds. What it throws is reported, and the player stands still
 * until it is asked again.
 */
export type Steer<W extends WorldTypes> = (turn: WorldBotTurn<W>) => Steered<W> | Promise<Steered<W>>;
type Steered<W extends WorldTypes> = W['input'] | null;

/** Where a bot goes, and how. */
export interface WorldBotPlace {
  /** The id of the world: of `lobby.quick`, say. */
  readonly match: string;
  /** How many ticks pass from one question to the next; 1 if not said. The input that is held goes to the world in each tick. */
  readonly every?: number;
  /** Of its chance; another one each time, if not said. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** How long it may think, ms; 5,000 if not said. It is not asked again before it has answered. */
  readonly patienceMs?: number;
  /** Hears what failed; `console.error`, if not said. */
  report?(what: string, cause: unknown): void;
}

/** A bot in its world. */
export interface Entered<W extends WorldTypes> {
  readonly player: string;
  readonly view: WorldView<W>;
  readonly moves: WorldBotMoves<W>;
  /** Why it is there no more. Never rejects. */
  readonly done: Promise<Parting>;
  /** Takes its player out of the world. */
  leave(): Promise<void>;
}

export interface WorldBot<W extends WorldTypes> {
  readonly game: World<W>;
  /**
   * Enters as the session's player, and plays until it leaves, the world ends, or there is no session any more.
   * @param session one session; or what answers the session that there is and, after its end, the next one, as a client's
   * `online` does: then it comes back, to the same player.
   * @throws CallError when it is not let in.
   */
  enter(session: Session | (() => Promise<Session>), place: WorldBotPlace): Promise<Entered<W>>;
}

/** A player that is a program: `worldBot(tag, ({ view, me }) => ({ dx: me.x < 320 ? 1 : -1, dy: 0 }))`. */
export function worldBot<W extends WorldTypes>(game: World<W>, steer: Steer<W>): WorldBot<W> {
  return {
    game,
    async enter(session, { match, every = 1, seed = randomId(), clock = hostClock, patienceMs = 5_000, ...how }) {
      const { report = (what, cause) => console.error(what, cause) } = how;
      const entered = new EnteredBot({
        game,
        steer: (turn) => steer(typed<W>(turn)),
        session: typeof session === 'function' ? session : () => Promise.resolve(session),
        match,
        every,
        clock,
        random: new SeededRandom(seeded(seed)),
        patienceMs,
        report,
      });
      await entered.enter();
      return entered as unknown as Entered<W>; // its view is the world's, as in `typed`
    },
  };
}

/** The one place that gives a view its types: by the world, whose schemas the authority obeys. */
const typed = <W extends WorldTypes>(turn: AnyWorldTurn): WorldBotTurn<W> => turn as unknown as WorldBotTurn<W>;
