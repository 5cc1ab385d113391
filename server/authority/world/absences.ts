import type { WallClock } from '../clock.ts';

/** The players of a match who are not there: each is waited for, and lost when that was in vain. */
export class Absences {
  readonly #away = new Map<string, { readonly timer: unknown; lost: boolean }>();
  readonly #clock: WallClock;
  readonly #holdMs: number;
  readonly #onLost: () => void;

  constructor({ clock, holdMs, onLost }: { clock: WallClock; holdMs: number; onLost: () => void }) {
    this.#clock = clock;
    this.#holdMs = holdMs;
    this.#onLost = onLost;
  }

  /** Exactly these are away now. Who was away before goes on being waited for as long as was left. */
  set(players: readonly string[]): void {
    for (const [player, { timer }] of this.#away) {
      if (players.includes(player)) continue;
      this.#clock.clearTimeout(timer);
      this.#away.delete(player);
    }
    for (const player of players) if (!this.#away.has(player)) this.#waitFor(player);
  }

  isLost(player: string): boolean {
    return this.#away.get(player)?.lost === true;
  }

  #waitFor(player: string): void {
    const timer = this.#clock.setTimeout(() => {
      absence.lost = true;
      this.#onLost();
    }, this.#holdMs);
    const absence = { timer, lost: false };
    this.#away.set(player, absence);
  }
}
