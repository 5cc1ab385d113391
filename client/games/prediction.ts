/**
 * A match as its board shows it: one's own move at once, as the rules in this page predict it, until the authority has
 * answered; then the view as it is.
 */
import {
  play,
  positionOf,
  type AnyRules,
  type AnyView,
  type GameTypes,
  type MoveCall,
  type View,
} from '../../protocol/index.ts';
import { Listeners, type Off } from '../listeners.ts';
import type { Table } from '../ui/game-screen.ts';

export class Prediction<G extends GameTypes> {
  readonly #table: Table<G>;
  readonly #rules: AnyRules;
  readonly #changes = new Listeners<[]>((error, where) => console.error(where, error), 'a board listener');
  readonly #off: Off;
  #move: MoveCall<G> | null = null;
  #view!: View<G>;
  #legal: readonly MoveCall<G>[] = [];

  constructor(table: Table<G>, rules: AnyRules) {
    this.#table = table;
    this.#rules = rules;
    this.#off = table.match.onView(() => this.#follow());
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
    return this.#move !== null;
  }

  /** Shows a move and sends it. Does nothing while another one is unanswered. */
  play(move: MoveCall<G>): void {
    if (this.#move) return;
    this.#move = move;
    this.#follow();
    const answered = () => {
      this.#move = null;
      this.#follow();
    };
    this.#table.play(move).then(answered, answered);
  }

  onChange(listener: () => void): Off {
    return this.#changes.add(listener);
  }

  dispose(): void {
    this.#off();
  }

  #follow(): void {
    const { match } = this.#table;
    this.#view = (this.#move && predicted(this.#rules, match.view, match.seat, this.#move)) ?? match.view;
    this.#legal = this.#move ? [] : match.legal();
    this.#changes.tell();
  }
}

/** The view after a move; null where the rules here refuse it, as when the view already shows it, or cannot know. */
function predicted<G extends GameTypes>(
  rules: AnyRules,
  view: View<G>,
  seat: G['seat'] | null,
  move: MoveCall<G>,
): View<G> | null {
  if (seat === null) return null;
  const played = play(rules, positionOf(view), seat, move, NaN);
  if (!played.ok) return null;
  const { state, toAct, phase, result } = played.position;
  return { ...(view as AnyView), state, toAct, phase, result } as View<G>;
}
