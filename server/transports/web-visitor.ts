/** Which web pages may reach the router: browsers say where a page comes from, and which host it believes it talks to. */
import type { IncomingMessage } from 'node:http';
import { headersOf, socketFacts } from './socket-facts.ts';
import { trackingCookie, type TrackingCookieOptions } from './tracking-cookie.ts';

export interface WebVisitors {
  /**
   * Web pages of which origins may connect, beside those of the host itself: `https://example.com`. A request without
   * Origin comes from no browser and is let in. '*': pages from anywhere.
   */
  readonly origins?: readonly string[] | '*';
  /**
   * By which host names it may be addressed; default any. A realm that trusts whoever reaches it must name them: else a
   * web page whose own name was made to point here (DNS rebinding) would count as ours.
   */
  readonly hosts?: readonly string[];
  /** Gives browsers a cookie by which they are known again; the method `cookie` needs it. Default: none. */
  readonly cookie?: TrackingCookieOptions;
}

export type Refusal = readonly [status: number, explanation: string];

export function visitorProblem(request: IncomingMessage, { origins = [], hosts }: WebVisitors): Refusal | null {
  const { origin, host } = request.headers;
  if (hosts && !hosts.includes(hostnameOf(host ?? ''))) return [403, `This router is not called "${host}".`];
  if (origin !== undefined && origins !== '*' && !origins.includes(origin) && hostOf(origin) !== host) {
    return [403, `Pages of ${origin} may not connect to this router.`];
  }
  return null;
}

/** What the request that opens a transport tells of its peer. */
export const webFacts = (request: IncomingMessage, { cookie }: WebVisitors) => ({
  headers: headersOf(request),
  ...(cookie && { cookie: trackingCookie(request, cookie).value }),
  ...socketFacts(request.socket),
});

const hostnameOf = (host: string) => host.replace(/:\d+$/, '');
const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);
