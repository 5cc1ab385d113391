/** npm `wampy`. */
import { Errors, Wampy } from 'wampy';
import { JsonSerializer } from 'wampy/JsonSerializer.js';
import { MsgpackSerializer } from 'wampy/MsgpackSerializer.js';
import { CallError } from '../../../protocol/index.ts';
import type { Client, Payload, Peer } from './client.ts';

export const wampy: Client = {
  name: 'wampy',
  answersInParts: false,
  interruptible: false,
  async connect(url, serializer, realm = 'realm1'): Promise<Peer> {
    const closed = Promise.withResolvers<void>();
    const client = new Wampy(url, {
      realm,
      ws: WebSocket,
      serializer: serializer === 'json' ? new JsonSerializer() : new MsgpackSerializer(),
      autoReconnect: false,
      onClose: () => closed.resolve(),
    });
    await client.connect();
    return {
      session: Number(client.getSessionId()), // a bigint from MessagePack
      closed: closed.promise,
      async call(procedure, { args, kwargs }, { onPart, signal } = {}) {
        const how = onPart && { progress_callback: (part: Received) => onPart(payloadOf(part)) };
        const result = client.call(procedure, { argsList: [...args], argsDict: { ...kwargs } }, how);
        const request = client.getOpStatus().reqId;
        signal?.addEventListener('abort', () => client.cancel(request));
        return payloadOf(await result.catch(rethrow));
      },
      async register(procedure, handler, options) {
        const endpoint = async (invocation: Received) => {
          const signal = new AbortController().signal;
          try {
            const { args, kwargs } = await handler({ ...payloadOf(invocation), signal, part: () => {} });
            return { argsList: [...args], argsDict: { ...kwargs } };
          } catch (error) {
            throw error instanceof CallError ? wampyError(error) : error;
          }
        };
        await client.register(procedure, endpoint, { ...options }).catch(rethrow);
      },
      async subscribe(topic, handler, options) {
        const listener = (event: Received) => handler(payloadOf(event));
        await client.subscribe(topic, listener, { ...options }).catch(rethrow);
      },
      async publish(topic, { args, kwargs }) {
        const published = await client.publish(topic, { argsList: [...args], argsDict: { ...kwargs } }).catch(rethrow);
        return published.publicationId;
      },
      leave: () => client.disconnect(),
    };
  },
};

interface Received {
  readonly argsList?: unknown[];
  readonly argsDict?: Record<string, unknown>;
}

const payloadOf = ({ argsList = [], argsDict = {} }: Received): Payload => ({ args: argsList, kwargs: argsDict });

/** What a wampy handler throws to answer with an error of its own. */
const wampyError = ({ message, uri, args, kwargs }: CallError) =>
  Object.assign(new Error(message), { error: uri, argsList: args, argsDict: kwargs });

function rethrow(error: unknown): never {
  if (!(error instanceof Errors.WampError)) throw error;
  throw new CallError(error.errorUri, error.argsList, error.argsDict);
}
