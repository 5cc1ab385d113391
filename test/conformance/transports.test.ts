/** The same behaviour over every transport and with every serializer. */
import { expect, test } from 'vitest';
import { CallError, closeReasons, errors, join, type Message } from '../../protocol/index.ts';
import { listenEverywhere } from './every-transport.ts';
import { outcome, overEveryTransport, unused } from './suite.ts';

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

overEveryTransport(({ connect, far, near, bothWays }) => {
  test('[Session Establishment] a session is welcomed, and leaves by GOODBYE', async () => {
    const session = await far();
    expect(session.realm).toBe('realm1');
    expect(await session.leave()).toMatchObject({ by: 'us' });
  });

  test('[Calling and Invocations] values go there and come back as they were', async () => {
    const [caller, callee] = [await far(), await far()];
    const procedure = unused();
    await callee.register(procedure, ({ args, kwargs }) => ({ args, kwargs }));
    const result = await caller.call(procedure, values, { kwargs: values });
    expect(result).toMatchObject({ args: values, kwargs: { kwargs: values } });
  });

  test('[Calling and Invocations] values cross to a peer in the same process, and back', async () => {
    for (const [caller, callee] of await bothWays()) {
      const procedure = unused();
      await callee.register(procedure, ({ args }) => ({ args }));
      expect((await caller.call(procedure, values)).args).toEqual(values);
    }
  });

  test('[Calling and Invocations] an error comes back with all it says', async () => {
    const [caller, callee] = [await far(), await far()];
    const procedure = unused();
    await callee.register(procedure, () => {
      throw new CallError('com.example.error', ['no'], { code: 7 });
    });
    const failure = await outcome(caller.call(procedure));
    expect(failure).toMatchObject({ uri: 'com.example.error', args: ['no'], kwargs: { code: 7 } });
  });

  test('[Transports] a message just below the limit passes, in both directions', async () => {
    const [caller, callee] = [await far(), await far()];
    const procedure = unused();
    await callee.register(procedure, ({ args }) => ({ args }));
    const text = 'x'.repeat(65_000);
    expect((await caller.call(procedure, [text])).args).toEqual([text]);
  });

  test('[Protocol Errors] a violation is answered by ABORT, and the transport ends', async () => {
    const transport = await connect();
    const inbox: unknown[] = [];
    const closed = new Promise((resolve) => transport.onClose(resolve));
    transport.onMessage((message) => inbox.push(message));
    const message: Message = { type: 'call', request: 1, options: {}, procedure: 'a.b' };
    transport.send(message); // before HELLO
    await closed;
    expect(inbox).toMatchObject([{ type: 'abort', reason: errors.protocolViolation }]);
  });

  test('[Session Establishment] a realm that is not there is refused, and the reason arrives', async () => {
    const refused = join(await connect(), { realm: 'nowhere' });
    await expect(refused).rejects.toMatchObject({ uri: errors.noSuchRealm });
  });

  test('[Session Closing] a peer that just goes leaves nothing behind', async () => {
    const transport = await connect();
    const { id } = await join(transport, { realm: 'realm1' });
    const witness = await near();
    transport.close();
    await expect.poll(async () => (await witness.call('wamp.session.list')).args[0]).not.toContain(id);
  });

  test('[GOODBYE] the router takes leave when it stops', async () => {
    const own = await listenEverywhere();
    const session = await join(await connect(own), { realm: 'realm1' });
    await own.close();
    expect(await session.closed).toMatchObject({ reason: closeReasons.systemShutdown, by: 'peer' });
  });
});
