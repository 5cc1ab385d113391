/** A computer opponent in one seat of one match. It does what a person could do, by the same procedures. */
import { randomUUID } from 'node:crypto';
import {
  Follower,
  legal,
  positionOf,
  rejectionOf,
  type AnyMove,
  type AnyRejection,
  type AnyRules,
  type AnyView,
  type Change,
  type Clock,
  type MatchUris,
  type Position,
  type Session,
  type Subscription,
} from '../../protocol/index.ts';
import type { Log } from '../authority/index.ts';
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

/** What all computer opponents of a process share. */
export interface BotSurroundings {
  readonly session: Session;
  readonly choose: Choose;
  readonly clock: Clock;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  readonly log: Log;
}

/** Where it plays. Without a seat it takes the one that is kept for it. */
export interface Place {
  readonly rules: AnyRules;
  readonly match: string;
  readonly seat?: number;
}

/** Takes the seat, and plays until the end; then it accepts a rematch. @throws CallError when it does not get the seat. */
export async function playAsBot(surroundings: BotSurroundings, place: Place): Promise<void> {
  const bot = new Bot(surroundings, place);
  await bot.sit();
}

/** Refusals in a row after which it gives the seat up. */
const mostRefusals = 3;

class Bot {
  readonly #with: BotSurroundings;
  readonly #place: Place;
  readonly #uris: MatchUris;
  #subscription: Subscription | null = null;
  #follower: Follower<AnyView> | null = null;
  #seat = 0;
  /** Changes that came before the view. */
  readonly #early: Change[] = [];
  #isActing = false;
  #isResyncing = false;
  #isGone = false;
  /** Version of its latest move. */
  #moved = 0;
  #refusals = 0;
  #lonely: unknown = null;

  constructor(surroundings: BotSurroundings, place: Place) {
    this.#with = surroundings;
    this.#place = place;
    this.#uris = place.rules.game.uris.match(place.match);
    void surroundings.session.closed.then(() => this.#stop());
  }

  /** Subscribes before it joins, so that no change falls between the two. */
  async sit(): Promise<void> {
    const { session } = this.#with;
    const { rules, seat } = this.#place;
    this.#subscription = await session.subscribe(this.#uris.state.json, ({ args: [change] }) =>
      this.#hear(fromAuthority<Change>(change)),
    );
    const wanted = { form: 'json', fingerprint: rules.game.fingerprint, ...(seat === undefined ? {} : { seat }) };
    try {
      const { args } = await session.call(this.#uris.join, [], wanted);
      const joined = fromAuthority<{ seat: number; view: AnyView }>(args[0]);
      this.#seat = joined.seat;
      this.#follower = new Follower(joined.view);
    } catch (error) {
      this.#stop();
      throw error;
    }
    for (const change of this.#early.splice(0)) this.#hear(change);
    this.#look();
  }

  get #view(): AnyView {
    return this.#follower!.view;
  }

  #hear(change: Change): void {
    if (!this.#follower) this.#early.push(change);
    else if (this.#follower.accept(change) === 'lost') this.#inBackground(this.#resync());
    else this.#look();
  }

  async #resync(): Promise<void> {
    if (this.#isResyncing) return;
    this.#isResyncing = true;
    try {
      const { args } = await this.#with.session.call(this.#uris.sync, [], { form: 'json' });
      this.#follower!.reset(fromAuthority<{ view: AnyView }>(args[0]).view);
    } finally {
      this.#isResyncing = false;
    }
    this.#look();
  }

  /** Does what the view asks for. */
  #look(): void {
    if (this.#isGone) return;
    const { result, rematch } = this.#view;
    this.#minds();
    if (rematch.match !== null) this.#inBackground(this.#follow(rematch.match));
    else if (!result) {
      this.#inBackground(this.#answerOffers());
      this.#inBackground(this.#act());
    } else if (rematch.wantedBy.length > 0 && !rematch.wantedBy.includes(this.#seat))
      this.#inBackground(this.#acceptRematch());
  }

  /** Whether anybody else is here. */
  #minds(): void {
    const { clock } = this.#with;
    const company = this.#view.seats.some(({ connected }, seat) => seat !== this.#seat && connected);
    if (company) {
      clock.clearTimeout(this.#lonely);
      this.#lonely = null;
    } else {
      this.#lonely ??= clock.setTimeout(() => this.#inBackground(this.#leave()), botWaits.lingerMs);
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
    return (
      !this.#isGone && !this.#isResyncing && this.#view.version >= this.#moved && this.#view.toAct.includes(this.#seat)
    );
  }

  async #move(): Promise<void> {
    const view = this.#view;
    const { move, args } = await this.#decide(view);
    if (!this.#isToAct) return;
    try {
      const answer = await this.#with.session.call(this.#uris.move(move), [{ ...args }], {
        id: randomUUID(),
        seen: view.version,
      });
      this.#moved = fromAuthority<{ version: number }>(answer.args[0]).version;
      this.#refusals = 0;
    } catch (error) {
      const rejection = rejectionOf(error);
      if (!rejection || rejection.code === 'no_such_match') throw error;
      await this.#refused(rejection, move);
    }
  }

  async #refused({ code, message, details }: AnyRejection, move: string): Promise<void> {
    this.#refusals += 1;
    if (code === 'over') return;
    if ('retryAfterMs' in details) return this.#pause(Number(details.retryAfterMs));
    if (this.#refusals >= mostRefusals) throw new Error(`its move ${move} was refused again: ${message}`);
    await this.#resync();
  }

  /** By search, or where that fails by chance, so that nobody waits for ever. */
  async #decide(view: AnyView): Promise<AnyMove> {
    const { choose, random, log } = this.#with;
    const { rules, match } = this.#place;
    const others = view.toAct.filter((seat) => seat !== this.#seat);
    const position = { ...positionOf(view, this.#seed()), toAct: [this.#seat, ...others] };
    const noticed = this.#pause(botWaits.leastThinkingMs + random() * botWaits.moreThinkingMs);
    const found =
      this.#refusals > 0 ? this.#any(position) : choose({ game: rules.game.name, position, seed: this.#seed() });
    const [move] = await Promise.all([
      found.catch((cause: unknown) => {
        if (!this.#isGone) log(`match ${match} of ${rules.game.name}: the computer moves by chance`, cause);
        return this.#any(position);
      }),
      noticed,
    ]);
    return move;
  }

  async #any(position: Position): Promise<AnyMove> {
    const moves = legal(this.#place.rules, position, this.#seat);
    const move = moves[Math.floor(this.#with.random() * moves.length)];
    if (!move) throw new Error('the rules list no legal move');
    return move;
  }

  /** It lets others take moves back, and plays on for the win. */
  async #answerOffers(): Promise<void> {
    for (const { what, wantedBy } of this.#view.offers) {
      if (wantedBy.includes(this.#seat)) continue;
      const answer = { what, accept: what === 'takeback' };
      await this.#with.session.call(this.#uris.answer, [], answer).catch((error: unknown) => {
        if (!rejectionOf(error)) throw error; // refused: it has been withdrawn meanwhile
      });
    }
  }

  async #acceptRematch(): Promise<void> {
    await this.#with.session.call(this.#uris.answer, [], { what: 'rematch', accept: true });
  }

  async #follow(match: string): Promise<void> {
    this.#stop();
    const { rules } = this.#place;
    const failed = (cause: unknown) =>
      this.#with.log(`match ${match} of ${rules.game.name}: the computer did not come to the rematch`, cause);
    await playAsBot(this.#with, { rules, match }).catch(failed);
  }

  async #leave(): Promise<void> {
    this.#stop();
    await this.#with.session.call(this.#uris.leave);
  }

  #stop(): void {
    this.#isGone = true;
    this.#with.clock.clearTimeout(this.#lonely);
    this.#subscription?.unsubscribe().catch(() => {}); // it fails only with its session, and is gone then
    this.#subscription = null;
  }

  /** What fails here fails for good: the seat is given up, so that the others are not left waiting. */
  #inBackground(work: Promise<void>): void {
    work.catch(async (cause: unknown) => {
      if (this.#isGone) return;
      this.#stop();
      const { log, session } = this.#with;
      if (rejectionOf(cause)?.code === 'no_such_match') return;
      log(`match ${this.#place.match}: the computer gives up seat ${this.#seat}`, cause);
      await session.call(this.#uris.leave).catch(() => {}); // the match may be gone
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#with.clock.setTimeout(resolve, ms));
  }

  #seed(): number {
    return Math.floor(this.#with.random() * 2 ** 32);
  }
}

/** The one cast: only authorities can answer these calls and publish on these topics. */
const fromAuthority = <T>(value: unknown): T => value as T;
