/**
 * A match as its board shows it: one's own move at once, as the rules in this page predict it, until the authority has
 * answered; then the view as it is.
 */
import { diff, type GameTypes, type MoveCall, type View } from '../../protocol/index.ts';
import { Listeners, type Off } from '../listeners.ts';
import type { PredictedMatch } from './match.ts';

/** A move without its answer, and the state it was made on. */
interface Pending<G extends GameTypes> {
  readonly move: MoveCall<G>;
  readonly state: G['view'];
}

export class Prediction<G extends GameTypes> {
  readonly #match: PredictedMatch<G>;
  readonly #send: (move: MoveCall<G>) => Promise<unknown>;
  readonly #changes = new Listeners<[]>('a listener of a prediction');
  readonly #off: Off;
  #pending: Pending<G> | null = null;
  #view!: View<G>;
  #legal: readonly MoveCall<G>[] = [];

  /** @param send resolves when the move is answered. */
  constructor(match: PredictedMatch<G>, send: (move: MoveCall<G>) => Promise<unknown>) {
    this.#match = match;
    this.#send = send;
    this.#off = match.onView(() => this.#follow());
    this.#follow();
  }

  get view(): View<G> {
    return this.#view;
  }
  /** The moves that one could make now; none while the authority has not answered the last one. */
  get legal(): readonly MoveCall<G>[] {
    return this.#legal;
  }
  get isPending(): boolean {
    return this.#pending !== null;
  }

  /** Shows a move and sends it. Does nothing while another one is unanswered. */
  play(move: MoveCall<G>): void {
    if (this.#pending) return;
    this.#pending = { move, state: this.#match.view.state };
    this.#follow();
    const answered = () => {
      this.#pending = null;
      this.#follow();
    };
    this.#send(move).then(answered, answered);
  }

  onChange(listener: () => void): Off {
    return this.#changes.add(listener);
  }

  dispose(): void {
    this.#off();
  }

  #follow(): void {
    this.#view = this.#predicted() ?? this.#match.view;
    this.#legal = this.#pending ? [] : this.#match.legal();
    this.#changes.tell();
  }

  /** Null where there is nothing to predict. In another state the move is already made, or has been overtaken. */
  #predicted(): View<G> | null {
    if (!this.#pending) return null;
    const { move, state } = this.#pending;
    return diff(state, this.#match.view.state) === undefined ? this.#match.predict(move) : null;
  }
}
