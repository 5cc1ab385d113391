/** The tables, as numbered steps from one form to the next. Steps are only ever added. */
import type { DatabaseSync } from 'node:sqlite';

const steps: readonly string[] = [
  `create table match (
     id text primary key, game text not null, fingerprint text not null, setup text not null,
     listed integer not null, created integer not null
   ) strict;
   create table head ( -- how far a match has come, apart from what never changes
     match text primary key, epoch integer not null, version integer not null,
     connected integer not null -- bit 0 is seat 0
   ) strict, without rowid;
   create table log ( -- a row a version; the key refuses a second writer
     match text not null, version integer not null, type text not null, seat integer, move text, args text,
     time integer, -- match time, ms
     attempt text, rest text, -- whatever else the entry says, as JSON
     primary key (match, version)
   ) strict, without rowid;
   create table snapshot (
     match text not null, version integer not null, data text not null, primary key (match, version)
   ) strict, without rowid;`,
  `create table part ( -- of a world, as it is by its head's version
     match text not null, part text not null, data text not null, primary key (match, part)
   ) strict;`,
];

/** Brings a database to the present form, step by step, all or nothing. @throws Error for one of a later Realmkit. */
export function migrate(database: DatabaseSync): void {
  database.exec('begin immediate');
  try {
    database.exec('create table if not exists migration (number integer primary key, applied integer not null) strict');
    const done = formOf(database);
    if (done > steps.length) throw new Error('a later version of Realmkit has written it');
    const note = database.prepare('insert into migration values (?, ?)');
    for (const [index, step] of steps.entries()) {
      if (index < done) continue;
      database.exec(step);
      note.run(index + 1, Date.now());
    }
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}

/** For who only reads. @throws Error for a database that would have to be migrated, or is of a later Realmkit. */
export function checkForm(database: DatabaseSync): void {
  const is = formOf(database);
  if (is !== steps.length)
    throw new Error(`another version of Realmkit has written it (form ${is}, not ${steps.length})`);
}

const formOf = (database: DatabaseSync): number =>
  Number(database.prepare('select coalesce(max(number), 0) as form from migration').get()?.['form']);
