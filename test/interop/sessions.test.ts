/** Joining, leaving and being refused, for every client in both serializers. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectWebSocket, errors, join, type Session } from '../../protocol/index.ts';
import { startBareRouter, type BareRouter } from './bare-router.ts';
import type { Peer } from './clients/index.ts';
import { ends } from './ends.ts';

let router: BareRouter;
let observer: Session;
let heard: string[];
beforeEach(async () => {
  router = await startBareRouter();
  observer = await join(await connectWebSocket(router.url), { realm: 'realm1' });
  heard = [];
  await observer.subscribe(
    'wamp.session.on_join',
    ({ args: [who] }) => void heard.push(`join ${(who as { session: number }).session}`),
  );
  await observer.subscribe(
    'wamp.session.on_leave',
    ({ args: [session] }) => void heard.push(`leave ${String(session)}`),
  );
});
afterEach(() => router.stop());

const payload = { args: [], kwargs: {} };
const failure = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

describe.each(ends)('$title', ({ client, serializer, missing }) => {
  const connect = (): Promise<Peer> => client.connect(router.url, serializer);

  test.skipIf(missing)('[Session Closing] it joins and leaves, and its id is the one that others hear of', async () => {
    const { session, leave } = await connect();
    expect(Number.isSafeInteger(session)).toBe(true);
    await leave();
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([`join ${session}`, `leave ${session}`]);
  });

  test.skipIf(missing)('[Session Closing] it takes leave of a router that stops', async () => {
    const peer = await connect();
    await router.hub.stop(3_600_000); // would wait that long for a peer that does not answer
    await peer.closed;
  });

  test.skipIf(missing)('[Remote Procedure Calls] a procedure that nobody registered is an error', async () => {
    const peer = await connect();
    expect(await failure(peer.call('com.example.nothing', payload))).toMatchObject({ uri: errors.noSuchProcedure });
    await peer.leave();
  });

  test.skipIf(missing)('[Remote Procedure Calls] a procedure that somebody else has is refused', async () => {
    await observer.register('com.example.taken', () => {});
    const peer = await connect();
    const refused = await failure(peer.register('com.example.taken', () => payload));
    expect(refused).toMatchObject({ uri: errors.procedureAlreadyExists });
    await peer.leave();
  });
});
