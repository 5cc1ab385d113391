/** Finding out who a peer is: one file per method. */
export { anonymous, type AnonymousOptions } from './anonymous.ts';
export { ticket, type TicketOptions } from './ticket.ts';
export { wampcra, type WampcraOptions, type WampcraPrincipal, type WampcraSecret } from './wampcra.ts';
export { keepScramPassword, scram, scramCosts, type ScramCost } from './scram.ts';
export { autobahnScram, keepAutobahnScramPassword } from './autobahn-scram.ts';
export type { ScramCredential, ScramOptions, ScramPrincipal } from './scram-exchange.ts';
export { argon2id } from './argon2.ts';
export { cryptosign, type CryptosignOptions, type CryptosignPrincipal } from './cryptosign.ts';
export { cookie, memoryCookies, type CookieStore, type MemoryCookiesOptions } from './cookie.ts';
export { tls, type CertificatePrincipal } from './tls.ts';
export type { Authenticator, Source } from './authenticator.ts';
export type { TicketSettings } from './guest-ticket.ts';
export { Admission, type Door } from './admission.ts';
export { authorize } from './authorizer.ts';
export { candidates, denied, type Arrival, type AuthenticationMethod, type Verdict } from './method.ts';
export {
  channelBindingTypes,
  describeTransport,
  inProcess,
  type ChannelBindingType,
  type PeerCertificate,
  type TransportFacts,
} from './transport-facts.ts';
