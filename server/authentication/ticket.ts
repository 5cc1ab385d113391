import { ask, type Authenticator } from './authenticator.ts';
import { isGuestTicket, signGuestTicket, type TicketSettings } from './guest-ticket.ts';
import { denied, type AuthenticationMethod, type Verdict } from './method.ts';
import { equal } from './secrets.ts';

export interface TicketOptions {
  /** Who may come with which ticket, by authid. */
  readonly principals?: Readonly<Record<string, { readonly ticket: string; readonly role: string }>>;
  /** Lets guests come back: with it, tickets that `anonymous` gave out are accepted too, and renewed. */
  readonly guests?: TicketSettings & { readonly role: string };
  /** Is asked about all others. */
  readonly authenticator?: Authenticator;
}

/** A shared secret, or a guest's signed ticket, sent in the clear: for TLS only. WAMP "Ticket-based Authentication". */
export function ticket({ principals = {}, guests, authenticator }: TicketOptions): AuthenticationMethod {
  const byAuthid = new Map(Object.entries(principals));
  return {
    name: 'ticket',
    begin(hello, arrival) {
      const { authid } = hello;
      // Unknown and missing users are asked too: only the answer's refusal tells, and it is the same for all.
      const answer = (given: string): Verdict | Promise<Verdict> => {
        const verdict = authid === undefined ? denied : check(authid, given);
        if (verdict !== denied || !authenticator || (authid !== undefined && byAuthid.has(authid))) return verdict;
        const asked = ask(authenticator, { method: 'ticket', hello, arrival, more: { ticket: given } });
        return asked.then(({ admitted, authextra }) => ({
          verdict: 'welcome',
          principal: { ...admitted, authmethod: 'ticket' },
          ...(authextra && { authextra }),
        }));
      };
      return { verdict: 'challenge', method: 'ticket', extra: {}, answer };
    },
    admits({ authid, authrole, authprovider }) {
      const known = byAuthid.get(authid);
      if (known) return known.role === authrole;
      return authenticator !== undefined || (authprovider !== 'static' && guests?.role === authrole);
    },
  };

  function check(authid: string, given: string): Verdict {
    const known = byAuthid.get(authid);
    const isRight = equal(given, known?.ticket ?? ''); // as much work for somebody who is not known
    const isGuest = guests !== undefined && isGuestTicket(given, authid, guests); // and the other way round
    if (known) return isRight ? welcome(authid, known.role, 'static') : denied;
    if (!guests || !isGuest) return denied;
    return { ...welcome(authid, guests.role, 'guest'), authextra: { ticket: signGuestTicket(authid, guests) } };
  }
}

const welcome = (authid: string, authrole: string, authprovider: string) =>
  ({ verdict: 'welcome', principal: { authid, authrole, authmethod: 'ticket', authprovider } }) as const;
