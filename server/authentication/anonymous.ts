import { customAlphabet } from 'nanoid';
import { signGuestTicket, type TicketSettings } from './guest-ticket.ts';
import type { AuthenticationMethod } from './method.ts';

export interface AnonymousOptions {
  /** Default 'anonymous'. */
  readonly role?: string;
  /** With it every guest gets a ticket in WELCOME.details.authextra, to come back with by the method `ticket`. */
  readonly tickets?: TicketSettings;
  /** Makes authids; by default 16 random digits and lower case letters, which fit into a URI. */
  readonly newAuthid?: () => string;
}

/** Lets anybody in, under a new authid: one that a peer merely claims is never given. WAMP "Anonymous". */
export function anonymous({
  role = 'anonymous',
  tickets,
  newAuthid = randomAuthid,
}: AnonymousOptions = {}): AuthenticationMethod {
  return {
    name: 'anonymous',
    begin() {
      const authid = newAuthid();
      const principal = { authid, authrole: role, authmethod: 'anonymous', authprovider: 'static' };
      if (!tickets) return { verdict: 'welcome', principal };
      return { verdict: 'welcome', principal, authextra: { ticket: signGuestTicket(authid, tickets) } };
    },
  };
}

const randomAuthid = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16);
