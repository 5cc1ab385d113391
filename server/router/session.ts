import type { Dict, Message, Uri } from '../../protocol/index.ts';
import type { AskedPermissions } from './asked-permissions.ts';
import type { Permission, Permits, SessionLimits } from './authorization.ts';
import type { ConnectionId } from './effects.ts';

/** Who a session is: what its authentication found out, never what it said itself. */
export interface Principal {
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
  /** The router's own services: they are in no list of the meta API and in no meta event, and cannot be killed. */
  readonly hidden?: boolean;
}

/** A principal as it is let in. */
export interface Admitted extends Principal {
  /** Where it joins, if not in the realm that HELLO asked for. */
  readonly realm?: Uri;
  /** What it may do, instead of what its role may. */
  readonly permissions?: readonly Permission[];
}

/** A joined session as realm, broker and dealer see it. */
export interface Session extends Principal {
  readonly id: number;
  readonly connection: ConnectionId;
  readonly caller: CallerFeatures;
  readonly callee: CalleeFeatures;
  readonly publisher: PublisherFeatures;
  readonly subscriber: SubscriberFeatures;
  readonly permissions: Permits;
  /** The same, where a component has a say in them. */
  readonly asked: AskedPermissions | undefined;
  readonly limits: SessionLimits;
  /** As the edge has measured it, ms; absent until then, and where it cannot. */
  roundTripMs?: number;
}

/** What the peer announced that it can do as a callee. */
export interface CalleeFeatures {
  readonly progress: boolean;
  readonly progressiveInvocations: boolean;
  readonly cancel: boolean;
  readonly timeout: boolean;
  readonly reroute: boolean;
  readonly trustlevels: boolean;
  readonly revocation: boolean;
  readonly passthru: boolean;
}

/** Both spellings of canceling are about in the specification. */
export const calleeFeatures = (roles: Dict): CalleeFeatures => ({
  progress: announces(roles, 'callee', 'progressive_call_results'),
  progressiveInvocations: announces(roles, 'callee', 'progressive_call_invocations'),
  cancel: announces(roles, 'callee', 'call_canceling') || announces(roles, 'callee', 'call_cancelling'),
  timeout: announces(roles, 'callee', 'call_timeout'),
  reroute: announces(roles, 'callee', 'call_reroute'),
  trustlevels: announces(roles, 'callee', 'call_trustlevels'),
  revocation: announces(roles, 'callee', 'registration_revocation'),
  passthru: announces(roles, 'callee', 'payload_passthru_mode'),
});

/** What the peer announced that it can do as a caller. */
export interface CallerFeatures {
  readonly progressiveInvocations: boolean;
  readonly passthru: boolean;
}
export const callerFeatures = (roles: Dict): CallerFeatures => ({
  progressiveInvocations: announces(roles, 'caller', 'progressive_call_invocations'),
  passthru: announces(roles, 'caller', 'payload_passthru_mode'),
});

/** What the peer announced that it can do as a publisher. */
export interface PublisherFeatures {
  readonly passthru: boolean;
}
export const publisherFeatures = (roles: Dict): PublisherFeatures => ({
  passthru: announces(roles, 'publisher', 'payload_passthru_mode'),
});

/** What the peer announced that it can do as a subscriber. */
export interface SubscriberFeatures {
  readonly passthru: boolean;
  readonly revocation: boolean;
}
/**
 * Python's Autobahn, known by an older feature that only it has, announces revocation, but takes the message for a
 * violation and is gone.
 */
export const subscriberFeatures = (roles: Dict): SubscriberFeatures => ({
  passthru: announces(roles, 'subscriber', 'payload_passthru_mode'),
  revocation:
    announces(roles, 'subscriber', 'subscription_revocation') &&
    !announces(roles, 'subscriber', 'payload_transparency'),
});

function announces(roles: Dict, role: string, feature: string): boolean {
  const announced = roles[role];
  const features = isDict(announced) ? announced['features'] : undefined;
  return isDict(features) && features[feature] === true;
}

/** What is wrong with the roles of a HELLO, or nothing. WAMP "Role and Feature Announcement". */
export function rolesProblem(hello: Message<'hello'>): string | null {
  const { roles } = hello.details;
  if (roles === undefined) return 'hello.details.roles is missing';
  const announced = clientRoles.filter((role) => Object.hasOwn(roles, role));
  if (announced.length === 0) return `hello.details.roles names none of ${clientRoles.join(', ')}`;
  const broken = announced.find((role) => !isDict(roles[role]));
  return broken === undefined ? null : `hello.details.roles.${broken} is not a dict`;
}
const clientRoles = ['publisher', 'subscriber', 'caller', 'callee'];

const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `wamp.session.get` and `wamp.session.on_join` say. `x_rtt` is ours. WAMP "Session Meta API". */
export const describeSession = ({ id, authid, authrole, authmethod, authprovider, roundTripMs }: Session): Dict => ({
  session: id,
  authid,
  authrole,
  authmethod,
  authprovider,
  ...(roundTripMs === undefined ? {} : { x_rtt: roundTripMs }),
});

/** The disclosed identity of a caller or a publisher, under the keys of its message. */
export const callerIdentity = ({ id, authid, authrole }: Session) => ({
  caller: id,
  caller_authid: authid,
  caller_authrole: authrole,
});
export const publisherIdentity = ({ id, authid, authrole }: Session) => ({
  publisher: id,
  publisher_authid: authid,
  publisher_authrole: authrole,
});
