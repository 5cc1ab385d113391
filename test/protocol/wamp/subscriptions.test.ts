import { describe, expect, test } from 'vitest';
import type { Event } from '../../../protocol/wamp/subscriptions.ts';
import { joined, settle } from './scripted-router.ts';

const event = (subscription: number, ...args: unknown[]) =>
  ({ type: 'event', subscription, publication: 5512003311, details: {}, args }) as const;

describe('subscribing', () => {
  test('[Subscribing and Unsubscribing] events reach the handler until it unsubscribes', async () => {
    const { session, router } = await joined();
    const seen: Event[] = [];
    const subscribing = session.subscribe('game.arena', (received) => void seen.push(received));
    expect(await router.expect('subscribe')).toEqual({
      type: 'subscribe',
      request: 1,
      options: {},
      topic: 'game.arena',
    });
    await router.send({ type: 'subscribed', request: 1, subscription: 7 }, event(7, 'first'));
    const subscription = await subscribing;
    expect(seen).toEqual([{ args: ['first'], kwargs: {}, details: {}, topic: 'game.arena', publication: 5512003311 }]);

    const leaving = Promise.all([subscription.unsubscribe(), subscription.unsubscribe()]);
    await router.send(event(7, 'too late'));
    expect(await router.expect('unsubscribe')).toEqual({ type: 'unsubscribe', request: 2, subscription: 7 });
    await router.send({ type: 'unsubscribed', request: 2 }, event(7, 'much too late'));
    await leaving;
    expect(seen).toHaveLength(1);
    await router.expectSilence();
  });

  test('[Pattern-based Subscription] the event says which topic it was', async () => {
    const { session, router } = await joined();
    const topics: string[] = [];
    void session.subscribe('game.', ({ topic }) => void topics.push(topic), { match: 'prefix' });
    expect((await router.expect('subscribe')).options).toEqual({ match: 'prefix' });
    await router.send(
      { type: 'subscribed', request: 1, subscription: 7 },
      { ...event(7), details: { topic: 'game.arena' } },
    );
    expect(topics).toEqual(['game.arena']);
  });

  test('[Subscribing and Unsubscribing] ERROR rejects, and the next try asks again', async () => {
    const { session, router } = await joined();
    for (const request of [1, 2]) {
      const refused = session.subscribe('secret', () => {}).catch((error: unknown) => error);
      await router.expect('subscribe');
      await router.send({ type: 'error', requestType: 32, request, details: {}, error: 'wamp.error.not_authorized' });
      expect(await refused).toMatchObject({ uri: 'wamp.error.not_authorized' });
    }
  });

  test('handlers of one topic share a subscription and are called in order; the last one ends it', async () => {
    const { session, router } = await joined();
    const seen: string[] = [];
    const subscribing = [
      session.subscribe('t', () => void seen.push('a')),
      session.subscribe('t', () => void seen.push('b')),
    ];
    await router.expect('subscribe');
    await router.send({ type: 'subscribed', request: 1, subscription: 7 });
    const [a, b] = await Promise.all(subscribing);
    const c = await session.subscribe('t', () => void seen.push('c'));
    await router.send(event(7));
    expect(seen).toEqual(['a', 'b', 'c']);
    await a?.unsubscribe();
    await c.unsubscribe();
    await router.send(event(7));
    expect(seen).toEqual(['a', 'b', 'c', 'b']);
    await router.expectSilence();
    void b?.unsubscribe();
    await router.expect('unsubscribe');
  });

  test('another match policy is another subscription', async () => {
    const { session, router } = await joined();
    void session.subscribe('t', () => {});
    void session.subscribe('t', () => {}, { match: 'prefix' });
    await router.expect('subscribe');
    await router.expect('subscribe');
  });

  test('who subscribes while the last handler leaves gets a subscription of its own, even under the same id', async () => {
    const { session, router } = await joined();
    const seen: unknown[] = [];
    const first = session.subscribe('t', () => {});
    await router.expect('subscribe');
    await router.send({ type: 'subscribed', request: 1, subscription: 7 });
    const leaving = (await first).unsubscribe();
    const second = session.subscribe('t', ({ args }) => void seen.push(...args));
    await router.expect('unsubscribe');
    await router.expect('subscribe');
    await router.send(
      { type: 'unsubscribed', request: 2 },
      { type: 'subscribed', request: 3, subscription: 7 },
      event(7, 'again'),
    );
    await leaving;
    await second;
    expect(seen).toEqual(['again']);
  });

  test('a handler that throws or rejects is reported and harms no other', async () => {
    const { session, router, reported } = await joined();
    const seen: string[] = [];
    const failure = new Error('no such sprite');
    void session.subscribe('t', () => {
      throw failure;
    });
    void session.subscribe('t', () => Promise.reject(failure));
    void session.subscribe('t', () => void seen.push('heard'));
    await router.expect('subscribe');
    await router.send({ type: 'subscribed', request: 1, subscription: 7 }, event(7));
    expect(seen).toEqual(['heard']);
    expect(reported).toEqual([
      ['the handler of t', failure],
      ['the handler of t', failure],
    ]);
  });

  test('a handler that another one has just unsubscribed is not called, one that was just added neither', async () => {
    const { session, router } = await joined();
    const seen: string[] = [];
    let unsubscribe = () => {};
    void session.subscribe('t', () => {
      unsubscribe();
      void session.subscribe('t', () => void seen.push('added'));
    });
    const second = session.subscribe('t', () => void seen.push('removed'));
    await router.expect('subscribe');
    await router.send({ type: 'subscribed', request: 1, subscription: 7 });
    const subscription = await second;
    unsubscribe = () => void subscription.unsubscribe();
    await router.send(event(7));
    expect(seen).toEqual([]);
    await router.send(event(7));
    expect(seen).toEqual(['added']);
  });

  test('[Subscription Revocation] UNSUBSCRIBED with request 0 ends it for all handlers and says why', async () => {
    const { session, router } = await joined();
    const reasons: unknown[] = [];
    const subscribing = session.subscribe('t', () => {}, { onRevoked: (reason) => reasons.push(reason) });
    await router.expect('subscribe');
    await router.send({ type: 'subscribed', request: 1, subscription: 7 });
    const subscription = await subscribing;
    await router.send(
      { type: 'unsubscribed', request: 0, details: { subscription: 7, reason: 'com.game.kicked' } },
      event(7),
    );
    expect(reasons).toEqual(['com.game.kicked']);
    await subscription.unsubscribe();
    await router.expectSilence();
    void session.subscribe('t', () => {});
    await router.expect('subscribe');
  });
});

describe('publishing', () => {
  test('[Publishing and Events] without acknowledge resolves with null at once', async () => {
    const { session, router } = await joined();
    expect(await session.publish('t', [1], { a: 2 }, { exclude_me: false })).toBe(null);
    expect(await router.expect('publish')).toEqual({
      type: 'publish',
      request: 1,
      options: { exclude_me: false },
      topic: 't',
      args: [1],
      kwargs: { a: 2 },
    });
  });

  test('[Publishing and Events] acknowledge: true resolves with the publication, or rejects', async () => {
    const { session, router } = await joined();
    const published = session.publish('t', [], {}, { acknowledge: true });
    const refused = session.publish('u', [], {}, { acknowledge: true }).catch((error: unknown) => error);
    await router.send(
      { type: 'published', request: 1, publication: 2 ** 53 },
      { type: 'error', requestType: 16, request: 2, details: {}, error: 'wamp.error.not_authorized' },
    );
    expect(await published).toBe(2 ** 53);
    expect(await refused).toMatchObject({ uri: 'wamp.error.not_authorized' });
  });

  test('messages leave in the order of the calls that send them', async () => {
    const { session, router } = await joined();
    void session.publish('first');
    void session.call('second').catch(() => {});
    void session.publish('third');
    await settle();
    expect(router.received.map((message) => message.type)).toEqual(['publish', 'call', 'publish']);
  });
});
