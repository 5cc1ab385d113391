/** The same behaviour over every transport and with every serializer. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CallError,
  closeReasons,
  errors,
  join,
  type Message,
  type Session,
  type Transport,
} from '../../protocol/index.ts';
import { everyTransport, listenEverywhere, type Everywhere } from './every-transport.ts';

let router: Everywhere;
beforeAll(async () => (router = await listenEverywhere()));
afterAll(() => router.close());

const joined = (transport: Transport): Promise<Session> => join(transport, { realm: 'realm1' });
/** A name of its own for each test: they share one router. */
let tests = 0;
const unused = () => `com.example.test${++tests}`;

const values = [
  null,
  true,
  -1,
  0.1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  2n ** 60n + 1n,
  'ü😀\u0000',
  '',
  new Uint8Array([0, 255]),
  new Uint8Array(),
  [[], {}],
  { a: { b: [{ c: new Uint8Array([1]) }] } },
];

describe.each(everyTransport)('over %s', (_name, connect) => {
  test('[Session Establishment] a session is welcomed, and leaves by GOODBYE', async () => {
    const session = await joined(await connect(router));
    expect(session.realm).toBe('realm1');
    expect(await session.leave()).toMatchObject({ by: 'us' });
  });

  test('[Calling and Invocations] values go there and come back as they were', async () => {
    const [caller, callee] = [await joined(await connect(router)), await joined(await connect(router))];
    const procedure = unused();
    await callee.register(procedure, ({ args, kwargs }) => ({ args, kwargs }));
    const result = await caller.call(procedure, values, { kwargs: values });
    expect(result).toMatchObject({ args: values, kwargs: { kwargs: values } });
    await Promise.all([caller.leave(), callee.leave()]);
  });

  test('[Calling and Invocations] values cross to a peer in the same process, and back', async () => {
    const [near, far] = [await joined(router.hub.link()), await joined(await connect(router))];
    const procedure = unused();
    await near.register(procedure, ({ args }) => ({ args }));
    expect((await far.call(procedure, values)).args).toEqual(values);
    const back = unused();
    await far.register(back, ({ args }) => ({ args }));
    expect((await near.call(back, values)).args).toEqual(values);
    await Promise.all([near.leave(), far.leave()]);
  });

  test('[Calling and Invocations] an error comes back with all it says', async () => {
    const [caller, callee] = [await joined(await connect(router)), await joined(await connect(router))];
    const procedure = unused();
    await callee.register(procedure, () => {
      throw new CallError('com.example.error', ['no'], { code: 7 });
    });
    const failure = await caller.call(procedure).catch((error: unknown) => error);
    expect(failure).toMatchObject({ uri: 'com.example.error', args: ['no'], kwargs: { code: 7 } });
    await Promise.all([caller.leave(), callee.leave()]);
  });

  test('[Progressive Call Results] parts come in order, before the result', async () => {
    const [caller, callee] = [await joined(await connect(router)), await joined(await connect(router))];
    const procedure = unused();
    await callee.register(procedure, ({ progress }) => {
      for (let i = 0; i < 20; i++) progress([i]);
      return { args: ['done'] };
    });
    const parts: unknown[] = [];
    const result = await caller.call(procedure, [], {}, { onProgress: ({ args }) => parts.push(args[0]) });
    expect(parts).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(result.args).toEqual(['done']);
    await Promise.all([caller.leave(), callee.leave()]);
  });

  test('[Publish and Subscribe] 200 events come in the order of their publication', async () => {
    const [publisher, subscriber] = [await joined(await connect(router)), await joined(await connect(router))];
    const topic = unused();
    const heard: unknown[] = [];
    const all = new Promise<void>((resolve) => {
      void subscriber
        .subscribe(topic, ({ args }) => void (heard.push(args[0]) === 200 && resolve()))
        .then(() => Promise.all(Array.from({ length: 200 }, (_, i) => publisher.publish(topic, [i]))));
    });
    await all;
    expect(heard).toEqual(Array.from({ length: 200 }, (_, i) => i));
    await Promise.all([publisher.leave(), subscriber.leave()]);
  });

  test('[Transports] a message just below the limit passes, in both directions', async () => {
    const [caller, callee] = [await joined(await connect(router)), await joined(await connect(router))];
    const procedure = unused();
    await callee.register(procedure, ({ args }) => ({ args }));
    const text = 'x'.repeat(65_000);
    expect((await caller.call(procedure, [text])).args).toEqual([text]);
    await Promise.all([caller.leave(), callee.leave()]);
  });

  test('[Protocol Errors] a violation is answered by ABORT, and the transport ends', async () => {
    const transport = await connect(router);
    const inbox: unknown[] = [];
    const closed = new Promise((resolve) => transport.onClose(resolve));
    transport.onMessage((message) => inbox.push(message));
    const message: Message = { type: 'call', request: 1, options: {}, procedure: 'a.b' };
    transport.send(message); // before HELLO
    await closed;
    expect(inbox).toMatchObject([{ type: 'abort', reason: errors.protocolViolation }]);
  });

  test('[Session Establishment] a realm that is not there is refused, and the reason arrives', async () => {
    const refused = join(await connect(router), { realm: 'nowhere' });
    await expect(refused).rejects.toMatchObject({ uri: errors.noSuchRealm });
  });

  test('[Session Closing] a peer that just goes leaves nothing behind', async () => {
    const before = router.hub.connections;
    const transport = await connect(router);
    await joined(transport);
    transport.close();
    const witness = await joined(router.hub.link());
    await expect
      .poll(async () => {
        await witness.call('wamp.session.count');
        return router.hub.connections;
      })
      .toBe(before + 1);
    await witness.leave();
  });

  test('[GOODBYE] the router takes leave when it stops', async () => {
    const own = await listenEverywhere();
    const session = await joined(await connect(own));
    await own.close();
    expect(await session.closed).toMatchObject({ reason: closeReasons.systemShutdown, by: 'peer' });
  });
});
