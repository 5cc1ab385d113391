/** Finding out who a peer is: one file per method. */
export { anonymous, type AnonymousOptions } from './anonymous.ts';
export { ticket, type TicketOptions } from './ticket.ts';
export type { TicketSettings } from './guest-ticket.ts';
export { chooseMethod, denied, type AuthenticationMethod, type Verdict } from './method.ts';
