/** What both ends of a stream of entities say and know alike. */
import { BitWriter } from './bits.ts';
import type { Column } from './columns.ts';
import { hashOfBytes } from './hash.ts';
import { MovingColumn } from './moving-column.ts';
import type { Roster } from './roster.ts';
import { textCodec } from './text-codec.ts';

export const messageKinds = { update: 0, snapshot: 1 } as const;

/** Keys as `t.map` has them. */
export const entityKeys = textCodec(200);

export function hashOfEntities(roster: Roster, columns: readonly Column[]): number {
  let moving = roster.size;
  const others = new BitWriter();
  for (const number of roster.numbers) entityKeys.write(others, roster.keyOf(number));
  for (const column of columns) {
    if (column instanceof MovingColumn) moving = column.hash(moving, roster);
    else column.writeAll(others, roster);
  }
  return (moving ^ hashOfBytes(others.bytes())) >>> 0;
}
