import type { Caller } from '../requests.ts';

export type Form = 'json' | 'packed';

/** One session that looks at a world. */
export interface Visitor extends Caller {
  readonly form: Form;
  /** Its player; null while watching. */
  readonly player: string | null;
}

/** Who looks at a world, and which of a player's sessions steers. */
export class Visitors {
  readonly #bySession = new Map<number, Visitor>();
  /** By player its sessions. The last one steers: it came last, or has taken over since; other tabs of the player look on. */
  readonly #byPlayer = new Map<string, Set<number>>();

  get size(): number {
    return this.#bySession.size;
  }
  get sessions(): Iterable<number> {
    return this.#bySession.keys();
  }

  get(session: number): Visitor | undefined {
    return this.#bySession.get(session);
  }

  /** A session comes, or says anew what it wants: then it goes on as before, if it is the same player's. */
  arrive(visitor: Visitor): void {
    const { session, player } = visitor;
    if (this.get(session)?.player !== player) this.depart(session);
    this.#bySession.set(session, visitor);
    if (player === null) return;
    const sessions = this.#byPlayer.get(player);
    if (sessions) sessions.add(session);
    else this.#byPlayer.set(player, new Set([session]));
  }

  depart(session: number): void {
    const player = this.#bySession.get(session)?.player ?? null;
    this.#bySession.delete(session);
    const sessions = player === null ? undefined : this.#byPlayer.get(player);
    sessions?.delete(session);
    if (player !== null && sessions?.size === 0) this.#byPlayer.delete(player);
  }

  /** The session that steers a player; null while it is away. */
  steering(player: string): number | null {
    return [...(this.#byPlayer.get(player) ?? [])].at(-1) ?? null;
  }

  steers(session: number): boolean {
    const player = this.#bySession.get(session)?.player ?? null;
    return player !== null && this.steering(player) === session;
  }

  /** A session of a player steers from now on. */
  takeOver(session: number): void {
    const player = this.#bySession.get(session)?.player ?? null;
    const sessions = player === null ? undefined : this.#byPlayer.get(player);
    if (sessions?.delete(session)) sessions.add(session);
  }

  /** The sessions of a player; none while it is away. */
  of(player: string): readonly Visitor[] {
    const sessions = this.#byPlayer.get(player) ?? [];
    return [...sessions].flatMap((session) => this.#bySession.get(session) ?? []);
  }

  /** How many watch only. */
  get spectators(): number {
    return new Set([...this.#bySession.values()].filter(({ player }) => player === null).map(({ authid }) => authid))
      .size;
  }
}
