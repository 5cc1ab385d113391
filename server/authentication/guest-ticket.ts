/**
 * Guest tickets: a note signed by the server that says "whoever shows this is ‹authid›, until ‹expiry›". The server
 * stores nothing; anybody with the secret can check one. Form: `‹authid›.‹expiry, seconds since 1970›.‹signature›`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface TicketSettings {
  /** Signs the tickets. Whoever has it can be any guest; at least 32 random bytes. */
  readonly secret: string | Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Default 90 days. */
  readonly lifetimeMs?: number;
}

const defaultLifetimeMs = 90 * 24 * 60 * 60 * 1000;

export function signGuestTicket(
  authid: string,
  { secret, now, lifetimeMs = defaultLifetimeMs }: TicketSettings,
): string {
  const content = `${authid}.${Math.floor((now() + lifetimeMs) / 1000)}`;
  return `${content}.${signature(content, secret).toString('base64url')}`;
}

/** Whether the ticket is ours, not expired, and for this authid. */
export function isGuestTicket(ticket: string, authid: string, { secret, now }: TicketSettings): boolean {
  const [owner, expiry, signed, ...rest] = ticket.split('.');
  if (owner === undefined || expiry === undefined || signed === undefined || rest.length > 0) return false;
  const genuine = equal(Buffer.from(signed, 'base64url'), signature(`${owner}.${expiry}`, secret));
  return genuine && owner === authid && Number(expiry) * 1000 > now();
}

const signature = (content: string, secret: string | Uint8Array) =>
  createHmac('sha256', secret).update(`guest ticket:${content}`).digest();

/** Takes the same time wherever the two differ. */
function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
