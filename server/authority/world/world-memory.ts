import type { KeptAnswers } from '../../store/world-parts.ts';
import { Attempts, type MoveAnswer } from '../attempts.ts';
import type { AuthorityLimits } from '../limits.ts';

/** Which answers the latest moves of each player got: resent ones get them again, after a crash too if the move is kept. */
export class WorldMemory {
  readonly #limits: AuthorityLimits;
  readonly #attempts = new Map<string, Attempts>();
  /** null: something has changed since. */
  #kept: KeptAnswers | null = null;

  constructor(kept: KeptAnswers, { limits, now }: { limits: AuthorityLimits; now: number }) {
    this.#limits = limits;
    for (const [player, answers] of Object.entries(kept))
      for (const [id, version] of Object.entries(answers)) this.of(player, now).remember(id, { ok: true, version });
  }

  of(player: string, now: number): Attempts {
    const attempts = this.#attempts.get(player) ?? new Attempts(this.#limits, now);
    this.#attempts.set(player, attempts);
    return attempts;
  }

  remember(player: string, id: string, answer: MoveAnswer): void {
    this.#attempts.get(player)?.remember(id, answer);
    if (answer.ok) this.#kept = null;
  }

  forget(player: string): void {
    if (this.#attempts.delete(player)) this.#kept = null;
  }

  /** The accepted moves. The same object as before while there are no others. */
  keep(): KeptAnswers {
    return (this.#kept ??= Object.fromEntries([...this.#attempts].map(([player, { accepted }]) => [player, accepted])));
  }
}
