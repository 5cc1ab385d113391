/** What one session may have at a time: a peer cannot fill the router's memory with what it never uses. */
import { expect, it } from 'vitest';
import { core, errors, messagesTo, type Joined } from './core.ts';

const all = { call: true, register: true, publish: true, subscribe: true };
const limited = () =>
  core({
    roles: [
      {
        name: 'anonymous',
        permissions: [{ uri: 'com.', match: 'prefix', allow: all }],
        limits: { subscriptions: 2, registrations: 2, calls: 2 },
      },
      { name: 'service', permissions: [{ uri: 'com.', match: 'prefix', allow: all }] },
    ],
  });
const subscribe = (topic: string) => ({ type: 'subscribe', options: {}, topic }) as const;
const register = (procedure: string) => ({ type: 'register', options: {}, procedure }) as const;
const call = { type: 'call', options: {}, procedure: 'com.slow' } as const;

/** What a peer is told, in the shortest form. */
const told = (peer: Joined, message: Parameters<Joined['send']>[0]) =>
  messagesTo(peer, peer.send(message)).map((answer) =>
    answer.type === 'error' ? [answer.error, ...(answer.args ?? [])] : answer.type,
  );

it('a session at its limit of subscriptions gets no more until it gives one up', () => {
  const { join } = limited();
  const ada = join();
  expect(told(ada, subscribe('com.a'))).toEqual(['subscribed']);
  expect(told(ada, subscribe('com.b'))).toEqual(['subscribed']);
  const refused = [[errors.limitReached, 'a session of role "anonymous" may have 2 subscriptions at a time']];
  expect(told(ada, subscribe('com.c'))).toEqual(refused);
  expect(told(join('bob'), subscribe('com.c'))).toEqual(['subscribed']);
  expect(told(ada, { type: 'unsubscribe', subscription: 1 })).toEqual(['unsubscribed']);
  expect(told(ada, subscribe('com.c'))).toEqual(['subscribed']);
});

it('[Subscribing] a session at its limit may ask again for what it has', () => {
  const ada = limited().join();
  for (const topic of ['com.a', 'com.b', 'com.a']) expect(told(ada, subscribe(topic))).toEqual(['subscribed']);
});

it('a session at its limit of registrations gets no more until it gives one up', () => {
  const { join } = limited();
  const ada = join();
  expect(told(ada, register('com.a'))).toEqual(['registered']);
  expect(told(ada, register('com.b'))).toEqual(['registered']);
  const refused = [[errors.limitReached, 'a session of role "anonymous" may have 2 registrations at a time']];
  expect(told(ada, register('com.c'))).toEqual(refused);
  expect(told(ada, { type: 'unregister', registration: 1 })).toEqual(['unregistered']);
  expect(told(ada, register('com.c'))).toEqual(['registered']);
});

it('a session at its limit of calls makes no more until one is answered', () => {
  const { join } = limited();
  const [ada, bob] = [join(), join('bob')];
  bob.send(register('com.slow'));
  ada.send(call);
  ada.send(call);
  const refused = [[errors.limitReached, 'a session of role "anonymous" may have 2 calls under way at a time']];
  expect(told(ada, call)).toEqual(refused);
  bob.send({ type: 'yield', request: 1, options: {} });
  expect(told(ada, call)).toEqual([]);
  expect(told(ada, call)).toEqual(refused);
});

it('a role without limits has none', () => {
  const { join } = limited();
  const lobby = join('lobby', 'service');
  for (let i = 0; i < 1000; i++) expect(told(lobby, subscribe(`com.t${i}`))).toEqual(['subscribed']);
});
