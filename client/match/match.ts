/** A match as a game's scene and page use it: a view to draw, typed moves to make, things to listen to. */
import {
  isFrameworkCode,
  randomId,
  type AnyGame,
  type AnyMove,
  type AnyRules,
  type AnyView,
  type FrameworkCode,
  type Game,
  type GameTypes,
  type MatchUris,
  type MoveCall,
  type MoveCalls,
  type Outcome,
  type View,
} from '../../protocol/index.ts';
import type { Off } from '../listeners.ts';
import { checkMove, legalMoves, predictedView, type Verdict } from './check.ts';
import type { Following } from './following.ts';
import type { AnyOutcome } from './requests.ts';
import { MatchGoneError, type Gone, type MatchStatus } from './status.ts';

/** A joined match. It follows its game over reconnects until `leave`, `detach` or its own end. */
export interface Match<G extends GameTypes> {
  readonly id: string;
  readonly game: Game<G>;
  /** Null while watching. */
  readonly seat: G['seat'] | null;
  readonly spectating: boolean;
  /** The newest view. Never written to: a change makes a new one, which shares what stayed the same. */
  readonly view: View<G>;
  readonly status: MatchStatus;
  /** Match time, ms: what the clocks of the view count by (`timeLeft`), and until when seats are held. */
  readonly now: number;
  /**
   * The game's moves. Each resolves when `view` shows what became of it: accepted, or refused with a typed code. While the
   * connection is away it waits, and is sent when that is back. Rejects only when the match is left (MatchGoneError), or
   * when a call fails for a reason that is no refusal (CallError).
   */
  readonly moves: MoveCalls<G['calls'], Promise<Outcome<G['errorViews']>>>;
  /** Makes a move given as data, such as one of `legal()`. */
  play(move: MoveCall<G>): Promise<Outcome<G['errorViews']>>;
  /** An event of the game, for animation and sound. `view` already shows what it led to. */
  on<K extends keyof G['eventViews']>(event: K, listener: (data: G['eventViews'][K]) => void): Off;
  /** Every new view, before the events that came with it. */
  onView(listener: (view: View<G>, previous: View<G>) => void): Off;
  /** The first view, from the present one on, that fits. Rejects with MatchGoneError when there will be none. */
  until(fits: (view: View<G>) => boolean): Promise<View<G>>;
  onStatus(listener: (status: MatchStatus) => void): Off;
  /** The match cannot be followed any more, and not because the page left it: say so, and offer the lobby. */
  onGone(listener: (gone: Gone<FrameworkCode>) => void): Off;
  /** Gives the seat up; in a running match the others win. Then as `detach`. @throws CallError as `moves` do. */
  leave(): Promise<void>;
  /** Stops listening, and keeps the seat. */
  detach(): void;
  /**
   * Asks the others for a draw or to take one's last move back, where the game has that, and after the end for another
   * match, whose id will be `view.rematch.match`. What is asked is in `view.offers` and `view.rematch`.
   */
  offer(what: G['agreement'] | 'rematch'): Promise<Outcome<{}>>;
  /**
   * Ends the match for want of who has not come back in time (`heldUntil` of a seat, `lostSeats`), in games that leave it to
   * the others; who claims nothing goes on waiting.
   */
  claim(what: G['claim']): Promise<Outcome<{}>>;
  /** Not accepting withdraws one's own offer too. */
  answer(what: G['agreement'] | 'rematch', accept: boolean): Promise<Outcome<{}>>;
}

/** A match joined with its rules, which say here and now what the authority will say. */
export interface PredictedMatch<G extends GameTypes> extends Match<G> {
  /** What the rules think of a move, without making it. */
  readonly check: MoveCalls<G['calls'], Verdict<G['errorViews']>>;
  /** The view as a move would leave it; null where the rules refuse it or would need what this seat cannot see. */
  predict(move: MoveCall<G>): View<G> | null;
  /** The moves that one could make now. @throws what the rules throw where they need something that this seat cannot see. */
  legal(): readonly MoveCall<G>[];
}

/** Any game's match, for pages that serve all games. */
export interface AnyMatch {
  readonly id: string;
  readonly game: AnyGame;
  readonly seat: number | null;
  readonly spectating: boolean;
  readonly view: AnyView;
  readonly status: MatchStatus;
  readonly now: number;
  play(move: AnyMove): Promise<AnyOutcome>;
  onView(listener: (view: AnyView, previous: AnyView) => void): Off;
  onStatus(listener: (status: MatchStatus) => void): Off;
  onGone(listener: (gone: Gone<FrameworkCode>) => void): Off;
  leave(): Promise<void>;
  detach(): void;
  claim(what: string): Promise<AnyOutcome>;
  offer(what: string): Promise<AnyOutcome>;
  answer(what: string, accept: boolean): Promise<AnyOutcome>;
}
export interface AnyPredictedMatch extends AnyMatch {
  legal(): readonly AnyMove[];
}

/** Names what is sent, perhaps again, so that it is done once. */
const attempt = () => randomId().toString(36);

/** The handle of a followed match. Without rules `check` and `legal` are missing. */
export function matchOf<G extends GameTypes>(
  id: string,
  game: Game<G>,
  following: Following,
  rules: AnyRules | undefined,
): PredictedMatch<G> {
  const uris = game.uris.match(id);
  const { requests } = following;
  const play = ({ move, args }: AnyMove): Promise<AnyOutcome> =>
    requests.ask(uris.move(move), [args], { id: attempt(), seen: following.view.version });
  const where = () => ({ view: following.view, seat: following.seat });
  const byMove = <T>(make: (move: string, args: object) => T) =>
    Object.fromEntries(Object.keys(game.schemas.moves).map((move) => [move, (args: object = {}) => make(move, args)]));

  const match = {
    id,
    game,
    get seat() {
      return following.seat;
    },
    get spectating() {
      return following.seat === null;
    },
    get view() {
      return following.view;
    },
    get status() {
      return following.status;
    },
    get now() {
      return following.time.now;
    },
    moves: byMove((move, args) => play({ move, args })),
    play,
    ...listening(following),
    ...parting(following, uris),
    claim: (what: string) => requests.ask(uris.claim, [], { what, id: attempt() }),
    offer: (what: string) => requests.ask(uris.offer, [], { what, id: attempt() }),
    answer: (what: string, accept: boolean) => requests.ask(uris.answer, [], { what, accept, id: attempt() }),
    ...(rules && {
      check: byMove((move, args) => checkMove(rules, where(), { move, args })),
      predict: (move: AnyMove) => predictedView(rules, where(), move),
      legal: () => legalMoves(rules, where()),
    }),
  };
  // The one place that gives names and views their types: by the game, whose schemas the authority obeys.
  return match as unknown as PredictedMatch<G>;
}

const listening = (following: Following) => ({
  until: (fits: (view: AnyView) => boolean) => firstView(following, fits),
  on: (event: string, listener: (data: unknown) => void) =>
    following.happenings.add((happening) => happening.event === event && listener(happening.data)),
  onView: (listener: (view: AnyView, previous: AnyView) => void) => following.views.add(listener),
  onStatus: (listener: (status: MatchStatus) => void) => following.statuses.add(listener),
  onGone: (listener: (gone: Gone<FrameworkCode>) => void) =>
    following.statuses.add((status) => isLost(status) && listener(status)),
});

function firstView(following: Following, fits: (view: AnyView) => boolean): Promise<AnyView> {
  return new Promise((resolve, reject) => {
    const offs: Off[] = [];
    const done = (settle: () => void) => {
      for (const off of offs.splice(0)) off();
      settle();
    };
    const look = (view: AnyView) => void (fits(view) && done(() => resolve(view)));
    const follow = (status: MatchStatus) =>
      void (status.state === 'gone' && done(() => reject(new MatchGoneError(status))));
    offs.push(following.views.add(look), following.statuses.add(follow));
    look(following.view);
    follow(following.status);
  });
}

/** Whether a match has gone by itself, and not because the page left it. */
const isLost = (status: MatchStatus): status is Gone<FrameworkCode> =>
  status.state === 'gone' && isFrameworkCode(status.reason);

const parting = (following: Following, uris: MatchUris) => ({
  async leave() {
    if (following.status.state === 'gone') return;
    try {
      await following.requests.ask(uris.leave); // refused or not: we go
    } catch (error) {
      if (!(error instanceof MatchGoneError)) throw error; // gone already
    }
    following.end({ state: 'gone', reason: 'left', message: 'You have left the match.' });
  },
  detach() {
    if (following.seat === null) void following.requests.ask(uris.leave).catch(() => {}); // or it would count us among its spectators
    following.end({ state: 'gone', reason: 'detached', message: 'The page no longer follows the match.' });
  },
});
