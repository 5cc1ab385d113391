/** The page: connects, and shows lobby or match as the address says. */
import './ui/no-eval.ts';
import { connect } from './client.ts';
import { screens } from './games/index.ts';
import { showConnection } from './ui/connection-badge.ts';
import { lobbyPage } from './ui/lobby-page.ts';
import { matchPage } from './ui/match-page.ts';
import { startRouter } from './ui/router.ts';
import { settingsOf } from './ui/settings.ts';
import { offerTestHandle } from './ui/test-handle.ts';
import { worldPage } from './ui/world-page.ts';
import { isWorld } from './ui/world-screen.ts';

const settings = settingsOf(location.search);
const client = connect({ simulate: settings.simulate });
if (settings.test) offerTestHandle();
showConnection(client);
startRouter((route, stage, router) => {
  const leaving = new AbortController();
  const { signal } = leaving;
  const around = { client, stage, router, settings, signal };
  if (route.page === 'lobby') lobbyPage({ ...around, screens });
  else {
    const screen = screens.get(route.game);
    if (screen && isWorld(screen)) void worldPage({ ...around, route, screen });
    else matchPage({ ...around, route, screen });
  }
  return () => leaving.abort();
});
