import { describe, expect, test } from 'vitest';
import {
  CallError,
  errors,
  saltWampcra,
  withCryptosign,
  withScram,
  withTicket,
  withWampcra,
  type List,
} from '../../../protocol/index.ts';
import {
  anonymous,
  argon2id,
  cryptosign,
  denied,
  scram,
  ticket,
  tls,
  wampcra,
  type PeerCertificate,
  type TransportFacts,
} from '../../../server/authentication/index.ts';
import { cryptosign as key, scram as kept } from '../../protocol/wamp/authentication/vectors.ts';
import { arrival, attempt, begin, challengeOf, welcome } from './attempt.ts';

const authenticator = { procedure: 'com.example.authenticate' };
/** A component that answers so, and what it was asked. */
function component(answer: unknown, facts: Partial<TransportFacts> = {}) {
  const asked: List[] = [];
  const from = arrival(facts, {
    'realm1/com.example.authenticate': (args) => {
      asked.push(args);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { from, asked };
}
const dynamic = (authmethod: string, changed = {}) => ({
  authid: 'ada',
  authrole: 'player',
  authmethod,
  authprovider: 'dynamic',
  ...changed,
});
const certificate: PeerCertificate = {
  sha1: 'aa'.repeat(20),
  sha256: 'bb'.repeat(32),
  subject: { CN: 'ada' },
  issuer: { CN: 'nobody' },
  verified: true,
};

describe('[Dynamic Authenticators] what the component is asked', () => {
  test('realm, authid and details with session, method, extra and transport', async () => {
    const facts = {
      type: 'websocket',
      peer: '127.0.0.1:5',
      headers: { host: 'h' },
      cookie: 'c',
      secure: false,
    } as const;
    const { from, asked } = component('player', { ...facts, protocol: 'wamp.2.json', certificate });
    await attempt(ticket({ authenticator }), withTicket({ authid: 'ada', ticket: 's3cret' }), from);
    const transport = {
      type: 'websocket',
      peer: '127.0.0.1:5',
      is_secure: false,
      protocol: 'wamp.2.json',
      http_headers_received: { host: 'h' },
      cbtid: 'c',
      peer_cert: certificate,
    };
    const details = {
      session: 424242,
      authmethod: 'ticket',
      authextra: {},
      authid: 'ada',
      ticket: 's3cret',
      transport,
    };
    expect(asked).toEqual([['realm1', 'ada', details]]);
  });
  test('in the realm where it lives', async () => {
    const from = arrival({}, { 'backend/com.example.authenticate': () => 'player' });
    const method = anonymous({ authenticator: { ...authenticator, realm: 'backend' } });
    expect(await begin(method, {}, from)).toMatchObject({ verdict: 'welcome' });
  });
  test('a ticket only when it has come, anonymous peers under their new name', async () => {
    const { from, asked } = component('player');
    await challengeOf(ticket({ authenticator }), { authid: 'ada' }, from);
    expect(asked).toEqual([]);
    await begin(anonymous({ authenticator, newAuthid: () => 'n3w' }), { authid: 'ada' }, from);
    expect(asked).toMatchObject([['realm1', 'n3w', { authmethod: 'anonymous' }]]);
    expect(asked[0]![2]).not.toHaveProperty('authid');
  });
  test('a role that the peer wishes', async () => {
    const { from, asked } = component({ role: 'player', secret: 's' });
    await begin(wampcra({ authenticator }), { authid: 'ada', authrole: 'admin' }, from);
    expect(asked).toMatchObject([['realm1', 'ada', { authmethod: 'wampcra', authid: 'ada', authrole: 'admin' }]]);
  });
});

describe('[Dynamic Authenticators] what the component returns, method by method', () => {
  test('anonymous: a role', async () => {
    const { from } = component('player');
    const verdict = await begin(anonymous({ authenticator, newAuthid: () => 'n3w' }), {}, from);
    expect(verdict).toMatchObject(welcome(dynamic('anonymous', { authid: 'n3w' })));
  });
  test('ticket: a role', async () => {
    const { from } = component({ role: 'player' });
    const method = ticket({ authenticator });
    expect(await attempt(method, withTicket({ authid: 'ada', ticket: 't' }), from)).toEqual(welcome(dynamic('ticket')));
  });
  test('ticket: those in the configuration are not its business', async () => {
    const { from, asked } = component('admin');
    const method = ticket({ authenticator, principals: { ada: { ticket: 's3cret', role: 'player' } } });
    expect(await attempt(method, withTicket({ authid: 'ada', ticket: 'wrong' }), from)).toBe(denied);
    expect(asked).toEqual([]);
  });
  test('wampcra: role and secret', async () => {
    const { from } = component({ role: 'player', secret: 'open-sesame' });
    const method = wampcra({ authenticator });
    const verdict = await attempt(method, withWampcra({ authid: 'ada', secret: 'open-sesame' }), from);
    expect(verdict).toEqual(welcome(dynamic('wampcra')));
    expect(await attempt(method, withWampcra({ authid: 'ada', secret: 'wrong' }), from)).toBe(denied);
  });
  test('wampcra: a salted secret', async () => {
    const how = { salt: 'pepper01', iterations: 2000, keylen: 16 };
    const { from } = component({ role: 'player', secret: await saltWampcra('open-sesame', how), ...how });
    const method = wampcra({ authenticator });
    const verdict = await attempt(method, withWampcra({ authid: 'ada', secret: 'open-sesame' }), from);
    expect(verdict).toEqual(welcome(dynamic('wampcra')));
  });
  test.each([
    ['pbkdf2', 'pbkdf2'],
    ['argon2id13', 'argon2id13'],
    ['argon2id-13', 'argon2id13'],
  ] as const)('scram: role, kdf %s, salt, iterations, memory and keys', async (kdf, ours) => {
    const { iterations, memory, storedKey, serverKey } = kept[ours];
    const salt = Buffer.from(kept.salt, 'base64').toString('hex');
    const stored = { role: 'player', kdf, salt, iterations, memory, 'stored-key': storedKey, 'server-key': serverKey };
    const { from } = component(stored);
    const client = (password: string) => withScram({ authid: 'ada', password, argon2id });
    const verdict = await attempt(scram({ authenticator }), client('open-sesame'), from);
    expect(verdict).toMatchObject(welcome(dynamic('wamp-scram')));
    expect(await attempt(scram({ authenticator }), client('wrong'), from)).toBe(denied);
  });
  test('cryptosign: role and key', async () => {
    const { from } = component({ role: 'player', authid: 'ada', pubkey: key.pubkey });
    const verdict = await attempt(cryptosign({ authenticator }), await withCryptosign({ key: key.seed }), from);
    expect(verdict).toEqual(welcome(dynamic('cryptosign')));
  });
  test("cryptosign: another key than the peer's", async () => {
    const { from } = component({ role: 'player', authid: 'ada', pubkey: 'ab'.repeat(32) });
    expect(await attempt(cryptosign({ authenticator }), await withCryptosign({ key: key.seed }), from)).toBe(denied);
  });
  test('tls: a role, for the name in the certificate', async () => {
    const { from, asked } = component('player', { certificate });
    const verdict = await begin(tls({ authenticator }), { authid: 'eve' }, from);
    expect(verdict).toEqual(welcome(dynamic('tls')));
    expect(asked).toMatchObject([['realm1', 'ada', { transport: { peer_cert: certificate } }]]);
  });
  test('another authid, another realm and something for WELCOME', async () => {
    const answer = { role: 'player', authid: 'ada.lovelace', realm: 'realm2', extra: { motd: 'hi' } };
    const { from } = component(answer);
    const principal = dynamic('ticket', { authid: 'ada.lovelace', realm: 'realm2' });
    expect(await attempt(ticket({ authenticator }), withTicket({ authid: 'ada', ticket: 't' }), from)).toEqual(
      welcome(principal, { motd: 'hi' }),
    );
  });
  test('a role that the configuration fills in', async () => {
    const { from } = component({});
    const method = ticket({ authenticator: { ...authenticator, defaultRole: 'player' } });
    expect(await attempt(method, withTicket({ authid: 'ada', ticket: 't' }), from)).toEqual(welcome(dynamic('ticket')));
  });
});

describe('[Dynamic Authenticators] what goes wrong', () => {
  const outcome = (answer: unknown, authid: string | undefined = 'ada') =>
    begin(wampcra({ authenticator }), authid === undefined ? {} : { authid }, component(answer).from).catch(
      (error: unknown) => error,
    );

  test.each([
    [{ secret: 's' }, errors.noSuchRole],
    [new CallError('com.example.error.locked', ['too many attempts']), 'com.example.error.locked'],
    [new CallError(errors.noSuchPrincipal), errors.noSuchPrincipal],
  ])('%j ends in the reason %s', async (answer, uri) => {
    expect(await outcome(answer)).toMatchObject({ uri });
  });
  test('its text goes to the peer', async () => {
    expect(await outcome(new CallError('com.example.error.locked', ['too many attempts']))).toMatchObject({
      message: 'too many attempts',
    });
  });
  test('a certificate without a name, of which the component says nothing either', async () => {
    const { from } = component('player', { certificate: { ...certificate, subject: {} } });
    await expect(begin(tls({ authenticator }), { authid: 'eve' }, from)).rejects.toMatchObject({
      uri: errors.noSuchPrincipal,
    });
  });
  test.each([
    undefined,
    null,
    5,
    ['player'],
    'player',
    { role: 5, secret: 's' },
    { role: 'player' },
    { role: 'player', secret: 5 },
    { role: 'player', secret: 's', iterations: 'many' },
    { role: 'player', secret: 's', extra: 'hi' },
    { role: 'player', secret: 's', realm: 5 },
    new CallError(errors.runtimeError, ['a secret of the component']),
    new CallError(errors.noSuchProcedure),
    new CallError(errors.timeout),
  ])('%j is a failure of the component: the peer learns no more than that', async (answer) => {
    const error = await outcome(answer);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(CallError);
  });
});
