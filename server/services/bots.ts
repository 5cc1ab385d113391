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
import { botWaits, searchBot } from './bot.ts';
import { SearchThreads, type Choose } from './search-threads.ts';
import { checkThinker, type Thinkers } from './thinker.ts';

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
 * @throws Error for a game with secrets whose thinker cannot imagine them.
 */
export async function runBots(session: Session, options: BotsOptions): Promise<void> {
  const { games, thinkers, clock = hostClock, random = Math.random, log = consoleLog } = options;
  const choose = options.choose ?? threads(session, thinkers);
  for (const rules of games) {
    const { name } = rules.game;
    const thinker = Object.hasOwn(thinkers.byGame, name) ? thinkers.byGame[name] : undefined;
    if (!thinker) continue;
    checkThinker(name, thinker);
    const computer = searchBot(rules, choose);
    await session.register(
      botUri(name),
      async (invocation) => {
        const { authrole } = callerOf(invocation);
        if (authrole !== 'service')
          throw new CallError(errors.notAuthorized, ['only services ask for a computer opponent: call lobby.create']);
        const { match, seat } = read(playRequest, invocation.kwargs);
        const seed = Math.floor(random() * 2 ** 32);
        const { lingerMs } = botWaits;
        await computer.play(session, { match, seat, seed, clock, lingerMs, rematch: true, report: log });
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
