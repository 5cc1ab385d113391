/**
 * A whole router in a process of its own, so that what it holds can be weighed: everything on one port, and RawSockets on
 * a Unix socket. Its parent asks how it is; without its parent it ends.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { loadSerializers } from '../../protocol/index.ts';
import { anonymous } from '../../server/authentication/index.ts';
import { createEndpoint, Hub } from '../../server/transports/index.ts';
import { realm } from './router-realm.ts';

/** How the router is. */
export interface State {
  readonly connections: number;
  /** What went wrong in our own code: nothing may, whatever peers send. */
  readonly troubles: readonly string[];
  /** What is left after a garbage collection, in bytes: JavaScript's objects, and its buffers. */
  readonly heap: number;
}

const troubles: string[] = [];
const report = (error: unknown) => void troubles.push(error instanceof Error ? (error.stack ?? '') : String(error));
process.on('uncaughtException', report);

const hub = new Hub({ realms: [{ ...realm, authentication: [anonymous()] }], report });
const serializers = await loadSerializers();
const rawsocket = { closeTimeoutMs: 200 };
const port = await createEndpoint({ hub, serializers, websocket: { closeTimeoutMs: 200 }, longpoll: {}, rawsocket });
const unix = await createEndpoint({ hub, serializers, rawsocket });
const path = process.argv[2]!;
await Promise.all([once(port.server.listen(0, '127.0.0.1'), 'listening'), once(unix.server.listen(path), 'listening')]);

process.on('disconnect', () => process.exit());
process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const state: State = { connections: hub.connections, troubles, heap: heapUsed + external };
  process.send?.(state);
});
process.send?.((port.server.address() as AddressInfo).port);
