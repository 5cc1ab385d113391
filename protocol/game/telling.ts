/** What is told of one version of a match, in either wire form: to everybody, and to seats that see something of their own. */
import type { Commit, Happening, Part } from '../sync/change.ts';
import { diff, patch, type Delta } from '../sync/delta.ts';
import type { AnyGame } from './game.ts';
import { afterCommit, PackedForm } from './packed-form.ts';
import type { AnyView } from './view.ts';

/** Wire forms of a match's state. */
export const wireForms = ['json', 'packed'] as const;
export type WireForm = (typeof wireForms)[number];

/** What one audience saw before and sees now. */
export interface Glance {
  readonly before: AnyView;
  readonly after: AnyView;
  readonly events: readonly Happening[];
}

/** `parts` by seat: publish each before the commit. */
export interface Told<C, P> {
  readonly commit: C;
  readonly parts: ReadonlyMap<number, P>;
}

/** Forms are made when they are first asked for. */
export class Telling {
  readonly version: number;
  #json: Told<Commit, Part> | null = null;
  #packed: Told<Uint8Array, Uint8Array> | null = null;
  readonly #game: AnyGame;
  readonly #open: Glance;
  readonly #seats: ReadonlyMap<number, Glance>;

  /** @param seats those that may see something of their own. */
  constructor(game: AnyGame, { open, seats }: { open: Glance; seats: ReadonlyMap<number, Glance> }) {
    this.#game = game;
    this.#open = open;
    this.#seats = seats;
    this.version = open.after.version;
  }

  get json(): Told<Commit, Part> {
    return (this.#json ??= this.#inJson());
  }

  get packed(): Told<Uint8Array, Uint8Array> {
    return (this.#packed ??= this.#inPacked());
  }

  #inJson(): Told<Commit, Part> {
    const { version } = this;
    const { before, after, events } = this.#open;
    const delta = changed(before, after) ?? {};
    const parts = new Map<number, Part>();
    for (const [seat, glance] of this.#seats) {
      const left = { ...(patch(glance.before, delta) as AnyView), version };
      const own = changed(left, glance.after);
      const ownEvents = this.#ownEvents(glance);
      if (own || ownEvents) parts.set(seat, { type: 'part', version, delta: own ?? {}, ...ownEvents });
    }
    return { commit: { type: 'commit', version, delta, events }, parts };
  }

  #inPacked(): Told<Uint8Array, Uint8Array> {
    const form = PackedForm.of(this.#game);
    const { before: open, after } = this.#open;
    const parts = new Map<number, Uint8Array>();
    for (const [seat, glance] of this.#seats) {
      const before = afterCommit({ view: glance.before, open }, after);
      const ownEvents = this.#ownEvents(glance);
      if (changed(before, glance.after) || ownEvents)
        parts.set(seat, form.part({ before, after: glance.after, ...ownEvents }));
    }
    return { commit: form.commit(this.#open), parts };
  }

  /** A seat's form of the events, where it differs. */
  #ownEvents({ events }: Glance): { readonly events: readonly Happening[] } | undefined {
    return diff(this.#open.events, events) === undefined ? undefined : { events };
  }
}

/** The delta between two views, without what every change carries by itself: version and epoch. */
function changed(before: AnyView, after: AnyView): Delta | undefined {
  return diff({ ...before, version: 0, epoch: 0 }, { ...after, version: 0, epoch: 0 });
}
