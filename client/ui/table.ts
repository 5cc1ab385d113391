/** The page as a game's scene sees it: whose side one looks from, and what it may ask of the page. */
import type { GameTypes, MoveCall } from '../../protocol/index.ts';
import { Listeners } from '../listeners.ts';
import type { PredictedMatch } from '../match/match.ts';
import { ask } from './dialog.ts';
import type { Question, Table } from './game-screen.ts';

const motion = matchMedia('(prefers-reduced-motion: reduce)');

export class MatchTable implements Table<GameTypes> {
  readonly match: PredictedMatch<GameTypes>;
  readonly #signal: AbortSignal;
  readonly #make: (move: MoveCall<GameTypes>) => Promise<boolean>;
  readonly #flips = new Listeners<[]>('a listener of the board turning round');
  #perspective: number;

  /** @param play makes a move, and shows why it was refused. @param signal the page's lifetime. */
  constructor(
    match: PredictedMatch<GameTypes>,
    { play, signal }: { play(move: MoveCall<GameTypes>): Promise<boolean>; signal: AbortSignal },
  ) {
    this.match = match;
    this.#make = play;
    this.#signal = signal;
    this.#perspective = match.seat ?? 0;
  }

  get perspective(): number {
    return this.#perspective;
  }
  get still(): boolean {
    return motion.matches;
  }

  play(move: MoveCall<GameTypes>): Promise<boolean> {
    return this.#make(move);
  }

  ask<T extends string>(question: Question<T>): Promise<T | null> {
    return ask(question, this.#signal);
  }

  onFlip(listener: () => void): () => void {
    return this.#flips.add(listener);
  }

  /** Looks from the next seat. */
  flip(): void {
    this.#perspective = (this.#perspective + 1) % this.match.view.seats.length;
    this.#flips.tell();
  }
}
