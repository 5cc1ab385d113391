import { describe, expect, test } from 'vitest';
import { withScram } from '../../../protocol/index.ts';
import {
  argon2id,
  denied,
  keepScramPassword,
  scram,
  type ScramPrincipal,
} from '../../../server/authentication/index.ts';
import { scram as vector } from '../../protocol/wamp/authentication/vectors.ts';
import { arrival, attempt, challengeOf, welcome } from './attempt.ts';

const { authid, password, clientNonce, nonce, salt } = vector;
const newNonce = () => Buffer.from(nonce.slice(clientNonce.length), 'base64');
const client = (changed = {}) => withScram({ authid, password, nonce: clientNonce, argon2id, ...changed });
const principal = { authid, authrole: 'player', authmethod: 'wamp-scram', authprovider: 'static' };

function credential(kdf: 'pbkdf2' | 'argon2id13'): ScramPrincipal {
  const { iterations, memory, storedKey, serverKey } = vector[kdf];
  return { role: 'player', kdf, salt, iterations, ...(memory !== null && { memory }), storedKey, serverKey };
}

describe.each(['pbkdf2', 'argon2id13'] as const)('[SCRAM Authentication] a password kept by %s', (kdf) => {
  const method = scram({ principals: { ada: credential(kdf) }, newNonce });
  const { iterations, memory, proof, verifier } = vector[kdf];

  test('the challenge has both nonces, the salt and what the derivation costs', async () => {
    const { extra } = await challengeOf(method, { authid, authextra: client().authextra! });
    expect(extra).toEqual({ nonce, salt, kdf, iterations, memory });
  });
  test('the right proof is welcome, and answered by the proof of the router', async () => {
    const { answer } = await challengeOf(method, { authid, authextra: client().authextra! });
    const extra = { nonce, channel_binding: null, cbind_data: null };
    expect(await answer(proof, extra)).toEqual(welcome(principal, { verifier }));
  });
  test('our own client agrees', async () => {
    expect(await attempt(method, client())).toEqual(welcome(principal, { verifier }));
  });
  test('what is kept comes from the password', async () => {
    const cost = { kdf, iterations, ...(memory !== null && { memory }) };
    const kept = await keepScramPassword(password, Buffer.from(salt, 'base64'), cost);
    expect({ role: 'player', ...kept }).toEqual(credential(kdf));
  });
});

describe('[SCRAM Authentication]', () => {
  const principals = { ada: credential('pbkdf2') };
  const method = scram({ principals, newNonce });
  const good = { nonce, channel_binding: null, cbind_data: null };

  test.each([
    ['a wrong password', { password: 'close-sesame' }],
    ['a user who does not exist', { authid: 'eve' }],
    ['a name that every object has', { authid: 'constructor' }],
  ])('%s: the same words', async (_, changed) => {
    expect(await attempt(method, client(changed))).toBe(denied);
  });
  test.each([
    ['another nonce', vector.pbkdf2.proof, { ...good, nonce: clientNonce }],
    ['no nonce', vector.pbkdf2.proof, {}],
    ['channel binding that was not agreed on', vector.pbkdf2.proof, { ...good, channel_binding: 'tls-unique' }],
    ['channel binding data', vector.pbkdf2.proof, { ...good, cbind_data: 'AAAA' }],
    ['an empty proof', '', good],
    ['a proof with a space', ` ${vector.pbkdf2.proof}`, good],
    ['a proof that is too long', `${vector.pbkdf2.proof.slice(0, -1)}A`, good],
    ['the proof by another function', vector.argon2id13.proof, good],
  ])('%s is refused', async (_, signature, extra) => {
    const { answer } = await challengeOf(method, { authid, authextra: { nonce: clientNonce } });
    expect(await answer(signature, extra)).toBe(denied);
  });
  test.each([undefined, null, 5, '', 'AAAA', 'AAECAwQFBgcICQoLDA0O DxAR', 'AAECAwQFBgcICQoLDA0ODx='])(
    'a client nonce of %j is refused',
    async (malformed) => {
      const opening = challengeOf(method, { authid, authextra: { nonce: malformed } });
      await expect(opening).rejects.toThrow('base64 of at least 16 bytes');
    },
  );
  test('names are prepared: a soft hyphen is none', async () => {
    const prepared = client({ authid: 'a\u00adda' });
    expect(prepared.authid).toBe('ada');
    expect(await attempt(method, prepared)).toMatchObject({ verdict: 'welcome', principal });
  });
  test('names with = and , are written so that nothing can be slipped in', async () => {
    const odd = scram({ principals: { 'a,r=x=': credential('pbkdf2') } });
    expect(await attempt(odd, withScram({ authid: 'a,r=x=', password }))).toMatchObject({
      verdict: 'welcome',
    });
  });
  test('each session gets a nonce of its own', async () => {
    const live = scram({ principals });
    const [first, second] = await Promise.all(
      [1, 2].map(async () => (await challengeOf(live, { authid, authextra: { nonce: clientNonce } })).extra),
    );
    expect(first!['nonce']).not.toBe(second!['nonce']);
  });
  test('a password in the configuration', async () => {
    const plain = scram({ principals: { ada: { role: 'player', password } } });
    expect(await attempt(plain, client())).toMatchObject({ verdict: 'welcome', principal });
  });

  describe('bound to the TLS connection', () => {
    const data = new Uint8Array(32).fill(9);
    const secured = arrival({ channelBinding: (type) => (type === 'tls-exporter' ? data : undefined) });
    const bound = (type: string, mine: Uint8Array = data) => client({ channelBinding: { type, data: mine } });

    test('the proof for this connection is welcome', async () => {
      expect(await attempt(method, bound('tls-exporter'), secured)).toMatchObject({ verdict: 'welcome' });
    });
    test('that for another, passed on by somebody between, is not', async () => {
      expect(await attempt(method, bound('tls-exporter', new Uint8Array(32)), secured)).toBe(denied);
    });
    test('what this transport does not have is refused', async () => {
      await expect(attempt(method, bound('tls-unique'), secured)).rejects.toThrow('"tls-unique" is not to be had here');
      await expect(attempt(method, bound('tls-exporter'))).rejects.toThrow('not to be had');
      await expect(attempt(method, bound('y'), secured)).rejects.toThrow('not to be had');
    });
  });
});

describe('a user who does not exist', () => {
  test('is shown a challenge of the same form, with a salt that stays the same', async () => {
    const ask = async (name: string) =>
      (
        await challengeOf(scram({ principals: { ada: credential('argon2id13') }, newNonce }), {
          authid: name,
          authextra: { nonce: clientNonce },
        })
      ).extra;
    const [ada, eve, again, mallory] = await Promise.all(['ada', 'eve', 'eve', 'mallory'].map(ask));
    expect({ ...eve, salt }).toEqual(ada);
    expect(eve!['salt']).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(again).toEqual(eve);
    expect(mallory!['salt']).not.toBe(eve!['salt']);
  });
});
