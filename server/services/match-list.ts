import type { MatchSummary } from '../../protocol/index.ts';

/** What the lobby knows of a match. */
interface Known {
  summary: MatchSummary;
  /** The session of the authority that hosts it; null before that has been heard of. */
  host: number | null;
  /** Who asked for it. */
  creator: string | null;
  /** Equal for the matches that a quick match may join: their options; null for those that it leaves alone. */
  quick: string | null;
  /** Who has been sent here and has not sat down yet, with the time until which a seat is kept, ms. */
  readonly promises: Map<string, number>;
}

/** All matches, as far as the authorities have told, and to whom seats in them are promised. */
export class MatchList {
  /** Oldest first. */
  readonly #matches = new Map<string, Known>();
  /** The ids of the matches of each authority, by its session. */
  readonly #byHost = new Map<number, Set<string>>();
  readonly #now: () => number;
  readonly #worlds: ReadonlySet<string>;

  /** @param worlds the games that are worlds to which one may come though nobody is there. */
  constructor(now: () => number, worlds: ReadonlySet<string>) {
    this.#now = now;
    this.#worlds = worlds;
  }

  /**
   * An authority tells of a match.
   * @param quick of one that is new here and was made by an earlier lobby: see `Known`.
   */
  changed(summary: MatchSummary, host: number | null, quick: string | null = null): void {
    const known = this.#matches.get(summary.id);
    if (known?.host !== host) this.#rehost(summary.id, known?.host ?? null, host);
    if (known) Object.assign(known, { summary, host });
    else this.#matches.set(summary.id, { summary, host, creator: null, quick, promises: new Map() });
  }

  /** We have asked for a match; its authority may have told of it already. */
  created(summary: MatchSummary, { creator, quick }: { creator: string; quick: string | null }): void {
    if (!this.#matches.has(summary.id)) this.changed(summary, null);
    Object.assign(this.#matches.get(summary.id)!, { creator, quick });
  }

  removed(id: string): void {
    this.#rehost(id, this.#matches.get(id)?.host ?? null, null);
    this.#matches.delete(id);
  }

  /** Keeps a seat for a player who has been sent to a match. */
  promise(id: string, player: string, forMs: number): void {
    this.#matches.get(id)?.promises.set(player, this.#now() + forMs);
  }

  find(id: string): MatchSummary | null {
    return this.#matches.get(id)?.summary ?? null;
  }

  /** Of an authority that has gone. */
  hostedBy(host: number): readonly string[] {
    return [...(this.#byHost.get(host) ?? [])];
  }

  /** Newest first. */
  listed({ game, most }: { game: string | undefined; most: number }): readonly MatchSummary[] {
    const matching = this.#where(({ summary }) => isOnShow(summary) && (game === undefined || summary.game === game));
    return matching
      .slice(-most)
      .toReversed()
      .map(({ summary }) => summary);
  }

  /** How many matches that are not over keep a player, or were asked for by one and have not begun. */
  unfinished(player: string): number {
    return this.#where((known) => {
      const { status, game } = known.summary;
      const isOwn = status === 'open' && known.creator === player && !this.#worlds.has(game);
      return status !== 'over' && (isOwn || this.#awaits(known, player));
    }).length;
  }

  /** The match to which quick match has sent a player before, if it is not over. */
  quickOf(player: string, game: string): string | null {
    const [first] = this.#where(
      (known) =>
        known.quick !== null &&
        known.summary.game === game &&
        known.summary.status !== 'over' &&
        this.#awaits(known, player),
    );
    return first?.summary.id ?? null;
  }

  /**
   * The oldest match that is open to quick match, where somebody is or will be, and has a seat promised to nobody. In a world
   * nobody need be.
   */
  openFor(game: string, quick: string): string | null {
    const [oldest] = this.#where(
      (known) =>
        known.summary.status === 'open' &&
        known.summary.game === game &&
        known.quick === quick &&
        (this.#worlds.has(game) || isVisited(known.summary) || this.#kept(known).length > 0) &&
        this.#freeSeats(known) > 0,
    );
    return oldest?.summary.id ?? null;
  }

  #rehost(id: string, from: number | null, to: number | null): void {
    if (from !== null) {
      const ids = this.#byHost.get(from);
      ids?.delete(id);
      if (ids?.size === 0) this.#byHost.delete(from);
    }
    if (to === null) return;
    const ids = this.#byHost.get(to);
    if (ids) ids.add(id);
    else this.#byHost.set(to, new Set([id]));
  }

  #awaits({ summary, promises }: Known, player: string): boolean {
    return summary.seats.some((seat) => seat.player === player) || (promises.get(player) ?? 0) > this.#now();
  }

  #freeSeats(known: Known): number {
    return known.summary.seats.filter(({ player }) => player === null).length - this.#kept(known).length;
  }

  /** Who is on the way. */
  #kept({ summary: { seats }, promises }: Known): readonly string[] {
    const seated = new Set(seats.map(({ player }) => player));
    return [...promises].flatMap(([player, until]) => (until > this.#now() && !seated.has(player) ? [player] : []));
  }

  #where(fits: (known: Known) => boolean): readonly Known[] {
    return [...this.#matches.values()].filter(fits);
  }
}

/** Whether everybody may see it in the list. One that is open shows when somebody is there to play with. */
export const isOnShow = (summary: MatchSummary): boolean =>
  summary.listed && (summary.status === 'playing' || (summary.status === 'open' && isVisited(summary)));

const isVisited = ({ seats, spectators }: MatchSummary): boolean =>
  spectators > 0 || seats.some(({ connected }) => connected);
