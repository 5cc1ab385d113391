/** The router that `npm run router` starts, on a free port; for browsers with a page beside it. */
import { createServer, type RequestListener } from 'node:http';
import { anonymous } from '../../server/authentication/index.ts';
import { listen, notFound } from '../../server/http.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';

export interface BareRouter {
  readonly url: string;
  /** Where its page is. */
  readonly pageUrl: string;
  readonly hub: Hub;
  stop(): Promise<void>;
}

export async function startBareRouter(page: RequestListener = notFound): Promise<BareRouter> {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const server = createServer(page);
  const sockets = serveWebSocket({ hub, server });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    pageUrl: `http://127.0.0.1:${port}/`,
    hub,
    async stop() {
      await hub.stop();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
