/** What the router says of itself and does when asked, over every transport and with every serializer. */
import { expect, test } from 'vitest';
import { closeReasons, errors } from '../../protocol/index.ts';
import { listen, outcome, overEveryTransport, unused, value } from './suite.ts';

overEveryTransport(({ pair, bothWays, near, far }) => {
  test('[Session Meta API] sessions are counted, listed and described, and their coming and going is told', async () => {
    for (const [one, other] of await bothWays()) {
      const joining = await listen(one, 'wamp.session.on_join');
      const leaving = await listen(one, 'wamp.session.on_leave');
      const third = await near();
      const { id: session, authid, authrole, authmethod } = third;
      const described = { session, authid, authrole, authmethod, authprovider: 'static' };
      expect(await joining.next).toMatchObject([{ args: [described] }]);
      expect((await one.call('wamp.session.get', [session])).args).toEqual([described]);
      const { args } = await one.call('wamp.session.list');
      expect(args[0]).toEqual(expect.arrayContaining([one.id, other.id, session]));
      expect((await one.call('wamp.session.count', [['nobody']])).args).toEqual([0]);
      await third.leave();
      expect(await leaving.next).toMatchObject([{ args: [session, authid, authrole] }]);
      expect(await outcome(one.call('wamp.session.get', [session]))).toMatchObject({ uri: errors.noSuchSession });
      await joining.subscription.unsubscribe();
      await leaving.subscription.unsubscribe();
    }
  });

  test('[Session Meta API] a session that is killed hears why', async () => {
    const [one, victim] = await pair();
    await one.call('wamp.session.kill', [victim.id], { message: 'enough' });
    expect(await victim.closed).toMatchObject({ reason: closeReasons.killed, message: 'enough', by: 'peer' });
    const others = [await far(), await far()];
    const { args } = await one.call('wamp.session.kill_by_authid', [others[0]!.authid], { reason: 'com.example.out' });
    expect(args).toEqual([[others[0]!.id]]);
    expect(await others[0]!.closed).toMatchObject({ reason: 'com.example.out' });
    await others[1]!.call('wamp.session.count');
  });

  test('[Subscription Meta API] subscriptions are found and described, and their coming and going is told', async () => {
    for (const [watcher, subscriber] of await bothWays()) {
      const topic = unused();
      const told = await Promise.all(
        ['create', 'subscribe', 'unsubscribe', 'delete'].map((what) => listen(watcher, `wamp.subscription.on_${what}`)),
      );
      const subscription = await subscriber.subscribe(topic, () => {}, { match: 'prefix' });
      const { id } = subscription;
      const of = async (name: string, ...args: unknown[]) =>
        (await watcher.call(`wamp.subscription.${name}`, args)).args[0];
      const described = { id, uri: topic, match: 'prefix', created: expect.any(String) };
      expect(await of('lookup', topic, { match: 'prefix' })).toBe(id);
      expect(await of('match', `${topic}.a`)).toEqual([id]);
      expect(await of('get', id)).toEqual(described);
      expect(await of('list')).toMatchObject({ prefix: expect.arrayContaining([id]) });
      expect(await of('list_subscribers', id)).toEqual([subscriber.id]);
      expect(await of('count_subscribers', id)).toBe(1);
      await subscription.unsubscribe();
      expect(await Promise.all(told.map(async ({ next }) => (await next)[0]!.args))).toEqual([
        [subscriber.id, described],
        ...[1, 2, 3].map(() => [subscriber.id, id]),
      ]);
      for (const { subscription: own } of told) await own.unsubscribe();
    }
  });

  test('[Registration Meta API] registrations are found and described, and their coming and going is told', async () => {
    for (const [watcher, callee] of await bothWays()) {
      const procedure = unused();
      const told = await Promise.all(
        ['create', 'register', 'unregister', 'delete'].map((what) => listen(watcher, `wamp.registration.on_${what}`)),
      );
      const registration = await callee.register(procedure, () => {}, { match: 'prefix', invoke: 'random' });
      const { id } = registration;
      const of = async (name: string, ...args: unknown[]) =>
        (await watcher.call(`wamp.registration.${name}`, args)).args[0];
      const described = { id, uri: procedure, match: 'prefix', invoke: 'random', created: expect.any(String) };
      expect(await of('lookup', procedure, { match: 'prefix' })).toBe(id);
      expect(await of('match', `${procedure}.a`)).toBe(id);
      expect(await of('get', id)).toEqual(described);
      expect(await of('list')).toMatchObject({ prefix: expect.arrayContaining([id]) });
      expect(await of('list_callees', id)).toEqual([callee.id]);
      expect(await of('count_callees', id)).toBe(1);
      await registration.unregister();
      expect(await Promise.all(told.map(async ({ next }) => (await next)[0]!.args))).toEqual([
        [callee.id, described],
        ...[1, 2, 3].map(() => [callee.id, id]),
      ]);
      for (const { subscription: own } of told) await own.unsubscribe();
    }
  });

  test('[Testaments] what a session leaves behind is published when it is gone, detached before destroyed', async () => {
    const [heir, testator] = await pair();
    const topic = unused();
    const last = await listen(heir, topic, {}, 2);
    await testator.call('wamp.session.add_testament', [topic, [value, 'destroyed'], { b: value }]);
    await testator.call('wamp.session.add_testament', [topic, [value, 'detached'], {}], { scope: 'detached' });
    await testator.leave();
    expect(await last.next).toMatchObject([
      { args: [value, 'detached'] },
      { args: [value, 'destroyed'], kwargs: { b: value } },
    ]);
  });

  test('[Testaments] what was flushed is not published', async () => {
    const [heir, testator] = await pair();
    const topic = unused();
    const last = await listen(heir, topic);
    const left = await listen(heir, 'wamp.session.on_leave');
    await testator.call('wamp.session.add_testament', [topic, [], {}]);
    await testator.call('wamp.session.flush_testaments');
    await testator.leave();
    await left.next; // which would have come later
    expect(last.heard).toEqual([]);
  });

  test('[Reflection] what is defined can be listed and described, until its session has gone', async () => {
    const [one, other] = await pair();
    const procedure = unused();
    const [defined, undefinition] = [
      await listen(one, 'wamp.reflect.on_define'),
      await listen(one, 'wamp.reflect.on_undefine'),
    ];
    await other.call('wamp.reflect.define', [procedure, { args: value }]);
    expect(await defined.next).toMatchObject([{ args: [procedure, { args: value }, 'procedure'] }]);
    expect((await one.call('wamp.reflection.procedure.list')).args[0]).toContain(procedure);
    expect((await one.call('wamp.reflect.describe', [procedure])).args).toEqual([{ args: value }]);
    await other.leave();
    expect(await undefinition.next).toMatchObject([{ args: [procedure, 'procedure'] }]);
    expect((await one.call('wamp.reflection.procedure.describe', [procedure])).args).toEqual([null]);
  });
});
