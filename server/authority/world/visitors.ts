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
  /** By player: whoever came last. Another tab of the same player only looks on. */
  readonly #steering = new Map<string, number>();

  get size(): number {
    return this.#bySession.size;
  }
  get all(): Iterable<Visitor> {
    return this.#bySession.values();
  }

  get(session: number): Visitor | undefined {
    return this.#bySession.get(session);
  }

  arrive(visitor: Visitor): void {
    this.#bySession.set(visitor.session, visitor);
    if (visitor.player !== null) this.#steering.set(visitor.player, visitor.session);
  }

  depart(session: number): Visitor | undefined {
    const visitor = this.#bySession.get(session);
    this.#bySession.delete(session);
    if (visitor?.player && this.#steering.get(visitor.player) === session) this.#steering.delete(visitor.player);
    return visitor;
  }

  /** The player that a session steers. */
  steers(session: number): string | null {
    const player = this.#bySession.get(session)?.player ?? null;
    return player !== null && this.#steering.get(player) === session ? player : null;
  }

  isHere(player: string): boolean {
    return [...this.all].some((visitor) => visitor.player === player);
  }

  /** How many watch only. */
  get spectators(): number {
    return new Set([...this.all].filter(({ player }) => player === null).map(({ authid }) => authid)).size;
  }
}
