/** Finding out who a peer is: one file per method. */
export { anonymous, type AnonymousOptions } from './anonymous.ts';
export { ticket, type TicketOptions } from './ticket.ts';
export type { TicketSettings } from './guest-ticket.ts';
export { Admission, type Door } from './admission.ts';
export { candidates, denied, type Arrival, type AuthenticationMethod, type Verdict } from './method.ts';
export {
  channelBindingTypes,
  describeTransport,
  inProcess,
  type ChannelBindingType,
  type PeerCertificate,
  type TransportFacts,
} from './transport-facts.ts';
