/**
 * Where matches and worlds are kept: what they started from, and of a match everything that has happened since, of a world
 * what it has become. A database implements this.
 */
import type { Entry, MatchSetup, MatchState } from '../../protocol/index.ts';

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

/** An entry of a log, with the version that it made. */
export interface Logged {
  readonly version: number;
  readonly entry: Entry;
}

/** How far a match has come. */
export interface Standing {
  readonly version: number;
  /** The seats whose players were there. */
  readonly connected: readonly number[];
}

/** Changes to be kept. */
export interface Append {
  readonly match: string;
  /** Of the writer: who has claimed the match last. */
  readonly epoch: number;
  /** The version before. */
  readonly after: number;
  /** Each makes one version. */
  readonly entries: readonly Entry[];
  /** The seats whose players are there afterwards. */
  readonly connected: readonly number[];
}

/** A match as it is kept. Versions that only players made who came or went are not in its log. */
export interface KeptMatch extends Standing {
  readonly record: MatchRecord;
  readonly log: readonly Logged[];
}

export interface ClaimedMatch extends KeptMatch {
  readonly epoch: number;
  /** The latest; null: there is none yet. */
  readonly snapshot: MatchState | null;
}

/** What a world has become, by names that the store need not understand: each is written by itself, when it has changed. */
export interface WorldParts {
  readonly [part: string]: unknown;
}

/** What a world has become, to be kept. */
export interface Keep {
  readonly match: string;
  /** Of the writer: who has claimed the world last. */
  readonly epoch: number;
  readonly version: number;
  /** These take the place of those of the same names; the others stay as they are. */
  readonly parts: WorldParts;
}

/** A world as it is kept. It has no log; without parts it is as it began. */
export interface StoredWorld {
  readonly record: MatchRecord;
  readonly version: number;
  readonly parts: WorldParts;
}

export interface ClaimedWorld extends StoredWorld {
  readonly epoch: number;
}

/** What `list` tells of a match, or of a world. */
export interface ListedMatch {
  readonly record: MatchRecord;
  readonly version: number;
}

/** Every promise resolves when the store would remember it after a crash; nothing is observable before that. */
export interface MatchStore {
  /**
   * Keeps a new match, or a new world, in its first epoch.
   * @param past what has happened in it already: of one that was imported or forked.
   * @throws Error where the id is taken.
   */
  create(record: MatchRecord, past?: Standing & { readonly log: readonly Logged[] }): Promise<void>;
  /**
   * Adds to the end of a match's log, all or nothing. Of players who come and go only the outcome is kept. Several may be
   * asked for at once: they are kept in that order, and after one that fails none, because its version is missing.
   * @throws Error where the match has another epoch or version, because then somebody else writes too.
   */
  append(append: Append): Promise<void>;
  /** Keeps a snapshot that spares replaying what came before. @throws Error as `append` does for the epoch. */
  snapshot(match: string, epoch: number, snapshot: MatchState): Promise<void>;
  /**
   * Takes a match over: its epoch grows, and whoever had it before can write no more. null: there is none.
   * @param recent how many entries of the log are wanted at least, beside all that follow the snapshot.
   */
  claim(match: string, recent: number): Promise<ClaimedMatch | null>;
  /** The match with its whole log; null: there is none. */
  read(match: string): Promise<KeptMatch | null>;
  /** Keeps what a world has become, all or nothing. @throws Error as `append` does for the epoch. */
  keepWorld(keep: Keep): Promise<void>;
  /** As `claim`, for a world. */
  claimWorld(match: string): Promise<ClaimedWorld | null>;
  readWorld(match: string): Promise<StoredWorld | null>;
  /** All matches and worlds, oldest first. */
  list(): Promise<readonly ListedMatch[]>;
  /** Forgets a match, or a world; one that is not there, too. */
  remove(match: string): Promise<void>;
  /** What was asked before is done; nothing can be asked afterwards. */
  close(): Promise<void>;
}

/** Whether a log keeps an entry. Players who come and go leave no trace: after a crash nobody is there anyway. */
export const isKept = ({ type }: Entry): boolean => type !== 'connection';

export const errors = {
  taken: (match: string) => `the store has a match ${match} already`,
  missing: (match: string) => `the store has no match ${match}`,
  overtaken: (match: string, is: { epoch: number; version: number }, wanted: { epoch: number; version: number }) =>
    `match ${match} stands at version ${is.version} of epoch ${is.epoch}, not ${wanted.version} of ${wanted.epoch}: somebody else writes it too`,
} as const;
