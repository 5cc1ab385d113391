/** What our sessions can do, as HELLO announces it. WAMP "Feature Announcement". */
import type { Dict } from './messages.ts';
import { isDict } from './values.ts';

const features = (...names: readonly string[]) => ({ features: Object.fromEntries(names.map((name) => [name, true])) });

export const roles: Dict = {
  publisher: features(
    'publisher_identification',
    'publisher_exclusion',
    'subscriber_blackwhite_listing',
    'sharded_subscription',
    'payload_passthru_mode',
  ),
  subscriber: features(
    'publisher_identification',
    'pattern_based_subscription',
    'publication_trustlevels',
    'subscription_revocation',
    'sharded_subscription',
    'payload_passthru_mode',
  ),
  caller: features(
    'caller_identification',
    'call_canceling',
    'call_timeout',
    'progressive_call_results',
    'progressive_call_invocations',
    'sharded_registration',
    'payload_passthru_mode',
  ),
  callee: features(
    'caller_identification',
    'call_canceling',
    'call_timeout',
    'call_trustlevels',
    'call_reroute',
    'progressive_call_results',
    'progressive_call_invocations',
    'pattern_based_registration',
    'shared_registration',
    'sharded_registration',
    'registration_revocation',
    'payload_passthru_mode',
  ),
};

/** Whether a peer announced a feature in the details of its HELLO or WELCOME. */
export function announces(details: Dict, role: string, feature: string): boolean {
  const announced = member(member(member(details, 'roles'), role), 'features');
  return isDict(announced) && announced[feature] === true;
}

const member = (value: unknown, key: string): unknown => (isDict(value) ? value[key] : undefined);
