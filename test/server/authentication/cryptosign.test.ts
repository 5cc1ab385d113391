import { describe, expect, test } from 'vitest';
import { withCryptosign } from '../../../protocol/index.ts';
import { cryptosign, denied } from '../../../server/authentication/index.ts';
import { cryptosign as vector } from '../../protocol/wamp/authentication/vectors.ts';
import { arrival, attempt, challengeOf, welcome } from './attempt.ts';

const { seed, pubkey, challenge, signature, channelId, boundSignature } = vector;
const principals = { ada: { role: 'player', authorizedKeys: [pubkey.toUpperCase()] } };
const newChallenge = () => Buffer.from(challenge, 'hex');
const method = cryptosign({ principals, newChallenge });
const ada = { authid: 'ada', authrole: 'player', authmethod: 'cryptosign', authprovider: 'static' };
const other = 'b1'.repeat(32);

describe('[Cryptosign-based Authentication]', () => {
  test('CHALLENGE has 32 random bytes', async () => {
    const { extra } = await challengeOf(method, { authextra: { pubkey } });
    expect(extra).toEqual({ challenge, channel_binding: null });
  });
  test('the signature with an authorized key is welcome; the key says who it is', async () => {
    const { answer } = await challengeOf(method, { authextra: { pubkey } });
    expect(await answer(signature, {})).toEqual(welcome(ada));
  });
  test('our own client agrees, with and without an authid', async () => {
    expect(await attempt(method, await withCryptosign({ key: seed }))).toEqual(welcome(ada));
    expect(await attempt(method, await withCryptosign({ key: seed, authid: 'ada' }))).toEqual(welcome(ada));
  });
  test.each([
    ['a key that nobody has', { key: other }],
    ["somebody else's name", { key: seed, authid: 'bob' }],
  ])('%s: asked all the same, and refused in the same words', async (_, credentials) => {
    expect(await attempt(method, await withCryptosign(credentials))).toBe(denied);
  });
  test.each([
    ['nothing', ''],
    ['no message behind it', signature.slice(0, 128)],
    ['another message behind it', `${signature.slice(0, 128)}${'00'.repeat(32)}`],
    ['a changed signature', `00${signature.slice(2)}`],
    ['a signature bound to a channel', boundSignature],
    ['what is not hex', 'zz'.repeat(96)],
  ])('%s is refused', async (_, given) => {
    const { answer } = await challengeOf(method, { authextra: { pubkey } });
    expect(await answer(given, {})).toBe(denied);
  });
  test.each([undefined, null, 5, 'ab', `${pubkey}00`])('a public key of %j is refused', async (malformed) => {
    const opening = challengeOf(method, { authid: 'ada', authextra: { pubkey: malformed } });
    await expect(opening).rejects.toThrow('32 bytes in hex digits');
  });
  test('a malformed key in the configuration is an error at once', () => {
    expect(() => cryptosign({ principals: { ada: { role: 'player', authorizedKeys: ['ab'] } } })).toThrow('"ada"');
  });

  describe('bound to the TLS connection', () => {
    const secured = arrival({ channelBinding: (type) => (type === 'tls-exporter' ? channelId : undefined) });

    test('the signature is over the challenge mixed with the channel id', async () => {
      const authextra = { pubkey, channel_binding: 'tls-exporter' };
      const { extra, answer } = await challengeOf(method, { authextra }, secured);
      expect(extra).toEqual({ challenge, channel_binding: 'tls-exporter' });
      expect(await answer(boundSignature, {})).toEqual(welcome(ada));
      expect(await answer(signature, {})).toBe(denied);
    });
    test('a signature for another connection is refused', async () => {
      const channelBinding = { type: 'tls-exporter', id: new Uint8Array(32) };
      expect(await attempt(method, await withCryptosign({ key: seed, channelBinding }), secured)).toBe(denied);
    });
    test('where there is none to bind to, it is refused', async () => {
      const channelBinding = { type: 'tls-unique', id: channelId };
      const attempted = attempt(method, await withCryptosign({ key: seed, channelBinding }), secured);
      await expect(attempted).rejects.toThrow('"tls-unique" is not to be had here');
    });
  });

  describe('a router with a key', () => {
    const router = cryptosign({ principals, routerKey: seed });

    test('proves itself to who asks for it', async () => {
      expect(await attempt(router, await withCryptosign({ key: seed, routerKeys: [pubkey] }))).toEqual(welcome(ada));
    });
    test('is bound to the TLS connection, too', async () => {
      const secured = arrival({ channelBinding: () => channelId });
      const binding = (id: Uint8Array) => ({ type: 'tls-exporter', id });
      const asking = { key: seed, routerKeys: [pubkey] };
      const right = await withCryptosign({ ...asking, channelBinding: binding(channelId) });
      expect(await attempt(router, right, secured)).toEqual(welcome(ada));
      const passedOn = await withCryptosign({ ...asking, channelBinding: binding(new Uint8Array(32)) });
      await expect(attempt(router, passedOn, secured)).rejects.toThrow("the router's signature is not genuine");
    });
    test('says nothing to who does not ask', async () => {
      const { extra } = await challengeOf(router, { authextra: { pubkey, challenge: null } });
      expect(Object.keys(extra)).toEqual(['challenge', 'channel_binding']);
    });
    test('refuses a malformed question', async () => {
      const opening = challengeOf(router, { authextra: { pubkey, challenge: 'ab' } });
      await expect(opening).rejects.toThrow('authextra.challenge');
    });
    test('without one it cannot, and such a peer does not go on', async () => {
      const asking = await withCryptosign({ key: seed, routerKeys: [pubkey] });
      await expect(attempt(method, asking)).rejects.toThrow('the router does not prove who it is');
    });
  });
});
