/** Matches and worlds in an SQLite file, all at once and synchronous: for the thread that has nothing else to do. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Entry, MatchState } from '../../../protocol/index.ts';
import { textOf, valueOf } from '../lossless.ts';
import {
  errors,
  isKept,
  type Append,
  type ClaimedMatch,
  type ClaimedWorld,
  type Keep,
  type KeptMatch,
  type StoredWorld,
  type ListedMatch,
  type Logged,
  type MatchRecord,
  type Standing,
  type WorldParts,
} from '../store.ts';

/** The latest of a match; one more than needed, should the newest prove unreadable. */
const snapshotsKept = 2;

type Row = Record<string, SQLOutputValue>;

/** What a MatchStore does, without promises. Whoever calls sees to transactions. */
export class MatchDatabase {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  create(
    record: MatchRecord,
    past: Standing & { log: readonly Logged[] } = { version: 0, connected: [], log: [] },
  ): void {
    const { id, game, fingerprint, setup, listed, created } = record;
    if (this.#head(id)) throw new Error(errors.taken(id));
    this.#run(
      'insert into match values (?, ?, ?, ?, ?, ?)',
      id,
      game,
      fingerprint,
      textOf(setup),
      Number(listed),
      created,
    );
    this.#run('insert into head values (?, 1, ?, ?)', id, past.version, bits(past.connected));
    for (const logged of past.log) this.#write(id, logged);
  }

  append({ match, epoch, after, entries, connected }: Append): void {
    const { changes } = this.#run(
      'update head set version = ?, connected = ? where match = ? and epoch = ? and version = ?',
      after + entries.length,
      bits(connected),
      match,
      epoch,
      after,
    );
    if (changes === 0) throw this.#refusal(match, { epoch, version: after });
    for (const [index, entry] of entries.entries())
      if (isKept(entry)) this.#write(match, { version: after + 1 + index, entry });
  }

  snapshot(match: string, epoch: number, snapshot: MatchState): void {
    const head = this.#head(match);
    if (head?.epoch !== epoch) throw this.#refusal(match, { epoch, version: snapshot.version });
    this.#run('insert or replace into snapshot values (?, ?, ?)', match, snapshot.version, JSON.stringify(snapshot));
    this.#run(
      `delete from snapshot where match = ?1 and version not in
         (select version from snapshot where match = ?1 order by version desc limit ${snapshotsKept})`,
      match,
    );
  }

  claim(match: string, recent: number): ClaimedMatch | null {
    this.#run('update head set epoch = epoch + 1 where match = ?', match);
    const head = this.#head(match);
    const record = this.#record(match);
    if (!head || !record) return null;
    const latest = this.#get('select version, data from snapshot where match = ? order by version desc limit 1', match);
    const from = latest ? Number(latest['version']) : 0;
    const log = this.#all(
      `select * from log where match = ?1 and version >
         coalesce(min(?2, (select version from log where match = ?1 order by version desc limit 1 offset ?3)), 0)
       order by version`,
      match,
      from,
      recent,
    );
    const snapshot = latest ? (JSON.parse(text(latest['data'])) as MatchState) : null;
    return { record, ...head, snapshot, log: log.map(loggedOf) };
  }

  read(match: string): KeptMatch | null {
    const head = this.#head(match);
    const record = this.#record(match);
    if (!head || !record) return null;
    const log = this.#all('select * from log where match = ? order by version', match);
    return { record, version: head.version, connected: head.connected, log: log.map(loggedOf) };
  }

  keepWorld({ match, epoch, version, parts }: Keep): void {
    const { changes } = this.#run('update head set version = ? where match = ? and epoch = ?', version, match, epoch);
    if (changes === 0) throw this.#refusal(match, { epoch, version });
    for (const [part, data] of Object.entries(parts))
      this.#run(
        'insert into part values (?, ?, ?) on conflict do update set data = excluded.data',
        match,
        part,
        textOf(data),
      );
  }

  claimWorld(match: string): ClaimedWorld | null {
    this.#run('update head set epoch = epoch + 1 where match = ?', match);
    const world = this.readWorld(match);
    return world && { ...world, epoch: this.#head(match)!.epoch };
  }

  readWorld(match: string): StoredWorld | null {
    const head = this.#head(match);
    const record = this.#record(match);
    if (!head || !record) return null;
    const rows = this.#all('select part, data from part where match = ? order by part', match);
    const parts: WorldParts = Object.fromEntries(rows.map(({ part, data }) => [text(part), valueOf(text(data))]));
    return { record, version: head.version, parts };
  }

  list(): readonly ListedMatch[] {
    const rows = this.#all('select match.*, version from match join head on head.match = id order by created, id');
    return rows.map((row) => ({ record: recordOf(row), version: Number(row['version']) }));
  }

  remove(match: string): void {
    for (const table of ['log', 'snapshot', 'part', 'head']) this.#run(`delete from ${table} where match = ?`, match);
    this.#run('delete from match where id = ?', match);
  }

  #write(match: string, { version, entry }: Logged): void {
    const { type, seat, move, args, at, id, ...rest } = entry as Partial<Entry & { type: 'move' }>;
    const hasRest = Object.keys(rest).length > 0;
    this.#run(
      'insert into log values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      match,
      version,
      type,
      seat,
      move,
      args && textOf(args),
      at,
      id,
      hasRest ? textOf(rest) : null,
    );
  }

  #head(match: string): { epoch: number; version: number; connected: readonly number[] } | null {
    const row = this.#get('select * from head where match = ?', match);
    if (!row) return null;
    return {
      epoch: Number(row['epoch']),
      version: Number(row['version']),
      connected: seatsOf(Number(row['connected'])),
    };
  }

  #record(match: string): MatchRecord | null {
    const row = this.#get('select * from match where id = ?', match);
    return row ? recordOf(row) : null;
  }

  #refusal(match: string, wanted: { epoch: number; version: number }): Error {
    const is = this.#head(match);
    return new Error(is ? errors.overtaken(match, is, wanted) : errors.missing(match));
  }

  #run(sql: string, ...values: readonly unknown[]) {
    return this.#statement(sql).run(...bound(values));
  }
  #get(sql: string, ...values: readonly unknown[]): Row | undefined {
    return this.#statement(sql).get(...bound(values));
  }
  #all(sql: string, ...values: readonly unknown[]): readonly Row[] {
    return this.#statement(sql).all(...bound(values));
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}

const bound = (values: readonly unknown[]) => values.map((value) => (value ?? null) as string | number | null);

const bits = (seats: readonly number[]): number => seats.reduce((all, seat) => all | (1 << seat), 0);
const seatsOf = (all: number): readonly number[] =>
  Array.from({ length: 16 }, (_, seat) => seat).filter((seat) => all & (1 << seat));

/** Of a column that is declared so. */
const text = (value: SQLOutputValue | undefined): string => value as string;

const recordOf = (row: Row): MatchRecord => ({
  id: text(row['id']),
  game: text(row['game']),
  fingerprint: text(row['fingerprint']),
  setup: valueOf(text(row['setup'])) as MatchRecord['setup'],
  listed: row['listed'] === 1,
  created: Number(row['created']),
});

/** An entry again, from the columns in which `#write` has put it. */
function loggedOf(row: Row): Logged {
  const { version, type, seat, move, args, time: at, attempt: id, rest } = row;
  const columns = { type, seat, move, args: args === null ? null : valueOf(text(args)), at, id };
  const said = Object.entries(columns).filter(([, value]) => value !== null);
  const entry = { ...Object.fromEntries(said), ...(rest === null ? {} : (valueOf(text(rest)) as object)) };
  return { version: Number(version), entry: entry as unknown as Entry }; // the one cast: only `#write` writes there
}
