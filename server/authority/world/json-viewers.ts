import { diff, type AnyWorldView, type Happening } from '../../../protocol/index.ts';

/** One change of what a client in another language sees. */
export interface JsonCommit {
  readonly type: 'commit';
  readonly version: number;
  readonly tick: number;
  readonly delta: object;
  readonly events: readonly Happening[];
}

/** Clients that follow a world in its json form. They are few, so each is told for itself what has changed for it. */
export class JsonViewers {
  /** What each was told last, by session. */
  readonly #told = new Map<number, AnyWorldView>();

  get sessions(): Iterable<number> {
    return this.#told.keys();
  }

  /** A session begins with this view. */
  start(session: number, view: AnyWorldView): void {
    this.#told.set(session, view);
  }

  stop(session: number): void {
    this.#told.delete(session);
  }

  /** What leads from what a session was told last to what it sees now. */
  commit(session: number, view: AnyWorldView, events: readonly Happening[]): JsonCommit {
    const before = this.#told.get(session);
    this.#told.set(session, view);
    const { version, tick } = view;
    return { type: 'commit', version, tick, delta: diff({ ...before, version }, view) ?? {}, events };
  }
}
