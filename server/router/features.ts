/** What peers say they can do, and what this router can. WAMP "Feature Announcement". */
import type { Dict, Message } from '../../protocol/index.ts';

/** What this router does beyond the Basic Profile. Nothing is announced that is not whole. */
export const routerRoles = {
  broker: {
    reflection: true,
    features: {
      publisher_identification: true,
      publisher_exclusion: true,
      subscriber_blackwhite_listing: true,
      pattern_based_subscription: true,
      publication_trustlevels: true,
      subscription_revocation: true,
      event_retention: true,
      event_history: true,
      sharded_subscription: true,
      session_meta_api: true,
      subscription_meta_api: true,
      payload_passthru_mode: true,
    },
  },
  dealer: {
    reflection: true,
    features: {
      progressive_call_results: true,
      progressive_call_invocations: true,
      call_canceling: true,
      call_timeout: true,
      call_reroute: true,
      call_trustlevels: true,
      caller_identification: true,
      pattern_based_registration: true,
      shared_registration: true,
      sharded_registration: true,
      registration_revocation: true,
      session_meta_api: true,
      registration_meta_api: true,
      testament_meta_api: true,
      payload_passthru_mode: true,
    },
  },
};

/**
 * What a peer can do in each of its roles.
 * @param roles as HELLO announced them.
 */
export const featuresOf = (roles: Dict) => ({
  caller: {
    progressiveInvocations: announces(roles, 'caller', 'progressive_call_invocations'),
    passthru: announces(roles, 'caller', 'payload_passthru_mode'),
  },
  callee: {
    progress: announces(roles, 'callee', 'progressive_call_results'),
    progressiveInvocations: announces(roles, 'callee', 'progressive_call_invocations'),
    /** Both spellings are about in the specification. */
    cancel: announces(roles, 'callee', 'call_canceling') || announces(roles, 'callee', 'call_cancelling'),
    timeout: announces(roles, 'callee', 'call_timeout'),
    reroute: announces(roles, 'callee', 'call_reroute'),
    trustlevels: announces(roles, 'callee', 'call_trustlevels'),
    revocation: announces(roles, 'callee', 'registration_revocation'),
    passthru: announces(roles, 'callee', 'payload_passthru_mode'),
  },
  publisher: {
    passthru: announces(roles, 'publisher', 'payload_passthru_mode'),
  },
  subscriber: {
    passthru: announces(roles, 'subscriber', 'payload_passthru_mode'),
    /**
     * Python's Autobahn, known by an older feature that only it has, announces revocation, but takes the message for a
     * violation and is gone.
     */
    revocation:
      announces(roles, 'subscriber', 'subscription_revocation') &&
      !announces(roles, 'subscriber', 'payload_transparency'),
  },
});
export type Features = Readonly<ReturnType<typeof featuresOf>>;

function announces(roles: Dict, role: string, feature: string): boolean {
  const announced = roles[role];
  const features = isDict(announced) ? announced['features'] : undefined;
  return isDict(features) && features[feature] === true;
}

/** What is wrong with the roles of a HELLO, or nothing. WAMP "Role and Feature Announcement". */
export function rolesProblem(hello: Message<'hello'>): string | null {
  const { roles } = hello.details;
  if (roles === undefined) return 'hello.details.roles is missing';
  const announced = clientRoles.filter((role) => roles[role] !== undefined);
  if (announced.length === 0) return `hello.details.roles names none of ${clientRoles.join(', ')}`;
  const broken = announced.find((role) => !isDict(roles[role]));
  return broken === undefined ? null : `hello.details.roles.${broken} is not a dict`;
}
const clientRoles = ['publisher', 'subscriber', 'caller', 'callee'];

const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);
