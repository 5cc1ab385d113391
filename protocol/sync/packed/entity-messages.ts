/** What both ends of a stream of entities say and know alike. */
import { BitWriter } from './bits.ts';
import type { Column } from './columns.ts';
import { writeKey } from './entity-keys.ts';
import { hashOfBytes } from './hash.ts';
import { MovingColumn } from './moving-column.ts';
import type { Roster } from './roster.ts';

export const messageKinds = { update: 0, snapshot: 1 } as const;

export function hashOfEntities(roster: Roster, columns: readonly Column[]): number {
  let moving = roster.size;
  const others = new BitWriter();
  for (const number of roster.numbers) writeKey(others, roster.keyOf(number)!);
  for (const column of columns) {
    if (column instanceof MovingColumn) moving = column.hash(moving, roster);
    else column.writeAll(others, roster);
  }
  return (moving ^ hashOfBytes(others.bytes())) >>> 0;
}
