import { customAlphabet } from 'nanoid';
import { ask, type Authenticator } from './authenticator.ts';
import { signGuestTicket, type TicketSettings } from './guest-ticket.ts';
import type { AuthenticationMethod } from './method.ts';

export interface AnonymousOptions {
  /** Default 'anonymous'. */
  readonly role?: string;
  /** With it every guest gets a ticket in WELCOME.details.authextra, to come back with by the method `ticket`. */
  readonly tickets?: TicketSettings;
  /** Says which role a guest gets, or refuses. */
  readonly authenticator?: Authenticator;
  /** Makes authids; by default 16 random digits and lower case letters, which fit into a URI. */
  readonly newAuthid?: () => string;
}

/** Lets anybody in, under a new authid: one that a peer merely claims is never given. WAMP "Anonymous". */
export function anonymous({
  role = 'anonymous',
  tickets,
  authenticator,
  newAuthid = randomAuthid,
}: AnonymousOptions = {}): AuthenticationMethod {
  const signed = (authid: string) => (tickets ? { ticket: signGuestTicket(authid, tickets) } : {});
  return {
    name: 'anonymous',
    admits: ({ authrole }) => authenticator !== undefined || authrole === role,
    begin(hello, arrival) {
      const authid = newAuthid();
      if (authenticator) {
        return ask(authenticator, { method: 'anonymous', hello, arrival, authid }).then(({ admitted, authextra }) => ({
          verdict: 'welcome',
          principal: { ...admitted, authmethod: 'anonymous' },
          authextra: { ...authextra, ...signed(admitted.authid) },
        }));
      }
      const principal = { authid, authrole: role, authmethod: 'anonymous', authprovider: 'static' };
      return { verdict: 'welcome', principal, ...(tickets && { authextra: signed(authid) }) };
    },
  };
}

const randomAuthid = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16);
