/** A computer opponent: a bot that asks threads for its moves. */
import { bot, pause, positionOf, type AnyRules, type Bot, type GameTypes, type Rules } from '../../protocol/index.ts';
import type { Choose } from './search-threads.ts';

/** Milliseconds. */
export const botWaits = {
  /** A move made at once looks like none: this long at least from seeing the position, … */
  leastThinkingMs: 400,
  /** … and up to so much more. */
  moreThinkingMs: 300,
  /** How long it stays when all others have gone. */
  lingerMs: 180_000,
} as const;

/** A bot that plays any game by search: `choose` of `SearchThreads`. */
export function searchBot<G extends GameTypes>(rules: Rules<G>, choose: Choose): Bot<G>;
export function searchBot(rules: AnyRules, choose: Choose): Bot<GameTypes>;
export function searchBot(given: AnyRules, choose: Choose): Bot<GameTypes> {
  const rules = given as Rules<GameTypes>; // that they are of some game is all that is said of them
  return bot(rules, async ({ view, seat, clock, random, signal }) => {
    const { leastThinkingMs, moreThinkingMs } = botWaits;
    const seed = () => random.int(0, 2 ** 32 - 1);
    const others = view.toAct.filter((other) => other !== seat);
    const position = { ...positionOf(view, seed()), toAct: [seat, ...others] };
    const [move] = await Promise.all([
      choose({ game: rules.game.name, position, seed: seed(), signal }),
      pause(clock, leastThinkingMs + random.int(0, moreThinkingMs)),
    ]);
    return move;
  });
}
