/** A cookie by which a browser is known again, whoever uses it. What it is good for, authentication decides. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

export interface TrackingCookieOptions {
  /** Default 'cbtid', as Crossbar's. */
  readonly name?: string;
  /** Default a week. */
  readonly maxAgeMs?: number;
}

export interface TrackingCookie {
  /** What the browser brought, or gets now. */
  readonly value: string;
  /** For `Set-Cookie`; null: it has it already. */
  readonly header: string | null;
}

const week = 7 * 24 * 60 * 60 * 1000;
const form = /^[\w-]{32}$/;

/** The same for the same request. */
export function trackingCookie(request: IncomingMessage, options: TrackingCookieOptions): TrackingCookie {
  const known = given.get(request) ?? broughtBy(request, options) ?? fresh(request, options);
  given.set(request, known);
  return known;
}
const given = new WeakMap<IncomingMessage, TrackingCookie>();

function broughtBy({ headers }: IncomingMessage, { name = 'cbtid' }: TrackingCookieOptions): TrackingCookie | null {
  const start = `${name}=`;
  const pair = (headers.cookie ?? '').split(/;\s*/).find((candidate) => candidate.startsWith(start));
  const value = pair?.slice(start.length) ?? '';
  return form.test(value) ? { value, header: null } : null;
}

/** No script can read it, and pages of other sites do not send it. */
function fresh(
  { socket }: IncomingMessage,
  { name = 'cbtid', maxAgeMs = week }: TrackingCookieOptions,
): TrackingCookie {
  const value = randomBytes(24).toString('base64url');
  const secure = socket instanceof TLSSocket ? '; Secure' : '';
  const lifetime = `Max-Age=${Math.floor(maxAgeMs / 1000)}`;
  return { value, header: `${name}=${value}; Path=/; ${lifetime}; HttpOnly; SameSite=Lax${secure}` };
}
