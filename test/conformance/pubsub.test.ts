/** What brokers do beyond passing events on, over every transport and with every serializer. */
import { expect, test } from 'vitest';
import { join, pastEvents, type Event, type PastEventsFilter, type PublishOptions } from '../../protocol/index.ts';
import { listenEverywhere } from './every-transport.ts';
import { listen, overEveryTransport, unused, value } from './suite.ts';

const acknowledge = true;
overEveryTransport(({ pair, bothWays, near, far }) => {
  test('[Publisher Exclusion] a publisher hears its own event only if it wants to', async () => {
    for (const [, session] of await bothWays()) {
      const topic = unused();
      const own = await listen(session, topic);
      await session.publish(topic, [value, 1], {}, { acknowledge });
      await session.publish(topic, [value, 2], {}, { acknowledge, exclude_me: false });
      expect((await own.next).map(({ args }) => args)).toEqual([[value, 2]]);
    }
  });

  test('[Subscriber Black- and Whitelisting] only the eligible hear an event, and nobody who is excluded', async () => {
    for (const [from, to] of await bothWays()) {
      const topic = unused();
      const { heard } = await listen(to, topic);
      const { id, authid, authrole } = to;
      const cases: [PublishOptions, boolean][] = [
        [{ eligible: [id] }, true],
        [{ eligible: [] }, false],
        [{ eligible_authid: [authid] }, true],
        [{ eligible_authid: [from.authid] }, false],
        [{ eligible_authrole: [authrole] }, true],
        [{ eligible_authrole: ['other'] }, false],
        [{ exclude: [id] }, false],
        [{ exclude_authid: [authid] }, false],
        [{ exclude_authrole: [authrole] }, false],
        [{ eligible: [id], exclude_authid: [authid] }, false],
        [{ exclude: [from.id], exclude_authid: ['other'] }, true],
      ];
      for (const [n, [options]] of cases.entries()) await from.publish(topic, [n], {}, { acknowledge, ...options });
      await to.call('wamp.session.count'); // whatever was sent before has come
      expect(heard.map(({ args }) => args[0])).toEqual(cases.flatMap(([, hears], n) => (hears ? [n] : [])));
    }
  });

  test('[Publisher Identification] subscribers learn who published, if the publisher wants it', async () => {
    for (const [from, to] of await bothWays()) {
      const topic = unused();
      const events = await listen(to, topic, {}, 2);
      await from.publish(topic, [], {}, { acknowledge, disclose_me: true });
      await from.publish(topic, [], {}, { acknowledge });
      const { id, authid, authrole } = from;
      expect((await events.next).map(({ details }) => details)).toEqual([
        { publisher: id, publisher_authid: authid, publisher_authrole: authrole },
        {},
      ]);
    }
  });

  test('[Publication Trust Levels] subscribers learn how far the publisher is trusted there', async () => {
    for (const [from, to] of await bothWays()) {
      const topic = unused('com.trusted');
      const events = await listen(to, topic);
      await from.publish(topic, [], {}, { acknowledge });
      expect(await events.next).toMatchObject([{ details: { trustlevel: 7 } }]);
    }
  });

  test('[Pattern-based Subscription] each subscription that matches gets the event, patterns with its topic', async () => {
    for (const [from, to] of await bothWays()) {
      const below = unused();
      const exact = await listen(to, `${below}.a.x`);
      const prefix = await listen(to, `${below}.a`, { match: 'prefix' }, 3);
      const wildcard = await listen(to, `${below}..x`, { match: 'wildcard' }, 2);
      for (const topic of ['a.x', 'ab.x', 'a.y', 'c.z'])
        await from.publish(`${below}.${topic}`, [topic], {}, { acknowledge });
      expect(await exact.next).toMatchObject([{ args: ['a.x'] }]);
      const topics = (events: Event[]) => events.map(({ details, args }) => [details.topic, args[0]]);
      expect(topics(await prefix.next)).toEqual(['a.x', 'ab.x', 'a.y'].map((topic) => [`${below}.${topic}`, topic]));
      expect(topics(await wildcard.next)).toEqual(['a.x', 'ab.x'].map((topic) => [`${below}.${topic}`, topic]));
    }
  });

  test('[Event Retention] what was retained comes to later subscribers, by topic and by pattern', async () => {
    const [one, other] = await pair();
    const topic = unused();
    await one.publish(`${topic}.a`, [value], { b: value }, { acknowledge, retain: true });
    await other.publish(`${topic}.b`, [value], {}, { acknowledge, retain: true });
    const exact = await listen(other, `${topic}.a`, { get_retained: true });
    expect(await exact.next).toMatchObject([{ args: [value], kwargs: { b: value }, details: { retained: true } }]);
    const pattern = await listen(one, `${topic}.`, { match: 'prefix', get_retained: true }, 2);
    expect(await pattern.next).toMatchObject([
      { topic: `${topic}.a`, details: { retained: true } },
      { topic: `${topic}.b`, args: [value] },
    ]);
    await other.publish(`${topic}.b`, [], {}, { acknowledge, retain: true }); // clears
    await Promise.all([one.leave(), other.leave()]);
    const rest = await listen(await far(), topic, { match: 'prefix', get_retained: true });
    expect(await rest.next).toMatchObject([{ topic: `${topic}.a` }]);
  });

  test('[Event History] past events can be asked for, from either side', async () => {
    const [one, other] = await pair();
    const topic = 'com.history.topic';
    await one.publish(topic, [value, 1], {}, { acknowledge });
    await other.publish(topic, [value, 2], { b: value }, { acknowledge });
    const [id] = (await other.call('wamp.subscription.lookup', ['com.history.', { match: 'prefix' }])).args;
    for (const session of [one, other]) {
      const { args, kwargs } = await session.call('wamp.subscription.get_events', [id], { reverse: true, limit: 2 });
      expect(args).toMatchObject([
        { subscription: id, details: { topic }, args: [value, 2], kwargs: { b: value } },
        { subscription: id, args: [value, 1] },
      ]);
      expect(Object.keys(kwargs)).toEqual(['is_limit_reached']);
    }
  });

  test('[Event History] every filter chooses among past events, from either side', async () => {
    const [one, other] = await pair();
    const [topic, another] = ['com.history.filtered', 'com.history.another'];
    for (const n of [1, 2]) await one.publish(topic, [n], {}, { acknowledge });
    await other.publish(another, [3], {}, { acknowledge });
    const [id] = (await other.call('wamp.subscription.lookup', ['com.history.', { match: 'prefix' }])).args as [number];
    for (const session of [one, other]) {
      const found = async (filter: PastEventsFilter = {}) =>
        (await pastEvents(session, id, filter)).map(({ args: [n] }) => n);
      const [first, second] = await pastEvents(session, id);
      const { publication, timestamp } = second!;
      const [past, future] = ['2001-01-01T00:00:00.000Z', '2999-01-01T00:00:00.000Z'];
      expect(first!.timestamp <= timestamp).toBe(true);
      expect(await found()).toEqual([1, 2, 3]);
      expect(await found({ topic })).toEqual([1, 2]);
      expect(await found({ reverse: true, limit: 1 })).toEqual([3]);
      expect(await found({ from_publication: publication })).toEqual([2, 3]);
      expect(await found({ after_publication: publication })).toEqual([3]);
      expect(await found({ until_publication: publication })).toEqual([1, 2]);
      expect(await found({ before_publication: publication })).toEqual([1]);
      expect(await found({ from_time: timestamp, topic: another })).toEqual([3]);
      for (const key of ['from_time', 'after_time'] as const)
        expect([await found({ [key]: past }), await found({ [key]: future })]).toEqual([[1, 2, 3], []]);
      for (const key of ['until_time', 'before_time'] as const)
        expect([await found({ [key]: past }), await found({ [key]: future })]).toEqual([[], [1, 2, 3]]);
    }
  });

  test('[Sharded Subscriptions] an event with a resource key goes to one node, always the same', async () => {
    const [publisher, nodes] = [await far(), [await near(), await far()]];
    const topic = unused();
    const listeners = await Promise.all(nodes.map((node, n) => listen(node, topic, { nkey: `n${n}` })));
    for (const rkey of ['r1', 'r2', 'r3', 'r1', 'r2', 'r3'])
      await publisher.publish(topic, [rkey], {}, { acknowledge, rkey });
    for (const node of nodes) await node.call('wamp.session.count');
    const keys = listeners.map(({ heard }) => heard.map(({ args }) => args[0]));
    for (const rkey of ['r1', 'r2', 'r3'])
      expect(keys.map((of) => of.filter((key) => key === rkey).length)).toEqual(expect.arrayContaining([0, 2]));
  });

  test('[Subscription Revocation] who loses a subscription hears why, and no more events', async () => {
    for (const [by, subscriber] of await bothWays()) {
      const topic = unused();
      let revoke: (reason: unknown) => void = () => {};
      const revoked = new Promise((resolve) => (revoke = resolve));
      const { heard, subscription } = await listen(subscriber, topic, { onRevoked: revoke });
      const reason = 'com.example.reason';
      await by.call('wamp.subscription.remove_subscriber', [subscription.id, subscriber.id], { reason });
      expect(await revoked).toBe(reason);
      await by.publish(topic, [], {}, { acknowledge });
      await subscriber.call('wamp.session.count');
      expect(heard).toEqual([]);
    }
  });

  test('[Payload Passthru Mode] a packed payload arrives as it was, and how it is packed', async () => {
    const packing = { ppt_scheme: 'x_own', ppt_serializer: 'cbor', ppt_keyid: 'k' };
    for (const [from, to] of await bothWays()) {
      const topic = unused();
      const events = await listen(to, topic);
      await from.publish(topic, [value.binary], {}, { acknowledge, ...packing });
      expect(await events.next).toMatchObject([{ args: [value.binary], details: packing }]);
    }
  });

  test('[Ordering Guarantees] events come in the order of their publication, over several subscriptions', async () => {
    const [publisher, subscriber] = [await far(), await far()];
    const below = unused();
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      const hear = ({ args }: Event) => void (heard.push(args[0]) === 100 && resolve());
      const subscribed = ['a', 'b'].map((name) => subscriber.subscribe(`${below}.${name}`, hear));
      void Promise.all(subscribed).then(() =>
        Array.from({ length: 100 }, (_, i) => publisher.publish(`${below}.${i % 3 ? 'a' : 'b'}`, [i])),
      );
    });
    await all;
    expect(heard).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});

test('[Event Retention] a payload that is sent but empty clears as one that is left out', async () => {
  const topic = unused();
  const router = await listenEverywhere();
  const session = await join(router.hub.link(), { realm: 'realm1' });
  await session.publish(topic, [1], {}, { acknowledge, retain: true });
  const socket = new WebSocket(`ws://127.0.0.1:${router.port}/ws`, 'wamp.2.json');
  const answers: ((text: string) => void)[] = [];
  socket.addEventListener('message', ({ data }) => answers.shift()?.(String(data)));
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const ask = (message: unknown[]) =>
    new Promise<string>((resolve) => {
      answers.push(resolve);
      socket.send(JSON.stringify(message));
    });
  await ask([1, 'realm1', { roles: { publisher: {} } }]);
  expect(await ask([16, 1, { acknowledge, retain: true }, topic, [], {}])).toMatch(/^\[17,1,/);
  const { heard } = await listen(session, topic, { get_retained: true });
  await session.call('wamp.session.count'); // what was retained would have come before
  expect(heard).toEqual([]);
  socket.close();
  await router.close();
});
