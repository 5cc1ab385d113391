import type { Accepted } from '../sync/change.ts';
import type { AnyGame } from './game.ts';
import { DivergedError, packedHead, PackedForm, type Seen } from './packed-form.ts';
import type { AnyView } from './view.ts';

/** As `Follower`, of the packed form. */
export class PackedFollower {
  readonly #form: PackedForm;
  #seen: Seen;
  #part: { readonly version: number; readonly bytes: Uint8Array } | null = null;
  #lost = false;

  /** @param whole what `join` or `sync` answered. @throws RangeError for what is no view of this game. */
  constructor(game: AnyGame, whole: Uint8Array) {
    this.#form = PackedForm.of(game);
    this.#seen = this.#form.readWhole(whole);
  }

  get view(): AnyView {
    return this.#seen.view;
  }

  /** Starts again from a whole view, if it is not older. @throws RangeError */
  reset(whole: Uint8Array): void {
    const seen = this.#form.readWhole(whole);
    const { view } = seen;
    const isSame = view.epoch === this.view.epoch;
    if (isSame && !this.#lost && view.version < this.view.version) return;
    this.#seen = seen;
    this.#lost = false;
    if (!isSame || (this.#part && this.#part.version <= view.version)) this.#part = null;
  }

  accept(change: Uint8Array): Accepted {
    if (this.#lost) return 'lost';
    const { type, version } = packedHead(change);
    if (version <= this.view.version) return null;
    if (version > this.view.version + 1) return this.#lose('lost');
    if (type === 'part') {
      this.#part = { version, bytes: change };
      return null;
    }
    const part = this.#part;
    this.#part = null;
    try {
      const { seen, events } = this.#form.apply(this.#seen, change, part?.bytes ?? null);
      this.#seen = seen;
      return events;
    } catch (error) {
      return this.#lose(error instanceof DivergedError ? 'diverged' : 'lost');
    }
  }

  #lose<Why extends Accepted>(why: Why): Why {
    this.#lost = true;
    this.#part = null;
    return why;
  }
}
