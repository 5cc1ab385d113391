/** Where one is in the page, as its query says: `./` is the lobby, `./?game=chess&match=k3j9x0a1b2c3` a match. */
export type Route = { readonly page: 'lobby' } | MatchRoute;

export interface MatchRoute {
  readonly page: 'match';
  readonly game: string;
  readonly match: string;
  /** Sit down nowhere, even where a seat is free. */
  readonly watch: boolean;
}

export const lobby: Route = { page: 'lobby' };
export const matchRoute = (game: string, match: string, { watch = false } = {}): MatchRoute => ({
  page: 'match',
  game,
  match,
  watch,
});

export function routeOf(search: string): Route {
  const query = new URLSearchParams(search);
  const match = query.get('match');
  if (match === null) return lobby;
  return matchRoute(query.get('game') ?? '', match, { watch: query.get('watch') === '1' });
}

/** Relative, so that the page may live below any path. */
export const hrefOf = (route: Route): string => `./${searchOf(route)}`;

/** What one sends to others. */
export const linkOf = (route: Route): string => new URL(hrefOf(route), location.href).href;

/** @param kept of the present query, what belongs to the page and not to the place: see settings.ts. */
export function searchOf(route: Route, kept: URLSearchParams = new URLSearchParams()): string {
  const query = new URLSearchParams();
  if (route.page === 'match') {
    query.set('game', route.game);
    query.set('match', route.match);
    if (route.watch) query.set('watch', '1');
  }
  for (const [key, value] of kept) query.set(key, value);
  return query.size === 0 ? '' : `?${query}`;
}
