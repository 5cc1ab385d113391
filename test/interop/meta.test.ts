/** What the router itself does, with every client in both serializers. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeReasons, connectWebSocket, errors, join, type Session } from '../../protocol/index.ts';
import { startBareRouter, type BareRouter } from './bare-router.ts';
import type { Payload, Peer } from './clients/index.ts';
import { ends } from './ends.ts';

let router: BareRouter;
let observer: Session;
beforeEach(async () => {
  router = await startBareRouter();
  observer = await join(await connectWebSocket(router.url), { realm: 'realm1' });
});
afterEach(() => router.stop());

const nothing = { args: [], kwargs: {} };

describe.each(ends)('$title', ({ client, serializer, missing }) => {
  const connect = (): Promise<Peer> => client.connect(router.url, serializer);

  test.skipIf(missing)('[Session Meta API] it counts and lists sessions, itself among them', async () => {
    const peer = await connect();
    expect((await peer.call('wamp.session.count', nothing)).args).toEqual([2]);
    const [sessions] = (await peer.call('wamp.session.list', nothing)).args;
    expect((sessions as unknown[]).map(Number)).toEqual([observer.id, peer.session]); // in wampy's MessagePack they are bigint
    await peer.leave();
  });

  test.skipIf(missing)('[Session Meta API] it takes its leave when it is killed', async () => {
    const peer = await connect();
    const left = new Promise(
      (resolve) => void observer.subscribe('wamp.session.on_leave', ({ args }) => resolve(args[0])),
    );
    await observer.call('wamp.session.kill', [peer.session], { reason: closeReasons.killed });
    await peer.closed;
    expect(await left).toBe(peer.session);
  });

  test.skipIf(missing)('[Testaments] what it leaves behind is published when it has gone', async () => {
    const peer = await connect();
    const left = new Promise<Payload>((resolve) => void observer.subscribe('com.example.last', resolve));
    await peer.call('wamp.session.add_testament', { args: ['com.example.last', ['bye'], { a: 1 }], kwargs: {} });
    await peer.leave();
    expect(await left).toMatchObject({ args: ['bye'], kwargs: { a: 1 } });
  });

  test.skipIf(missing)('[Registration Meta API] it finds what it has registered, until it is taken away', async () => {
    const peer = await connect();
    await peer.register('com.example.own', () => nothing);
    const { args } = await peer.call('wamp.registration.lookup', { args: ['com.example.own'], kwargs: {} });
    await observer.call('wamp.registration.remove_callee', [args[0], peer.session]);
    await expect(observer.call('com.example.own')).rejects.toMatchObject({ uri: errors.noSuchProcedure });
    expect((await peer.call('wamp.session.count', nothing)).args).toEqual([2]); // it is well
    await peer.leave();
  });

  test.skipIf(missing)(
    '[Subscription Meta API] it finds what it has subscribed to, until it is taken away',
    async () => {
      const peer = await connect();
      await peer.subscribe('com.example.topic', () => {});
      const { args } = await peer.call('wamp.subscription.lookup', { args: ['com.example.topic'], kwargs: {} });
      await observer.call('wamp.subscription.remove_subscriber', [args[0], peer.session]);
      expect((await observer.call('wamp.subscription.lookup', ['com.example.topic'])).args).toEqual([null]);
      expect((await peer.call('wamp.session.count', nothing)).args).toEqual([2]); // it is well
      await peer.leave();
    },
  );
});
