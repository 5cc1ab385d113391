import type { Latency } from '../../protocol/index.ts';

/**
 * What the query may ask of the page itself, for tests and developers: `renderer=canvas` draws without WebGL, `test=1` puts
 * a handle on `window.realmkit` (test-handle.ts), `latency=150&jitter=50` makes the network as slow, in milliseconds of a
 * round trip. They stay in the address while one moves about, and out of the links one sends.
 */
export interface Settings {
  readonly renderer: 'auto' | 'canvas';
  readonly test: boolean;
  readonly simulate: Latency | null;
}

const names = ['renderer', 'test', 'latency', 'jitter'];

export function settingsOf(search: string): Settings {
  const query = new URLSearchParams(search);
  const [latency, jitter] = [msOf(query.get('latency')), msOf(query.get('jitter'))];
  return {
    renderer: query.get('renderer') === 'canvas' ? 'canvas' : 'auto',
    test: query.get('test') === '1',
    simulate: latency + jitter > 0 ? { roundTripMs: latency, jitterMs: jitter } : null,
  };
}

/** What is no time is none: an address is written by hand. */
const msOf = (text: string | null): number => (text !== null && /^\d{1,4}$/.test(text) ? Number(text) : 0);

/** The part of a query that settings are made of. */
export const settingsQuery = (search: string): URLSearchParams =>
  new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => names.includes(name)));
