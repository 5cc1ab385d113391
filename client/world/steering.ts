/** One's own player: the input that is held now, a tick at a time, and moves; sent to the authority and shown at once. */
import {
  betweener,
  diff,
  isIdle,
  motionOf,
  Prediction,
  type AnyMove,
  type AnyWorld,
  type AnyWorldRules,
  type AnyWorldView,
  type Between,
  type Foreseen,
  type Happening,
  type SeenWorld,
  type Taken,
} from '../../protocol/index.ts';
import type { ClientClock } from '../connection/surroundings.ts';
import { OwnMoves } from './own-moves.ts';

/** Ticks that are made up for after a pause: a page in the background is woken only now and then. */
const mostAtOnce = 5;
/** Inputs that are sent again with a new one, in case it was lost with a connection; and those that may wait for an answer. */
const repeated = 3;
const longestPending = 120;
/** Later in a tick another input waits for the next one, or it would have to jump. */
const latestPart = 0.5;
/** In this time half of a correction is taken in, ms. */
const halfMs = 60;

/** Who steers: this page; this page, once the authority has heard of it; another page of the same player. */
type Wheel = 'ours' | 'asked' | 'theirs';

export interface SteeringSetup {
  readonly game: AnyWorld;
  /** Without them nothing is predicted: the player is shown as the authority has it. */
  readonly rules: AnyWorldRules | undefined;
  readonly options: unknown;
  readonly clock: ClientClock;
  /** Sends inputs, the newest last: `last` is its number. */
  send(last: number, inputs: readonly object[]): void;
  /** `isSteering` is another one now. */
  passed(): void;
}

export class Steering {
  readonly #setup: SteeringSetup;
  readonly #prediction: Prediction;
  readonly #moves = new OwnMoves();
  readonly #between: Between;
  /** The fields that move. */
  readonly #moving: readonly string[];
  readonly #periodMs: number;
  /** What is held, and what the tick under way is shown with. */
  #input: object;
  #shown: object;
  /** From where the tick under way is shown: since `part` of it, because another input is held since then. */
  #from: { readonly moving: object; readonly part: number } | null = null;
  #wheel: Wheel = 'theirs';
  #due = 0;
  #timer: unknown = null;
  #corrections = 0;
  /** What a correction would jump over, and since when it is being taken in. */
  #jump: { readonly from: object; readonly to: object; readonly since: number } | null = null;

  constructor(setup: SteeringSetup) {
    this.#setup = setup;
    this.#prediction = new Prediction(setup.game, setup.rules ?? null, setup.options);
    const { structure } = setup.game.schemas.player;
    this.#between = betweener(setup.game.schemas.player);
    this.#moving = Object.entries(structure.kind === 'object' ? structure.fields : {})
      .filter(([, type]) => motionOf(type) !== 'step')
      .map(([key]) => key);
    this.#periodMs = 1000 / setup.game.tick;
    this.#input = setup.game.idle;
    this.#shown = this.#input;
  }

  /** How often the authority has put the player elsewhere than predicted. */
  get corrections(): number {
    return this.#corrections;
  }
  /** What is shared, with what one's own moves do to it; null until something has been confirmed. */
  get shared(): unknown {
    return this.#prediction.seen?.shared ?? null;
  }

  /** Whether what is held here is what one's player does. */
  get isSteering(): boolean {
    return this.#wheel !== 'theirs';
  }

  /** What is held now. */
  get held(): object {
    return this.#input;
  }

  /** What is held from now on. It shows at once, or where the tick is nearly over, with the next one. */
  hold(input: object): void {
    const isOther = diff(input, this.#input) !== undefined;
    this.#input = input;
    if (this.#wheel === 'theirs') {
      if (isOther && !isIdle(this.#setup.game, input)) this.#turn('asked');
      return;
    }
    const now = this.#setup.clock.now();
    const part = this.#part(now);
    const me = this.#ahead(now);
    if (part > latestPart || !me || diff(input, this.#shown) === undefined) return;
    this.#from = { moving: this.#movingOf(me), part };
    this.#shown = input;
  }

  /** What a move would come to. @param drawn the players as they are drawn now. */
  foresee(call: AnyMove, drawn: SeenWorld['players']): Foreseen {
    return this.#prediction.foresee(call, drawn);
  }

  /**
   * Shows a move, if it can be foreseen, and this page steers: of others the authority does not say which moves are in a state.
   * @param number of the move: each has a higher one. @param drawn the players as they are drawn now.
   * @returns what is to be told of it now.
   */
  move(number: number, call: AnyMove, drawn: SeenWorld['players']): readonly Happening[] {
    if (this.#wheel !== 'ours') return [];
    const { me } = this.#prediction;
    const foreseen = this.#prediction.move(number, call, drawn);
    if (foreseen.ok !== true) return [];
    this.#moves.made(number, foreseen.events);
    if (me && this.#isElsewhere(me, foreseen.seen.me)) this.#from = null;
    return foreseen.events;
  }

  /** A move is answered: where it is not confirmed by now, it is not shown any more. */
  answered(number: number): void {
    this.#moves.refused(number);
    this.#correct(() => this.#prediction.answered(number));
  }

  /** Of what has happened up to a move of one's own, what has not been told before. */
  untold(happened: readonly Happening[], { move }: Taken): readonly Happening[] {
    return this.#moves.untold(happened, move);
  }

  /** Others as they are drawn at a tick, with what one's own moves do to them. */
  over(drawn: Pick<AnyWorldView, 'players' | 'entities'>, tick: number): Pick<AnyWorldView, 'players' | 'entities'> {
    return this.#moves.over(drawn, tick, this.#prediction.moves);
  }

  /** The authority says whether this page steers. */
  steer(isOurs: boolean): void {
    if (isOurs && this.#wheel === 'asked') this.#wheel = 'ours';
    else if (isOurs !== this.isSteering) this.#turn(isOurs ? 'ours' : 'theirs');
  }

  #turn(wheel: Wheel): void {
    this.#wheel = wheel;
    this.stop();
    this.#prediction.restart();
    this.#jump = null;
    this.#from = null;
    this.#shown = this.#input;
    if (wheel !== 'theirs') {
      this.#due = this.#setup.clock.now() + this.#periodMs;
      this.#wait();
    }
    this.#setup.passed();
  }

  stop(): void {
    this.#setup.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** @param taken what is in what the authority says. @param tick whose state it is. */
  confirm(seen: SeenWorld, taken: Taken, tick: number): void {
    const own = this.#wheel === 'ours' ? taken : none; // another page counts for itself
    this.#moves.confirmed(
      this.#prediction.moves.filter(({ number }) => number <= own.move),
      tick,
    );
    this.#correct(() => this.#prediction.confirm(seen, own));
  }

  /** @param learn what puts the player elsewhere, and whether it has: that is taken in softly. */
  #correct(learn: () => boolean): void {
    const now = this.#setup.clock.now();
    const [shown, stood] = [this.at(now), this.#prediction.me];
    if (!learn()) return;
    const stands = this.#prediction.me;
    if (!shown || !stood || !stands || !this.#isElsewhere(stood, stands)) return;
    this.#corrections += 1;
    this.#jump = { from: shown, to: this.#ahead(now) ?? stands, since: now };
  }

  #movingOf(me: object): object {
    return Object.fromEntries(this.#moving.map((key) => [key, (me as Record<string, unknown>)[key]]));
  }

  /** Whether it is more than what was picked up, say, that differs. */
  #isElsewhere(a: object, b: object): boolean {
    return this.#moving.some((key) => (a as Record<string, unknown>)[key] !== (b as Record<string, unknown>)[key]);
  }

  /** One's own player at a time of our clock, ms: as if the input that is held were taken already. */
  at(now: number): object | null {
    const ahead = this.#ahead(now);
    const jump = this.#jump;
    if (!ahead || !jump) return ahead;
    const rest = 0.5 ** ((now - jump.since) / halfMs);
    if (rest < 0.01) this.#jump = null;
    const off = this.#between(jump.to, jump.from, rest) as Record<string, unknown>;
    return shifted(ahead as Record<string, unknown>, jump.to as Record<string, unknown>, off);
  }

  #ahead(now: number): object | null {
    const { me } = this.#prediction;
    if (!me || this.#timer === null) return me;
    const next = this.#prediction.ahead(this.#shown);
    if (!next) return me;
    const from = this.#from ?? { moving: {}, part: 0 };
    return this.#between({ ...me, ...from.moving }, next, (this.#part(now) - from.part) / (1 - from.part));
  }

  /** How much of the tick under way has passed. */
  #part(now: number): number {
    return Math.min(Math.max(1 - (this.#due - now) / this.#periodMs, 0), 1);
  }

  #wait(): void {
    const { clock } = this.#setup;
    this.#timer = clock.setTimeout(() => this.#run(), Math.max(0, this.#due - clock.now()));
  }

  #run(): void {
    const { clock } = this.#setup;
    const late = Math.floor((clock.now() - this.#due) / this.#periodMs) + 1 - mostAtOnce;
    if (late > 0) this.#due += late * this.#periodMs;
    for (; this.#due <= clock.now(); this.#due += this.#periodMs) this.#tick();
    this.#wait();
  }

  #tick(): void {
    if (this.#prediction.pending.length >= longestPending) return; // nobody takes them: the world stands
    this.#prediction.input(this.#shown);
    this.#shown = this.#input;
    this.#from = null;
    const { last, pending } = this.#prediction;
    this.#setup.send(last, pending.slice(-repeated));
  }
}

const none: Taken = { input: 0, move: 0 };

/** What is `off` from `to`, put on top of `of`: numbers that move. */
function shifted(of: Record<string, unknown>, to: Record<string, unknown>, off: Record<string, unknown>): object {
  const made = { ...of };
  for (const [key, value] of Object.entries(of)) {
    const [expected, shown] = [to[key], off[key]];
    if (typeof value === 'number' && typeof expected === 'number' && typeof shown === 'number' && shown !== expected)
      made[key] = value + shown - expected;
  }
  return made;
}
