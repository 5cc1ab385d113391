/** Where a configured router is reached. */
import { loadSerializers } from '../../protocol/index.ts';
import { listen, StartError, type Place } from '../http.ts';
import { createEndpoint, type Endpoint, type EndpointTls, type Hub, type Ways } from '../transports/index.ts';
import { reveal } from './configuration-file.ts';
import type { CertificateConfiguration, Configuration, EndpointConfiguration } from './configuration.ts';
import { present } from './present.ts';

interface Listener {
  readonly endpoint: Endpoint;
  transport: EndpointConfiguration;
  /** In use; null: it listens at a Unix socket, or not yet. */
  port: number | null;
}

type Limits = Configuration['limits'];

export class Listeners {
  readonly #hub: Hub;
  #all: readonly Listener[] = [];

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Every way in, in the order of the file. */
  get urls(): readonly string[] {
    return this.#all.flatMap(urlsOf);
  }

  /**
   * Opens what is not open yet, and has what is there serve those who come from now on as the configuration says.
   * @returns what closes the others, to be called when the hub is ready for that; it says what has changed, for people.
   * @throws StartError: then all is as it was.
   */
  async open(transports: readonly EndpointConfiguration[], limits: Limits): Promise<() => Promise<readonly string[]>> {
    const kept = new Map<EndpointConfiguration, Listener>();
    const others = new Set(this.#all);
    for (const transport of transports) {
      const same = [...others].find((listener) => isSamePlace(listener.transport, transport));
      if (same && others.delete(same)) kept.set(transport, same);
    }
    const missing = transports.filter((transport) => !kept.has(transport));
    const added = await this.#add(missing, limits, [...others]);
    const changed = [...kept].filter(([transport, listener]) => !isSame(transport, listener.transport));
    for (const [transport, listener] of kept) {
      listener.endpoint.change(waysOf(transport, limits));
      listener.transport = transport;
    }
    this.#all = transports.map((transport) => kept.get(transport) ?? added.get(transport)!);
    return async () => {
      await close(others);
      const said = (some: Iterable<Listener>, what: string) => [...some].flatMap(urlsOf).map((url) => `${url} ${what}`);
      const changedOnes = changed.map(([, listener]) => listener);
      return [...said(added.values(), 'opened'), ...said(changedOnes, 'changed'), ...said(others, 'closed')];
    };
  }

  /** All or none; who is in their way makes room. @throws StartError */
  async #add(transports: readonly EndpointConfiguration[], limits: Limits, others: readonly Listener[]) {
    const added = new Map<EndpointConfiguration, Listener>();
    const inTheWay = others.filter(({ transport }) => transports.some((wanted) => isInTheWay(transport, wanted)));
    try {
      for (const transport of transports) {
        const endpoint = await this.#endpoint(transport, limits);
        added.set(transport, { endpoint, transport, port: null });
      }
      for (const { endpoint } of inTheWay) endpoint.server.close();
      for (const listener of added.values()) await start(listener);
      return added;
    } catch (error) {
      await close(added.values());
      for (const listener of inTheWay) if (!listener.endpoint.server.listening) await start(listener);
      throw error;
    }
  }

  close(): Promise<void> {
    return close(this.#all);
  }

  async #endpoint(transport: EndpointConfiguration, limits: Limits): Promise<Endpoint> {
    const { tls = [] } = transport;
    try {
      const [first, ...others] = await Promise.all((Array.isArray(tls) ? tls : [tls]).map(certificate));
      return await createEndpoint({
        hub: this.#hub,
        serializers: await loadSerializers(),
        ...(first && { tls: [first, ...others] }),
        ...waysOf(transport, limits),
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StartError(`The transport at ${transport.socket ?? `port ${transport.port}`} cannot be served: ${why}`);
    }
  }
}

async function start(listener: Listener): Promise<void> {
  const port = await listen(listener.endpoint.server, placeOf(listener.transport));
  listener.port = listener.transport.socket === undefined ? port : null;
}

async function close(listeners: Iterable<Listener>): Promise<void> {
  await Promise.all([...listeners].map(({ endpoint }) => endpoint.close()));
}

const placeOf = ({ socket, host, port = 0 }: EndpointConfiguration): Place =>
  socket === undefined ? { host, port } : { path: socket };

const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

/** Whether one can become the other while it listens. */
const isSamePlace = (left: EndpointConfiguration, right: EndpointConfiguration) =>
  isSame(placeOf(left), placeOf(right)) &&
  isSame(left.tls, right.tls) &&
  (['websocket', 'longpoll', 'rawsocket'] as const).every((way) => !left[way] === !right[way]);

const isInTheWay = (left: EndpointConfiguration, right: EndpointConfiguration) =>
  left.socket === undefined ? !!left.port && left.port === right.port : left.socket === right.socket;

function waysOf({ websocket, longpoll, rawsocket }: EndpointConfiguration, limits: Limits): Ways {
  const { maxMessageBytes, maxBufferedBytes, dropAboveBytes, maxQueuedMessages, ...times } = limits;
  const { pingIntervalMs, pongTimeoutMs, pollTimeoutMs, pollIdleMs } = times;
  const sizes = present({ maxMessageBytes, maxBufferedBytes, dropAboveBytes });
  const pong = present({ pongTimeoutMs });
  return {
    ...(websocket && { websocket: { ...websocket, ...sizes, ...pong, ...present({ pingIntervalMs }) } }),
    ...(longpoll && {
      longpoll: { ...longpoll, ...sizes, ...present({ maxQueuedMessages, pollTimeoutMs, pollIdleMs }) },
    }),
    ...(rawsocket && { rawsocket: { ...present(rawsocket), ...sizes, ...pong } }),
  };
}

async function certificate({ passphrase, ...files }: CertificateConfiguration): Promise<EndpointTls> {
  const { certificate: path, key } = files;
  return {
    ...present(files),
    certificate: path,
    key,
    ...(passphrase !== undefined && { passphrase: await reveal(passphrase) }),
  };
}

function urlsOf({ port, transport: { host, socket, tls, websocket, longpoll, rawsocket } }: Listener): string[] {
  const secure = tls ? 's' : '';
  const authority = port === null ? `unix:${socket}` : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return [
    ...(websocket ? [`ws${secure}://${authority}${websocket.path}`] : []),
    ...(longpoll ? [`http${secure}://${authority}${longpoll.path}`] : []),
    ...(rawsocket ? [`rs${secure}://${authority}`] : []),
  ];
}
