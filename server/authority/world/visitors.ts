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
  readonly #byPlayer = new Map<string, Set<number>>();
  /** Sessions that watch, by whom they follow. */
  readonly #watching = new Map<string | null, Set<number>>();

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
    const before = this.get(session);
    if (before?.player !== player || before.follow !== follow) this.depart(session);
    this.#bySession.set(session, visitor);
    if (player === null) return add(this.#watching, follow, session);
    const sessions = this.#byPlayer.get(player) ?? [];
    this.#byPlayer.set(player, new Set(this.steers(session) ? sessions : [session, ...sessions]));
  }

  depart(session: number): void {
    const visitor = this.#bySession.get(session);
    if (!visitor) return;
    this.#bySession.delete(session);
    if (visitor.player !== null) remove(this.#byPlayer, visitor.player, session);
    else remove(this.#watching, visitor.follow, session);
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
    const player = this.#bySession.get(session)?.player ?? null;
    const sessions = player === null ? undefined : this.#byPlayer.get(player);
    if (sessions?.delete(session)) sessions.add(session);
  }

  /** The sessions of a player; none while it is away. */
  of(player: string): readonly Visitor[] {
    const sessions = this.#byPlayer.get(player) ?? [];
    return [...sessions].flatMap((session) => this.#bySession.get(session) ?? []);
  }

  /** Whom those who watch follow. */
  get followed(): Iterable<string | null> {
    return this.#watching.keys();
  }
  /** The sessions that read what is packed: of these players, and of those who follow these. */
  readers(players: readonly string[], followed: readonly (string | null)[]): number[] {
    const sessions = [
      ...players.flatMap((player) => [...(this.#byPlayer.get(player) ?? [])]),
      ...followed.flatMap((player) => [...(this.#watching.get(player) ?? [])]),
    ];
    return sessions.filter((session) => this.#bySession.get(session)?.form === 'packed');
  }

  /** How many watch only. */
  get spectators(): number {
    return new Set([...this.#bySession.values()].filter(({ player }) => player === null).map(({ authid }) => authid))
      .size;
  }
}

function add<K>(sets: Map<K, Set<number>>, key: K, session: number): void {
  const sessions = sets.get(key);
  if (sessions) sessions.add(session);
  else sets.set(key, new Set([session]));
}

function remove<K>(sets: Map<K, Set<number>>, key: K, session: number): void {
  const sessions = sets.get(key);
  sessions?.delete(session);
  if (sessions?.size === 0) sets.delete(key);
}
