/**
 * A client's own player, ahead of the authority: inputs that have not been taken yet are run on top of what it confirmed,
 * by the same `step`. What the rules would need and a client does not have (hidden fields) ends the prediction: then the
 * player stands as confirmed.
 */
import { copyOf } from '../schema/copy.ts';
import { diff } from '../sync/delta.ts';
import { sanitized } from './input.ts';
import { fieldsOf } from './world-codecs.ts';
import { settler, type Settle } from './settle.ts';
import type { AnyWorld } from './world.ts';
import type { WorldBehaviour } from './world-rules.ts';

interface Pending {
  readonly number: number;
  readonly input: object;
  /** The player after this input, as predicted. */
  me: object | null;
}

export class Prediction {
  readonly #game: AnyWorld;
  readonly #rules: WorldBehaviour | null;
  readonly #options: unknown;
  readonly #settle: Settle;
  readonly #concealed: readonly string[];
  #confirmed: object | null = null;
  #shared: unknown = {};
  #pending: Pending[] = [];
  #last = 0;
  #corrections = 0;

  /** @param rules null: nothing is predicted. @param options of the match. */
  constructor(game: AnyWorld, rules: WorldBehaviour | null, options: unknown) {
    const fields = fieldsOf(game.schemas.player);
    this.#game = game;
    this.#rules = rules;
    this.#options = options;
    this.#concealed = Object.keys(fields).filter((key) => fields[key]!.who === 'hidden');
    this.#settle = settler(game.schemas.player, 'view');
  }

  /** The player as predicted; null until something has been confirmed. */
  get me(): object | null {
    return this.#pending.at(-1)?.me ?? this.#confirmed;
  }
  /** How often the authority has said otherwise than predicted. */
  get corrections(): number {
    return this.#corrections;
  }
  /** Inputs that the authority has not taken yet, oldest first; the last has the number `last`. */
  get pending(): readonly object[] {
    return this.#pending.map(({ input }) => input);
  }
  get last(): number {
    return this.#last;
  }

  /** One more input, for the tick that begins now. */
  input(given: object): void {
    const input = this.#sanitized(given);
    this.#last += 1;
    this.#pending.push({ number: this.#last, input, me: this.#stepped(this.me, input) });
  }

  /** The player as it would be after an input that has not been given yet; null where that cannot be known. */
  ahead(given: object): object | null {
    return this.#stepped(this.me, this.#sanitized(given));
  }

  /**
   * The authority's word.
   * @param taken number of the last input that is in it.
   * @returns whether it was not as predicted, and the player now stands elsewhere.
   */
  confirm(me: object, taken: number, shared: unknown): boolean {
    const stood = this.me;
    const known = this.#pending.find(({ number }) => number === taken);
    const expected = known ? known.me : this.#confirmed;
    const isSameWorld = shared === this.#shared;
    this.#pending = this.#pending.filter(({ number }) => number > taken);
    this.#confirmed = me;
    this.#shared = shared;
    if (expected !== null && isSameWorld && isSame(me, expected)) return false;
    let now: object | null = me;
    for (const one of this.#pending) one.me = now = this.#stepped(now, one.input);
    const isCorrected = expected !== null && stood !== null && !isSame(this.me ?? me, stood);
    if (isCorrected) this.#corrections += 1;
    return isCorrected;
  }

  /** All starts anew, as in a new session; numbers too. */
  restart(): void {
    this.#pending = [];
    this.#last = 0;
    this.#confirmed = null;
  }

  #sanitized(given: object): object {
    const { schemas, idle } = this.#game;
    return sanitized(fieldsOf(schemas.input), idle, given);
  }

  /** null: the rules failed, or wanted what is not known here. */
  #stepped(from: object | null, input: object): object | null {
    if (from === null || !this.#rules) return null;
    const me = copyOf(from);
    for (const key of this.#concealed) Object.defineProperty(me, key, { get: cannotKnow, set: cannotKnow });
    try {
      this.#rules.step(me, input, { dt: 1 / this.#game.tick, options: this.#options, shared: this.#shared });
      return this.#settle(me, from, 'me') as object;
    } catch {
      return null;
    }
  }
}

const isSame = (a: object, b: object): boolean => diff(a, b) === undefined;

function cannotKnow(): never {
  throw new Error('this is hidden from clients');
}
