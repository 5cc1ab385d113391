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

const client = connect();
const settings = settingsOf(location.search);
if (settings.test) offerTestHandle();
showConnection(client);
startRouter((route, stage, router) => {
  const leaving = new AbortController();
  const { signal } = leaving;
  if (route.page === 'match') matchPage({ route, client, screens, stage, router, settings, signal });
  else lobbyPage({ client, screens, stage, router, signal });
  return () => leaving.abort();
});
