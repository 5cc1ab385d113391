/**
 * A client's own player, ahead of the authority: inputs and moves that are not in the confirmed state yet are run on top of
 * it, by the same rules. An input of which that cannot be known ends the prediction: then the player stands as confirmed. A
 * move of which it cannot be known, or which the rules refuse here, is left out, and only waits.
 */
import type { AnyMove } from '../game/position.ts';
import { diff } from '../sync/delta.ts';
import { Foresight, type Foreseen, type SeenWorld } from './foresight.ts';
import { sanitized } from './input.ts';
import type { ThingChange } from './seen-things.ts';
import { fieldsOf, type Taken } from './world-codecs.ts';
import type { AnyWorld, AnyWorldRules } from './world.ts';

/** A move that is on its way. */
export interface PendingMove {
  readonly number: number;
  /** What it does to others and to entities. */
  readonly changes: readonly ThingChange[];
}

interface Input {
  readonly type: 'input';
  readonly number: number;
  readonly input: object;
  /** The world after it, as predicted. */
  after: SeenWorld | null;
}
interface Move {
  readonly type: 'move';
  readonly number: number;
  readonly call: AnyMove;
  /** The players that its player looked at; undefined: as they are. */
  readonly drawn: SeenWorld['players'] | undefined;
  changes: readonly ThingChange[];
  after: SeenWorld | null;
}

export class Prediction {
  readonly #game: AnyWorld;
  readonly #foresight: Foresight | null;
  #confirmed: SeenWorld | null = null;
  /** In the order in which they were made. */
  #pending: (Input | Move)[] = [];
  #last = 0;
  #corrections = 0;

  /** @param rules null: nothing is predicted. @param options of the match. */
  constructor(game: AnyWorld, rules: AnyWorldRules | null, options: unknown) {
    this.#game = game;
    this.#foresight = rules && new Foresight(rules, options);
  }

  /** The world as predicted: one's own player, and what is shared; null until something has been confirmed. */
  get seen(): SeenWorld | null {
    return this.#pending.at(-1)?.after ?? this.#confirmed;
  }
  get me(): object | null {
    return this.seen?.me ?? null;
  }
  /** How often the authority has said otherwise than predicted. */
  get corrections(): number {
    return this.#corrections;
  }
  /** Inputs that the authority has not taken yet, oldest first; the last has the number `last`. */
  get pending(): readonly object[] {
    return this.#pending.flatMap((one) => (one.type === 'input' ? [one.input] : []));
  }
  get last(): number {
    return this.#last;
  }
  /** Moves that are predicted, oldest first. */
  get moves(): readonly PendingMove[] {
    return this.#pending.filter((one) => one.type === 'move');
  }

  /** One more input, for the tick that begins now. */
  input(given: object): void {
    const input = this.#sanitized(given);
    this.#last += 1;
    this.#pending.push({ type: 'input', number: this.#last, input, after: this.#stepped(this.seen, input) });
  }

  /** The player as it would be after an input that has not been given yet; null where that cannot be known. */
  ahead(given: object): object | null {
    return this.#stepped(this.seen, this.#sanitized(given))?.me ?? null;
  }

  /** What a move would come to now. @param drawn the players that its player looks at; as they are, if not said. */
  foresee(call: AnyMove, drawn?: SeenWorld['players']): Foreseen {
    const { seen } = this;
    if (!this.#foresight || !seen || !this.#confirmed) return { ok: 'unknown' };
    // Where nothing else is under way, others are as they were confirmed last.
    const { players, entities } = this.moves.length > 0 ? seen : this.#confirmed;
    return this.#foresight.move({ ...seen, players, entities }, call, drawn);
  }

  /** Shows a move until it is confirmed or answered, if it can be foreseen. @param number of the move: each has a higher one. */
  move(number: number, call: AnyMove, drawn?: SeenWorld['players']): Foreseen {
    const foreseen = this.foresee(call, drawn);
    if (foreseen.ok === true) {
      const { seen: after, changes } = foreseen;
      this.#pending.push({ type: 'move', number, call, drawn, changes, after });
    }
    return foreseen;
  }

  /** A move is answered: if it is not in the confirmed state by now, it never will be. @returns as `confirm`. */
  answered(number: number): boolean {
    const stood = this.me;
    const left = this.#pending.filter((one) => one.type !== 'move' || one.number !== number);
    if (left.length === this.#pending.length) return false;
    this.#pending = left;
    this.#rebase();
    return this.#isCorrected(stood);
  }

  /**
   * The authority's word.
   * @param taken what is in it.
   * @returns whether it was not as predicted, and the player now stands elsewhere.
   */
  confirm(seen: SeenWorld, taken: Taken): boolean {
    const stood = this.me;
    const known = this.#pending.find((one) => one.type === 'input' && one.number === taken.input);
    const expected = known ? (known.after?.me ?? null) : (this.#confirmed?.me ?? null);
    const isAlone = this.moves.length === 0 && seen.shared === this.#confirmed?.shared;
    this.#pending = this.#pending.filter((one) => one.number > taken[one.type]);
    this.#confirmed = seen;
    if (isAlone && expected !== null && isSame(seen.me, expected)) return false;
    this.#rebase();
    return expected !== null && this.#isCorrected(stood);
  }

  /** Inputs are counted anew, and what is pending is forgotten. */
  restart(): void {
    this.#pending = [];
    this.#last = 0;
  }

  /** Runs all that is pending on top of what is confirmed. */
  #rebase(): void {
    let seen = this.#confirmed;
    for (const one of this.#pending) {
      if (one.type === 'input') seen = this.#stepped(seen, one.input);
      else {
        const foreseen = seen && this.#foresight?.move(seen, one.call, one.drawn);
        const isForeseen = foreseen?.ok === true;
        one.changes = isForeseen ? foreseen.changes : [];
        if (isForeseen) seen = foreseen.seen;
      }
      one.after = seen;
    }
  }

  #isCorrected(stood: object | null): boolean {
    const { me } = this;
    const isCorrected = stood !== null && me !== null && !isSame(me, stood);
    if (isCorrected) this.#corrections += 1;
    return isCorrected;
  }

  #sanitized(given: object): object {
    const { schemas, idle } = this.#game;
    return sanitized(fieldsOf(schemas.input), idle, given);
  }

  #stepped(seen: SeenWorld | null, input: object): SeenWorld | null {
    return seen && (this.#foresight?.step(seen, input) ?? null);
  }
}

const isSame = (a: object, b: object): boolean => diff(a, b) === undefined;
