/** Asking for past events. WAMP "Event History". */
import { CallError, errors, valuesOf, type Dict } from '../../protocol/index.ts';
import type { PastEvent } from './history.ts';
import { historyQuery, select } from './history-query.ts';
import type { MetaProcedures } from './meta.ts';
import { idAt } from './meta-arguments.ts';
import { detailsFor, isFor } from './publication.ts';
import type { Session } from './session.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';

interface Around {
  readonly subscriptions: Subscriptions;
  /** Whether a session could subscribe to what it asks about. */
  mayRead(session: Session, subscription: Subscription): boolean;
}

/** Each positional result is an event; kwargs say whether there are more of them than the limit. */
export const historyProcedures = ({ subscriptions, mayRead }: Around): MetaProcedures =>
  new Map([
    [
      'wamp.subscription.get_events',
      ({ caller, args, kwargs }) => {
        const id = idAt(args, 0, 'subscription');
        const subscription = subscriptions.get(id);
        if (!subscription) throw new CallError(errors.noSuchSubscription, [`there is no subscription ${id}`]);
        if (!mayRead(caller, subscription))
          throw new CallError(errors.notAuthorized, [`you may not subscribe to "${subscription.uri}"`]);
        if (!subscription.history)
          throw new CallError(errors.historyUnavailable, [`no history is kept of "${subscription.uri}"`]);
        const visible = subscription.history.events.filter(({ publication }) => isFor(publication, caller));
        const { events, isLimitReached } = select(visible, historyQuery(kwargs));
        return {
          args: events.map((event) => describeEvent(event, subscription)),
          kwargs: { is_limit_reached: isLimitReached },
        };
      },
    ],
  ]);

const describeEvent = ({ at, publication }: PastEvent, { id, match }: Subscription): Dict => ({
  timestamp: new Date(at).toISOString(),
  subscription: id,
  publication: publication.id,
  details: detailsFor(publication, match),
  ...valuesOf(publication.content),
});
