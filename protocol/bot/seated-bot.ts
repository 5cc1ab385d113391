/** A bot in one seat of one match. It does what a person could do, by the same procedures, and leaves nobody waiting. */
import type { AnyRules } from '../game/game.ts';
import { legal } from '../game/play.ts';
import type { AnyMove } from '../game/position.ts';
import type { Random } from '../game/random.ts';
import { rejectionOf, type AnyRejection } from '../game/rejection.ts';
import type { MatchResult } from '../game/rules.ts';
import { positionOf, type AnyView } from '../game/view.ts';
import { pause, type Clock } from '../wamp/clock.ts';
import { randomId } from '../wamp/ids.ts';
import type { Session } from '../wamp/session.ts';
import { FollowedMatch, fromAuthority } from './followed-match.ts';
import { patiently, turnIsOver } from './patiently.ts';
import { whenEnded } from './session-end.ts';

/** What a bot is asked with whenever it is to act, its game unknown to the compiler. */
export interface AnyBotTurn {
  readonly view: AnyView;
  readonly seat: number;
  readonly legal: readonly AnyMove[];
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface SeatedBotSetup {
  readonly rules: AnyRules;
  think(turn: AnyBotTurn): AnyMove | Promise<AnyMove>;
  readonly session: Session;
  readonly match: string;
  readonly seat?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  report(what: string, cause: unknown): void;
  readonly patienceMs: number;
  /** null: for ever. */
  readonly lingerMs: number | null;
  readonly rematch: boolean;
}

/** Refusals in a row after which it gives the seat up. */
const mostRefusals = 3;

export class SeatedBot {
  /** How the match ended; null: it was left, or the session is gone. */
  readonly done: Promise<MatchResult | null>;
  readonly #with: SeatedBotSetup;
  readonly #match: FollowedMatch;
  /** Lets the session forget it. */
  readonly #forget: () => void;
  #finish!: (result: MatchResult | null) => void;
  /** What it is thinking about. */
  #turn: AbortController | null = null;
  #isActing = false;
  #isGone = false;
  /** Version of its latest move. */
  #moved = 0;
  #refusals = 0;
  #isAtFault = false;
  #lonely: unknown = null;

  constructor(setup: SeatedBotSetup) {
    this.#with = setup;
    const { session, rules, match, seat } = setup;
    this.#match = new FollowedMatch({
      session,
      rules,
      match,
      seat,
      onView: () => this.#look(),
      onLost: (cause) => this.#inBackground(Promise.reject(cause)),
    });
    this.done = new Promise((resolve) => (this.#finish = resolve));
    this.#forget = whenEnded(session, () => this.#stop());
  }

  get seat(): number {
    return this.#match.seat;
  }
  get view(): AnyView {
    return this.#match.view;
  }

  /** Takes the seat, and plays until the end. @throws CallError when it does not get the seat. */
  async sit(): Promise<void> {
    try {
      await this.#match.join();
    } catch (error) {
      this.#stop();
      throw error;
    }
    this.#look();
  }

  /** Gives the seat up. */
  async leave(): Promise<void> {
    if (this.#isGone) return;
    this.#stop();
    await this.#with.session.call(this.#match.uris.leave);
  }

  /** Does what the view asks for. */
  #look(): void {
    if (this.#isGone) return;
    const { result, rematch } = this.view;
    this.#minds();
    if (!this.#isToAct) this.#turn?.abort(turnIsOver);
    if (!result) {
      this.#inBackground(this.#answerOffers());
      return this.#inBackground(this.#act());
    }
    this.#finish(result);
    if (!this.#with.rematch) this.#inBackground(this.leave());
    else if (rematch.match !== null) this.#inBackground(this.#follow(rematch.match));
    else if (rematch.wantedBy.length > 0 && !rematch.wantedBy.includes(this.seat))
      this.#inBackground(this.#acceptRematch());
  }

  /** Whether anybody else is here. */
  #minds(): void {
    const { clock, lingerMs } = this.#with;
    if (lingerMs === null) return;
    const company = this.view.seats.some(({ connected }, seat) => seat !== this.seat && connected);
    if (company) {
      clock.clearTimeout(this.#lonely);
      this.#lonely = null;
    } else {
      this.#lonely ??= clock.setTimeout(() => this.#inBackground(this.leave()), lingerMs);
    }
  }

  async #act(): Promise<void> {
    if (this.#isActing) return;
    this.#isActing = true;
    try {
      while (this.#isToAct) await this.#move();
    } finally {
      this.#isActing = false;
    }
  }

  /** The answer to its own move may come before the view shows it. */
  get #isToAct(): boolean {
    const { version, toAct } = this.view;
    return !this.#isGone && !this.#match.isBehind && version >= this.#moved && toAct.includes(this.seat);
  }

  async #move(): Promise<void> {
    const { view } = this;
    const call = await this.#decide(view);
    if (!call || !this.#isToAct) return;
    const { move, args } = call;
    try {
      const { uris } = this.#match;
      const kwargs = { id: randomId().toString(36), seen: view.version };
      const answer = await this.#with.session.call(uris.move(move), [{ ...args }], kwargs);
      this.#moved = fromAuthority<{ version: number }>(answer.args[0]).version;
      this.#refusals = 0;
      this.#isAtFault = false;
    } catch (error) {
      const rejection = rejectionOf(error);
      if (!rejection || rejection.code === 'no_such_match') throw error;
      await this.#refused(rejection, move, view.version);
    }
  }

  /** @param seen the version on which it has decided: what has been overtaken since was no mistake. */
  async #refused({ code, message, details, version }: AnyRejection, move: string, seen: number): Promise<void> {
    if (code === 'over') return;
    if ('retryAfterMs' in details) return pause(this.#with.clock, Number(details.retryAfterMs));
    this.#refusals += 1;
    if (this.#refusals >= mostRefusals) throw new Error(`its move ${move} was refused again: ${message}`);
    if (version <= seen) {
      this.#isAtFault = true;
      this.#report(`its move ${move} was refused, so it moves by chance`, new Error(message));
    }
    await this.#match.resync();
  }

  /** What it thinks best; by chance where that fails, so that nobody waits for ever. null: the turn is over otherwise. */
  async #decide(view: AnyView): Promise<AnyMove | null> {
    if (this.#isAtFault) return this.#any(view);
    const turn = new AbortController();
    this.#turn = turn;
    try {
      return checked(await patiently(turn, this.#with, async () => this.#with.think(this.#asked(view, turn.signal))));
    } catch (cause) {
      if (turn.signal.reason === turnIsOver) return null;
      this.#report('it moves by chance', cause);
      return this.#any(view);
    } finally {
      this.#turn = null;
    }
  }

  #asked(view: AnyView, signal: AbortSignal): AnyBotTurn {
    const { clock, random } = this.#with;
    const listed = () => this.#legal(view);
    return {
      view,
      seat: this.seat,
      get legal() {
        return listed();
      },
      clock,
      random,
      signal,
    };
  }

  #legal(view: AnyView): readonly AnyMove[] {
    return legal(this.#with.rules, positionOf(view), this.seat);
  }

  #any(view: AnyView): AnyMove {
    const moves = this.#legal(view);
    if (moves.length === 0) throw new Error('the rules list no legal move');
    return this.#with.random.pick(moves);
  }

  /** It lets others take moves back, and plays on for the win. */
  async #answerOffers(): Promise<void> {
    for (const { what, wantedBy } of this.view.offers) {
      if (wantedBy.includes(this.seat)) continue;
      const answer = { what, accept: what === 'takeback' };
      await this.#with.session.call(this.#match.uris.answer, [], answer).catch((error: unknown) => {
        if (!rejectionOf(error)) throw error; // refused: it has been withdrawn meanwhile
      });
    }
  }

  async #acceptRematch(): Promise<void> {
    await this.#with.session.call(this.#match.uris.answer, [], { what: 'rematch', accept: true });
  }

  async #follow(match: string): Promise<void> {
    this.#stop();
    await new SeatedBot({ ...this.#with, match, seat: undefined })
      .sit()
      .catch((cause: unknown) => this.#report('it did not come to the rematch', cause));
  }

  #stop(): void {
    this.#isGone = true;
    this.#forget();
    this.#turn?.abort(turnIsOver);
    this.#with.clock.clearTimeout(this.#lonely);
    this.#match.stop();
    this.#finish(null);
  }

  /** What fails here fails for good: the seat is given up, so that the others are not left waiting. */
  #inBackground(work: Promise<void>): void {
    work.catch(async (cause: unknown) => {
      if (this.#isGone) return;
      this.#stop();
      if (rejectionOf(cause)?.code === 'no_such_match') return;
      this.#report(`it gives up seat ${this.seat}`, cause);
      await this.#with.session.call(this.#match.uris.leave).catch(() => {}); // the match may be gone
    });
  }

  #report(what: string, cause: unknown): void {
    const { match, rules, report } = this.#with;
    report(`bot in match ${match} of ${rules.game.name}: ${what}`, cause);
  }
}

/** Not every bot is written where a compiler looks. */
function checked(answer: AnyMove): AnyMove {
  const given: Partial<AnyMove> | undefined = answer;
  if (typeof given?.move === 'string' && typeof given.args === 'object') return answer;
  throw new Error(`a bot answers { move, args }, not ${JSON.stringify(answer)}`);
}
