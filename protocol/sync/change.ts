/** What an authority publishes of a match, and how a client's view follows it. design.md §6. */
import { patch, type Delta } from './delta.ts';

/** Something that happened in a version: an event of the game, as a viewer may see it. */
export interface Happening {
  readonly event: string;
  readonly data: unknown;
}

/** To everybody: the public change of one version, perhaps none. Versions have no gaps. */
export interface Commit {
  readonly type: 'commit';
  readonly version: number;
  readonly delta: Delta;
  readonly events: readonly Happening[];
}
/** To one seat, just before the commit of the same version: what the commit alone would leave wrong in its view. */
export interface Part {
  readonly type: 'part';
  readonly version: number;
  readonly delta: Delta;
  /** This seat's form of the commit's events, where it differs. */
  readonly events?: readonly Happening[];
}
export type Change = Commit | Part;

interface Versioned {
  readonly version: number;
}

/**
 * A view that follows a stream of changes. Changes that it has are dropped; a gap, or a delta that does not fit, makes
 * `accept` answer 'lost': nothing more is applied until `reset`.
 */
export class Follower<V extends Versioned> {
  #view: V;
  #part: Part | null = null;
  #lost = false;

  constructor(view: V) {
    this.#view = view;
  }

  get view(): V {
    return this.#view;
  }

  /** Starts again from a whole view, if it is not older. */
  reset(view: V): void {
    if (!this.#lost && view.version < this.#view.version) return;
    this.#view = view;
    this.#lost = false;
    if (this.#part && this.#part.version <= view.version) this.#part = null;
  }

  /** @returns the events of an applied commit; null for what changes nothing yet; 'lost' when a whole view is needed. */
  accept(change: Change): readonly Happening[] | null | 'lost' {
    if (this.#lost) return 'lost';
    if (change.version <= this.#view.version) return null;
    if (change.version > this.#view.version + 1) return this.#lose();
    if (change.type === 'part') {
      this.#part = change;
      return null;
    }
    const part = this.#part;
    this.#part = null;
    try {
      const view = patch(this.#view, change.delta);
      this.#view = { ...((part ? patch(view, part.delta) : view) as V), version: change.version };
    } catch {
      return this.#lose();
    }
    return part?.events ?? change.events;
  }

  #lose(): 'lost' {
    this.#lost = true;
    this.#part = null;
    return 'lost';
  }
}
