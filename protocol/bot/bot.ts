/** `bot(rules, think)`: a player that is a program, in any process that has a session. design.md §4. */
import type { Rules } from '../game/game.ts';
import type { GameTypes } from '../game/game-types.ts';
import type { MoveCall } from '../game/harness.ts';
import { SeededRandom, seeded, type Random } from '../game/random.ts';
import type { MatchResult } from '../game/rules.ts';
import type { View } from '../game/view.ts';
import { hostClock, type Clock } from '../wamp/clock.ts';
import { randomId } from '../wamp/ids.ts';
import type { Session } from '../wamp/session.ts';
import { SeatedBot, type AnyBotTurn } from './seated-bot.ts';

/** What a bot is asked with whenever it is to act. */
export interface BotTurn<G extends GameTypes> {
  /** What its seat may see, and nothing else. */
  readonly view: View<G>;
  readonly seat: G['seat'];
  /** The moves that the rules list. Reading it throws where they would need what this seat cannot see. */
  readonly legal: readonly MoveCall<G>[];
  /** Timers, for a bot that does not move at once. */
  readonly clock: Clock;
  readonly random: Random;
  /** Aborted when the turn ends otherwise, when the match goes, and when the bot's time is up: nobody waits for the answer. */
  readonly signal: AbortSignal;
}
/** Answers a move. What it throws is reported, and a legal move is made by chance instead. */
export type Think<G extends GameTypes> = (turn: BotTurn<G>) => MoveCall<G> | Promise<MoveCall<G>>;

/** Where a bot plays, and how. */
export interface BotPlace<G extends GameTypes> {
  /** The id of the match. */
  readonly match: string;
  /** Without it the one that the player holds, else any free one. */
  readonly seat?: G['seat'];
  /** Of its chance; another one each time, if not said. */
  readonly seed?: number;
  readonly clock?: Clock;
  /** How long it may think about one move before one is made by chance, ms; 30,000 if not said. */
  readonly patienceMs?: number;
  /** How long it stays while nobody else is there, ms; for ever, if not said. */
  readonly lingerMs?: number;
  /** Whether it accepts a rematch and comes to it; without, it leaves when the match has ended. */
  readonly rematch?: boolean;
  /** Hears what failed; `console.error`, if not said. */
  report?(what: string, cause: unknown): void;
}

/** A bot in its seat. */
export interface Seated<G extends GameTypes> {
  readonly seat: G['seat'];
  readonly view: View<G>;
  /** How the match ended; null: it was left, or the session is gone. Never rejects. */
  readonly done: Promise<MatchResult<G['seat']> | null>;
  /** Gives the seat up. */
  leave(): Promise<void>;
}

export interface Bot<G extends GameTypes> {
  readonly rules: Rules<G>;
  /**
   * Takes a seat, and plays until the match has ended or the session does. In a session that replaces a lost one, play
   * again: the seat is still held.
   * @throws CallError when it does not get the seat.
   */
  play(session: Session, place: BotPlace<G>): Promise<Seated<G>>;
}

/** A player that is a program: `bot(nimRules, ({ legal, random }) => random.pick(legal))`. */
export function bot<G extends GameTypes>(rules: Rules<G>, think: Think<G>): Bot<G> {
  return {
    rules,
    async play(session, { match, seat, ...how }) {
      const { seed = randomId(), clock = hostClock, patienceMs = 30_000, lingerMs = null } = how;
      const { rematch = false, report = (what, cause) => console.error(what, cause) } = how;
      const seated = new SeatedBot({
        rules,
        think: (turn) => think(typed<G>(turn)),
        session,
        match,
        seat,
        clock,
        random: new SeededRandom(seeded(seed)),
        report,
        patienceMs,
        lingerMs,
        rematch,
      });
      await seated.sit();
      return seated as unknown as Seated<G>; // its view is the game's, as in `typed`
    },
  };
}

/** The one place that gives a view its types: by the game, whose schemas the authority obeys. */
const typed = <G extends GameTypes>(turn: AnyBotTurn): BotTurn<G> => turn as unknown as BotTurn<G>;
