import type { Caller } from '../requests.ts';

export type Form = 'json' | 'packed';

/** One session that looks at a world. */
export interface Visitor extends Caller {
  readonly form: Form;
  /** Its player; null while watching. */
  readonly player: string | null;
  /** Whom it follows while watching; null: nobody. */
  readonly follow: string | null;
}

/** Who looks at a world, and which of a player's sessions steers. */
export class Visitors {
  readonly #bySession = new Map<number, Visitor>();
  /** By player its sessions. The last one steers: it has taken over, or was there first; other tabs of the player look on. */
  readonly #byPlayer = new Map<string, readonly Visitor[]>();
  /** Sessions that watch, by whom they follow. */
  readonly #watching = new Map<string | null, Set<Visitor>>();

  get size(): number {
    return this.#bySession.size;
  }
  get sessions(): Iterable<number> {
    return this.#bySession.keys();
  }

  get(session: number): Visitor | undefined {
    return this.#bySession.get(session);
  }

  /** A session comes, and looks on where another one steers; or says anew what it wants, and goes on as before. */
  arrive(visitor: Visitor): void {
    const { session, player, follow } = visitor;
    const goesOn = this.get(session)?.player === player && this.steers(session);
    this.depart(session);
    this.#bySession.set(session, visitor);
    if (player !== null) {
      this.#setOf(player, goesOn ? [...this.of(player), visitor] : [visitor, ...this.of(player)]);
    } else if (!this.#watching.get(follow)?.add(visitor)) this.#watching.set(follow, new Set([visitor]));
  }

  depart(session: number): void {
    const visitor = this.#bySession.get(session);
    if (!visitor) return;
    this.#bySession.delete(session);
    const { player, follow } = visitor;
    if (player !== null) this.#setOf(player, this.#othersOf(player, visitor));
    else if (this.#watching.get(follow)?.delete(visitor) && this.#watching.get(follow)!.size === 0)
      this.#watching.delete(follow);
  }

  /** Who steers a player; null while it is away. */
  steering(player: string): Visitor | null {
    return this.of(player).at(-1) ?? null;
  }

  steers(session: number): boolean {
    const visitor = this.#bySession.get(session);
    return visitor?.player != null && this.steering(visitor.player) === visitor;
  }

  /** A session of a player steers from now on. */
  takeOver(session: number): void {
    const visitor = this.#bySession.get(session);
    if (visitor?.player != null) this.#setOf(visitor.player, [...this.#othersOf(visitor.player, visitor), visitor]);
  }

  /** The sessions of a player; none while it is away. */
  of(player: string): readonly Visitor[] {
    return this.#byPlayer.get(player) ?? nobody;
  }

  /** Whom those who watch follow. */
  get followed(): Iterable<string | null> {
    return this.#watching.keys();
  }
  /** The sessions that read what is packed: of these players, and of those who follow these. */
  readers(players: readonly string[], followed: readonly (string | null)[]): number[] {
    const readers: number[] = [];
    const add = (visitors: Iterable<Visitor>) => {
      for (const { session, form } of visitors) if (form === 'packed') readers.push(session);
    };
    for (const player of players) add(this.of(player));
    for (const player of followed) add(this.#watching.get(player) ?? nobody);
    return readers;
  }

  /** How many watch only. */
  get spectators(): number {
    return new Set([...this.#bySession.values()].filter(({ player }) => player === null).map(({ authid }) => authid))
      .size;
  }

  #othersOf(player: string, visitor: Visitor): readonly Visitor[] {
    return this.of(player).filter((other) => other !== visitor);
  }

  #setOf(player: string, visitors: readonly Visitor[]): void {
    if (visitors.length > 0) this.#byPlayer.set(player, visitors);
    else this.#byPlayer.delete(player);
  }
}

const nobody: readonly Visitor[] = [];
