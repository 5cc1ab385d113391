/** What a bot in a world holds: it is asked, now and then, and goes on with its last answer until there is another. */
import type { Random } from '../game/random.ts';
import type { Happening } from '../sync/change.ts';
import type { Clock } from '../wamp/clock.ts';
import { sanitized } from '../world/input.ts';
import { fieldsOf } from '../world/world-codecs.ts';
import type { AnyWorldView } from '../world/world-view.ts';
import type { AnyWorld } from '../world/world.ts';
import type { AnyMoves } from './bot-moves.ts';
import { patiently, turnIsOver } from './patiently.ts';

/** What a bot is asked with in a world, its game unknown to the compiler. */
export interface AnyWorldTurn {
  readonly view: AnyWorldView;
  readonly me: unknown;
  readonly player: string;
  readonly events: readonly Happening[];
  readonly options: unknown;
  readonly moves: AnyMoves;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface HelmSetup {
  readonly game: AnyWorld;
  steer(turn: AnyWorldTurn): unknown;
  /** Ticks from one question to the next. */
  readonly every: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly patienceMs: number;
}

export class Helm {
  readonly #with: HelmSetup;
  readonly #report: (cause: unknown) => void;
  #input: object;
  /** The question that is open. */
  #turn: AbortController | null = null;
  /** The tick of the last question. */
  #asked = -Infinity;
  /** Since then. */
  #events: Happening[] = [];
  /** What failed the last time: a fault that comes with every question is reported once. */
  #failure: string | null = null;

  /** @param report hears why it stands still. */
  constructor(setup: HelmSetup, report: (cause: unknown) => void) {
    this.#with = setup;
    this.#report = report;
    this.#input = setup.game.idle;
  }

  get input(): object {
    return this.#input;
  }

  heard(events: readonly Happening[]): void {
    this.#events.push(...events);
  }

  /** Asks, if it is time to, and the last question is answered. */
  ask(given: Pick<AnyWorldTurn, 'view' | 'player' | 'options' | 'moves'>): void {
    const { steer, every, clock, random, patienceMs } = this.#with;
    const { view } = given;
    if (this.#turn || view.tick - this.#asked < every) return;
    const turn = new AbortController();
    this.#turn = turn;
    this.#asked = view.tick;
    const events = this.#events.splice(0);
    try {
      const answer = steer({ ...given, me: view.me, events, clock, random, signal: turn.signal });
      if (!(answer instanceof Promise)) return this.#answered(answer);
      patiently(turn, { clock, patienceMs }, () => answer).then(
        (input) => this.#turn === turn && this.#answered(input),
        (cause: unknown) => this.#turn === turn && this.#failed(cause),
      );
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /** Nobody waits for an answer any more; the next question comes with the next tick. */
  interrupt(): void {
    this.#turn?.abort(turnIsOver);
    this.#turn = null;
    this.#asked = -Infinity;
  }

  #answered(input: unknown): void {
    if (typeof input !== 'object')
      return this.#failed(new Error(`a bot answers an input, or null to go on, not a value of type ${typeof input}`));
    const { schemas, idle } = this.#with.game;
    if (input !== null) this.#input = sanitized(fieldsOf(schemas.input), idle, input);
    this.#turn = null;
    this.#failure = null;
  }

  /** It stands still, rather than run on blindly. */
  #failed(cause: unknown): void {
    this.#turn = null;
    this.#input = this.#with.game.idle;
    if (String(cause) === this.#failure) return;
    this.#failure = String(cause);
    this.#report(cause);
  }
}
