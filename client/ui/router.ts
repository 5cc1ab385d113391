/** Shows the page that the address names, and the next one when it changes: by a link, by `go`, by the back button. */
import { handFocusOn, part } from './element.ts';
import { routeOf, searchOf, type Route } from './routes.ts';
import { settingsQuery } from './settings.ts';

/** What fills <main>. A page may show one thing after another: `Opening…`, the match, `This match is gone`. */
export interface Stage {
  show(content: HTMLElement, title: string): void;
}

export interface Router {
  go(route: Route): void;
  /** In place of the present one: the back button does not lead here again. */
  replace(route: Route): void;
}

/** Opens a page; the answer takes it away: its subscriptions, listeners and canvas. */
export type OpenPage = (route: Route, stage: Stage, router: Router) => () => void;

export function startRouter(open: OpenPage): void {
  const main = part('main');
  let leave = () => {};
  let shown = '';

  const show = (route: Route, isFirst = false) => {
    leave();
    shown = location.search;
    let isOpen = true;
    const stage: Stage = {
      show(content, title) {
        if (!isOpen) return;
        handFocusOn(main);
        main.replaceChildren(content);
        document.title = title === '' ? 'Realmkit' : `${title} · Realmkit`;
      },
    };
    const close = open(route, stage, router);
    leave = () => {
      isOpen = false;
      close();
    };
    if (isFirst) return;
    // So that keyboards and screen readers go on where the new page begins.
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  const moveTo = (route: Route, move: 'pushState' | 'replaceState') => {
    history[move](null, '', `${location.pathname}${searchOf(route, settingsQuery(location.search))}`);
    show(route);
  };
  const router: Router = {
    go: (route) => moveTo(route, 'pushState'),
    replace: (route) => moveTo(route, 'replaceState'),
  };

  // Not for a link within the page, such as `Skip to the game`.
  addEventListener('popstate', () => location.search !== shown && show(routeOf(location.search)));
  document.addEventListener('click', (event) => {
    const url = linkWithin(event);
    if (!url) return;
    event.preventDefault();
    router.go(routeOf(url.search));
  });
  show(routeOf(location.search), true);
}

/** Where a plain click on a link of this page leads; null for everything that the browser should do. */
function linkWithin(event: MouseEvent): URL | null {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target !== '' || link.getAttribute('href')?.startsWith('#')) return null;
  const url = new URL(link.href);
  return url.origin === location.origin && url.pathname === location.pathname ? url : null;
}
