/** What becomes of a realm's sessions when it is configured anew. */
import { closeReasons, errors, type Uri } from '../../protocol/index.ts';
import type { Action } from './authorization.ts';
import type { Broker } from './broker.ts';
import type { Dealer } from './dealer.ts';
import type { ConnectionId, Effect } from './effects.ts';
import { describedBy, type Kind, type Reflection } from './reflection.ts';
import { stillAllows, type Grants, type Pattern, type Roles } from './roles.ts';
import type { Farewell } from './session-meta.ts';
import type { Principal, Session } from './session.ts';
import type { Testaments } from './testaments.ts';

/** Why whoever let a session in would not do so again, in this role; null: it would, or nobody knows. */
export type Objection = (connection: ConnectionId, principal: Principal) => string | null;

interface Around {
  readonly sessions: Iterable<Session>;
  readonly broker: Broker;
  readonly dealer: Dealer;
  readonly testaments: Testaments;
  readonly reflection: Reflection;
  readonly objection: Objection;
  end(session: Session, farewell: Farewell): Effect[];
}

/**
 * Who may stay gets what its role gives now, and loses what that does not allow; whoever may not is ended, and told why.
 * The losses come first: of the endings nobody hears who may no longer listen.
 */
export function revise(before: Roles, now: Roles, around: Around): Effect[] {
  const losses: Effect[] = [];
  const leaving: [Session, string][] = [];
  for (const session of around.sessions) {
    const { own, authrole, connection } = session;
    const grants = own || now.hasSame(authrole, before) ? session : now.grants(session);
    const problem = grants ? around.objection(connection, session) : `the realm has no role "${authrole}" any more`;
    if (problem !== null) leaving.push([session, problem]);
    else if (grants && grants !== session) losses.push(...exchange(session, grants, around));
  }
  const endings = leaving.flatMap(([session, message]) =>
    around.end(session, { reason: closeReasons.killed, message }),
  );
  return [...losses, ...endings];
}

function exchange(session: Session, grants: Grants, { broker, dealer, testaments, reflection }: Around): Effect[] {
  const { permissions, asked, limits, forwards } = session;
  const before = { permissions, asked, limits, forwards };
  Object.assign(session, grants);
  const isLost = (action: Action, pattern: Pattern) => !stillAllows(before, grants, action, pattern);
  testaments.keep(session, (topic: Uri) => !isLost('publish', { uri: topic, match: 'exact' }));
  const subscriptions = broker.subscriptions.heldBy(session).filter((held) => isLost('subscribe', held));
  const callees = dealer.registrations.heldBy(session).filter(({ registration }) => isLost('register', registration));
  const mayDescribe = (kind: Kind, uri: Uri) => !isLost(describedBy(kind), { uri, match: 'exact' });
  return [
    ...reflection.keep(session, mayDescribe),
    ...subscriptions.flatMap((subscription) => broker.revoke(session, subscription, errors.notAuthorized)),
    ...callees.flatMap((callee) => dealer.revoke(callee, errors.notAuthorized)),
  ];
}
