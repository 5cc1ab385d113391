/** Our own client, over the standard WebSocket global: what a browser runs. */
import { connectWebSocket, join, serializers, type Procedure } from '../../../protocol/index.ts';
import type { Client, Peer } from './client.ts';

export const realmkit: Client = {
  name: 'realmkit',
  answersInParts: true,
  interruptible: true,
  async connect(url, serializer, realm = 'realm1'): Promise<Peer> {
    const chosen = serializers.filter(({ name }) => name === serializer);
    const session = await join(await connectWebSocket(url, { serializers: chosen }), { realm });
    return {
      session: session.id,
      closed: session.closed,
      async call(procedure, payload, { onPart, signal } = {}) {
        const options = { ...(onPart && { onProgress: onPart }), ...(signal && { signal }) };
        const { args, kwargs } = await session.call(procedure, payload.args, payload.kwargs, options);
        return { args, kwargs };
      },
      async register(procedure, handler, options) {
        const endpoint: Procedure = ({ args, kwargs, signal, progress }) =>
          handler({ args, kwargs, signal, part: progress });
        await session.register(procedure, endpoint, options);
      },
      async subscribe(topic, handler, options) {
        await session.subscribe(topic, ({ args, kwargs }) => handler({ args, kwargs }), options);
      },
      async publish(topic, { args, kwargs }) {
        return (await session.publish(topic, args, kwargs, { acknowledge: true })) ?? 0;
      },
      leave: () => session.leave(),
    };
  },
};
