/** A router as a configuration file describes it. */
import { loadSerializers } from '../../protocol/index.ts';
import { listen } from '../http.ts';
import { createEndpoint, Hub, type Endpoint } from '../transports/index.ts';
import { reveal } from './configuration-file.ts';
import type { Configuration, EndpointConfiguration } from './configuration.ts';
import { hubRealm, present } from './configured-realm.ts';

export interface ConfiguredRouter {
  /** Where it is reached, in the order of the file. */
  readonly urls: readonly string[];
  /** GOODBYE to everybody; then the ports are free. */
  stop(): Promise<void>;
}

/** @throws StartError for a port that is taken, a secret or certificate that cannot be used. */
export async function startConfiguredRouter({ realms, transports, limits }: Configuration): Promise<ConfiguredRouter> {
  const { maxMessageBytes, maxBufferedBytes, ...incoming } = limits;
  const perTransport = { maxMessageBytes, maxBufferedBytes };
  const hub = new Hub({
    realms: await Promise.all(realms.map(hubRealm)),
    limits: present(incoming),
  });
  const endpoints: Endpoint[] = [];
  const urls: string[] = [];
  const stop = async () => {
    await hub.stop();
    for (const endpoint of endpoints) await endpoint.close();
  };
  try {
    for (const transport of transports) {
      const endpoint = await endpointOf(hub, transport, present(perTransport));
      endpoints.push(endpoint);
      const { socket, host, port = 0 } = transport;
      if (socket !== undefined) await listen(endpoint.server, { path: socket });
      urls.push(...urlsOf(transport, socket === undefined ? await listen(endpoint.server, { host, port }) : null));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { urls, stop };
}

async function endpointOf(hub: Hub, transport: EndpointConfiguration, limits: object): Promise<Endpoint> {
  const { tls, websocket, longpoll, rawsocket } = transport;
  const { passphrase, ...certificate } = tls ?? {};
  return createEndpoint({
    hub,
    serializers: await loadSerializers(),
    ...(tls && {
      tls: {
        ...present(certificate),
        certificate: tls.certificate,
        key: tls.key,
        ...(passphrase !== undefined && { passphrase: await reveal(passphrase) }),
      },
    }),
    ...(websocket && { websocket: { ...websocket, ...limits } }),
    ...(longpoll && { longpoll: { ...longpoll, ...limits } }),
    ...(rawsocket && { rawsocket: { ...rawsocket, ...limits } }),
  });
}

/** One for each way in. */
function urlsOf(
  { host, socket, tls, websocket, longpoll, rawsocket }: EndpointConfiguration,
  port: number | null,
): string[] {
  const secure = tls ? 's' : '';
  const authority = port === null ? `unix:${socket}` : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [
    ...(websocket ? [`ws${secure}://${authority}${websocket.path}`] : []),
    ...(longpoll ? [`http${secure}://${authority}${longpoll.path}`] : []),
    ...(rawsocket ? [`rs${secure}://${authority}`] : []),
  ];
}
