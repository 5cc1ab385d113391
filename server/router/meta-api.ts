/** Everything that a realm answers below `wamp.`. WAMP "Meta API". */
import { describeSubscription, type Broker } from './broker.ts';
import type { Dealer } from './dealer.ts';
import { groupProcedures } from './group-meta.ts';
import { historyProcedures } from './history-meta.ts';
import type { MetaProcedures } from './meta.ts';
import { describeRegistration } from './registrations.ts';
import { sessionProcedures, type Ending } from './session-meta.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscriptions.ts';

interface Around extends Ending {
  readonly sessions: ReadonlyMap<number, Session>;
  readonly broker: Broker;
  readonly dealer: Dealer;
  /** What others answer. */
  readonly more: readonly MetaProcedures[];
}

export function metaApi({ sessions, broker, dealer, more, ...ending }: Around): MetaProcedures {
  const { subscriptions } = broker;
  const { registrations } = dealer;
  const ofSubscriptions = groupProcedures(
    'subscription',
    {
      all: () => subscriptions.all(),
      get: (id) => subscriptions.get(id),
      find: (uri, match) => subscriptions.find(uri, match),
      matching: (topic) => orNull(subscriptions.matching(topic).map(({ id }) => id)),
      describe: describeSubscription,
      members: (subscription) => subscription.sessions.values(),
      revoke: (session, subscription, reason) => broker.revoke(session, subscription, reason),
    },
    sessions,
  );
  const ofRegistrations = groupProcedures(
    'registration',
    {
      all: () => registrations.all(),
      get: (id) => registrations.get(id),
      find: (uri, match) => registrations.find(uri, match),
      matching: (procedure) => registrations.best(procedure)?.id ?? null,
      describe: describeRegistration,
      members: ({ callees }) => callees.map(({ session }) => session),
      revoke: (session, { callees }, reason) =>
        callees.filter((callee) => callee.session === session).flatMap((callee) => dealer.revoke(callee, reason)),
    },
    sessions,
  );
  const mayRead = ({ permissions }: Session, { uri, match }: Subscription) =>
    permissions.allowsPattern('subscribe', uri, match);
  const all = [
    sessionProcedures(sessions, ending),
    ofSubscriptions,
    ofRegistrations,
    historyProcedures({ subscriptions, mayRead }),
    ...more,
  ];
  return new Map(all.flatMap((procedures) => [...procedures]));
}

const orNull = <T>(list: readonly T[]): readonly T[] | null => (list.length > 0 ? list : null);
