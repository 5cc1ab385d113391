/** The write-ahead log of a database: how long it may grow, and room for it on the disk before it is needed. */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/**
 * Pages of 4 KB in the log when they move to the database, while a move waits: 8 to 26 ms for 4,000 as for 16,000, so better
 * seldom. A thousand matches with a move a second fill it in 7 s.
 */
export const checkpointPages = 16_000;

/** A thousand moves of one match need 9 MB. */
const roomBytes = 16 * 2 ** 20;
const pieceBytes = 2 ** 20;

/**
 * Fills a log up with zeros, which SQLite takes for its end and writes over. A commit then makes no file longer: on ext4 a
 * third of what it costs. The log never gets shorter while it is open. A disk without so much room keeps what it has.
 */
export function makeRoom(log: string): void {
  const file = openSync(log, 'r+'); // nobody locks it, which closing it would undo
  const { size } = fstatSync(file);
  try {
    for (let at = size; at < roomBytes; at += pieceBytes)
      writeSync(file, zeros, 0, Math.min(pieceBytes, roomBytes - at), at);
    fsyncSync(file);
  } catch {
    ftruncateSync(file, size);
  } finally {
    closeSync(file);
  }
}

const zeros = Buffer.alloc(pieceBytes);
