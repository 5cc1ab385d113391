import type { Principal } from '../router/index.ts';
import type { AuthenticationMethod } from './method.ts';

/** Who came with which cookie, in which realm. */
export interface CookieStore {
  find(cookie: string, realm: string): Principal | undefined | Promise<Principal | undefined>;
  remember(cookie: string, realm: string, principal: Principal): void;
  /** In all realms: somebody has logged out. */
  forget(cookie: string): void;
}

/**
 * Whoever has authenticated by another method on a connection with the transport's tracking cookie may come back with
 * that cookie alone, if it names `cookie` among its methods. Crossbar's convention; the specification only names it.
 */
export const cookie = ({ store = memoryCookies() }: { store?: CookieStore } = {}): AuthenticationMethod => ({
  name: 'cookie',
  async begin({ realm }, { facts }) {
    const principal = facts.cookie === undefined ? undefined : await store.find(facts.cookie, realm);
    if (!principal) return { verdict: 'pass' };
    return { verdict: 'welcome', principal: { ...principal, authprovider: 'cookie' } };
  },
  remember(principal, realm, facts) {
    if (facts.cookie !== undefined && isProof(principal)) store.remember(facts.cookie, realm, principal);
  },
});

/** Anybody can be anonymous, a certificate comes again by itself, and a cookie proves nothing new. */
const isProof = ({ authmethod, authprovider }: Principal) =>
  authprovider !== 'cookie' && authmethod !== 'anonymous' && authmethod !== 'tls';

const week = 7 * 24 * 60 * 60 * 1000;

export interface MemoryCookiesOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** From the last proof. */
  readonly lifetimeMs?: number;
  /** With more, those who have been here longest are forgotten. */
  readonly most?: number;
}

/** A restart forgets them. */
export function memoryCookies(options: MemoryCookiesOptions = {}): CookieStore {
  const { now = Date.now, lifetimeMs = week, most = 100_000 } = options;
  /** By cookie, those of the longest standing first. */
  const jar = new Map<string, { readonly until: number; readonly principals: Map<string, Principal> }>();
  return {
    find(value, realm) {
      const entry = jar.get(value);
      return entry && entry.until > now() ? entry.principals.get(realm) : undefined;
    },
    remember(value, realm, { authid, authrole, authmethod, authprovider }) {
      const principals = jar.get(value)?.principals ?? new Map<string, Principal>();
      principals.set(realm, { authid, authrole, authmethod, authprovider });
      jar.delete(value);
      jar.set(value, { until: now() + lifetimeMs, principals });
      for (const [oldest, { until }] of jar) {
        if (jar.size <= most && until > now()) break;
        jar.delete(oldest);
      }
    },
    forget: (value) => void jar.delete(value),
  };
}
