/** Events of a tick as they are packed: by their place in the tick, so that those of several messages find their order. */
import type { BitReader, BitWriter } from '../sync/packed/bits.ts';
import { malformed } from '../sync/packed/bits.ts';
import type { Happening } from '../sync/change.ts';
import type { WorldCodecs } from './world-codecs.ts';
import { usual } from './world-messages.ts';

export interface Indexed extends Happening {
  /** The how manieth of its tick, from 0. */
  readonly index: number;
}

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
