/** npm `autobahn`, the reference client for browsers. */
import autobahn from 'autobahn';
import { CallError, type List } from '../../../protocol/index.ts';
import type { Client, Payload, Peer, SerializerName } from './client.ts';
import { XMLHttpRequest } from './xml-http-request.ts';

export const autobahnJs: Client = {
  name: 'autobahn-js',
  answersInParts: true,
  interruptible: false,
  async connect(url, serializer, realm = 'realm1'): Promise<Peer> {
    const { session, connection, closed } = await open(url, serializer, realm);
    return {
      session: session.id,
      closed,
      call: (procedure, { args, kwargs }, { onPart, signal } = {}) =>
        new Promise((resolve, reject) => {
          const call = session.call(procedure, [...args], { ...kwargs }, onPart && { receive_progress: true });
          // In the other modes it takes the router's answer to CANCEL for a violation, and closes its connection.
          signal?.addEventListener('abort', () => call.cancel({ mode: 'kill' }));
          call.then(
            (result) => resolve(payloadOf(result)),
            (error) => reject(callError(error)),
            (part) => onPart?.(payloadOf(part)),
          );
        }),
      async register(procedure, handler, options) {
        const endpoint: autobahn.Endpoint = async (args, kwargs, { progress }) => {
          const signal = new AbortController().signal;
          const part = (parts: List) => progress?.([...parts]);
          try {
            const answer = await handler({ args, kwargs: { ...kwargs }, signal, part });
            return new autobahn.Result(answer.args, answer.kwargs);
          } catch (error) {
            throw error instanceof CallError ? new autobahn.Error(error.uri, error.args, error.kwargs) : error;
          }
        };
        await session.register(procedure, endpoint, options).then(null, rethrow);
      },
      async subscribe(topic, handler, options) {
        const listener = (args: unknown[], kwargs: object) => handler({ args, kwargs: { ...kwargs } });
        await session.subscribe(topic, listener, options).then(null, rethrow);
      },
      async publish(topic, { args, kwargs }) {
        const published = await session.publish(topic, [...args], kwargs, { acknowledge: true }).then(null, rethrow);
        return published.id;
      },
      async leave() {
        connection.close();
        await closed;
      },
    };
  },
};

interface Opened {
  readonly session: autobahn.Session;
  readonly connection: autobahn.Connection;
  readonly closed: Promise<string>;
}

function open(url: string, serializer: SerializerName, realm: string): Promise<Opened> {
  autobahn.log.warn = () => {}; // it warns of every connection that closes
  const { JSONSerializer, MsgpackSerializer, CBORSerializer } = autobahn.serializer;
  const known = { json: JSONSerializer, msgpack: MsgpackSerializer, cbor: CBORSerializer };
  const connection = new autobahn.Connection({
    transports: [transportTo(url)],
    realm,
    serializers: [new known[serializer]()],
    on_user_error: () => {}, // a handler that throws is part of the tests
  });
  return new Promise((resolve, reject) => {
    const closed = new Promise<string>((close) => {
      const onclose: autobahn.Connection['onclose'] = (reason, details) => {
        close(reason);
        reject(new Error(`${reason}: ${details.reason} ${details.message}`));
        return true;
      };
      const onopen = (session: autobahn.Session) => resolve({ session, connection, closed });
      Object.assign(connection, { onopen, onclose });
    });
    connection.open();
  });
}

/** It knows RawSocket and long-poll, both with JSON only. */
function transportTo(url: string): autobahn.Transport {
  if (url.startsWith('http:')) {
    Object.assign(globalThis, { XMLHttpRequest }); // for long-poll it wants what browsers have
    return { type: 'longpoll', url };
  }
  if (!url.startsWith('rs:')) return { type: 'websocket', url };
  const unix = /^rs:\/\/unix:(.*)$/.exec(url)?.[1];
  if (unix !== undefined) return { type: 'rawsocket', path: unix };
  const { hostname: host, port } = new URL(url);
  return { type: 'rawsocket', host, port: Number(port) };
}

/** It hands over a single positional result as it is, and others wrapped. */
const payloadOf = (result: unknown): Payload =>
  result instanceof autobahn.Result ? { args: result.args, kwargs: result.kwargs } : { args: [result], kwargs: {} };

const callError = (error: unknown): unknown =>
  error instanceof autobahn.Error ? new CallError(error.error, error.args, error.kwargs) : error;

function rethrow(error: unknown): never {
  throw callError(error);
}
