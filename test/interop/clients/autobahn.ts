/** npm `autobahn`, the reference client for browsers. */
import autobahn from 'autobahn';
import { CallError } from '../../../protocol/index.ts';
import type { Client, Payload, Peer, SerializerName } from './client.ts';

export const autobahnJs: Client = {
  name: 'autobahn-js',
  answersInParts: true,
  interruptible: false,
  async connect(url, serializer): Promise<Peer> {
    const { session, connection, closed } = await open(url, serializer);
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
      async register(procedure, handler) {
        await session.register(procedure, async (args, kwargs, { progress }) => {
          const signal = new AbortController().signal;
          try {
            const answer = await handler({ args, kwargs: { ...kwargs }, signal, part: (parts) => progress?.([...parts]) });
            return new autobahn.Result(answer.args, answer.kwargs);
          } catch (error) {
            throw error instanceof CallError ? new autobahn.Error(error.uri, error.args, error.kwargs) : error;
          }
        });
      },
      async subscribe(topic, handler) {
        await session.subscribe(topic, (args, kwargs) => handler({ args, kwargs: { ...kwargs } }));
      },
      async publish(topic, { args, kwargs }) {
        return (await session.publish(topic, [...args], kwargs, { acknowledge: true })).id;
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

function open(url: string, serializer: SerializerName): Promise<Opened> {
  autobahn.log.warn = () => {}; // it warns of every connection that closes
  const { JSONSerializer, MsgpackSerializer } = autobahn.serializer;
  const connection = new autobahn.Connection({
    url,
    realm: 'realm1',
    serializers: [serializer === 'json' ? new JSONSerializer() : new MsgpackSerializer()],
    on_user_error: () => {}, // a handler that throws is part of the tests
  });
  return new Promise((resolve, reject) => {
    const closed = new Promise<string>((close) => {
      connection.onclose = (reason, details) => {
        close(reason);
        reject(new Error(`${reason}: ${details.reason} ${details.message}`));
        return true;
      };
    });
    connection.onopen = (session) => resolve({ session, connection, closed });
    connection.open();
  });
}

/** It hands over a single positional result as it is, and others wrapped. */
const payloadOf = (result: unknown): Payload =>
  result instanceof autobahn.Result ? { args: result.args, kwargs: result.kwargs } : { args: [result], kwargs: {} };

const callError = (error: unknown): unknown =>
  error instanceof autobahn.Error ? new CallError(error.error, error.args, error.kwargs) : error;
