/** One's own player: the input that is held now, a tick at a time, sent to the authority and shown at once. */
import {
  betweener,
  diff,
  motionOf,
  Prediction,
  type AnyWorld,
  type AnyWorldRules,
  type Between,
} from '../../protocol/index.ts';
import type { ClientClock } from '../connection/surroundings.ts';

/** Ticks that are made up for after a pause: a page in the background is woken only now and then. */
const mostAtOnce = 5;
/** Inputs that are sent again with a new one, in case it was lost with a connection; and those that may wait for an answer. */
const repeated = 3;
const longestPending = 120;
/** Later in a tick another input waits for the next one, or it would have to jump. */
const latestPart = 0.5;
/** In this time half of a correction is taken in, ms. */
const halfMs = 60;

export interface SteeringSetup {
  readonly game: AnyWorld;
  /** Without them nothing is predicted: the player is shown as the authority has it. */
  readonly rules: AnyWorldRules | undefined;
  readonly options: unknown;
  readonly clock: ClientClock;
  /** Sends inputs, the newest last: `last` is its number. */
  send(last: number, inputs: readonly object[]): void;
}

export class Steering {
  readonly #setup: SteeringSetup;
  readonly #prediction: Prediction;
  readonly #between: Between;
  /** The fields that move. */
  readonly #moving: readonly string[];
  readonly #periodMs: number;
  /** What is held, and what the tick under way is shown with. */
  #input: object;
  #shown: object;
  /** From where the tick under way is shown: since `part` of it, because another input is held since then. */
  #from: { readonly me: object; readonly part: number } | null = null;
  #due = 0;
  #timer: unknown = null;
  #corrections = 0;
  /** What a correction would jump over, and since when it is being taken in. */
  #jump: { readonly from: object; readonly to: object; readonly since: number } | null = null;

  constructor(setup: SteeringSetup) {
    this.#setup = setup;
    this.#prediction = new Prediction(setup.game, setup.rules?.world ?? null, setup.options);
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
  /** Inputs that the authority has not taken yet. */
  get pending(): number {
    return this.#prediction.pending.length;
  }

  /** What is held from now on. It shows at once, or where the tick is nearly over, with the next one. */
  hold(input: object): void {
    this.#input = input;
    const now = this.#setup.clock.now();
    const part = this.#part(now);
    const me = this.#ahead(now);
    if (part > latestPart || !me || diff(input, this.#shown) === undefined) return;
    this.#from = { me, part };
    this.#shown = input;
  }

  /** In a new session all starts anew. */
  restart(): void {
    this.stop();
    this.#prediction.restart();
    this.#jump = null;
    this.#from = null;
    this.#due = this.#setup.clock.now() + this.#periodMs;
    this.#wait();
  }

  stop(): void {
    this.#setup.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** @param taken number of the last input that is in what the authority says. */
  confirm(me: object, taken: number, shared: unknown): void {
    const now = this.#setup.clock.now();
    const [shown, stood] = [this.at(now), this.#prediction.me];
    if (!this.#prediction.confirm(me, taken, shared)) return;
    const stands = this.#prediction.me;
    if (!shown || !stood || !stands || !this.#isElsewhere(stood, stands)) return;
    this.#corrections += 1;
    this.#jump = { from: shown, to: this.#ahead(now) ?? stands, since: now };
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
    const from = this.#from ?? { me, part: 0 };
    return this.#between(from.me, next, (this.#part(now) - from.part) / (1 - from.part));
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
    if (this.#prediction.pending.length >= longestPending) return; // nobody takes them: another tab steers, or the world stands
    this.#prediction.input(this.#shown);
    this.#shown = this.#input;
    this.#from = null;
    const { last, pending } = this.#prediction;
    this.#setup.send(last, pending.slice(-repeated));
  }
}

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
