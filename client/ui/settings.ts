/**
 * What the query may ask of the page itself, for tests: `renderer=canvas` draws without WebGL, `test=1` puts a handle on
 * `window.realmkit` (test-handle.ts). They stay in the address while one moves about, and out of the links one sends.
 */
export interface Settings {
  readonly renderer: 'auto' | 'canvas';
  readonly test: boolean;
}

const names = ['renderer', 'test'];

export function settingsOf(search: string): Settings {
  const query = new URLSearchParams(search);
  return { renderer: query.get('renderer') === 'canvas' ? 'canvas' : 'auto', test: query.get('test') === '1' };
}

/** The part of a query that settings are made of. */
export const settingsQuery = (search: string): URLSearchParams =>
  new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => names.includes(name)));
