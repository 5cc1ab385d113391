import type { Credentials } from './credentials.ts';

/** The ticket goes over the wire as it is: for TLS only. WAMP "Ticket-based Authentication". */
export const withTicket = ({ authid, ticket }: { authid: string; ticket: string }): Credentials => ({
  authid,
  authmethods: ['ticket'],
  onChallenge: () => ticket,
});
