/** What the meta API says of subscriptions and of registrations alike. WAMP "Subscription Meta API", "Registration Meta API". */
import { CallError, errors, type Dict, type MatchPolicy, type Uri } from '../../protocol/index.ts';
import type { Effect } from './effects.ts';
import { value, type MetaCall, type MetaProcedure, type MetaProcedures } from './meta.ts';
import { dictAt, idAt, matchOf, textAt, uriNamed } from './meta-arguments.ts';
import { sessionAt } from './session-meta.ts';
import type { Session } from './session.ts';

/** Sessions that have the same thing: a subscription, or a registration. */
export interface Group {
  readonly id: number;
  readonly uri: Uri;
  readonly match: MatchPolicy;
}

export interface Groups<G extends Group> {
  all(): Iterable<G>;
  get(id: number): G | undefined;
  find(uri: Uri, match: MatchPolicy): G | undefined;
  /** What `match` answers: which of them an event or a call of this URI reaches. */
  matching(uri: Uri): unknown;
  describe(group: G): Dict;
  members(group: G): Iterable<Session>;
  /** Takes it away from one of its sessions. */
  revoke(session: Session, group: G, reason: Uri | undefined): Effect[];
}

/** How the two are called in URIs. */
const words = {
  subscription: { member: 'subscriber', noSuch: errors.noSuchSubscription },
  registration: { member: 'callee', noSuch: errors.noSuchRegistration },
};

export function groupProcedures<G extends Group>(
  kind: keyof typeof words,
  groups: Groups<G>,
  sessions: ReadonlyMap<number, Session>,
): MetaProcedures {
  const { member, noSuch } = words[kind];
  const groupOf = ({ args }: MetaCall): G => {
    const id = idAt(args, 0, kind);
    const group = groups.get(id);
    if (!group) throw new CallError(noSuch, [`there is no ${kind} ${id}`]);
    return group;
  };
  const visible = (group: G) => [...groups.members(group)].filter(({ hidden }) => !hidden);
  const procedures: Record<string, MetaProcedure> = {
    list: () => value(byPolicy(groups.all())),
    lookup: ({ args }) => {
      const match = matchOf(dictAt(args, 1)['match']);
      return value(groups.find(textAt(args, 0, 'a uri'), match)?.id ?? null);
    },
    match: ({ args }) => value(groups.matching(textAt(args, 0, 'a uri'))),
    get: (call) => value(groups.describe(groupOf(call))),
    [`list_${member}s`]: (call) => value(visible(groupOf(call)).map(({ id }) => id)),
    [`count_${member}s`]: (call) => value(visible(groupOf(call)).length),
    [`remove_${member}`]: (call) => {
      const group = groupOf(call);
      const session = sessionAt(sessions, idAt(call.args, 1, 'session'));
      const reason = uriNamed(call.kwargs, 'reason');
      if (!visible(group).includes(session))
        throw new CallError(noSuch, [`session ${session.id} does not hold ${kind} ${group.id}`]);
      return { effects: groups.revoke(session, group, reason) };
    },
  };
  return new Map(Object.entries(procedures).map(([name, serve]) => [`wamp.${kind}.${name}`, serve]));
}

function byPolicy(groups: Iterable<Group>): Record<MatchPolicy, number[]> {
  const ids: Record<MatchPolicy, number[]> = { exact: [], prefix: [], wildcard: [] };
  for (const { id, match } of groups) ids[match].push(id);
  return ids;
}
