/** Asking a router for the events of the past. WAMP "Event History". */
import { CallError, errors } from './errors.ts';
import { isId } from './ids.ts';
import type { Session } from './session.ts';
import type { Uri } from './uris.ts';
import { isDict, type Dict, type List } from './values.ts';

/** All conditions hold together. Times are as in `2030-01-02T03:04:05.678Z`; publications stand for their positions. */
export interface PastEventsFilter {
  /** Newest first. */
  readonly reverse?: boolean;
  readonly limit?: number;
  /** Of a pattern's events only this topic's. */
  readonly topic?: Uri;
  readonly from_time?: string;
  readonly after_time?: string;
  readonly until_time?: string;
  readonly before_time?: string;
  readonly from_publication?: number;
  readonly after_publication?: number;
  readonly until_publication?: number;
  readonly before_publication?: number;
}

export interface PastEvent {
  readonly timestamp: string;
  readonly publication: number;
  readonly details: Dict;
  readonly args: List;
  readonly kwargs: Dict;
}

/**
 * @param subscription its id: of `Session.subscribe`, or of `wamp.subscription.lookup` for one that only the router keeps.
 * @throws CallError: of the router; or `wamp.error.invalid_payload` when what it answers is no list of events.
 */
export async function pastEvents(
  session: Pick<Session, 'call'>,
  subscription: number,
  filter: PastEventsFilter = {},
): Promise<readonly PastEvent[]> {
  const { args } = await session.call('wamp.subscription.get_events', [subscription], { ...filter });
  // Some routers answer with one list instead of many results.
  const events: List = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
  return events.map(pastEvent);
}

function pastEvent(event: unknown): PastEvent {
  if (!isDict(event)) throw unreadable('an event is not a dict');
  const { timestamp, publication, details = {}, args = [], kwargs = {} } = event;
  if (typeof timestamp !== 'string' || !isId(publication)) throw unreadable('an event lacks timestamp or publication');
  return {
    timestamp,
    publication,
    details: isDict(details) ? details : {},
    args: Array.isArray(args) ? args : [], // null, where some routers mean none
    kwargs: isDict(kwargs) ? kwargs : {},
  };
}

const unreadable = (problem: string) => new CallError(errors.invalidPayload, [`get_events: ${problem}`]);
