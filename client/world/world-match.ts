/** A world as a scene uses it: what to draw now, an input to hold, typed moves, things to listen to. */
import {
  refusal,
  type AnyMove,
  type FrameworkCode,
  type MoveCalls,
  type Outcome,
  type World,
  type WorldTypes,
  type WorldView,
} from '../../protocol/index.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import type { Off } from '../listeners.ts';
import type { AnyVerdict, Verdict } from '../match/check.ts';
import { MatchGoneError, type Gone, type WorldStatus } from '../match/status.ts';
import type { WorldFollowing } from './world-following.ts';

/** What to draw at one moment. */
export interface Frame<W extends WorldTypes> {
  /** Everybody by id: others a little in the past, where they are known to have been; oneself already moved by the input. */
  readonly players: { readonly [id: string]: W['playerView'] };
  readonly entities: WorldView<W>['entities'];
  /** With what one's own moves do to it. */
  readonly shared: W['sharedView'];
  /** Oneself, with what only oneself sees; null while watching. */
  readonly me: W['me'] | null;
}

/** How well the network does. */
export interface WorldHealth {
  /** Times that the authority put one's own player elsewhere than predicted: what moves (`t.fixed`, `t.angle`) was not there. */
  readonly corrections: number;
  /** Times that the stream was broken, and a snapshot had to mend it. */
  readonly resyncs: number;
  /** Milliseconds; null before it is known. */
  readonly roundTripMs: number | null;
  /** How far behind the authority others are drawn, ms. */
  readonly delayMs: number;
  /** Of all states so far, as they came: without the envelope around them. */
  readonly receivedBytes: number;
}

/** A world that one has entered. It follows over reconnects until `leave`, `detach` or its own end. */
export interface WorldMatch<W extends WorldTypes> {
  readonly id: string;
  readonly game: World<W>;
  /** One's own player; null while watching. */
  readonly player: string | null;
  /** The newest state that the authority has told. */
  readonly view: WorldView<W>;
  readonly status: WorldStatus;
  readonly health: WorldHealth;
  /** What to draw now. To be called for every picture. */
  frame(): Frame<W>;
  /**
   * What one's player does from now on, until something else is said. Out of range it is clamped. Of several pages of one
   * player the last that was entered, or that has begun to do something, steers.
   */
  input(input: W['input']): void;
  /**
   * Each resolves when `view` shows what became of it. Rejects only when the world is left, or the call fails otherwise. With
   * rules `frame()` shows at once what can be known of it here, and takes it back when it is refused.
   */
  readonly moves: MoveCalls<W['calls'], Promise<Outcome<W['errorViews']>>>;
  /** What has happened; of one's own moves what is predicted, and then not again. */
  on<K extends keyof W['eventViews']>(event: K, listener: (data: W['eventViews'][K]) => void): Off;
  /** Every new state of the authority. */
  onView(listener: (view: WorldView<W>) => void): Off;
  onStatus(listener: (status: WorldStatus) => void): Off;
  onGone(listener: (gone: Gone<FrameworkCode>) => void): Off;
  /** Takes one's player out of the world. Then as `detach`. */
  leave(): Promise<void>;
  /** Stops following; one's player stays for a while. */
  detach(): void;
}

/** A world entered with its rules. */
export interface PredictedWorldMatch<W extends WorldTypes> extends WorldMatch<W> {
  /** What the rules think of a move, without making it. */
  readonly check: MoveCalls<W['calls'], Verdict<W['errorViews']>>;
}

/** The handle of a world that is followed. Without rules `check` is missing. */
export function worldMatchOf<W extends WorldTypes>(
  id: string,
  game: World<W>,
  following: WorldFollowing,
  clock: ClientClock,
  hasRules: boolean,
): PredictedWorldMatch<W> {
  const uris = game.uris.match(id);
  const byMove = <T>(make: (call: AnyMove) => T) =>
    Object.fromEntries(
      Object.keys(game.schemas.moves).map((move) => [move, (args: object = {}) => make({ move, args })]),
    );
  const match = {
    id,
    game,
    get player() {
      return following.player;
    },
    get view() {
      return following.view;
    },
    get status() {
      return following.status;
    },
    get health() {
      return healthOf(following, game.tick);
    },
    frame: () => frameOf(following, clock.now()),
    input: (input: object) => following.steering?.hold(input),
    moves: byMove((call) => following.play(call)),
    ...(hasRules && { check: byMove((call) => checked(following, call)) }),
    on: (event: string, listener: (data: unknown) => void) =>
      following.happenings.add((happening) => happening.event === event && listener(happening.data)),
    onView: (listener: (view: unknown) => void) => following.views.add(listener),
    onStatus: (listener: (status: WorldStatus) => void) => following.statuses.add(listener),
    onGone: (listener: (gone: Gone) => void) =>
      following.statuses.add((status) => status.state === 'gone' && !isParting(status) && listener(status)),
    async leave() {
      if (following.status.state === 'gone') return;
      try {
        await following.requests.ask(uris.leave);
      } catch (error) {
        if (!(error instanceof MatchGoneError)) throw error;
      }
      following.end({ state: 'gone', reason: 'left', message: 'You have left the match.' });
    },
    detach: () =>
      following.end({ state: 'gone', reason: 'detached', message: 'The page no longer follows the match.' }),
  };
  // The one place that gives names and views their types: by the world, whose schemas the authority obeys.
  return match as unknown as PredictedWorldMatch<W>;
}

const isParting = ({ reason }: Gone): boolean => reason === 'left' || reason === 'detached' || reason === 'closed';

function checked(following: WorldFollowing, call: AnyMove): AnyVerdict {
  const { version } = following.view;
  if (following.player === null) return { ok: false, error: refusal('no_seat', {}, version) };
  const foreseen = following.foresee(call);
  if (foreseen.ok === 'unknown') return foreseen;
  return foreseen.ok ? { ok: true, version: version + 1 } : { ok: false, error: { ...foreseen.error, version } };
}

function frameOf(following: WorldFollowing, now: number) {
  const { view, player, steering } = following;
  const shown = following.drawn(now);
  const own = player === null ? null : steering?.isSteering ? steering.at(now) : shown.players[player];
  const me = player === null ? null : (own ?? view.me);
  const players = player !== null && me ? { ...shown.players, [player]: me } : shown.players;
  return { ...shown, players, shared: steering?.shared ?? view.shared, me };
}

const healthOf = (following: WorldFollowing, tick: number): WorldHealth => ({
  corrections: following.corrections,
  resyncs: following.resyncs,
  receivedBytes: following.receivedBytes,
  roundTripMs: following.serverClock.roundTripMs,
  delayMs: (following.past.delay * 1000) / tick,
});
