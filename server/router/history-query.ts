/** What a caller wants to see of a history: all conditions hold together. WAMP "Event History". */
import type { Dict, Uri } from '../../protocol/index.ts';
import type { PastEvent } from './history.ts';
import { flagNamed, idNamed, textNamed, wrong } from './meta-arguments.ts';

export interface HistoryQuery {
  /** Newest first. */
  readonly reverse: boolean;
  readonly limit: number | undefined;
  readonly topic: Uri | undefined;
  /** Times in milliseconds since 1970: from and until include their own, after and before do not. */
  readonly time: Range;
  /** Publication ids, which stand for the positions of their events. */
  readonly publication: Range;
}

interface Range {
  readonly from: number | undefined;
  readonly after: number | undefined;
  readonly until: number | undefined;
  readonly before: number | undefined;
}

/** @throws CallError naming the argument that is wrong. */
export const historyQuery = (kwargs: Dict): HistoryQuery => ({
  reverse: flagNamed(kwargs, 'reverse'),
  limit: idNamed(kwargs, 'limit'),
  topic: textNamed(kwargs, 'topic'),
  time: rangeNamed(kwargs, 'time', timeNamed),
  publication: rangeNamed(kwargs, 'publication', idNamed),
});

/** @throws CallError: a publication it names is not among the events. */
export function select(
  events: readonly PastEvent[],
  { reverse, limit = Infinity, topic, time, publication }: HistoryQuery,
): { readonly events: readonly PastEvent[]; readonly isLimitReached: boolean } {
  const { from, until, before, after } = publication;
  const found = events
    .slice(
      Math.max(0, placeOf(events, from) ?? 0, (placeOf(events, after) ?? -1) + 1),
      Math.min((placeOf(events, until) ?? Infinity) + 1, placeOf(events, before) ?? Infinity),
    )
    .filter((event) => within(time, event.at) && (topic === undefined || event.publication.topic === topic));
  if (reverse) found.reverse();
  return { events: found.slice(0, limit), isLimitReached: found.length > limit };
}

const within = ({ from, after, until, before }: Range, at: number): boolean =>
  !(at < from!) && !(at <= after!) && !(at > until!) && !(at >= before!); // comparing with undefined is false

function placeOf(events: readonly PastEvent[], id: number | undefined): number | undefined {
  if (id === undefined) return undefined;
  const place = events.findIndex(({ publication }) => publication.id === id);
  if (place < 0) throw wrong(`publication ${id} is not in this history, or no more`);
  return place;
}

const rangeNamed = (
  kwargs: Dict,
  what: 'time' | 'publication',
  read: (kwargs: Dict, name: string) => number | undefined,
): Range => ({
  from: read(kwargs, `from_${what}`),
  after: read(kwargs, `after_${what}`),
  until: read(kwargs, `until_${what}`),
  before: read(kwargs, `before_${what}`),
});

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

function timeNamed(kwargs: Dict, name: string): number | undefined {
  const text = textNamed(kwargs, name);
  if (text === undefined) return undefined;
  const time = rfc3339.test(text) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(time)) throw wrong(`kwargs.${name} is not a time as in 2030-01-02T03:04:05.678Z`);
  return time;
}
