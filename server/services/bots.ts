/** Computer opponents, as a component: asked by the lobby, it takes a seat of a match by the same procedures as a person. */
import {
  botUri,
  CallError,
  errors,
  hostClock,
  t,
  type AnyRules,
  type Clock,
  type Session,
} from '../../protocol/index.ts';
import { callerOf, consoleLog, read, type Log } from '../authority/index.ts';
import { playAsBot, type BotSurroundings } from './bot.ts';
import { SearchThreads, type Choose } from './search-threads.ts';
import type { Thinkers } from './thinker.ts';

export interface BotsOptions {
  readonly games: readonly AnyRules[];
  readonly thinkers: Thinkers;
  /** How moves are found: by threads of its own, if not said. */
  readonly choose?: Choose;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
}

export type { Thinkers } from './thinker.ts';

const playRequest = t.object({ match: t.str(100), seat: t.int(0, 15) });

/**
 * Offers `bot.<game>.play` for every game that has a thinker, for as long as the session lasts. The session may
 * register below `bot.`, and otherwise what players may.
 */
export async function runBots(session: Session, options: BotsOptions): Promise<void> {
  const { games, thinkers, clock = hostClock, random = Math.random, log = consoleLog } = options;
  const surroundings: BotSurroundings = {
    session,
    choose: options.choose ?? threads(session, thinkers),
    clock,
    random,
    log,
  };
  for (const rules of games) {
    const { name } = rules.game;
    if (!Object.hasOwn(thinkers.byGame, name)) continue;
    await session.register(
      botUri(name),
      async (invocation) => {
        const { authrole } = callerOf(invocation);
        if (authrole !== 'service')
          throw new CallError(errors.notAuthorized, ['only services ask for a computer opponent: call lobby.create']);
        await playAsBot(surroundings, { rules, ...read(playRequest, invocation.kwargs) });
        return { args: [{}] };
      },
      { disclose_caller: true },
    );
  }
}

function threads(session: Session, { module }: Thinkers): Choose {
  const search = new SearchThreads({ module });
  void session.closed.then(() => search.close());
  return search.choose;
}
