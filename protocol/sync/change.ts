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
  readonly epoch?: number;
}

/**
 * What became of a change: the events of an applied commit; null where it changes nothing yet; 'lost' where a whole view
 * is needed; 'diverged' where one is needed because the view has turned out not to be the authority's.
 */
export type Accepted = readonly Happening[] | null | 'lost' | 'diverged';

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

  /** Starts again from a whole view, if it is not older; one of another epoch always is newer. */
  reset(view: V): void {
    const isSame = view.epoch === this.#view.epoch;
    if (isSame && !this.#lost && view.version < this.#view.version) return;
    this.#view = view;
    this.#lost = false;
    if (!isSame || (this.#part && this.#part.version <= view.version)) this.#part = null;
  }

  accept(change: Change): Exclude<Accepted, 'diverged'> {
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
