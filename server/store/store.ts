/** Where matches are kept: what they started from, and everything that has happened since. A database implements this. */
import type { Entry, MatchSetup } from '../../protocol/index.ts';

export interface MatchRecord {
  readonly id: string;
  readonly game: string;
  /** Of the game's schemas when the match was created: another one cannot replay its log. */
  readonly fingerprint: string;
  readonly setup: MatchSetup;
  /** Whether it stands in the public list. */
  readonly listed: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Every promise resolves when the store would remember it after a crash; nothing is observable before that. */
export interface MatchStore {
  /** Rejects where the id is taken. */
  create(record: MatchRecord): Promise<void>;
  /**
   * Adds to the end of a match's log, all or nothing.
   * @param position how many entries the log has: rejects where it is another number, because then somebody else writes too.
   */
  append(match: string, position: number, entries: readonly Entry[]): Promise<void>;
  /** null: there is no such match. */
  read(match: string): Promise<{ readonly record: MatchRecord; readonly log: readonly Entry[] } | null>;
  /** Forgets a match; one that is not there, too. */
  remove(match: string): Promise<void>;
}
