/**
 * Events of a tick as they are packed. Those of several messages find their order by what everybody has: after how many of
 * the events that all hear each came. So nobody learns of events elsewhere, not even that there were any.
 */
import type { BitReader, BitWriter } from '../sync/packed/bits.ts';
import { malformed } from '../sync/packed/bits.ts';
import type { Happening } from '../sync/change.ts';
import type { CellId } from './cells.ts';
import type { WorldCodecs } from './world-codecs.ts';
import { usual } from './world-messages.ts';

export interface Indexed extends Happening {
  /**
   * How many events of the tick that all hear came before it; of what a player alone hears, how many that it hears at all.
   */
  readonly index: number;
}

/** Events as those order them who hear them: of several cells at once, by the cell. `cell`: null for those that all hear. */
export function inOrder<E extends { readonly index: number; readonly cell: CellId | null }>(events: readonly E[]): E[] {
  return events.toSorted(
    (a, b) => a.index - b.index || Number(a.cell === null) - Number(b.cell === null) || compared(a.cell, b.cell),
  );
}
const compared = (a: CellId | null, b: CellId | null): number => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1);

export function writeEvents(out: BitWriter, codecs: WorldCodecs, events: readonly Indexed[]): void {
  out.uint(events.length, usual.count);
  for (const { index, event, data } of events) {
    const number = codecs.events.findIndex(({ name }) => name === event);
    out.uint(index, usual.index);
    out.uint(number, usual.index);
    codecs.events[number]!.codec.write(out, data);
  }
}

export function readEvents(from: BitReader, codecs: WorldCodecs): Indexed[] {
  return Array.from({ length: from.count(usual.count, mostEvents) }, () => {
    const index = from.uint(usual.index);
    const event = codecs.events[from.uint(usual.index)];
    if (!event) throw malformed('there is no such event');
    return { index, event: event.name, data: event.codec.read(from) };
  });
}

const mostEvents = 100_000;
