/** The router that `npm run router` starts, on a free port. */
import { createServer } from 'node:http';
import { anonymous } from '../../server/authentication/index.ts';
import { listen } from '../../server/http.ts';
import { permissiveRealm } from '../../server/router/index.ts';
import { Hub, serveWebSocket } from '../../server/transports/index.ts';

export interface BareRouter {
  readonly url: string;
  readonly hub: Hub;
  stop(): Promise<void>;
}

export async function startBareRouter(): Promise<BareRouter> {
  const hub = new Hub({ realms: [{ ...permissiveRealm('realm1'), authentication: [anonymous()] }] });
  const server = createServer();
  const sockets = serveWebSocket({ hub, server });
  const port = await listen(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    hub,
    async stop() {
      await hub.stop();
      sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
