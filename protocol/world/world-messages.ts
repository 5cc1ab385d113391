/**
 * What is published of a world, packed: in each tick the changes of each cell that somebody sees, then what concerns one
 * player alone, then one commit for everybody. design.md §6.
 */
import type { BitReader, BitWriter } from '../sync/packed/bits.ts';
import type { CellId } from './cells.ts';
import type { Indexed } from './event-codec.ts';
import type { Place } from './world-rules.ts';

/** The first bits of each message. */
export const messageKinds = { commit: 0, cell: 1, personal: 2, snapshot: 3 } as const;
export type MessageKind = (typeof messageKinds)[keyof typeof messageKinds];

/** Bits that are usual of numbers that only grow. */
export const usual = { kind: 2, version: 12, sequence: 8, index: 1, count: 1, cell: 4 } as const;

/** Every so many versions a commit says a hash of what everybody has; a cell, of its own changes. */
export const hashEvery = 16;

export function writeCell(out: BitWriter, cell: CellId): void {
  for (const index of cell.split(',')) out.int(Number(index), usual.cell);
}
export const readCell = (from: BitReader): CellId => `${from.int(usual.cell)},${from.int(usual.cell)}`;

/** An event of a tick as everybody may see it. */
export interface Happened extends Indexed {
  /** Only for those who are near; null: for all. */
  readonly at: Place | null;
}
