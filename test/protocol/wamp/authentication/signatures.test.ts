import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  saltWampcra,
  saslprep,
  signWampcra,
  withCryptosign,
  withScram,
  withTicket,
  withWampcra,
  type Credentials,
  type Dict,
} from '../../../../protocol/index.ts';
import { argon2id } from '../../../../server/authentication/index.ts';
import * as vectors from './vectors.ts';

const answer = async ({ onChallenge }: Credentials, method: string, extra: Dict) => onChallenge!(method, extra);

describe('[Ticket-based Authentication]', () => {
  test('the ticket is the signature', async () => {
    const credentials = withTicket({ authid: 'ada', ticket: 's3cret' });
    expect(credentials).toMatchObject({ authid: 'ada', authmethods: ['ticket'] });
    expect(await answer(credentials, 'ticket', {})).toBe('s3cret');
  });
});

describe('[Challenge Response Authentication]', () => {
  const { challenge, secret, signature, salted } = vectors.wampcra;

  test('the signature of the challenge, by the secret', async () => {
    expect(await answer(withWampcra({ authid: 'ada', secret }), 'wampcra', { challenge })).toBe(signature);
  });
  test('a salted secret: the key is the base64 text of the derived key', async () => {
    expect(await signWampcra(secret, { challenge, ...salted })).toBe(salted.signature);
    expect(await saltWampcra(secret, salted)).toBe(salted.key);
  });
  test('the raw derived key would give another signature', async () => {
    const raw = createHmac('sha256', Buffer.from(salted.key, 'base64')).update(challenge).digest('base64');
    expect(raw).toBe('UDvDHybIQeiisrvq2IS362oWw7HLmfJ6WZr1/3sw9bY=');
    expect(await signWampcra(secret, { challenge, ...salted })).not.toBe(raw);
  });
  test('iterations and length without a salt derive nothing', async () => {
    expect(await signWampcra(secret, { challenge, iterations: 2000, keylen: 32 })).toBe(signature);
  });
  test('the bytes of the challenge are signed as they came', async () => {
    const spaced = `${challenge.slice(0, -1)} }`;
    const expected = createHmac('sha256', secret).update(spaced).digest('base64');
    expect(await signWampcra(secret, { challenge: spaced })).toBe(expected);
  });
  test.each([
    [{ challenge: { authid: 'ada' } }, 'the challenge of wampcra is not a string'],
    [{ challenge, salt: 5 }, 'the salt of wampcra is not a string'],
    [{ challenge, salt: 's', iterations: 0 }, 'iterations and keylen of wampcra are not positive integers'],
  ])('a malformed challenge is not signed: %j', async (extra, message) => {
    await expect(signWampcra(secret, extra)).rejects.toThrow(message);
  });
});

describe('[SCRAM Authentication]', () => {
  const { authid, password, clientNonce, nonce, salt } = vectors.scram;
  const options = { authid, password, nonce: clientNonce, argon2id };
  const challenge = (kdf: 'pbkdf2' | 'argon2id13') => {
    const { iterations, memory } = vectors.scram[kdf];
    return { nonce, salt, kdf, iterations, memory };
  };

  test('HELLO has the nonce, and says that there is no channel binding', () => {
    expect(withScram(options)).toMatchObject({
      authid,
      authmethods: ['wamp-scram'],
      authextra: { nonce: clientNonce, channel_binding: null },
    });
  });
  test('every session has a nonce of its own', () => {
    const nonces = [1, 2].map(() => withScram({ authid, password }).authextra!['nonce']);
    expect(nonces[0]).toMatch(/^[A-Za-z0-9+/]{32}$/);
    expect(nonces[0]).not.toBe(nonces[1]);
  });
  test.each(['pbkdf2', 'argon2id13'] as const)('the proof of a password kept by %s', async (kdf) => {
    const credentials = withScram(options);
    expect(await answer(credentials, 'wamp-scram', challenge(kdf))).toMatchObject({
      signature: vectors.scram[kdf].proof,
      extra: { nonce, channel_binding: null, cbind_data: null },
    });
    const { verifier } = vectors.scram[kdf];
    expect(() => credentials.onWelcome!({ authextra: { verifier } })).not.toThrow();
    expect(() => credentials.onWelcome!({ authextra: { verifier: `v=${verifier}` } })).not.toThrow();
  });
  test('a router that does not prove that it knows the password is left', async () => {
    const credentials = withScram(options);
    await answer(credentials, 'wamp-scram', challenge('pbkdf2'));
    for (const authextra of [{}, { verifier: vectors.scram.argon2id13.verifier }, { verifier: 5 }]) {
      expect(() => credentials.onWelcome!({ authextra })).toThrow('the router does not know the password either');
    }
    expect(() => credentials.onWelcome!({})).toThrow();
  });
  test('a router that welcomes without having asked is left', () => {
    expect(() => withScram(options).onWelcome!({ authextra: { verifier: undefined } })).toThrow();
  });
  test('channel binding is part of the proof', async () => {
    const channelBinding = { type: 'tls-exporter', data: new Uint8Array(32).fill(7) };
    const bound = await answer(withScram({ ...options, channelBinding }), 'wamp-scram', challenge('pbkdf2'));
    const data = Buffer.alloc(32, 7).toString('base64');
    expect(bound).toMatchObject({ extra: { nonce, channel_binding: 'tls-exporter', cbind_data: data } });
    expect(bound).not.toMatchObject({ signature: vectors.scram.pbkdf2.proof });
  });
  test.each([
    ['another nonce than ours', { nonce: `X${nonce}` }, 'does not answer our nonce'],
    ['nothing of its own in the nonce', { nonce: clientNonce }, 'does not answer our nonce'],
    ['too few iterations', { iterations: 1000 }, 'only 1000 iterations of pbkdf2'],
    ['too many iterations', { iterations: 2 ** 40 }, 'iterations of pbkdf2'],
    ['cheap Argon2', { kdf: 'argon2id13', iterations: 1, memory: 64 }, 'only 1 iterations of argon2id13 with 64 KiB'],
    ['Argon2 that no memory can hold', { kdf: 'argon2id13', iterations: 3, memory: 2 ** 40 }, 'suspicious'],
    ['Argon2 without memory', { kdf: 'argon2id13', memory: null }, 'are not positive integers'],
    ['an unknown function', { kdf: 'md5' }, 'scram by "md5" is not known here'],
    ['a salt that is not base64', { salt: 'QEFC Q0RFRkc=' }, 'the salt of scram is not base64'],
  ])('%s: not answered', async (_, changed, message) => {
    const asked = { ...challenge('pbkdf2'), ...changed };
    await expect(answer(withScram(options), 'wamp-scram', asked)).rejects.toThrow(message);
  });
  test('Argon2 where nobody brought it: the error says what to do', async () => {
    const signing = answer(withScram({ authid, password }), 'wamp-scram', {
      ...challenge('argon2id13'),
      nonce: 'never asked',
    });
    await expect(signing).rejects.toThrow('nonce');
    const without = answer(withScram({ authid, password, nonce: clientNonce }), 'wamp-scram', challenge('argon2id13'));
    await expect(without).rejects.toThrow('which browsers do not have: pass a function as `argon2id`');
  });
});

describe('[Cryptosign-based Authentication]', () => {
  const { seed, pubkey, challenge, signature, channelId, boundSignature } = vectors.cryptosign;

  test('HELLO has the public key', async () => {
    expect(await withCryptosign({ key: seed })).toMatchObject({
      authmethods: ['cryptosign'],
      authextra: { pubkey, channel_binding: null },
    });
  });
  test('signature and challenge, in hex digits', async () => {
    expect(await answer(await withCryptosign({ key: seed }), 'cryptosign', { challenge })).toBe(signature);
  });
  test('bound to a TLS channel', async () => {
    const credentials = await withCryptosign({ key: seed, channelBinding: { type: 'tls-exporter', id: channelId } });
    expect(credentials.authextra).toMatchObject({ channel_binding: 'tls-exporter' });
    expect(await answer(credentials, 'cryptosign', { challenge })).toBe(boundSignature);
  });
  test('a key pair of WebCrypto, whose private half cannot be read', async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    const signed = await answer(await withCryptosign({ key: pair }), 'cryptosign', { challenge });
    if (typeof signed !== 'string') throw new Error('a signature of cryptosign is text');
    const [proof, message] = [signed.slice(0, 128), signed.slice(128)].map((hex) => Buffer.from(hex, 'hex'));
    expect(await crypto.subtle.verify('Ed25519', pair.publicKey, proof!, message!)).toBe(true);
  });
  test.each(['', 'a0', `${seed}00`, seed.replace('a0', 'zz')])('a key of "%s" is refused', async (key) => {
    await expect(withCryptosign({ key })).rejects.toThrow('32 bytes in hex digits');
  });
  test.each([undefined, 5, 'ab', `${challenge}00`])('a challenge of %j is not signed', async (malformed) => {
    const credentials = await withCryptosign({ key: seed });
    await expect(answer(credentials, 'cryptosign', { challenge: malformed })).rejects.toThrow('32 bytes in hex digits');
  });

  describe('a router that must prove itself', () => {
    const router = generateKeyPairSync('ed25519');
    const routerKey = Buffer.from(String(router.publicKey.export({ format: 'jwk' }).x), 'base64url').toString('hex');
    const proof = (over: unknown) => {
      const message = Buffer.from(String(over), 'hex');
      return Buffer.concat([sign(null, message, router.privateKey), message]).toString('hex');
    };
    const credentials = () => withCryptosign({ key: seed, routerKeys: [routerKey.toUpperCase()] });

    test('is answered when it has', async () => {
      const mine = await credentials();
      const extra = { challenge, pubkey: routerKey, signature: proof(mine.authextra!['challenge']) };
      expect(await answer(mine, 'cryptosign', extra)).toBe(signature);
    });
    test('is not answered when it has another key, signs another message or nothing', async () => {
      const mine = await credentials();
      const good = proof(mine.authextra!['challenge']);
      for (const extra of [
        {},
        { pubkey, signature: good },
        { pubkey: routerKey, signature: proof(challenge) },
        { pubkey: routerKey, signature: good.slice(0, 128) },
        { pubkey: routerKey, signature: `00${good.slice(2)}` },
      ])
        await expect(answer(mine, 'cryptosign', { challenge, ...extra })).rejects.toThrow('router');
    });
  });
});

describe('a page that may not sign', () => {
  afterEach(() => vi.unstubAllGlobals());
  test('is told why', async () => {
    vi.stubGlobal('crypto', { getRandomValues: (into: Uint8Array) => into });
    await expect(signWampcra('s', { challenge: 'c' })).rejects.toThrow('only on pages that came by https');
  });
});

describe('SASLprep (RFC 4013)', () => {
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b', 'a b'],
    ['\u0627\u0628', '\u0627\u0628'],
  ])('%j becomes %j', (given, expected) => expect(saslprep(given)).toBe(expected));
  test.each(['\u0007', '\u0627\u0031', 'a\u0627', '\ue000', '\ud800', '\u200e'])('%j is refused', (given) =>
    expect(() => saslprep(given)).toThrow(TypeError),
  );
});
