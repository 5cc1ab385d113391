/** Every client with every other, in both serializers, through our router over WebSocket. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallError, errors } from '../../protocol/index.ts';
import { startBareRouter, type BareRouter } from './bare-router.ts';
import type { Payload, Peer } from './clients/index.ts';
import { ends, type End } from './ends.ts';

const payload = {
  args: [3, -2.5, 2 ** 31, 'größe 😀', true, null, [1, { deep: ['x'] }]],
  kwargs: { mean: 'roulades', empty: {}, list: [] },
};

let router: BareRouter;
const peers = new Map<End, Peer>();
let names = 0;
const peerBeside = (one: Peer) => [...peers.values()].find((peer) => peer !== one)!;
const freshUri = () => `com.example.${(names += 1)}`;

beforeAll(async () => {
  router = await startBareRouter();
  const present = ends.filter(({ missing }) => !missing);
  await Promise.all(present.map(async (end) => peers.set(end, await end.client.connect(router.url, end.serializer))));
});
afterAll(async () => {
  await Promise.all([...peers.values()].map((peer) => peer.leave()));
  await router.stop();
});

const pairs = ends.flatMap((caller) => ends.map((callee) => ({ caller, callee })));

describe.each(pairs)('$caller.title with $callee.title', (pair) => {
  const missing = pair.caller.missing || pair.callee.missing;
  const here = () => ({ caller: peers.get(pair.caller)!, callee: peers.get(pair.callee)! });

  test.skipIf(missing)('[Remote Procedure Calls] args and kwargs arrive, and so does the answer', async () => {
    const { caller, callee } = here();
    const uri = freshUri();
    await callee.register(uri, ({ args, kwargs }) => ({ args: [args, 'echo'], kwargs: { ...kwargs, more: true } }));
    const answer = await caller.call(uri, payload);
    expect(answer).toEqual({ args: [payload.args, 'echo'], kwargs: { ...payload.kwargs, more: true } });
  });

  test.skipIf(missing)('[Serializers] whole numbers up to 2^53 stay what they are', async () => {
    const { caller, callee } = here();
    const uri = freshUri();
    await callee.register(uri, ({ args }) => ({ args, kwargs: {} }));
    const { args } = await caller.call(uri, { args: [2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1], kwargs: {} });
    expect(args.map(Number)).toEqual([2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1]);
  });

  test.skipIf(missing)('[Error Handling] an error of one’s own arrives with its URI, args and kwargs', async () => {
    const { caller, callee } = here();
    const uri = freshUri();
    await callee.register(uri, () => {
      throw new CallError('com.example.error.no_taste', ['too much', 7], { because: 'garlic' });
    });
    const error = await caller.call(uri, payload).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CallError);
    expect(error).toMatchObject({
      uri: 'com.example.error.no_taste',
      args: ['too much', 7],
      kwargs: { because: 'garlic' },
    });
  });

  test.skipIf(missing)('[Publish and Subscribe] an event arrives, and its publication is acknowledged', async () => {
    const { caller, callee } = here();
    const subscriber = caller === callee ? peerBeside(caller) : callee; // a publisher does not get its own event
    const topic = freshUri();
    const event = Promise.withResolvers<Payload>();
    await subscriber.subscribe(topic, event.resolve);
    expect(await caller.publish(topic, payload)).toBeGreaterThan(0);
    expect(await event.promise).toEqual(payload);
  });

  const announcesParts = pair.callee.client.answersInParts;
  const unannounced = announcesParts ? '' : ' (this callee announces none)';
  test.skipIf(missing || !announcesParts)(
    `[Progressive Call Results] parts arrive in order before the result${unannounced}`,
    async () => {
      const { caller, callee } = here();
      const uri = freshUri();
      await callee.register(uri, ({ part }) => {
        for (const step of [1, 2, 3]) part([step]);
        return { args: ['done'], kwargs: {} };
      });
      const parts: unknown[] = [];
      const result = await caller.call(uri, payload, { onPart: ({ args }) => parts.push(args[0]) });
      expect({ parts, result }).toEqual({ parts: [1, 2, 3], result: { args: ['done'], kwargs: {} } });
    },
  );

  test.skipIf(missing)(
    '[Call Canceling] a cancelled call ends, and who serves it is interrupted if it can be',
    async () => {
      const { caller, callee } = here();
      const uri = freshUri();
      const { signal, interrupted, running } = endless();
      await callee.register(uri, signal);
      const controller = new AbortController();
      const call = caller.call(uri, payload, { signal: controller.signal }).catch((error: unknown) => error);
      await running;
      controller.abort();
      expect(await call).toMatchObject({ uri: errors.canceled });
      if (pair.callee.client.interruptible) await interrupted;
    },
  );
});

/** A procedure that ends only when it is interrupted. */
function endless() {
  const started = Promise.withResolvers<void>();
  const stopped = Promise.withResolvers<void>();
  const handler = ({ signal }: { signal: AbortSignal }) =>
    new Promise<never>((_, reject) => {
      started.resolve();
      signal.addEventListener('abort', () => {
        stopped.resolve();
        reject(new CallError(errors.canceled));
      });
    });
  return { signal: handler, running: started.promise, interrupted: stopped.promise };
}
