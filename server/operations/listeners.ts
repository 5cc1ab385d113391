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
   * @returns what closes the others, as soon as the hub is ready for that, and says what has changed, for people.
   * @throws StartError: then all is as it was.
   */
  async open(transports: readonly EndpointConfiguration[], limits: Limits): Promise<() => Promise<readonly string[]>> {
    const others = new Set(this.#all);
    const added: Listener[] = [];
    const all: [Listener, EndpointConfiguration][] = [];
    try {
      for (const transport of transports) {
        const kept = [...others].find((listener) => isSamePlace(listener.transport, transport));
        if (kept) others.delete(kept);
        else added.push({ endpoint: await this.#endpoint(transport, limits), transport, port: null });
        all.push([kept ?? added.at(-1)!, transport]);
      }
      await replace(
        [...others].filter(({ transport }) => added.some((listener) => isInTheWay(transport, listener.transport))),
        added,
      );
    } catch (error) {
      await close(added);
      throw error;
    }
    const changed = all.filter(([listener, transport]) => !isSame(listener.transport, transport));
    for (const [listener, transport] of all) {
      listener.endpoint.change(waysOf(transport, limits));
      listener.transport = transport;
    }
    this.#all = all.map(([listener]) => listener);
    const urls = (some: readonly Listener[], what: string) => some.flatMap(urlsOf).map((url) => `${url} ${what}`);
    return async () => {
      await close([...others]);
      return [
        ...urls(added, 'opened'),
        ...urls(
          changed.map(([listener]) => listener),
          'changed',
        ),
        ...urls([...others], 'closed'),
      ];
    };
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

/** What is in the way of others makes room, and comes back where they cannot listen. @throws StartError */
async function replace(inTheWay: readonly Listener[], added: readonly Listener[]): Promise<void> {
  for (const { endpoint } of inTheWay) endpoint.server.close();
  try {
    for (const listener of added) await start(listener);
  } catch (error) {
    await close(added);
    for (const listener of inTheWay) await start(listener);
    throw error;
  }
}

async function start(listener: Listener): Promise<void> {
  const port = await listen(listener.endpoint.server, placeOf(listener.transport));
  listener.port = listener.transport.socket === undefined ? port : null;
}

async function close(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(listeners.map(({ endpoint }) => endpoint.close()));
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
  const { maxMessageBytes, maxBufferedBytes, maxQueuedMessages, ...times } = limits;
  const { pingIntervalMs, pongTimeoutMs, pollTimeoutMs, pollIdleMs } = times;
  const sizes = present({ maxMessageBytes, maxBufferedBytes });
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
