import type { AnyRejection } from '../../protocol/index.ts';
import type { AuthorityLimits } from './limits.ts';
import { Rate } from '../rate.ts';

/** What became of a move. */
export type MoveAnswer =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly error: AnyRejection };

/** What one player of a match has tried lately: how often, and with which answers. */
export class Attempts {
  readonly #rate: Rate;
  readonly #remembered: number;
  /** By the id of the attempt, oldest first. */
  readonly #answers = new Map<string, MoveAnswer>();

  constructor({ movesPerSecond, moveBurst, rememberedMoves }: AuthorityLimits, now: number) {
    this.#rate = new Rate({ perSecond: movesPerSecond, burst: moveBurst }, now);
    this.#remembered = rememberedMoves;
  }

  /** 0: go ahead; else how long to wait, ms. */
  wait(now: number): number {
    return this.#rate.take(now);
  }

  answerTo(id: string): MoveAnswer | undefined {
    return this.#answers.get(id);
  }

  /** By the id of the attempt, the versions that those which are remembered have made. */
  get accepted(): { readonly [id: string]: number } {
    return Object.fromEntries([...this.#answers].flatMap(([id, answer]) => (answer.ok ? [[id, answer.version]] : [])));
  }

  remember(id: string, answer: MoveAnswer): void {
    this.#answers.set(id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#remembered && oldest !== undefined) this.#answers.delete(oldest);
  }
}
