/** URIs: which are well formed, and which match a pattern. WAMP "URIs", "Pattern-based Subscriptions". */

export type Uri = string;
/** How a subscription's or registration's URI is compared with a topic or procedure. */
export type MatchPolicy = 'exact' | 'prefix' | 'wildcard';

/** In characters. The specification has no limit; without one a hostile URI of megabytes overflows the regular expressions. */
const maxLength = 4096;

const loose = {
  exact: /^[^\s.#]+(?:\.[^\s.#]+)*$/,
  prefix: /^(?:[^\s.#]+(?:\.[^\s.#]+)*\.?)?$/,
  wildcard: /^[^\s.#]*(?:\.[^\s.#]*)*$/,
};
const strict = {
  exact: /^[0-9a-z_]+(?:\.[0-9a-z_]+)*$/,
  prefix: /^(?:[0-9a-z_]+(?:\.[0-9a-z_]+)*\.?)?$/,
  wildcard: /^[0-9a-z_]*(?:\.[0-9a-z_]*)*$/,
};

/**
 * Whether `uri` is well formed for its use. A prefix may end in a dot or be empty (everything); a wildcard's empty
 * components each stand for any one component. `rule: 'strict'` allows only lower case, digits and `_`.
 */
export const isUri = (uri: string, match: MatchPolicy = 'exact', rule: 'loose' | 'strict' = 'loose'): boolean =>
  uri.length <= maxLength && (rule === 'strict' ? strict : loose)[match].test(uri);

/** Below `wamp.` only the router publishes and registers. */
export const isReserved = (uri: Uri): boolean => uri === 'wamp' || uri.startsWith('wamp.');

/** Whether a topic or procedure matches a pattern. A prefix is a prefix of the string, not of its components. */
export function matches(pattern: Uri, match: MatchPolicy, uri: Uri): boolean {
  switch (match) {
    case 'exact':
      return uri === pattern;
    case 'prefix':
      return uri.startsWith(pattern);
    case 'wildcard': {
      const wanted = pattern.split('.');
      const given = uri.split('.');
      return (
        wanted.length === given.length && wanted.every((component, i) => component === '' || component === given[i])
      );
    }
  }
}
