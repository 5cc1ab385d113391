/** Which matches each session has asked to be in: its end concerns them, and no others. */
export class Visits<Match> {
  readonly #bySession = new Map<number, Set<Match>>();

  add(session: number, match: Match): void {
    const known = this.#bySession.get(session);
    if (known) known.add(match);
    else this.#bySession.set(session, new Set([match]));
  }

  /** The session has ended. @returns its matches. */
  end(session: number): Iterable<Match> {
    const matches = this.#bySession.get(session) ?? [];
    this.#bySession.delete(session);
    return matches;
  }

  /** The match has closed, and with it these visits. */
  close(match: Match, sessions: Iterable<number>): void {
    for (const session of sessions) {
      const matches = this.#bySession.get(session);
      matches?.delete(match);
      if (matches?.size === 0) this.#bySession.delete(session);
    }
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#bySession.size;
  }
}
