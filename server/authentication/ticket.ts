import { createHash, timingSafeEqual } from 'node:crypto';
import { isGuestTicket, signGuestTicket, type TicketSettings } from './guest-ticket.ts';
import { denied, type AuthenticationMethod, type Verdict } from './method.ts';

export interface TicketOptions {
  /** Who may come with which ticket, by authid. */
  readonly principals?: Readonly<Record<string, { readonly ticket: string; readonly role: string }>>;
  /** Lets guests come back: with it, tickets that `anonymous` gave out are accepted too, and renewed. */
  readonly guests?: TicketSettings & { readonly role: string };
}

/** A shared secret, or a guest's signed ticket, sent in the clear: for TLS only. WAMP "Ticket-based Authentication". */
export function ticket({ principals = {}, guests }: TicketOptions): AuthenticationMethod {
  const byAuthid = new Map(Object.entries(principals));
  return {
    name: 'ticket',
    begin({ authid }) {
      // Unknown and missing users are asked too: only the answer's refusal tells, and it is the same for all.
      const answer = (signature: string) => (authid === undefined ? denied : check(authid, signature));
      return { verdict: 'challenge', method: 'ticket', extra: {}, answer };
    },
  };

  function check(authid: string, given: string): Verdict {
    const known = byAuthid.get(authid);
    if (known) return equal(given, known.ticket) ? welcome(authid, known.role, 'static') : denied;
    if (!guests || !isGuestTicket(given, authid, guests)) return denied;
    return { ...welcome(authid, guests.role, 'guest'), authextra: { ticket: signGuestTicket(authid, guests) } };
  }
}

const welcome = (authid: string, authrole: string, authprovider: string) =>
  ({ verdict: 'welcome', principal: { authid, authrole, authmethod: 'ticket', authprovider } }) as const;

/** In constant time, whatever the lengths. */
const equal = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
const digest = (text: string) => createHash('sha256').update(text).digest();
