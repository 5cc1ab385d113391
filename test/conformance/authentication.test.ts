/** Who one is, proved over every transport and with every serializer. */
import { describe, expect, test } from 'vitest';
import {
  errors,
  withCryptosign,
  withScram,
  withTicket,
  withWampcra,
  type Hop,
  type JoinOptions,
} from '../../protocol/index.ts';
import { key, secret } from './every-transport.ts';
import { listen, outcome, overEveryTransport, unused } from './suite.ts';

const authid = 'ada';
const wrong = 'wrong';

overEveryTransport(({ far, near }) => {
  test('[Anonymous Authentication] a session gets an authid of its own', async () => {
    const sessions = [await far(), await far({ authid, authmethods: ['anonymous'] })];
    for (const session of sessions) expect(session).toMatchObject({ authrole: 'anonymous', authmethod: 'anonymous' });
    expect(new Set([authid, ...sessions.map((session) => session.authid)]).size).toBe(3);
  });

  describe.each<[string, string, (secret: string) => Partial<JoinOptions> | Promise<Partial<JoinOptions>>]>([
    ['[Ticket-based Authentication]', 'ticket', (given) => withTicket({ authid, ticket: given })],
    ['[Challenge Response Authentication]', 'wampcra', (given) => withWampcra({ authid, secret: given })],
    ['[Salted Challenge Response Authentication]', 'wamp-scram', (given) => withScram({ authid, password: given })],
    [
      '[Cryptosign-based Authentication]',
      'cryptosign',
      (given) => withCryptosign({ authid, key: given === secret ? key.seed : '00'.repeat(32) }),
    ],
  ])('%s', (_, authmethod, proof) => {
    test('who can prove it is let in, who cannot is not', async () => {
      expect(await far(await proof(secret))).toMatchObject({ authid, authrole: 'trusted', authmethod });
      expect(await outcome(far(await proof(wrong)))).toMatchObject({ uri: errors.authenticationDenied });
    });
  });

  test('[Router-to-Router] a link says for whom it publishes and calls, and others may not', async () => {
    const [link, guest, witness] = [await far(withTicket({ authid, ticket: secret })), await far(), await near()];
    const [topic, procedure] = [unused(), unused()];
    const origin: Hop = { session: 2 ** 53, authid: 'elsewhere', authrole: 'player' };
    const forward_for = [origin];
    const way = [origin, { session: link.id, authid, authrole: 'trusted' }];
    for (const [from, to] of [
      [link, witness],
      [link, guest],
    ] as const) {
      const events = await listen(to, topic);
      await from.publish(topic, [], {}, { acknowledge: true, disclose_me: true, forward_for });
      expect(await events.next).toMatchObject([{ details: { publisher: 2 ** 53, forward_for: way } }]);
      const registration = await to.register(procedure, ({ details }) => ({ args: [details] }));
      const { args } = await from.call(procedure, [], {}, { disclose_me: true, forward_for });
      expect(args).toMatchObject([{ caller_authid: 'elsewhere', forward_for: way }]);
      await registration.unregister();
    }
    expect(await outcome(guest.call(procedure, [], {}, { forward_for }))).toMatchObject({
      uri: errors.optionNotAllowed,
    });
  });
});
